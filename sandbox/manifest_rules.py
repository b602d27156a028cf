"""What a manifest may hold: which fields there are, how long and how many, and what they look like.

Source: https://docs.slack.dev/reference/app-manifest and its published schema, version 1
(https://github.com/slackapi/manifest-schema); looked up in November 2026. Only what an app of this
kind can have is in the table; functions, workflows and datastores are refused like unknown fields.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

ADDRESS = "https?://"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text of `least` to `most` characters that begins as `begins`, a pattern."""

    least: int = 0
    most: int = 255
    begins: str = ""
    one_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Many:
    """A list of `least` to `most` entries."""

    of: "Rule"
    least: int = 0
    most: int = 255
    differ: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """An object with these fields and no others."""

    of: Mapping[str, "Rule"]
    needed: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number."""


Rule = Text | Many | Fields | Flag | Number

_FLAG = Flag()
_SCOPES = Many(of=Text(most=50))
_EVENTS = Many(of=Text(most=50), most=100, differ=True)
_REQUEST = Text(most=3500, begins=ADDRESS)

MANIFEST = Fields(
    needed=frozenset({"display_information"}),
    of={
        "$schema": Text(most=3000),
        "_metadata": Fields(of={"major_version": Number(), "minor_version": Number()}),
        "display_information": Fields(
            needed=frozenset({"name"}),
            of={
                "name": Text(least=1, most=35),
                "description": Text(least=1, most=140),
                "long_description": Text(least=175, most=4000),
                "background_color": Text(begins="#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?$", most=7),
            },
        ),
        "features": Fields(
            of={
                "app_home": Fields(
                    of={
                        "home_tab_enabled": _FLAG,
                        "messages_tab_enabled": _FLAG,
                        "messages_tab_read_only_enabled": _FLAG,
                    }
                ),
                "bot_user": Fields(
                    needed=frozenset({"display_name"}),
                    of={"display_name": Text(least=1, most=80), "always_online": _FLAG},
                ),
                "shortcuts": Many(
                    least=1,
                    most=10,
                    of=Fields(
                        needed=frozenset({"name", "type", "callback_id", "description"}),
                        of={
                            "name": Text(least=1, most=24),
                            "type": Text(one_of=("message", "global")),
                            "callback_id": Text(least=1, most=255),
                            "description": Text(least=1, most=150),
                        },
                    ),
                ),
                "slash_commands": Many(
                    least=1,
                    most=50,
                    of=Fields(
                        needed=frozenset({"command", "description"}),
                        of={
                            "command": Text(least=2, most=32, begins="/"),
                            "url": Text(most=3000, begins=ADDRESS),
                            "description": Text(least=1, most=2000),
                            "usage_hint": Text(least=1, most=1000),
                            "should_escape": _FLAG,
                        },
                    ),
                ),
                "unfurl_domains": Many(of=Text(), least=1, most=5, differ=True),
            }
        ),
        "oauth_config": Fields(
            of={
                "redirect_urls": Many(of=Text(most=2500), most=1000, differ=True),
                "scopes": Fields(
                    of={
                        "bot": _SCOPES,
                        "bot_optional": _SCOPES,
                        "user": _SCOPES,
                        "user_optional": _SCOPES,
                    }
                ),
                "token_management_enabled": _FLAG,
                "pkce_enabled": _FLAG,
            }
        ),
        "settings": Fields(
            of={
                "allowed_ip_address_ranges": Many(of=Text(), least=1, most=50, differ=True),
                "event_subscriptions": Fields(
                    of={"request_url": _REQUEST, "bot_events": _EVENTS, "user_events": _EVENTS}
                ),
                "interactivity": Fields(
                    needed=frozenset({"is_enabled"}),
                    of={
                        "is_enabled": _FLAG,
                        "request_url": _REQUEST,
                        "message_menu_options_url": _REQUEST,
                    },
                ),
                "org_deploy_enabled": _FLAG,
                "socket_mode_enabled": _FLAG,
                "token_rotation_enabled": _FLAG,
            }
        ),
    },
)


def faults(manifest: Any) -> tuple[str, ...]:
    """What Slack would not take, a sentence each with its place; empty for a good one."""
    found = tuple(_check(MANIFEST, manifest, "manifest"))
    return found or tuple(_together(manifest))


def _check(rule: Rule, value: Any, place: str) -> Iterator[str]:
    match rule:
        case Flag() if not isinstance(value, bool):
            yield f"{place} is not true or false"
        case Number() if not isinstance(value, int) or isinstance(value, bool):
            yield f"{place} is no whole number"
        case Text():
            yield from _check_text(rule, value, place)
        case Many():
            yield from _check_many(rule, value, place)
        case Fields():
            yield from _check_fields(rule, value, place)
        case _:
            pass


def _check_text(rule: Text, value: Any, place: str) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"{place} is no text"
    elif not rule.least <= len(value) <= rule.most:
        yield f"{place} has {len(value)} characters, not {rule.least} to {rule.most}"
    elif rule.one_of and value not in rule.one_of:
        yield f"{place} is none of: {', '.join(rule.one_of)}"
    elif not re.match(rule.begins, value):
        yield f"{place} does not look like {rule.begins}"


def _check_many(rule: Many, value: Any, place: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"{place} is no list"
        return
    if not rule.least <= len(value) <= rule.most:
        yield f"{place} has {len(value)} entries, not {rule.least} to {rule.most}"
    if rule.differ and len({str(one) for one in value}) < len(value):
        yield f"{place} names something twice"
    for number, one in enumerate(value):
        yield from _check(rule.of, one, f"{place}[{number}]")


def _check_fields(rule: Fields, value: Any, place: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{place} is no object"
        return
    for name in sorted(rule.needed - value.keys()):
        yield f"{place}.{name} is missing"
    for name, part in value.items():
        known = rule.of.get(name)
        if known is None:
            yield f"{place}.{name} is no field of a manifest"
        else:
            yield from _check(known, part, f"{place}.{name}")


def _together(manifest: Mapping[str, Any]) -> Iterator[str]:
    """What has to fit together: over HTTP there is somewhere to call, and rotating tokens have
    somebody who fetches them (https://docs.slack.dev/authentication/using-token-rotation).
    """
    settings = manifest.get("settings", {})
    if settings.get("socket_mode_enabled"):
        return
    events = settings.get("event_subscriptions", {})
    interactivity = settings.get("interactivity", {})
    commands = manifest.get("features", {}).get("slash_commands", ())
    if events.get("bot_events") and "request_url" not in events:
        yield "manifest.settings.event_subscriptions.request_url is missing without Socket Mode"
    if interactivity.get("is_enabled") and "request_url" not in interactivity:
        yield "manifest.settings.interactivity.request_url is missing without Socket Mode"
    for number, command in enumerate(commands):
        if "url" not in command:
            place = f"manifest.features.slash_commands[{number}]"
            yield f"{place}.url is missing without Socket Mode"

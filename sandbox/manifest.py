"""Our own app manifest, read as Slack reads it: what is not declared in it does not happen.

Source: https://docs.slack.dev/reference/app-manifest
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from sandbox.manifest_rules import faults

ShortcutType = Literal["global", "message"]

# Which scope an event needs; an event without its scope is simply not sent.
# Source: the page of each event under https://docs.slack.dev/reference/events
EVENT_SCOPES: Mapping[str, str] = {
    "app_mention": "app_mentions:read",
    "channel_archive": "channels:read",
    "channel_created": "channels:read",
    "channel_deleted": "channels:read",
    "channel_left": "channels:read",
    "channel_rename": "channels:read",
    "channel_unarchive": "channels:read",
    "channel_shared": "channels:read",
    "channel_unshared": "channels:read",
    "file_deleted": "files:read",
    "group_archive": "groups:read",
    "group_deleted": "groups:read",
    "group_left": "groups:read",
    "group_rename": "groups:read",
    "group_unarchive": "groups:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "team_join": "users:read",
    "user_change": "users:read",
}


class ManifestError(ValueError):
    """The manifest is not one that Slack would take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    name: str
    description: str
    usage_hint: str = ""
    should_escape: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortcut:
    callback_id: str
    name: str
    type: ShortcutType


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The parts of the manifest that the workspace acts on."""

    app_name: str
    bot_name: str
    scopes: frozenset[str]
    commands: Mapping[str, Command]
    shortcuts: Mapping[str, Shortcut]
    events: frozenset[str]
    home_tab: bool
    messages_tab: bool
    messages_read_only: bool
    socket_mode: bool
    interactive: bool

    @classmethod
    def parse(
        cls, manifest: Mapping[str, Any], *, without: frozenset[str] = frozenset()
    ) -> "Manifest":
        """Read Slack's format. `without` names optional scopes that the admin did not grant.

        ManifestError for what Slack would not take (`sandbox.manifest_rules`), and if `without`
        names a scope that is not optional.
        """
        features = _part(manifest, "features")
        settings = _part(manifest, "settings")
        home = features.get("app_home", {})
        app_name = str(_part(manifest, "display_information").get("name", ""))
        parsed = cls(
            app_name=app_name,
            bot_name=str(features.get("bot_user", {}).get("display_name", app_name)),
            scopes=_scopes(manifest, without),
            commands=_commands(features),
            shortcuts=_shortcuts(features),
            events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", [])),
            home_tab=bool(home.get("home_tab_enabled", False)),
            messages_tab=bool(home.get("messages_tab_enabled", False)),
            messages_read_only=bool(home.get("messages_tab_read_only_enabled", False)),
            socket_mode=bool(settings.get("socket_mode_enabled", False)),
            interactive=bool(settings.get("interactivity", {}).get("is_enabled", False)),
        )
        if (parsed.commands or parsed.shortcuts) and "commands" not in parsed.scopes:
            raise ManifestError("slash commands and shortcuts need the scope commands")
        found = faults(manifest)
        if found:
            raise ManifestError("; ".join(found))
        return parsed

    def withhold(self, *scopes: str) -> "Manifest":
        """The same manifest with less granted."""
        return replace(self, scopes=self.scopes - frozenset(scopes))

    def sends(self, subscription: str) -> bool:
        """Whether this event is subscribed to and its scope granted."""
        needed = EVENT_SCOPES.get(subscription)
        return subscription in self.events and (needed is None or needed in self.scopes)


def _part(manifest: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = manifest.get(name)
    if not isinstance(part, Mapping):
        raise ManifestError(f"the manifest has no {name}")
    return part


def _scopes(manifest: Mapping[str, Any], without: frozenset[str]) -> frozenset[str]:
    scopes = _part(manifest, "oauth_config").get("scopes", {})
    required = frozenset(scopes.get("bot", []))
    optional = frozenset(scopes.get("bot_optional", []))
    if without - optional:
        raise ManifestError(f"not optional: {', '.join(sorted(without - optional))}")
    return (required | optional) - without


def _listed(features: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    listed: list[Mapping[str, Any]] | None = features.get(name)
    if listed is None:
        return []
    if not listed:
        raise ManifestError(f"features.{name} is empty: Slack wants it left out")
    return listed


def _commands(features: Mapping[str, Any]) -> dict[str, Command]:
    commands: dict[str, Command] = {}
    for entry in _listed(features, "slash_commands"):
        name = str(entry.get("command", ""))
        if not name.startswith("/") or len(name) > 32:
            raise ManifestError(f"not a command name of at most 32 characters: {name!r}")
        commands[name] = Command(
            name=name,
            description=str(entry.get("description", "")),
            usage_hint=str(entry.get("usage_hint", "")),
            should_escape=bool(entry.get("should_escape", False)),
        )
    return commands


def _shortcuts(features: Mapping[str, Any]) -> dict[str, Shortcut]:
    shortcuts: dict[str, Shortcut] = {}
    for entry in _listed(features, "shortcuts"):
        kind = entry.get("type")
        if kind not in {"global", "message"}:
            raise ManifestError(f"a shortcut is global or message, not {kind!r}")
        if len(str(entry.get("name", ""))) > 24:
            raise ManifestError(f"a shortcut's name has at most 24 characters: {entry['name']!r}")
        callback_id = str(entry["callback_id"])
        shortcuts[callback_id] = Shortcut(
            callback_id=callback_id,
            name=str(entry.get("name", "")),
            type="message" if kind == "message" else "global",
        )
    return shortcuts

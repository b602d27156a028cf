"""The shapes of Slack's payloads, as far as Bolt and our listeners read them: what has another
shape is refused at the door, so that no listener has to ask at each step.

A shape is a type; `[shape]`, a list of such; a tuple, one of several; a pattern, for a text;
`Each(shape)`, an object whose values are such; or a table of an object's keys, where a "!" behind a
key says that it has to be there. Null stands for what is not there, and keys that the table does
not name may hold anything.

Sources: https://docs.slack.dev/reference/interaction-payloads,
https://docs.slack.dev/reference/views, https://docs.slack.dev/apis/events-api
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from pydantic_core import SchemaValidator, core_schema

from handlers.installing import EVENTS as INSTALL_EVENTS


@dataclass(frozen=True, slots=True)
class Each:
    """An object whose values all have this shape, whatever their keys."""

    shape: "Shape"


Shape: TypeAlias = "type | re.Pattern[str] | tuple[Any, ...] | list[Any] | Mapping[str, Any] | Each"

Check: TypeAlias = Callable[[Any], bool]

ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?/[A-Za-z0-9/_.~-]{0,1000}")
"""Where Bolt answers those of other workspaces, and we whisper."""

ID = re.compile(r"[!-~]{1,255}")
"""An id of Slack's; longer and stranger ones are none."""

OPTION: Shape = {"value!": str}
ELEMENT: Shape = {"selected_option": OPTION, "selected_options": [OPTION], "files": list}
"""What an element of a form holds; what a person picked is checked where it is read."""

ACTION: Shape = {
    "action_id!": str,
    "value": str,
    "action_ts": str,
    "selected_option": OPTION,
    "selected_options": [OPTION],
}
BLOCK: Shape = {
    "type!": str,
    "block_id!": str,
    "label": {"text!": str},
    "element": {
        "initial_option": OPTION,
        "initial_options": [OPTION],
        "initial_value": str,
        "initial_date": str,
    },
}
VIEW: Shape = {
    "id!": ID,
    "type": str,
    "callback_id": str,
    "private_metadata": str,
    "hash": str,
    "previous_view_id": str,
    "app_installed_team_id": str,
    "blocks!": [BLOCK],
    "state": {"values": Each(Each(ELEMENT))},
}
PERSON: Shape = {"id!": ID, "team_id": str, "name": str}
TEAM: Shape = {"id!": ID}
PLACE: Shape = {"id!": ID, "name": str}
MESSAGE: Shape = {"ts": str, "text": str, "user": str, "thread_ts": str, "files": list}
INTERACTION: Mapping[str, Any] = {
    "type!": str,
    "user!": PERSON,
    "team": TEAM,
    "enterprise": TEAM,
    "container": {"channel_id": ID, "message_ts": str, "view_id": str},
    "channel": PLACE,
    "message": MESSAGE,
    "view": VIEW,
    "callback_id": str,
    "trigger_id": str,
    "response_url": ADDRESS,
    "message_ts": str,
    "is_enterprise_install": bool,
}
EVENT: Mapping[str, Any] = {
    "type!": str,
    "team_id!": ID,
    "event_id!": ID,
    "enterprise_id": str,
    "is_enterprise_install": bool,
    "authorizations": [{"team_id": str, "enterprise_id": str, "user_id": str}],
    "event!": {
        "type!": str,
        "subtype": str,
        "text": str,
        "thread_ts": str,
        "bot_id": str,
        "tab": str,
        "files": list,
    },
}
ABOUT_A_PERSON: Shape = {
    **EVENT,
    "event!": {
        "user!": {
            "id!": ID,
            "name": str,
            "real_name": str,
            "tz": str,
            "team_id": str,
            "profile": {"display_name": str},
            "enterprise_user": {"teams": list},
        }
    },
}
ABOUT_THE_APP: Shape = {
    **{name: shape for name, shape in EVENT.items() if name != "team_id!"},
    "team_id": ID,
    "event_time": int,
    "event!": {"team_ids": [ID], "tokens": {"bot": [ID]}},
}
"""Of a whole organisation there is no workspace to name."""

ANYBODY: Shape = (str, PERSON)
"""Events name people by their id alone, or as a whole."""

ALL: Shape = {
    "user": ANYBODY,
    "team": (str, TEAM),
    "enterprise": (str, TEAM),
    "channel": (str, PLACE),
    "view": {"app_installed_team_id": str},
    "message": dict,
    "actions": list,
    "event": {"user": ANYBODY, "channel": (ID, {"id": ID}), "bot_id": str, "type": str},
    "authorizations": [{"team_id": str, "enterprise_id": str, "user_id": str}],
    "response_url": ADDRESS,
}
"""What Bolt reads of any payload, before it knows what it is."""

COMMAND: Shape = {"command!": str, "user_id!": ID, "team_id!": ID, "channel_id": ID}
BY_TYPE: Mapping[str, Shape] = {
    "block_actions": {**INTERACTION, "actions!": [ACTION]},
    "view_submission": {**INTERACTION, "view!": VIEW},
    "view_closed": {**INTERACTION, "view!": VIEW},
    "shortcut": INTERACTION,
    "message_action": {**INTERACTION, "message!": MESSAGE, "channel!": PLACE},
    "event_callback": EVENT,
}
ABOUT_PEOPLE = frozenset({"user_change", "team_join"})


def check_of(shape: Any) -> Check:
    """What asks whether a value has this shape. pydantic-core does, put together once: each request
    is asked, and most of a form is asked for.
    """
    return SchemaValidator(_schema(shape)).isinstance_python


def _schema(shape: Any) -> core_schema.CoreSchema:
    match shape:
        case type():
            return core_schema.is_instance_schema(shape)
        case re.Pattern():
            return core_schema.str_schema(pattern=f"^(?:{shape.pattern})$", strict=True)
        case tuple():
            some = [*map(_schema, shape)]
            return core_schema.union_schema([*some], mode="left_to_right")
        case [each]:
            return core_schema.list_schema(_schema(each), strict=True, fail_fast=True)
        case Each(each):
            return core_schema.dict_schema(values_schema=_schema(each), strict=True)
        case _:
            return _table(shape)


def _table(shape: Mapping[str, Any]) -> core_schema.CoreSchema:
    """The same for a table. Of a key that stands there both ways, with and without "!", what has to
    be there is asked alone.
    """
    fields = {
        key.removesuffix("!"): _field(one, is_needed=key.endswith("!"))
        for key, one in shape.items()
        if f"{key}!" not in shape
    }
    return core_schema.typed_dict_schema(fields, strict=True, extra_behavior="ignore")


def _field(shape: Any, *, is_needed: bool) -> core_schema.TypedDictField:
    schema = _schema(shape)
    return core_schema.typed_dict_field(
        schema if is_needed else core_schema.nullable_schema(schema), required=is_needed
    )


_ALL = check_of(ALL)
_COMMAND = check_of(COMMAND)
_EVENT = check_of(EVENT)
_ABOUT_A_PERSON = check_of(ABOUT_A_PERSON)
_ABOUT_THE_APP = check_of(ABOUT_THE_APP)
_BY_TYPE = {kind: check_of(shape) for kind, shape in BY_TYPE.items()}


def is_shaped(body: Mapping[str, Any]) -> bool:
    """Whether a payload has the shape that Slack gives its kind; of a kind that we don't know, an
    object is enough.
    """
    if not _ALL(body) or body.get("response_urls", []) != []:
        return False  # no form of ours asks for response URLs
    if "command" in body:
        return _COMMAND(body)
    kind = str(body.get("type"))
    if kind == "event_callback":
        return _is_event(body)
    check = _BY_TYPE.get(kind)
    return check is None or check(body)


def _is_event(body: Mapping[str, Any]) -> bool:
    event = body.get("event")
    about = event.get("type") if isinstance(event, dict) else None
    if about in INSTALL_EVENTS:
        return _ABOUT_THE_APP(body)
    return _EVENT(body) and (about not in ABOUT_PEOPLE or _ABOUT_A_PERSON(body))

"""What Slack sent, reduced to what our listeners need; `team_id` becomes `workspace_id` here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.desk import Member
from bot.errors import NotFoundError
from bot.submission import FieldValue, FileRef
from handlers.carried import OLD_BUTTON

Payload = Mapping[str, Any]

PRIVATE_NAMES = frozenset({"privategroup", "directmessage"})
"""How Slack names a channel in a payload when its name is nobody else's business."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request of Slack's. `body` is the whole payload, for what only one listener needs."""

    workspace_id: str
    user_id: str
    trigger_id: str = ""
    channel_id: str | None = None
    response_url: str = ""
    body: Payload = field(default_factory=dict)

    @property
    def view(self) -> Payload:
        """The form or the Home tab that it comes from; raises NotFoundError outside of one."""
        view = self.body.get("view")
        if not isinstance(view, Mapping):
            raise NotFoundError(OLD_BUTTON)
        return view

    @property
    def action(self) -> Payload:
        """What was pressed or picked; raises NotFoundError where nothing was."""
        actions = self.body.get("actions")
        if not actions:
            raise NotFoundError(OLD_BUTTON)
        action: Payload = actions[0]
        return action


def request_of(body: Payload, workspace_id: str) -> Request:
    """Read who, where and with which trigger out of any interactive payload or command, which
    concerns `workspace_id`, whatever workspace it names.

    Raises NotFoundError when the payload names no workspace or no person.
    """
    user = body.get("user")
    user_id = user.get("id") if isinstance(user, Mapping) else body.get("user_id")
    team = body.get("team")
    team_id = team.get("id") if isinstance(team, Mapping) else None
    if team_id is None and isinstance(user, Mapping):
        team_id = user.get("team_id")
    team_id = team_id or body.get("team_id")
    if not isinstance(user_id, str) or not isinstance(team_id, str):
        raise NotFoundError("This request of Slack's names no person or no workspace.")
    return Request(
        workspace_id=workspace_id,
        user_id=user_id,
        trigger_id=str(body.get("trigger_id") or ""),
        channel_id=_channel(body),
        response_url=str(body.get("response_url") or ""),
        body=body,
    )


def _channel(body: Payload) -> str | None:
    for place in ("channel", "container"):
        part = body.get(place)
        if isinstance(part, Mapping):
            found = part.get("id") or part.get("channel_id")
            if isinstance(found, str):
                return found
    found = body.get("channel_id")
    return found if isinstance(found, str) else None


def place_of_list(request: Request) -> str | None:
    """Where a list can be written anew: the message in which it stands, if only the person sees it
    and it is no question by direct message, which stays.
    """
    container = request.body.get("container") or {}
    return request.response_url or None if container.get("is_ephemeral") else None


PICKED = (
    "selected_date",
    "selected_time",
    "selected_date_time",
    "selected_user",
    "selected_users",
    "selected_channel",
    "selected_channels",
    "selected_conversation",
    "selected_conversations",
    "files",
)
"""Where an element holds what was picked: ids, a day, a time, or the seconds since 1970 of a moment
(https://docs.slack.dev/reference/block-kit/block-elements).
"""


def form_values(view: Payload) -> dict[str, FieldValue]:
    """What was filled in or picked, by block id: a text, or the values of a multiple choice.

    Sources: https://docs.slack.dev/reference/views#view_state
    """
    values: dict[str, FieldValue] = {}
    state = view.get("state") or {}
    for block_id, actions in (state.get("values") or {}).items():
        for element in actions.values():
            values[block_id] = _element_value(element)
    return values


def form_texts(view: Payload) -> dict[str, str]:
    """The same of a form that has no multiple choice."""
    return {name: value for name, value in form_values(view).items() if isinstance(value, str)}


def opened_with(view: Payload) -> dict[str, FieldValue]:
    """What stood in a form when it was opened or changed last, by block id."""
    values: dict[str, FieldValue] = {}
    for block in view.get("blocks") or ():
        element = block.get("element") or {}
        if "initial_options" in element:
            values[block["block_id"]] = tuple(one["value"] for one in element["initial_options"])
        elif "initial_option" in element:
            values[block["block_id"]] = element["initial_option"]["value"]
        else:
            found = element.get("initial_value") or element.get("initial_date")
            values |= {block["block_id"]: found} if found else {}
    return values


GONE_MODES = frozenset({"tombstone", "hidden_by_limit"})
"""What Slack calls a file that was deleted, or that its plan does not show any more."""


def refs_of(files: object) -> tuple[FileRef, ...]:
    """The files of a form's field or of a message, but for those that are gone
    (https://docs.slack.dev/reference/objects/file-object).
    """
    found = [file for file in files if isinstance(file, Mapping)] if isinstance(files, list) else []
    return tuple(
        FileRef(str(file["id"]), str(file.get("name") or file.get("title") or file["id"]))
        for file in found
        if isinstance(file.get("id"), str) and file.get("mode") not in GONE_MODES
    )


def _element_value(element: Payload) -> FieldValue:
    if "selected_options" in element:
        return tuple(str(option["value"]) for option in element["selected_options"] or ())
    if "selected_option" in element:
        option = element["selected_option"]
        return str(option["value"]) if option else ""
    name = next((name for name in PICKED if name in element), "value")
    value = element.get(name)
    match value:
        case None:
            return ""
        case str() | int():
            return str(value)
        case list() if name == "files":
            return tuple(ref.given for ref in refs_of(value))
        case list() if all(isinstance(one, str) for one in value):
            return tuple(value)
        case _:
            raise NotFoundError("This form of Slack's holds something that is no text.")


def _link_as_typed(address: str, label: str | None) -> str:
    """Slack shows a link as its label, or as its address without the scheme."""
    bare = address.partition("://")[2] or address.removeprefix("mailto:")
    if label is None or label in {address, bare, bare.removeprefix("www.")}:
        return bare if address.startswith("mailto:") else address
    return f"{label} ({bare if address.startswith('mailto:') else address})"


_MARKUP = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")


def typed_text(text: str, members: Mapping[str, Member]) -> str:
    """The text of a command or a message as it was typed.

    Slack escapes three characters and writes mentions, channels and links in angle brackets
    (https://docs.slack.dev/messaging/formatting-message-text). `members` are those known, by id.
    """

    def plain(match: re.Match[str]) -> str:
        sign, value, label = match.groups()
        match sign:
            case "@":
                return "@" + (label or (members[value].name if value in members else "someone"))
            case "#":
                return "#" + (label or "a channel")
            case "!":
                return label or "@" + value.partition("^")[0]
            case _:
                return _link_as_typed(value, label)

    shown = _MARKUP.sub(plain, text)
    return shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")

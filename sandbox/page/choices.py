"""What can be picked in a menu: its own options, colleagues, or channels."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sandbox.model import Channel, Json
from sandbox.page.html import Html, h
from sandbox.page.mrkdwn import plain, text_object
from sandbox.page.scene import Scene

ONE = frozenset({"static_select", "users_select", "channels_select", "conversations_select"})
MANY = frozenset(f"multi_{name}" for name in ONE)


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a menu; `more` is its small print."""

    value: str
    text: Html
    more: Html | None = None


def groups(element: Json, scene: Scene) -> Iterator[tuple[str, Sequence[Choice]]]:
    """The entries under their titles; a menu without groups has one without a title."""
    match str(element["type"]).removeprefix("multi_"):
        case "users_select":
            yield "", [Choice(user.id, h(scene.name(user.id))) for user in scene.colleagues()]
        case "channels_select" | "conversations_select":
            yield "", [Choice(entry.id, h(_sign(entry))) for entry in _channels(element, scene)]
        case _:
            if "options" in element:
                yield "", [_choice(option, scene) for option in element["options"]]
            for group in element.get("option_groups", []):
                title = str(group["label"]["text"])
                yield title, [_choice(option, scene) for option in group["options"]]


def _choice(option: Json, scene: Scene) -> Choice:
    more = option.get("description")
    is_plain = option["text"].get("type") == "plain_text"
    text = plain(option["text"]) if is_plain else text_object(option["text"], scene)
    return Choice(option["value"], text, plain(more) if more else None)


def _sign(channel: Channel) -> str:
    return f"{'🔒 ' if channel.is_private else '#'}{channel.name}"


def _channels(element: Json, scene: Scene) -> list[Channel]:
    wanted: Mapping[str, bool] = {"public": True, "private": True}
    if element["type"].endswith("channels_select"):
        wanted = {"public": True, "private": False}
    elif include := (element.get("filter") or {}).get("include"):
        wanted = {"public": "public" in include, "private": "private" in include}
    return [
        channel
        for channel in scene.channels()
        if not channel.is_archived and wanted["private" if channel.is_private else "public"]
    ]

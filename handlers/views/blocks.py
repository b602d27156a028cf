"""Block Kit's pieces as plain dicts, in the shapes that Slack takes.

Limits: https://docs.slack.dev/reference/block-kit/blocks and the page of each element. slack_sdk's
classes are not used: they drop block types that they don't know.
"""

import json
from collections.abc import Iterable, Mapping, Sequence

from handlers.ids import Action, Callback
from handlers.views.message import Block, View
from handlers.views.text import ELLIPSIS, SECTION_LIMIT, chunks, cut, split, width

TITLE_LIMIT = 24
OPTION_LIMIT = 75
LABEL_LIMIT = 75
COPY_ROOM = 90_000


def plain(text: str, limit: int = SECTION_LIMIT) -> Block:
    """A plain_text object."""
    return {"type": "plain_text", "text": cut(text, limit), "emoji": True}


def mrkdwn(text: str, limit: int = SECTION_LIMIT) -> Block:
    """A mrkdwn object. `verbatim`: Slack makes no names or channels out of typed text."""
    return {"type": "mrkdwn", "text": cut(text, limit), "verbatim": True}


def section(text: str, accessory: Block | None = None) -> Block:
    """A paragraph of mrkdwn, with a button beside it if given."""
    block: Block = {"type": "section", "text": mrkdwn(text)}
    if accessory is not None:
        block["accessory"] = accessory
    return block


def context(text: str) -> Block:
    """A line in small print."""
    return {"type": "context", "elements": [mrkdwn(text)]}


def header(text: str) -> Block:
    """A heading, plain text of at most 150 characters."""
    return {"type": "header", "text": plain(text, 150)}


def divider() -> Block:
    """A line across."""
    return {"type": "divider"}


def verbatim(text: str, room: int) -> list[Block]:
    """Text exactly as it was typed, to be copied: rich text knows no markup inside its leaves.

    `room` is how many bytes of JSON it may take, because a view has 250 kB in all
    (https://docs.slack.dev/reference/methods/views.open); what goes beyond ends in an ellipsis.
    """
    while len(json.dumps(text)) > room:
        text = split(text, width(text) * room // len(json.dumps(text)) - 1)[0] + ELLIPSIS
    return [
        {
            "type": "rich_text",
            "elements": [
                {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": part}]}
            ],
        }
        for part in chunks(text)
    ]


def button(action_id: str, text: str, value: str, *, label: str, style: str | None = None) -> Block:
    """A button; `label` is what a screen reader says, so it names what the button is about."""
    element: Block = {
        "type": "button",
        "action_id": action_id,
        "text": plain(text, 75),
        "value": value,
        "accessibility_label": cut(label, LABEL_LIMIT),
    }
    if style is not None:
        element["style"] = style
    return element


def actions(block_id: str, elements: Sequence[Block]) -> Block:
    """A row of buttons."""
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def option(value: str, label: str) -> Block:
    """One entry of a select."""
    return {"text": plain(label, OPTION_LIMIT), "value": value}


def select(
    options: Iterable[tuple[str, str]],
    initial: str | None = None,
    *,
    action_id: str = Action.VALUE.value,
) -> Block:
    """A select of one out of (value, label) pairs; `initial` is chosen if it is one of them."""
    entries = [option(value, label) for value, label in options]
    element: Block = {"type": "static_select", "action_id": action_id, "options": entries}
    chosen = next((entry for entry in entries if entry["value"] == initial), None)
    if chosen is not None:
        element["initial_option"] = chosen
    return element


def grouped_select(groups: Mapping[str, Iterable[tuple[str, str]]]) -> Block:
    """A select of one out of (value, label) pairs, each group of them under its own heading."""
    return {
        "type": "static_select",
        "action_id": Action.VALUE.value,
        "option_groups": [
            {"label": plain(label, 75), "options": [option(*entry) for entry in entries]}
            for label, entries in groups.items()
        ],
    }


def input_block(
    block_id: str, label: str, element: Block, *, optional: bool = False, hint: str | None = None
) -> Block:
    """A question of a form."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, 2000),
        "element": element,
        "optional": optional,
    }
    if hint is not None:
        block["hint"] = plain(hint, 2000)
    return block


def modal(
    callback: Callback,
    title: str,
    blocks: Sequence[Block],
    *,
    close: str,
    submit: str | None = None,
    metadata: str = "",
) -> View:
    """A modal. Slack wants `submit` as soon as there is an input."""
    view: View = {
        "type": "modal",
        "callback_id": callback.value,
        "title": plain(title, TITLE_LIMIT),
        "close": plain(close, TITLE_LIMIT),
        "blocks": list(blocks),
    }
    if submit is not None:
        view["submit"] = plain(submit, TITLE_LIMIT)
    if metadata:
        view["private_metadata"] = metadata
    return view

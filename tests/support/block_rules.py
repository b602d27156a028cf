"""What every message and view keeps to, checked by the sandbox and by a few rules of ours."""

import json
import re
from collections.abc import Iterator
from typing import Any

from handlers.views.message import Message, View
from handlers.views.text import width
from sandbox.checks.messages import check_message
from sandbox.checks.views import check_view
from sandbox.text import escaping_mistakes

MARKER = "MARKER"
"""Typed text in tests holds this, so that it can be found in what was built."""

_OURS = re.compile(
    r"<(?:@[UW][A-Z0-9]*|#C[A-Z0-9]*|https?://[^<>]*|!date\^\d+\^\{date_short_pretty\} at \{time\}"
    r"\|[^<>]*)>"
)


def texts(node: Any) -> Iterator[dict[str, Any]]:
    """Every text object in a tree of blocks."""
    if isinstance(node, dict):
        if node.get("type") in {"mrkdwn", "plain_text"}:
            yield node
        for child in node.values():
            yield from texts(child)
    elif isinstance(node, list):
        for child in node:
            yield from texts(child)


def markup_problems(text: str) -> list[str]:
    """Markup in a text that is none of ours, and escaping gone wrong.

    What looks escaped twice may have been typed so ("&amp;"); the golden files show if it was not.
    """
    rest = _OURS.sub("", text)
    foreign = re.findall(r"<.{0,40}", rest, re.DOTALL)
    mistakes = escaping_mistakes(rest)
    return foreign + [mistake for mistake in mistakes if not mistake.startswith("escaped twice")]


def _text_problems(blocks: list[dict[str, Any]]) -> Iterator[str]:
    for entry in texts(blocks):
        if not entry["text"].strip():
            yield f"empty text: {entry}"
        if width(entry["text"]) > 3000:
            yield f"too long: {entry}"
        if entry["type"] == "mrkdwn":
            yield from markup_problems(entry["text"])
            if entry.get("verbatim") is not True:
                yield f"Slack may find names in it: {entry}"


def _actions(blocks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for block in blocks:
        if block["type"] == "actions":
            yield from block["elements"]
        if "accessory" in block:
            yield block["accessory"]


def _button_problems(blocks: list[dict[str, Any]]) -> Iterator[str]:
    ids = [element["action_id"] for element in _actions(blocks)]
    if len(set(ids)) != len(ids):
        yield f"an action_id twice: {ids}"
    for block in blocks:
        buttons = [one for one in block.get("elements", ()) if one["type"] == "button"]
        if block["type"] == "actions" and len(buttons) > 4:
            yield "more than four buttons"
    for element in _actions(blocks):
        if element["type"] == "button" and not element["accessibility_label"].strip():
            yield f"nothing for a screen reader: {element}"


def message_problems(message: Message) -> list[str]:
    """What is wrong with a message; nothing, if all is well."""
    problems = markup_problems(message.text)
    if not message.text.strip():
        problems.append("no text")
    if width(message.text) > 4000:
        problems.append("text too long for chat.update")
    for blocks in (message.blocks, message.plain_blocks or message.blocks):
        if len(blocks) > 50:
            problems.append("too many blocks")
        problems += check_message(blocks).messages
        problems += _text_problems(blocks)
        problems += _button_problems(blocks)
    if any(block["type"] == "data_visualization" for block in message.plain_blocks or []):
        problems.append("a chart in the plain blocks")
    return problems


def view_problems(view: View) -> list[str]:
    """What is wrong with a view; nothing, if all is well."""
    problems = list(check_view(view, view["type"]).messages)
    problems += _text_problems(view["blocks"])
    problems += _button_problems(view["blocks"])
    if len(view["blocks"]) > 100 or len(json.dumps(view)) > 250_000:
        problems.append("view too large")
    if len(view.get("private_metadata", "")) > 3000:
        problems.append("private_metadata too long")
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    if inputs and "submit" not in view:
        problems.append("inputs without submit")
    for part in ("title", "submit", "close"):
        if part in view and not 0 < width(view[part]["text"]) <= 24:
            problems.append(f"{part}: {view[part]['text']}")
    return problems

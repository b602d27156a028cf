"""Views as a whole: modals and Home.

Source: https://docs.slack.dev/reference/views
"""

import json
from collections.abc import Iterator
from typing import Any

from sandbox.checks.blocks import check_blocks
from sandbox.checks.report import Report, Verdict
from sandbox.checks.texts import plain_text
from sandbox.limits import most
from sandbox.model import ViewType

_COMMON = "callback_id private_metadata external_id"
_MODAL = f"{_COMMON} submit close clear_on_close notify_on_close submit_disabled"


def check_view(payload: Any, kind: ViewType) -> Verdict:
    """What Slack says about a view: `invalid_arguments` or `view_too_large` and why, or nothing."""
    report = Report()
    if not isinstance(payload, dict):
        report.error("must provide an object", "/view")
        return Verdict("invalid_arguments", report.messages)
    if payload.get("type") != kind:
        report.error("must be a valid enum value", "/view/type")
    if kind == "modal":
        _modal(report, payload)
    else:
        report.shape(payload, "/view", required="blocks", optional=_COMMON)
    report.string(payload, "callback_id", most("callback_id"), "/view", least=0)
    report.string(payload, "private_metadata", most("private_metadata"), "/view", least=0)
    report.string(payload, "external_id", most("external_id"), "/view", least=0)
    check_blocks(report, payload.get("blocks"), "/view/blocks", kind)
    _focus(report, payload)
    if report.messages:
        return Verdict("invalid_arguments", report.messages)
    if len(json.dumps(payload, ensure_ascii=False).encode()) > most("view_bytes"):
        return Verdict("view_too_large", [f"[ERROR] more than {most('view_bytes')} bytes"])
    return Verdict("", [])


def _modal(report: Report, payload: Any) -> None:
    report.shape(payload, "/view", required="title blocks", optional=_MODAL)
    for name in ("title", "submit", "close"):
        plain_text(report, payload, name, "/view", longest=most("view_title"))
    for name in ("clear_on_close", "notify_on_close", "submit_disabled"):
        report.boolean(payload, name, "/view")
    blocks = payload.get("blocks")
    inputs = [
        block
        for block in (blocks if isinstance(blocks, list) else [])
        if isinstance(block, dict) and block.get("type") == "input"
    ]
    if inputs and not payload.get("submit"):
        report.error("missing required field: submit", "/view")


def _focus(report: Report, payload: Any) -> None:
    if sum(_focused(payload.get("blocks"))) > 1:
        report.error("no more than one focus_on_load allowed", "/view/blocks")


def _focused(node: Any) -> Iterator[bool]:
    """One True for each element that asks for the focus."""
    if isinstance(node, list):
        for child in node:
            yield from _focused(child)
    elif isinstance(node, dict):
        yield node.get("focus_on_load") is True
        for child in node.values():
            yield from _focused(child)


def asks_for_files(payload: Any) -> bool:
    """Whether a view that passed has a `file_input`, which needs the scope files:read.

    Source: https://docs.slack.dev/reference/block-kit/block-elements/file-input-element
    """
    return any(
        block["type"] == "input" and block["element"]["type"] == "file_input"
        for block in payload["blocks"]
    )

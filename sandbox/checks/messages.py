"""The blocks of a message as a whole."""

from typing import Any

from sandbox.checks.blocks import check_blocks
from sandbox.checks.report import Report, Verdict
from sandbox.limits import most

TABLES = frozenset({"table", "data_table"})


def check_message(raw: Any) -> Verdict:
    """What Slack says about a message's blocks: `invalid_blocks` and why, or nothing.

    A second table is `invalid_attachments` with `only_one_table_allowed`; too much text in all
    is `msg_blocks_too_long`.
    """
    report = Report()
    check_blocks(report, raw, "/blocks", "message")
    if report.messages:
        return Verdict("invalid_blocks", report.messages)
    kinds = [block["type"] for block in raw]
    if sum(kind in TABLES for kind in kinds) > most("tables_in_message"):
        return Verdict("invalid_attachments", ["[ERROR] only_one_table_allowed"])
    if kinds.count("data_visualization") > most("charts_in_message"):
        report.error(f"no more than {most('charts_in_message')} charts allowed", "/blocks")
        return Verdict("invalid_blocks", report.messages)
    markdown = sum(len(block["text"]) for block in raw if block["type"] == "markdown")
    if markdown > most("markdown_sum") or _text(raw) > most("blocks_text"):
        return Verdict("msg_blocks_too_long", ["[ERROR] the blocks hold too much text"])
    return Verdict("", [])


def _text(node: Any) -> int:
    """How many characters all texts of a tree have."""
    if isinstance(node, list):
        return sum(_text(child) for child in node)
    if isinstance(node, dict):
        own = len(node["text"]) if isinstance(node.get("text"), str) else 0
        return own + sum(_text(child) for child in node.values())
    return 0

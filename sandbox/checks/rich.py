"""Rich text.

Source: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from typing import Any

from sandbox.checks.report import Report
from sandbox.limits import most

_LEAVES = {
    "text": ("text", "style"),
    "link": ("url", "text style unsafe"),
    "user": ("user_id", "style"),
    "usergroup": ("usergroup_id", "style"),
    "channel": ("channel_id", "style"),
    "emoji": ("name", "unicode style skin_tone"),
    "team": ("team_id", "style"),
    "broadcast": ("range", "style"),
    "date": ("timestamp format", "url fallback style"),
    "color": ("value", "style"),
}
_PARTS = {
    "rich_text_section": ("elements", ""),
    "rich_text_list": ("elements style", "indent offset border"),
    "rich_text_preformatted": ("elements", "border language"),
    "rich_text_quote": ("elements", "border"),
}


def rich_text_block(report: Report, node: Any, at: str) -> None:
    """A rich_text block, or a cell of that type."""
    report.shape(node, at, required="elements", optional="block_id")
    for number, part in enumerate(report.items(node, "elements", most("text_object"), at)):
        _part(report, part, f"{at}/elements/{number}")


def _part(report: Report, node: Any, at: str) -> None:
    kind = str(node.get("type")) if isinstance(node, dict) else ""
    if kind not in _PARTS:
        report.error(f"unsupported type: {kind}", f"{at}/type")
        return
    required, optional = _PARTS[kind]
    report.shape(node, at, required=required, optional=optional)
    children = report.items(node, "elements", most("text_object"), at, least=0)
    for number, child in enumerate(children):
        here = f"{at}/elements/{number}"
        if kind == "rich_text_list":
            _part(report, child, here)
        else:
            _leaf(report, child, here)


def _leaf(report: Report, node: Any, at: str) -> None:
    kind = str(node.get("type")) if isinstance(node, dict) else ""
    if kind not in _LEAVES:
        report.error(f"unsupported type: {kind}", f"{at}/type")
        return
    required, optional = _LEAVES[kind]
    report.shape(node, at, required=required, optional=optional)
    if kind == "text":
        report.string(node, "text", most("text_object"), at)

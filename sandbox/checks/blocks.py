"""Blocks: counts, lengths, and where each may stand.

Source: https://docs.slack.dev/reference/block-kit/blocks
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sandbox.checks.charts import chart_block
from sandbox.checks.elements import element
from sandbox.checks.report import Report, Surface
from sandbox.checks.rich import rich_text_block
from sandbox.checks.tables import data_table_block, table_block
from sandbox.checks.texts import plain_text, text_object
from sandbox.limits import most

Check = Callable[[Report, Any, str, Surface], None]


def _section(report: Report, node: Any, at: str, surface: Surface) -> None:
    report.shape(node, at, optional="block_id text fields accessory expand")
    if node.get("text") is None and not node.get("fields"):
        report.error("missing required field: text or fields", at)
    if node.get("text") is not None:
        text_object(report, node["text"], f"{at}/text", longest=most("text_object"))
    for number, field in enumerate(report.items(node, "fields", most("section_fields"), at)):
        text_object(report, field, f"{at}/fields/{number}", longest=most("section_field"))
    accessory = node.get("accessory")
    if isinstance(accessory, dict) and accessory.get("type") == "image":
        _image_parts(report, accessory, f"{at}/accessory")
    elif accessory is not None:
        element(report, accessory, f"{at}/accessory", block="section", surface=surface)


def _header(report: Report, node: Any, at: str, _surface: Surface) -> None:
    report.shape(node, at, required="text", optional="block_id level")
    plain_text(report, node, "text", at, longest=most("header"))
    report.number(node, "level", 1, most("header_level"), at)


def _context(report: Report, node: Any, at: str, _surface: Surface) -> None:
    report.shape(node, at, required="elements", optional="block_id")
    for number, part in enumerate(report.items(node, "elements", most("context_elements"), at)):
        here = f"{at}/elements/{number}"
        if isinstance(part, dict) and part.get("type") == "image":
            _image_parts(report, part, here)
        else:
            text_object(report, part, here, longest=most("text_object"))


def _divider(report: Report, node: Any, at: str, _surface: Surface) -> None:
    report.shape(node, at, optional="block_id")


def _image_parts(report: Report, node: Any, at: str, more: str = "") -> None:
    report.shape(node, at, required="alt_text", optional=f"image_url slack_file {more}")
    report.string(node, "alt_text", most("image_alt"), at)
    report.string(node, "image_url", most("image_url"), at)
    if ("image_url" in node) == ("slack_file" in node):
        report.error("must provide exactly one of image_url and slack_file", at)


def _image(report: Report, node: Any, at: str, _surface: Surface) -> None:
    _image_parts(report, node, at, "block_id title")
    plain_text(report, node, "title", at, longest=most("image_title"))


def _actions(report: Report, node: Any, at: str, surface: Surface) -> None:
    report.shape(node, at, required="elements", optional="block_id")
    for number, part in enumerate(report.items(node, "elements", most("actions_elements"), at)):
        element(report, part, f"{at}/elements/{number}", block="actions", surface=surface)


def _input(report: Report, node: Any, at: str, surface: Surface) -> None:
    report.shape(
        node, at, required="label element", optional="block_id hint optional dispatch_action"
    )
    plain_text(report, node, "label", at, longest=most("input_label"))
    plain_text(report, node, "hint", at, longest=most("input_hint"))
    report.boolean(node, "optional", at)
    report.boolean(node, "dispatch_action", at)
    if node.get("element") is not None:
        element(report, node["element"], f"{at}/element", block="input", surface=surface)


def _markdown(report: Report, node: Any, at: str, _surface: Surface) -> None:
    report.shape(node, at, required="text", optional="block_id")
    report.string(node, "text", most("markdown_sum"), at)


def _alert(report: Report, node: Any, at: str, _surface: Surface) -> None:
    report.shape(node, at, required="text", optional="block_id level")
    if node.get("text") is not None:
        text_object(report, node["text"], f"{at}/text", longest=most("alert_text"))
    report.choice(node, "level", ("default", "info", "warning", "error", "success"), at)


def _alone(check: Callable[[Report, Any, str], None]) -> Check:
    def with_surface(report: Report, node: Any, at: str, _surface: Surface) -> None:
        check(report, node, at)

    return with_surface


_EVERYWHERE: tuple[Surface, ...] = ("message", "modal", "home")
_MESSAGES: tuple[Surface, ...] = ("message",)

# Charts and tables in Home: Slack's pages say yes, live workspaces said no. So no.
BLOCKS: Mapping[str, tuple[Check, Sequence[Surface]]] = {
    "section": (_section, _EVERYWHERE),
    "header": (_header, _EVERYWHERE),
    "context": (_context, _EVERYWHERE),
    "divider": (_divider, _EVERYWHERE),
    "image": (_image, _EVERYWHERE),
    "actions": (_actions, _EVERYWHERE),
    "input": (_input, _EVERYWHERE),
    "rich_text": (_alone(rich_text_block), _EVERYWHERE),
    "markdown": (_markdown, _MESSAGES),
    "table": (_alone(table_block), _MESSAGES),
    "data_table": (_alone(data_table_block), _MESSAGES),
    "data_visualization": (_alone(chart_block), _MESSAGES),
    "alert": (_alert, ("modal",)),
}


def check_blocks(report: Report, blocks: Any, at: str, surface: Surface) -> None:
    """All blocks of a message or view; `at` is the pointer to their list."""
    limit = most("blocks_in_message" if surface == "message" else "blocks_in_view")
    parent, _, name = at.rpartition("/")
    seen: set[str] = set()
    for number, node in enumerate(report.items({name: blocks}, name, limit, parent)):
        here = f"{at}/{number}"
        if not isinstance(node, dict):
            report.error("must provide an object", here)
            continue
        check, surfaces = BLOCKS.get(str(node.get("type")), (None, ()))
        if check is None or surface not in surfaces:
            report.error(f"unsupported type: {node.get('type')}", f"{here}/type")
            continue
        check(report, node, here, surface)
        report.string(node, "block_id", most("block_id"), here)
        if node.get("block_id") in seen:
            report.error(f"block_id already exists: {node['block_id']}", f"{here}/block_id")
        seen.add(str(node.get("block_id", number)))
        _action_ids(report, node, here)


def _action_ids(report: Report, node: Any, at: str) -> None:
    """An action_id is unique in its block."""
    elements = node.get("elements")
    if node["type"] != "actions" or not isinstance(elements, list):
        return
    seen: set[str] = set()
    for number, part in enumerate(elements):
        action_id = part.get("action_id") if isinstance(part, dict) else None
        if action_id in seen:
            report.error(f"action_id already exists: {action_id}", f"{at}/elements/{number}")
        if action_id:
            seen.add(action_id)

"""Interactive elements.

Source: https://docs.slack.dev/reference/block-kit/block-elements
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.checks.menus import boxes, overflow, people_menu, static_menu
from sandbox.checks.report import Report, Surface
from sandbox.checks.texts import confirm, plain_text
from sandbox.limits import most

Check = Callable[[Report, Any, str], None]

_COMMON = "action_id focus_on_load"
_TEXT = f"{_COMMON} placeholder initial_value dispatch_action_config"


def button(report: Report, node: Any, at: str) -> None:
    """https://docs.slack.dev/reference/block-kit/block-elements/button-element"""
    report.shape(
        node,
        at,
        required="text",
        optional="action_id value url style confirm accessibility_label",
    )
    plain_text(report, node, "text", at, longest=most("button_text"))
    report.string(node, "value", most("button_value"), at, least=0)
    report.string(node, "url", most("button_url"), at)
    report.string(node, "accessibility_label", most("accessibility_label"), at)
    report.choice(node, "style", ("primary", "danger"), at)
    confirm(report, node, at)


def _placeholder(report: Report, node: Any, at: str) -> None:
    plain_text(report, node, "placeholder", at, longest=most("placeholder"))


def text_input(report: Report, node: Any, at: str) -> None:
    """https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element"""
    report.shape(node, at, optional=f"{_TEXT} multiline min_length max_length")
    _placeholder(report, node, at)
    report.boolean(node, "multiline", at)
    report.number(node, "min_length", 0, most("input_length"), at)
    report.number(node, "max_length", 1, most("input_length"), at)
    least, longest = node.get("min_length") or 0, node.get("max_length") or most("input_length")
    if isinstance(least, int) and isinstance(longest, int):
        if least > longest:
            report.error("min_length must not exceed max_length", at)
        report.string(node, "initial_value", longest, at, least=0)
    _dispatch(report, node, at)


def _dispatch(report: Report, node: Any, at: str) -> None:
    config = node.get("dispatch_action_config")
    if config is None:
        return
    at = f"{at}/dispatch_action_config"
    if report.shape(config, at, required="trigger_actions_on"):
        allowed = ("on_enter_pressed", "on_character_entered")
        for number, value in enumerate(report.items(config, "trigger_actions_on", 2, at)):
            report.choice({"v": value}, "v", allowed, f"{at}/trigger_actions_on/{number}")


def address_input(report: Report, node: Any, at: str) -> None:
    """Email and URL inputs."""
    report.shape(node, at, optional=_TEXT)
    _placeholder(report, node, at)
    report.string(node, "initial_value", most("input_length"), at)


def number_input(report: Report, node: Any, at: str) -> None:
    """https://docs.slack.dev/reference/block-kit/block-elements/number-input-element"""
    report.shape(node, at, required="is_decimal_allowed", optional=f"{_TEXT} min_value max_value")
    _placeholder(report, node, at)
    bounds: dict[str, float] = {}
    for name in ("min_value", "max_value", "initial_value"):
        value = node.get(name)
        if value is None:
            continue
        if not isinstance(value, str) or not re.fullmatch(r"-?\d+(\.\d+)?", value):
            report.error("must provide a number as a string", f"{at}/{name}")
        else:
            bounds[name] = float(value)
    if bounds.get("min_value", 0) > bounds.get("max_value", float("inf")):
        report.error("min_value must not exceed max_value", at)


def _picker(initial: str, pattern: str, more: str = "") -> Check:
    def check(report: Report, node: Any, at: str) -> None:
        report.shape(node, at, optional=f"{_COMMON} {initial} confirm {more}")
        value = node.get(initial)
        if value is not None and not re.fullmatch(pattern, str(value)):
            report.error("must match the format of the element", f"{at}/{initial}")
        if "placeholder" in more:
            _placeholder(report, node, at)
        confirm(report, node, at)

    return check


def rich_text_input(report: Report, node: Any, at: str) -> None:
    """https://docs.slack.dev/reference/block-kit/block-elements/rich-text-input-element"""
    report.shape(node, at, optional=_TEXT)
    _placeholder(report, node, at)


def file_input(report: Report, node: Any, at: str) -> None:
    """https://docs.slack.dev/reference/block-kit/block-elements/file-input-element"""
    report.shape(node, at, optional="action_id filetypes max_files")
    report.number(node, "max_files", 1, most("files"), at)


# Which check an element has, and in which blocks it may stand.
ELEMENTS: Mapping[str, tuple[Check, str]] = {
    "button": (button, "section actions"),
    "checkboxes": (boxes, "section actions input"),
    "radio_buttons": (boxes, "section actions input"),
    "overflow": (overflow, "section actions"),
    "static_select": (static_menu, "section actions input"),
    "multi_static_select": (static_menu, "section input"),
    "users_select": (people_menu, "section actions input"),
    "multi_users_select": (people_menu, "section input"),
    "conversations_select": (people_menu, "section actions input"),
    "multi_conversations_select": (people_menu, "section input"),
    "channels_select": (people_menu, "section actions input"),
    "multi_channels_select": (people_menu, "section input"),
    "datepicker": (
        _picker("initial_date", r"\d{4}-\d\d-\d\d", "placeholder"),
        "section actions input",
    ),
    "timepicker": (
        _picker("initial_time", r"([01]\d|2[0-3]):[0-5]\d", "placeholder timezone"),
        "section actions input",
    ),
    "datetimepicker": (_picker("initial_date_time", r"\d{10}"), "actions input"),
    "plain_text_input": (text_input, "input"),
    "email_text_input": (address_input, "input"),
    "url_text_input": (address_input, "input"),
    "number_input": (number_input, "input"),
    "rich_text_input": (rich_text_input, "input"),
    "file_input": (file_input, "input"),
}
MODAL_ONLY = frozenset({"email_text_input", "url_text_input", "number_input", "file_input"})
NOT_IN: Mapping[str, frozenset[Surface]] = {
    "datetimepicker": frozenset({"home"}),
    "rich_text_input": frozenset({"message"}),
}


def element(report: Report, node: Any, at: str, *, block: str, surface: Surface) -> None:
    """An interactive element in a block of this type, on this surface."""
    if not isinstance(node, dict):
        report.error("must provide an object", at)
        return
    kind = str(node.get("type"))
    check, blocks = ELEMENTS.get(kind, (None, ""))
    out_of_place = surface in NOT_IN.get(kind, ()) or (kind in MODAL_ONLY and surface != "modal")
    if check is None or block not in blocks.split() or out_of_place:
        report.error(f"unsupported type: {kind}", f"{at}/type")
        return
    report.string(node, "action_id", most("action_id"), at)
    report.boolean(node, "focus_on_load", at)
    check(report, node, at)

"""Menus, checkboxes, radio buttons and overflow: what has options.

Source: https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element
"""

from typing import Any

from sandbox.checks.report import Report
from sandbox.checks.texts import confirm, option, plain_text
from sandbox.limits import most

_COMMON = "action_id focus_on_load confirm placeholder"


def _values(report: Report, options: list[Any], at: str) -> None:
    values = [entry.get("value") for entry in options if isinstance(entry, dict)]
    for value in sorted({value for value in values if values.count(value) > 1}, key=str):
        report.error(f"option values must be unique: {value}", at)


def _options(report: Report, node: Any, at: str, *, most_options: int, mrkdwn: bool) -> list[Any]:
    options = report.items(node, "options", most_options, at)
    for number, entry in enumerate(options):
        option(report, entry, f"{at}/options/{number}", mrkdwn=mrkdwn)
    return options


def _groups(report: Report, node: Any, at: str) -> list[Any]:
    options: list[Any] = []
    for number, group in enumerate(report.items(node, "option_groups", most("option_groups"), at)):
        here = f"{at}/option_groups/{number}"
        if report.shape(group, here, required="label options"):
            plain_text(report, group, "label", here, longest=most("option_text"))
            options += _options(report, group, here, most_options=most("options"), mrkdwn=False)
    return options


def _initial(report: Report, node: Any, at: str, options: list[Any], *, many: bool) -> None:
    name = "initial_options" if many else "initial_option"
    if name not in node:
        return
    chosen = node[name]
    if not isinstance(chosen, list if many else dict) or not chosen:
        report.error("must provide an array" if many else "must provide an object", f"{at}/{name}")
        return
    for entry in chosen if many else [chosen]:
        if entry not in options:
            report.error("must exactly match one of the options", f"{at}/{name}")


def static_menu(report: Report, node: Any, at: str) -> None:
    """A menu whose options come with it, or in groups, never both."""
    many = node["type"].startswith("multi")
    fields = "initial_options max_selected_items" if many else "initial_option"
    report.shape(node, at, optional=f"{_COMMON} options option_groups {fields}")
    if ("options" in node) == ("option_groups" in node):
        report.error("must provide exactly one of options and option_groups", at)
        return
    plain_text(report, node, "placeholder", at, longest=most("placeholder"))
    options = _options(report, node, at, most_options=most("options"), mrkdwn=False)
    options += _groups(report, node, at)
    _values(report, options, at)
    _initial(report, node, at, options, many=many)
    report.number(node, "max_selected_items", 1, most("options"), at)
    confirm(report, node, at)


_INITIAL = {
    "users_select": "initial_user",
    "multi_users_select": "initial_users max_selected_items",
    "conversations_select": "initial_conversation default_to_current_conversation filter "
    "response_url_enabled",
    "multi_conversations_select": "initial_conversations default_to_current_conversation filter "
    "max_selected_items",
    "channels_select": "initial_channel response_url_enabled",
    "multi_channels_select": "initial_channels max_selected_items",
}


def people_menu(report: Report, node: Any, at: str) -> None:
    """A menu of users, conversations or channels."""
    report.shape(node, at, optional=f"{_COMMON} {_INITIAL[node['type']]}")
    plain_text(report, node, "placeholder", at, longest=most("placeholder"))
    confirm(report, node, at)
    for name in _INITIAL[node["type"]].split():
        if name in node and node[name] in (None, "", []) and name.startswith("initial"):
            report.error("must provide a value", f"{at}/{name}")
    if "filter" in node and report.shape(
        node["filter"],
        f"{at}/filter",
        optional="include exclude_external_shared_channels exclude_bot_users",
    ):
        if not node["filter"]:
            report.error("must provide at least one filter", f"{at}/filter")
        for number, kind in enumerate(report.items(node["filter"], "include", 4, f"{at}/filter")):
            allowed = ("im", "mpim", "private", "public")
            report.choice({"v": kind}, "v", allowed, f"{at}/filter/include/{number}")


def boxes(report: Report, node: Any, at: str) -> None:
    """Checkboxes and radio buttons."""
    many = node["type"] == "checkboxes"
    fields = "initial_options" if many else "initial_option"
    report.shape(node, at, required="options", optional=f"action_id focus_on_load confirm {fields}")
    options = _options(report, node, at, most_options=most("boxes"), mrkdwn=True)
    _values(report, options, at)
    _initial(report, node, at, options, many=many)
    confirm(report, node, at)


def overflow(report: Report, node: Any, at: str) -> None:
    """https://docs.slack.dev/reference/block-kit/block-elements/overflow-menu-element"""
    report.shape(node, at, required="options", optional="action_id confirm")
    options = report.items(node, "options", most("overflow"), at)
    for number, entry in enumerate(options):
        option(report, entry, f"{at}/options/{number}", url=True)
    _values(report, options, at)
    confirm(report, node, at)

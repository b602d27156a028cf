"""Composition objects: texts, options, confirmation dialogs.

Source: https://docs.slack.dev/reference/block-kit/composition-objects
"""

from typing import Any

from sandbox.checks.report import Report
from sandbox.limits import most
from sandbox.text import stored_length


def text_object(report: Report, node: Any, at: str, *, longest: int, plain: bool = False) -> None:
    """A text object of at most `longest` characters; `plain`: only plain_text is allowed."""
    if not isinstance(node, dict):
        report.error("must provide an object", at)
        return
    kind = node.get("type")
    if kind not in ({"plain_text"} if plain else {"plain_text", "mrkdwn"}):
        report.error("must be a valid enum value", f"{at}/type")
        return
    report.shape(
        node, at, required="text", optional="emoji" if kind == "plain_text" else "verbatim"
    )
    text = node.get("text")
    if isinstance(text, str):
        length = stored_length(text) if kind == "mrkdwn" else len(text)
        if length < 1:
            report.error("must be more than 0 characters", f"{at}/text")
        if length > longest:
            report.error(f"must be less than {longest + 1} characters", f"{at}/text")
    elif text is not None:
        report.error("must provide a string", f"{at}/text")


def plain_text(report: Report, node: Any, name: str, at: str, *, longest: int) -> None:
    """An optional plain_text field of an object."""
    if node.get(name) is not None:
        text_object(report, node[name], f"{at}/{name}", longest=longest, plain=True)


def option(report: Report, node: Any, at: str, *, mrkdwn: bool = False, url: bool = False) -> None:
    """One option of a menu; only checkboxes and radio buttons may have mrkdwn."""
    optional = "description url" if url else "description"
    if not report.shape(node, at, required="text value", optional=optional):
        return
    if node.get("text") is not None:
        text_object(
            report, node["text"], f"{at}/text", longest=most("option_text"), plain=not mrkdwn
        )
    report.string(node, "value", most("option_value"), at)
    report.string(node, "url", most("button_url"), at)
    if node.get("description") is not None:
        text_object(
            report,
            node["description"],
            f"{at}/description",
            longest=most("option_description"),
            plain=not mrkdwn,
        )


def confirm(report: Report, node: Any, at: str) -> None:
    """An optional `confirm` of an element."""
    dialog = node.get("confirm")
    if dialog is None:
        return
    at = f"{at}/confirm"
    if not report.shape(dialog, at, required="title text confirm deny", optional="style"):
        return
    plain_text(report, dialog, "title", at, longest=most("confirm_title"))
    plain_text(report, dialog, "confirm", at, longest=most("confirm_button"))
    plain_text(report, dialog, "deny", at, longest=most("confirm_button"))
    if dialog.get("text") is not None:
        text_object(report, dialog["text"], f"{at}/text", longest=most("confirm_text"))
    report.choice(dialog, "style", ("primary", "danger"), at)

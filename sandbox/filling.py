"""How a person fills a field: from a plain value to what the element holds, and what the
Slack client does not let through.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any

from sandbox import blocks
from sandbox.model import Json

REQUIRED = "Please complete this required field."


class ClientRefused(Exception):  # noqa: N818  (it is what the client does, not a fault of ours)
    """Slack's client would not let a person do this. `errors`: block_id and what it says."""

    def __init__(self, why: str, errors: Mapping[str, str] | None = None) -> None:
        super().__init__(why)
        self.errors = dict(errors or {})


def chosen_option(element: Json, value: Any) -> Json:
    """The option with this value or text; ClientRefused if there is none."""
    for option in blocks.options(element):
        if value in {option["value"], option["text"]["text"]}:
            return option
    choices = ", ".join(option["value"] for option in blocks.options(element))
    raise ClientRefused(f"{element['action_id']} has no option {value!r}, only: {choices}")


def _day(value: Any) -> str:
    text = value.isoformat() if isinstance(value, date) else str(value)
    try:
        return datetime.strptime(text, "%Y-%m-%d").date().isoformat()  # noqa: DTZ007  (a date)
    except ValueError:
        raise ClientRefused(f"not a day like 2026-11-20: {value!r}") from None


def _hour(value: Any) -> str:
    text = value.strftime("%H:%M") if isinstance(value, time) else str(value)
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
        raise ClientRefused(f"not a time like 09:30: {value!r}")
    return text


def _unix(value: Any) -> int:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return int(value.timestamp())
    if isinstance(value, int) and len(str(value)) == 10:
        return value
    raise ClientRefused(f"neither a moment with a zone nor Unix seconds: {value!r}")


def _rich(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": value}]}
    return {"type": "rich_text", "elements": [section]}


_PLAIN: Mapping[str, Callable[[Any], Any]] = {
    "datepicker": _day,
    "timepicker": _hour,
    "datetimepicker": _unix,
    "rich_text_input": _rich,
    "number_input": str,
}


def _pick(element: Json, value: Any) -> Any:
    slot = blocks.SLOTS[element["type"]]
    if slot.many:
        chosen = value if isinstance(value, (list, tuple)) else [value]
        if len(chosen) > element.get("max_selected_items", len(chosen)):
            raise ClientRefused(f"You can pick {element['max_selected_items']} at most.")
        if slot.key == "selected_options":
            return [chosen_option(element, entry) for entry in chosen]
        return list(chosen)
    if slot.key == "selected_option":
        return value if isinstance(value, dict) else chosen_option(element, value)
    return _PLAIN.get(element["type"], lambda same: same)(value)


def held_after(element: Json, value: Any) -> Json:
    """What the element holds after a person put `value` in (None empties it).

    A value is text, an id, a date, or an option's value or text; a list of them for the elements
    that take many. ClientRefused for an option that is not there.
    """
    slot = blocks.SLOTS[element["type"]]
    empty: Any = [] if slot.many else None
    held = empty if value is None or value == "" else _pick(element, value)
    return {"type": element["type"], slot.key: held}


def _length(element: Json, text: str) -> str | None:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(text) < least:
        return f"Must be at least {least} characters."
    if len(text) > most:
        return f"Must be at most {most} characters."
    return None


def _number(element: Json, text: str) -> str | None:
    pattern = r"-?\d+(\.\d+)?" if element.get("is_decimal_allowed") else r"-?\d+"
    if not re.fullmatch(pattern, text):
        return "Must be a number."
    if "min_value" in element and float(text) < float(element["min_value"]):
        return f"Must be at least {element['min_value']}."
    if "max_value" in element and float(text) > float(element["max_value"]):
        return f"Must be at most {element['max_value']}."
    return None


def _address(pattern: str, what: str) -> Callable[[Json, str], str | None]:
    def check(_element: Json, text: str) -> str | None:
        return None if re.fullmatch(pattern, text) else f"Must be {what}."

    return check


_CHECKS: Mapping[str, Callable[[Json, str], str | None]] = {
    "plain_text_input": _length,
    "number_input": _number,
    "email_text_input": _address(r"[^@\s]+@[^@\s]+\.[^@\s]+", "an email address"),
    "url_text_input": _address(r"https?://\S+", "a link"),
}


def refusals(view_blocks: list[Json], values: blocks.Values) -> dict[str, str]:
    """What the client says about each input that it does not let through, by block_id."""
    said: dict[str, str] = {}
    for block_id, block in blocks.inputs(view_blocks).items():
        element = block["element"]
        held = blocks.held(values[block_id][element["action_id"]])
        if held in (None, "", []):
            refusal = None if block.get("optional") else REQUIRED
        else:
            check = _CHECKS.get(element["type"])
            refusal = check(element, held) if check else None
        if refusal:
            said[block_id] = refusal
    return said

"""The inputs of a kind's fields, for handing in and for changing what was handed in.

The block of a field has the field's name as block_id and "v" as action_id, so that what was typed
stays when the view is updated (https://docs.slack.dev/surfaces/modals).
"""

from collections.abc import Mapping, Sequence

from bot.kinds import Field, FieldType, Kind
from bot.submission import FieldValue
from bot.text import clean, day_in
from handlers.ids import Action
from handlers.views.blocks import COPY_ROOM, input_block, option, plain, section, select, verbatim
from handlers.views.message import Block
from handlers.views.text import is_web_link, split

Values = Mapping[str, FieldValue]

REST = "This did not fit; copy what you need:"

MOST_AT_ONCE = 5
"""How many files a form takes; Slack allows ten
(https://docs.slack.dev/reference/block-kit/block-elements/file-input-element).
"""


def questions(kind: Kind, values: Values) -> list[Block]:
    """The inputs of a kind's fields, filled with `values`; below each what was too long for it."""
    blocks: list[Block] = []
    for asked in kind.fields:
        room = COPY_ROOM if asked.name == kind.text_field else COPY_ROOM // 10
        blocks.extend(_question(asked, values.get(asked.name), room))
    return blocks


def _question(asked: Field, value: FieldValue | None, room: int) -> list[Block]:
    """The input of a field, and below it what was too long for it, in `room` bytes."""
    element, rest = _element(asked, value)
    if asked.placeholder is not None:
        element["placeholder"] = plain(asked.placeholder, 150)
    question = input_block(
        asked.name, asked.label, element, optional=not asked.required, hint=asked.hint
    )
    return [question, section(REST), *verbatim(rest, room)] if rest else [question]


def _element(asked: Field, value: FieldValue | None) -> tuple[Block, str]:
    match asked.type:
        case FieldType.CHOICE:
            chosen = value if isinstance(value, str) and value else asked.default
            return select([(entry.value, entry.label) for entry in asked.options], chosen), ""
        case FieldType.DATE:
            element: Block = {"type": "datepicker", "action_id": Action.VALUE.value}
            is_day = isinstance(value, str) and day_in(value) is not None
            return element | ({"initial_date": value} if is_day else {}), ""
        case FieldType.FILES:
            return {
                "type": "file_input",
                "action_id": Action.VALUE.value,
                "max_files": MOST_AT_ONCE,
            }, ""
        case FieldType.CHOICES:
            return _choices(asked, (value,) if isinstance(value, str) else value or ()), ""
        case FieldType.LINE | FieldType.TEXT | FieldType.LINK | FieldType.CONTACT:
            return _text_input(asked, value if isinstance(value, str) else "")


def _choices(asked: Field, chosen: Sequence[str]) -> Block:
    entries = [option(entry.value, entry.label) for entry in asked.options]
    element: Block = {
        "type": "multi_static_select",
        "action_id": Action.VALUE.value,
        "options": entries,
    }
    initial = [entry for entry in entries if entry["value"] in chosen]
    if initial:
        element["initial_options"] = initial
    return element


def _text_input(asked: Field, value: str) -> tuple[Block, str]:
    """A field to type in. A link gets the keyboard for links, unless what it starts with is none:
    Slack refuses that as the initial value of a url_text_input.
    """
    typed, rest = split(clean(value), asked.max_length)
    element: Block = {"type": "plain_text_input", "action_id": Action.VALUE.value}
    if asked.type is FieldType.LINK and (not typed or is_web_link(typed)):
        element["type"] = "url_text_input"
    else:
        element["multiline"] = asked.type is FieldType.TEXT
        element["max_length"] = asked.max_length
    if typed:
        element["initial_value"] = typed
    return element, rest

"""What a form on the page says, as what the elements hold."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from sandbox import blocks, filling
from sandbox.model import Json

Form = Mapping[str, Sequence[str]]

# Two ids in one name; neither of them holds this character.
_BETWEEN = "\x1f"

# There is nothing to type them in on the page.
NOT_DRAWN = frozenset({"file_input", "external_select", "multi_external_select"})


def field_name(block: Json, element: Json) -> str:
    """The name of an element's field in a form."""
    return f"{block['block_id']}{_BETWEEN}{element['action_id']}"


def given(block: Json, element: Json, form: Form, zone: tzinfo) -> Any:
    """The value of an element in a form, as `Person.click` takes it; None if it is empty."""
    values = list(form.get(field_name(block, element), ()))
    if blocks.SLOTS[element["type"]].many:
        return values
    value = values[0] if values else ""
    if element["type"] == "datetimepicker" and value:
        return int(datetime.fromisoformat(value).replace(tzinfo=zone).timestamp())
    return value or None


def filled(
    on: Sequence[Json], values: blocks.Values, form: Form, zone: tzinfo
) -> dict[str, dict[str, Json]]:
    """`state.values` after a person has filled a form; ClientRefused for an unknown option.

    A form tells of all its fields: one that is missing has nothing picked.
    """
    after = {block_id: dict(actions) for block_id, actions in values.items()}
    for block, element in blocks.elements(on):
        if element["type"] in blocks.STATELESS | NOT_DRAWN:
            continue
        value = given(block, element, form, zone)
        held = filling.held_after(element, value)
        after.setdefault(block["block_id"], {})[element["action_id"]] = held
    return after

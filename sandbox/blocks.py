"""Blocks as Slack keeps them, and what their elements hold.

Source: https://docs.slack.dev/reference/block-kit
"""

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.ids import Ids
from sandbox.model import Json

Values = Mapping[str, Mapping[str, Json]]


@dataclass(frozen=True, slots=True)
class Slot:
    """Where an element keeps its value in `state.values`, and the key of what it starts with."""

    key: str
    initial: str
    many: bool = False


SLOTS: Mapping[str, Slot] = {
    "plain_text_input": Slot("value", "initial_value"),
    "email_text_input": Slot("value", "initial_value"),
    "url_text_input": Slot("value", "initial_value"),
    "number_input": Slot("value", "initial_value"),
    "static_select": Slot("selected_option", "initial_option"),
    "external_select": Slot("selected_option", "initial_option"),
    "users_select": Slot("selected_user", "initial_user"),
    "conversations_select": Slot("selected_conversation", "initial_conversation"),
    "channels_select": Slot("selected_channel", "initial_channel"),
    "multi_static_select": Slot("selected_options", "initial_options", many=True),
    "multi_external_select": Slot("selected_options", "initial_options", many=True),
    "multi_users_select": Slot("selected_users", "initial_users", many=True),
    "multi_conversations_select": Slot(
        "selected_conversations", "initial_conversations", many=True
    ),
    "multi_channels_select": Slot("selected_channels", "initial_channels", many=True),
    "checkboxes": Slot("selected_options", "initial_options", many=True),
    "radio_buttons": Slot("selected_option", "initial_option"),
    "datepicker": Slot("selected_date", "initial_date"),
    "timepicker": Slot("selected_time", "initial_time"),
    "datetimepicker": Slot("selected_date_time", "initial_date_time"),
    "rich_text_input": Slot("rich_text_value", "initial_value"),
    "file_input": Slot("files", "", many=True),
}

# These send an action but keep nothing.
STATELESS = frozenset({"button", "overflow"})


def elements(blocks: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
    """Each interactive element with its block."""
    for block in blocks:
        found = [block.get("accessory"), block.get("element"), *block.get("elements", [])]
        for element in found:
            if isinstance(element, dict) and element.get("type") in SLOTS.keys() | STATELESS:
                yield block, element


def find(
    blocks: Sequence[Json], action_id: str, block_id: str | None = None
) -> list[tuple[Json, Json]]:
    """The elements with this action_id (and block_id), each with its block."""
    return [
        (block, element)
        for block, element in elements(blocks)
        if element.get("action_id") == action_id and block_id in {None, block["block_id"]}
    ]


def inputs(blocks: Sequence[Json]) -> dict[str, Json]:
    """The input blocks by their block_id."""
    return {block["block_id"]: block for block in blocks if block["type"] == "input"}


def initial(element: Json) -> Json:
    """What an element holds before anybody touches it."""
    slot = SLOTS[element["type"]]
    empty: Any = [] if slot.many else None
    return {"type": element["type"], slot.key: copy.deepcopy(element.get(slot.initial, empty))}


def initial_values(
    blocks: Sequence[Json], current: str | None = None
) -> dict[str, dict[str, Json]]:
    """`state.values` of blocks that nobody has touched.

    `current` fills menus that `default_to_current_conversation`
    (https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element).
    """
    values: dict[str, dict[str, Json]] = {}
    for block, element in elements(blocks):
        if element["type"] in SLOTS:
            value = initial(element)
            if current and element.get("default_to_current_conversation") and not held(value):
                slot = SLOTS[element["type"]]
                value[slot.key] = [current] if slot.many else current
            values.setdefault(block["block_id"], {})[element["action_id"]] = value
    return values


def kept_values(blocks: Sequence[Json], before: Values) -> dict[str, dict[str, Json]]:
    """`state.values` after an update: kept where block_id and action_id stay the same."""
    values = initial_values(blocks)
    for block_id, actions in values.items():
        for action_id, value in actions.items():
            held = before.get(block_id, {}).get(action_id)
            if held is not None and held["type"] == value["type"]:
                actions[action_id] = held
    return values


def held(value: Json) -> Any:
    """What an element of `state.values` holds, without its key."""
    return value[SLOTS[value["type"]].key]


def options(element: Json) -> list[Json]:
    """The options of a menu, also those in groups."""
    grouped = [option for group in element.get("option_groups", []) for option in group["options"]]
    return [*element.get("options", []), *grouped]


def stored(blocks: Sequence[Json], ids: Ids) -> list[Json]:
    """Blocks as Slack keeps them: with block_id, `emoji` on plain text, `verbatim` on mrkdwn."""
    kept = copy.deepcopy(list(blocks))
    for block in kept:
        block.setdefault("block_id", ids.next("b"))
        for element in [block.get("accessory"), block.get("element"), *block.get("elements", [])]:
            if isinstance(element, dict) and element.get("type") in SLOTS.keys() | STATELESS:
                element.setdefault("action_id", ids.next("a"))
        fill_text(block)
    return kept


def fill_text(node: Any) -> None:
    """Give each text object in a tree the flag that Slack adds, in place."""
    if isinstance(node, list):
        for child in node:
            fill_text(child)
    elif isinstance(node, dict):
        if node.get("type") == "plain_text":
            node.setdefault("emoji", True)
        elif node.get("type") == "mrkdwn":
            node.setdefault("verbatim", False)
        for child in node.values():
            fill_text(child)

"""What Slack takes and refuses in a message, each refusal with its pointer."""

from typing import Any

import pytest

from sandbox.checks.messages import check_message
from tests.support.sandbox_app import button, mrkdwn, option, plain
from tests.support.sandbox_blocks import (
    Block,
    actions,
    cell,
    data_table,
    field,
    line,
    pie,
    section,
    select,
    table,
)

GOOD_IN_MESSAGES: list[Block] = [
    section(),
    section(accessory=button("a")),
    {"type": "section", "fields": [mrkdwn("a"), plain("b")]},
    {"type": "header", "level": 2, "text": plain("Goals")},
    {
        "type": "context",
        "elements": [mrkdwn("a"), {"type": "image", "image_url": "https://x/i", "alt_text": "i"}],
    },
    {"type": "divider"},
    {"type": "image", "image_url": "https://x/i.png", "alt_text": "A chart", "title": plain("T")},
    actions(
        button("a"), select(), {"type": "overflow", "action_id": "o", "options": [option("x")]}
    ),
    actions({"type": "datepicker", "action_id": "d", "initial_date": "2026-11-22"}),
    {"type": "markdown", "text": "**bold**"},
    {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_list",
                "style": "bullet",
                "elements": [
                    {"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}
                ],
            }
        ],
    },
    table(
        [cell("a"), {"type": "raw_number", "value": 3}], column_settings=[None, {"align": "right"}]
    ),
    data_table([cell("Goal")], [cell("Posts")]),
    line(),
    line(type="bar", series=[{"name": "A", "data": [{"label": "Mon", "value": -1}]}]),
    pie(1, 2),
]


@pytest.mark.parametrize("block", GOOD_IN_MESSAGES, ids=lambda block: block["type"])
def test_what_slack_takes_in_a_message(block: Block) -> None:
    assert list(check_message([block]).messages) == []


BAD_IN_MESSAGES: list[tuple[str, list[Any], str]] = [
    ("no object", [None], "must provide an object [json-pointer:/blocks/0]"),
    ("unknown block", [{"type": "card"}], "unsupported type: card [json-pointer:/blocks/0/type]"),
    ("alert", [{"type": "alert", "text": plain("x")}], "unsupported type: alert"),
    ("51 blocks", [{"type": "divider"}] * 51, "no more than 50 items allowed"),
    (
        "repeated block_id",
        [section(block_id="a"), section(block_id="a")],
        "block_id already exists: a [json-pointer:/blocks/1/block_id]",
    ),
    ("repeated action_id", [actions(button("a"), button("a"))], "action_id already exists: a"),
    ("unknown property", [section(colour="red")], "invalid additional property: colour"),
    ("empty section", [{"type": "section"}], "missing required field: text or fields"),
    (
        "empty text",
        [section("")],
        "must be more than 0 characters [json-pointer:/blocks/0/text/text]",
    ),
    ("long text", [section("x" * 3001)], "must be less than 3001 characters"),
    ("long when escaped", [section("&" * 601)], "must be less than 3001 characters"),
    (
        "text as a string",
        [{"type": "section", "text": "x"}],
        "must provide an object [json-pointer:/blocks/0/text]",
    ),
    (
        "11 fields",
        [{"type": "section", "fields": [mrkdwn("a")] * 11}],
        "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
    ),
    (
        "long field",
        [{"type": "section", "fields": [mrkdwn("x" * 2001)]}],
        "must be less than 2001 characters",
    ),
    (
        "long header",
        [{"type": "header", "text": plain("x" * 151)}],
        "must be less than 151 characters",
    ),
    (
        "mrkdwn header",
        [{"type": "header", "text": mrkdwn("x")}],
        "must be a valid enum value [json-pointer:/blocks/0/text/type]",
    ),
    (
        "header level",
        [{"type": "header", "text": plain("x"), "level": 5}],
        "must be between 1 and 4",
    ),
    (
        "11 in context",
        [{"type": "context", "elements": [mrkdwn("a")] * 11}],
        "no more than 10 items allowed",
    ),
    (
        "button in context",
        [{"type": "context", "elements": [button("a")]}],
        "must be a valid enum value",
    ),
    (
        "image without alt",
        [{"type": "image", "image_url": "https://x/i"}],
        "missing required field: alt_text",
    ),
    (
        "image without source",
        [{"type": "image", "alt_text": "i"}],
        "exactly one of image_url and slack_file",
    ),
    (
        "26 actions",
        [actions(*(button(str(n)) for n in range(26)))],
        "no more than 25 items allowed",
    ),
    ("no actions", [actions()], "no fewer than 1 items allowed"),
    (
        "input in actions",
        [actions({"type": "plain_text_input", "action_id": "a"})],
        "unsupported type: plain_text_input",
    ),
    (
        "number input in a message",
        [field({"type": "number_input", "action_id": "n", "is_decimal_allowed": False})],
        "unsupported type: number_input",
    ),
    (
        "long button",
        [actions(button("a") | {"text": plain("x" * 76)})],
        "must be less than 76 characters",
    ),
    ("button style", [actions(button("a") | {"style": "default"})], "must be a valid enum value"),
    (
        "confirm",
        [
            actions(
                button("a")
                | {
                    "confirm": {
                        "title": plain("x" * 101),
                        "text": plain("x"),
                        "confirm": plain("Y"),
                        "deny": plain("N"),
                    }
                }
            )
        ],
        "must be less than 101 characters",
    ),
    (
        "confirm half",
        [actions(button("a") | {"confirm": {"title": plain("x")}})],
        "missing required field: deny",
    ),
    ("no options", [actions(select(options=[]))], "no fewer than 1 items allowed"),
    (
        "101 options",
        [actions(select(options=[option(str(n)) for n in range(101)]))],
        "no more than 100 items allowed",
    ),
    (
        "long option",
        [actions(select(options=[{"text": plain("x" * 76), "value": "a"}]))],
        "must be less than 76 characters",
    ),
    (
        "long value",
        [actions(select(options=[{"text": plain("x"), "value": "v" * 151}]))],
        "must be less than 151 characters",
    ),
    (
        "mrkdwn option",
        [actions(select(options=[{"text": mrkdwn("x"), "value": "a"}]))],
        "must be a valid enum value",
    ),
    (
        "twice the same value",
        [actions(select(options=[option("a"), option("a")]))],
        "option values must be unique: a",
    ),
    (
        "foreign initial",
        [actions(select(initial_option=option("b")))],
        "must exactly match one of the options",
    ),
    (
        "null initial",
        [actions(select(initial_option=None))],
        "must provide an object [json-pointer:/blocks/0/elements/0/initial_option]",
    ),
    (
        "options and groups",
        [actions(select(option_groups=[]))],
        "exactly one of options and option_groups",
    ),
    (
        "6 in overflow",
        [
            actions(
                {
                    "type": "overflow",
                    "action_id": "o",
                    "options": [option(str(n)) for n in range(6)],
                }
            )
        ],
        "no more than 5 items allowed",
    ),
    (
        "11 boxes",
        [
            actions(
                {
                    "type": "checkboxes",
                    "action_id": "c",
                    "options": [option(str(n)) for n in range(11)],
                }
            )
        ],
        "no more than 10 items allowed",
    ),
    (
        "date",
        [actions({"type": "datepicker", "action_id": "d", "initial_date": "22.11.2026"})],
        "must match the format",
    ),
    (
        "empty filter",
        [actions({"type": "conversations_select", "action_id": "c", "filter": {}})],
        "at least one filter",
    ),
    (
        "markdown sum",
        [{"type": "markdown", "text": "x" * 6001}, {"type": "markdown", "text": "x" * 6000}],
        "too much text",
    ),
    ("all text", [section("x" * 2900) for _ in range(5)], "too much text"),
    (
        "rich text leaf",
        [
            {
                "type": "rich_text",
                "elements": [{"type": "rich_text_section", "elements": [{"type": "bold"}]}],
            }
        ],
        "unsupported type: bold",
    ),
]


@pytest.mark.parametrize(
    "name,blocks,said", BAD_IN_MESSAGES, ids=[case[0] for case in BAD_IN_MESSAGES]
)
def test_what_slack_refuses_in_a_message(name: str, blocks: list[Any], said: str) -> None:
    messages = check_message(blocks).messages
    assert any(said in message for message in messages), messages


def test_the_codes_of_a_message() -> None:
    assert check_message([section("")]).code == "invalid_blocks"
    assert check_message([table(), table()]).code == "invalid_attachments"
    assert check_message([section("x" * 2900) for _ in range(5)]).code == "msg_blocks_too_long"
    assert check_message([section("A &amp; B <https://x.example|x>")]).messages == []

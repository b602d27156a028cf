"""What Slack takes and refuses as a view."""

from typing import Any

import pytest

from sandbox.checks.views import check_view
from tests.support.sandbox_app import button, modal, mrkdwn, option, plain, text_input
from tests.support.sandbox_blocks import Block, field, limited, line, section, select, table

GOOD_VIEWS: list[Block] = [
    modal(),
    modal(section(), submit=None) | {"close": plain("Cancel")},
    modal(limited(min_length=3, max_length=10, initial_value="four", multiline=True)),
    modal(
        field(
            {"type": "number_input", "action_id": "n", "is_decimal_allowed": True, "min_value": "0"}
        )
    ),
    modal(field({"type": "email_text_input", "action_id": "e", "placeholder": plain("you@there")})),
    modal(
        field(
            {
                "type": "checkboxes",
                "action_id": "c",
                "options": [option("a")],
                "initial_options": [option("a")],
            }
        )
    ),
    modal(field({"type": "multi_users_select", "action_id": "u", "max_selected_items": 3})),
    modal({"type": "alert", "level": "warning", "text": mrkdwn("Careful")}),
    modal(*(text_input(str(number)) for number in range(100))),
    modal(field(select(options=[option("a"), option("b")], initial_option=option("b")))),
]


@pytest.mark.parametrize("view", GOOD_VIEWS)
def test_what_slack_takes_as_a_modal(view: Block) -> None:
    assert (
        list(check_view({k: v for k, v in view.items() if v is not None}, "modal").messages) == []
    )


BAD_VIEWS: list[tuple[str, Any, str]] = [
    ("no object", None, "must provide an object [json-pointer:/view]"),
    ("type", modal(type="home"), "must be a valid enum value [json-pointer:/view/type]"),
    ("no title", {"type": "modal", "blocks": [section()]}, "missing required field: title"),
    (
        "title 25",
        modal(title=plain("x" * 25)),
        "must be less than 25 characters [json-pointer:/view/title/text]",
    ),
    ("mrkdwn title", modal(title=mrkdwn("x")), "must be a valid enum value"),
    (
        "metadata 3001",
        modal(private_metadata="x" * 3001),
        "must be less than 3001 characters [json-pointer:/view/private_metadata]",
    ),
    ("no submit", modal(submit=None), "missing required field: submit"),
    (
        "101 blocks",
        modal(*(section() for _ in range(101))),
        "no more than 100 items allowed [json-pointer:/view/blocks]",
    ),
    ("no blocks", modal() | {"blocks": []}, "no fewer than 1 items allowed"),
    ("a view sent back", modal(state={}, hash="x"), "invalid additional property: hash"),
    (
        "chart",
        modal(line()),
        "unsupported type: data_visualization [json-pointer:/view/blocks/0/type]",
    ),
    ("table", modal(table()), "unsupported type: table"),
    ("markdown", modal({"type": "markdown", "text": "x"}), "unsupported type: markdown"),
    (
        "long alert",
        modal({"type": "alert", "text": plain("x" * 201)}),
        "must be less than 201 characters",
    ),
    (
        "two focused",
        modal(
            limited(focus_on_load=True),
            field({"type": "users_select", "action_id": "u", "focus_on_load": True}, "c"),
        ),
        "no more than one focus_on_load",
    ),
    ("mrkdwn label", modal(limited() | {"label": mrkdwn("x")}), "must be a valid enum value"),
    (
        "min over max",
        modal(limited(min_length=9, max_length=3)),
        "min_length must not exceed max_length",
    ),
    ("max 4000", modal(limited(max_length=4000)), "must be between 1 and 3000"),
    (
        "long initial",
        modal(limited(max_length=3, initial_value="four")),
        "must be less than 4 characters",
    ),
    (
        "number as number",
        modal(
            field(
                {
                    "type": "number_input",
                    "action_id": "n",
                    "is_decimal_allowed": False,
                    "min_value": 1,
                }
            )
        ),
        "must provide a number as a string",
    ),
    (
        "no decimal flag",
        modal(field({"type": "number_input", "action_id": "n"})),
        "missing required field: is_decimal_allowed",
    ),
    ("button in input", modal(field(button("a"))), "unsupported type: button"),
    (
        "11 radios",
        modal(
            field(
                {
                    "type": "radio_buttons",
                    "action_id": "r",
                    "options": [option(str(n)) for n in range(11)],
                }
            )
        ),
        "no more than 10 items allowed",
    ),
    ("repeated block_id", modal(text_input("a"), text_input("a")), "block_id already exists: a"),
    (
        "null",
        modal(text_input("a") | {"hint": None}),
        "must not be null [json-pointer:/view/blocks/0/hint",
    ),
    ("external_id", modal(external_id="x" * 256), "must be less than 256 characters"),
]


@pytest.mark.parametrize("name,view,said", BAD_VIEWS, ids=[case[0] for case in BAD_VIEWS])
def test_what_slack_refuses_as_a_modal(name: str, view: Any, said: str) -> None:
    verdict = check_view(view, "modal")
    assert verdict.code == "invalid_arguments"
    assert any(said in message for message in verdict.messages), verdict.messages


def test_home_has_no_title_no_number_input_and_no_chart() -> None:
    number = {"type": "number_input", "action_id": "n", "is_decimal_allowed": False}
    home = {"type": "home", "title": plain("x"), "blocks": [line(), field(number)]}
    said = "\n".join(check_view(home, "home").messages)
    assert "invalid additional property: title" in said
    assert "unsupported type: data_visualization" in said
    assert "unsupported type: number_input" in said
    assert check_view({"type": "home", "blocks": [section()]}, "home").messages == []


def test_a_view_of_more_than_250_kb() -> None:
    options = [option(f"{number:0>140}") | {"text": plain("x" * 75)} for number in range(100)]
    many = [field(select(options=options), str(number)) for number in range(12)]
    assert check_view(modal(*many), "modal").code == "view_too_large"

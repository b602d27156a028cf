"""Charts and tables that Slack refuses."""

from typing import Any

import pytest

from sandbox.checks.messages import check_message
from tests.support.sandbox_blocks import cell, data_table, line, pie, table

REFUSED: list[tuple[str, list[Any], str]] = [
    ("3 charts", [line(), line(), pie(1)], "no more than 2 charts allowed"),
    ("chart title", [line() | {"title": "x" * 51}], "must be less than 51 characters"),
    (
        "missing category",
        [line(axis_config={"categories": ["Mon", "Tue"]})],
        "data labels must be the categories",
    ),
    (
        "repeated series",
        [line(series=[{"name": "A", "data": [{"label": "Mon", "value": 1}]}] * 2)],
        "series names must be unique",
    ),
    (
        "long series name",
        [line(series=[{"name": "x" * 21, "data": [{"label": "Mon", "value": 1}]}])],
        "must be less than 21 characters",
    ),
    (
        "text as a value",
        [line(series=[{"name": "A", "data": [{"label": "Mon", "value": "1"}]}])],
        "must provide a number",
    ),
    (
        "pie of nothing",
        [pie(0)],
        "must be more than 0 [json-pointer:/blocks/0/chart/segments/0/value]",
    ),
    ("7 segments", [pie(*range(1, 8))], "no more than 6 items allowed"),
    (
        "chart type",
        [line(type="stacked")],
        "must be a valid enum value [json-pointer:/blocks/0/chart/type]",
    ),
    ("two tables", [table(), table()], "only_one_table_allowed"),
    (
        "table and data table",
        [table(), data_table([cell("a")], [cell("b")])],
        "only_one_table_allowed",
    ),
    ("101 rows", [table(*([cell("a")] for _ in range(101)))], "no more than 100 items allowed"),
    ("21 columns", [table([cell("a")] * 21)], "no more than 20 items allowed"),
    ("empty cell", [table([cell("")])], "must be more than 0 characters"),
    (
        "big table",
        [table(*([cell("x" * 200)] for _ in range(51)))],
        "no more than 10000 characters allowed",
    ),
    ("header only", [data_table([cell("a")])], "no fewer than 2 items allowed"),
    (
        "ragged",
        [data_table([cell("a"), cell("b")], [cell("c")])],
        "all rows must have the same number of cells",
    ),
    (
        "rich header",
        [data_table([{"type": "rich_text", "elements": []}], [cell("c")])],
        "must be a valid enum value",
    ),
]


@pytest.mark.parametrize("name,blocks,said", REFUSED, ids=[case[0] for case in REFUSED])
def test_what_slack_refuses(name: str, blocks: list[Any], said: str) -> None:
    messages = check_message(blocks).messages
    assert any(said in message for message in messages), messages

import re

import pytest

from sandbox.page.charts import chart, number, scale
from sandbox.page.scene import Scene
from sandbox.page.tables import data_table, table
from tests.support.page_app import Desk, cells
from tests.support.page_app import chart as example


@pytest.mark.parametrize("kind", ["bar", "line", "area"])
def test_each_number_is_there_to_read(kind: str) -> None:
    shown = chart(example(kind))
    assert 'role="img"' in shown
    assert f'aria-label="Ideas, {kind}: {kind} chart of Handed in, Published"' in shown
    assert "<title>Handed in, 9 Nov: 9</title>" in shown
    assert '<th scope="row">9 Nov</th><td class="right">9</td><td class="right">4</td>' in shown
    assert "style=" not in shown


def test_bars_are_as_high_as_their_numbers() -> None:
    heights = re.findall(
        r'<rect[^>]* height="([\d.]+)"[^>]*><title>Handed in', chart(example("bar"))
    )
    values = [float(height) for height in heights]
    assert [round(value / values[0] * 4, 1) for value in values] == [4.0, 6.0, 3.0, 9.0]


def test_a_pie_tells_its_shares() -> None:
    shown = chart(example("pie"))
    assert "<title>LinkedIn: 5 (62%)</title>" in shown
    assert shown.count("<path") == 2
    one = {"title": "All", "chart": {"type": "pie", "segments": [{"label": "a", "value": 2}]}}
    assert "<circle" in chart(one)
    none = {"title": "No", "chart": {"type": "pie", "segments": [{"label": "a", "value": 0}]}}
    assert "<path" not in chart(none)


def test_a_chart_that_is_not_known_says_so() -> None:
    assert "[chart of type radar]" in chart({"title": "x", "chart": {"type": "radar"}})


@pytest.mark.parametrize(
    "values, expected",
    [
        ([0, 9], (0, 10, 2)),
        ([1], (0, 1, 1)),
        ([], (0, 1, 1)),
        ([-3, 5], (-4, 6, 2)),
        ([120, 480], (0, 500, 100)),
    ],
)
def test_the_axis_has_round_numbers(values: list[float], expected: tuple[float, ...]) -> None:
    assert scale(values) == expected


def test_numbers_as_people_write_them() -> None:
    assert [number(value) for value in (1200, 0.5, -3)] == ["1,200", "0.5", "-3"]


def test_tables() -> None:
    world = Desk().world
    scene = Scene(world.ws, world.ada.user)
    rows = [
        cells("Team", "<b>"),
        [{"type": "raw_text", "text": "a"}, {"type": "raw_number", "value": 3}],
    ]
    shown = table({"rows": rows}, scene)
    assert '<th scope="col" class="right">&lt;b&gt;</th>' in shown
    assert '<td class="right">3</td>' in shown
    named = data_table({"rows": rows, "caption": "Teams", "row_header_column_index": 0}, scene)
    assert "<caption>Teams</caption>" in named
    assert '<th scope="row">a</th>' in named

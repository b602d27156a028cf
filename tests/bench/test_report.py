from pathlib import Path

import pytest

from bench.report import Row, has_failed, keep, table


@pytest.mark.parametrize(
    "row, verdict",
    [
        (Row(what="x", value=3.0, limit=2.0), "missed"),
        (Row(what="x", value=2.0, limit=2.0), "ok"),
        (Row(what="x", value=0.3, limit=0.25, at_least=True), "ok"),
        (Row(what="x", value=0.2, limit=0.25, at_least=True), "missed"),
        (Row(what="x", value=0.2, limit=0.25, at_least=True, asserted=True), "FAILED"),
        (Row(what="x", value=7.0), ""),
    ],
)
def test_a_verdict(row: Row, verdict: str) -> None:
    assert row.verdict == verdict
    assert has_failed([row]) is (verdict == "FAILED")


def test_the_table_shows_values_with_units_and_targets() -> None:
    rows = [
        Row(what="time", value=1234.5, unit="ms", limit=40, detail="of two"),
        Row(what="share", value=0.5, limit=0.25, at_least=True),
    ]
    assert table(rows).splitlines()[2:] == [
        "| time (of two) | 1,234 ms | ≤ 40 ms | missed |",
        "| share | 0.50 | ≥ 0.25 | ok |",
    ]


def test_only_the_measured_part_of_the_page_is_replaced(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- measured -->\nold\n<!-- end of measured -->\nafter\n")
    keep(page, r"new \1")
    keep(page, r"newer \1")
    assert page.read_text() == (
        "before\n<!-- measured -->\n\nnewer \\1\n\n<!-- end of measured -->\nafter\n"
    )

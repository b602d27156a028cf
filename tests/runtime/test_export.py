"""No cell of an exported table is a formula."""

import csv
from datetime import UTC, datetime
from io import StringIO

from hypothesis import given
from hypothesis import strategies as st

from runtime.export import FORMULA, cell


@given(st.text() | st.lists(st.text()).map(tuple))
def test_no_cell_is_a_formula(value: str | tuple[str, ...]) -> None:
    shown = cell(value)
    assert not shown.startswith(FORMULA)
    assert (value if isinstance(value, str) else ", ".join(value)) in shown


@given(st.lists(st.text(), min_size=2))
def test_a_row_is_one_row_whatever_was_typed(values: list[str]) -> None:
    out = StringIO(newline="")
    csv.writer(out).writerow([cell(value) for value in values])
    (row,) = csv.reader(StringIO(out.getvalue(), newline=""))
    assert len(row) == len(values)


def test_moments_and_nothing() -> None:
    assert cell(datetime(2026, 11, 19, 9, 5, tzinfo=UTC)) == "2026-11-19 09:05:00"
    assert (cell(None), cell(12), cell(())) == ("", "12", "")

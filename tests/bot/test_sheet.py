"""A CSV file is read whoever wrote it: Excel in any country, or a program."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UnreadableError
from bot.sheet import MOST_ROWS, Row, column_name, read_csv

NAMES = frozenset({"goal", "date", "value"})
CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=8)


def written(rows: list[list[str]], delimiter: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue()


@given(
    rows=st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=6),
    delimiter=st.sampled_from([";", ",", "\t"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_the_standard_writer_writes_is_read_back(
    rows: list[tuple[str, str, str]], delimiter: str, encoding: str
) -> None:
    filled = [["Goal", "Date", "Value"], *(["x" + row[0], *row[1:]] for row in rows)]
    found = read_csv(written(filled, delimiter).encode(encoding), NAMES)
    assert found.header == ("Goal", "Date", "Value")
    assert [row.cells for row in found.rows] == [tuple(row) for row in filled[1:]]


@given(st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
def test_any_bytes_are_a_table_or_refused_with_a_sentence(content: bytes) -> None:
    try:
        found = read_csv(content, NAMES)
    except UnreadableError:
        return
    assert all(row.line > 1 for row in found.rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_letters_and_line_ends_of_all_systems(encoding: str, line_end: str) -> None:
    text = line_end.join(("goal;date;value", "Gespräche;19.11.2026;1,5", ""))
    found = read_csv(text.encode(encoding), NAMES)
    assert found.rows == (Row(2, ("Gespräche", "19.11.2026", "1,5")),)


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    found = read_csv(b'\nsep,\ngoal,date,value\n"two\nlines",1,2\n\n,,\nlast,1,2\n', {"sep"})
    assert [row.line for row in found.rows] == [3, 4, 7 + 1]


def test_the_separator_may_be_named() -> None:
    found = read_csv(b"sep=|\ngoal|value\na|1\n", NAMES)
    assert found.header == ("goal", "value")
    assert found.rows == (Row(3, ("a", "1")),)


@pytest.mark.parametrize(
    "content, told",
    [
        (b"", "empty"),
        (b"\n , \n,,\n", "empty"),
        (b'goal,value\n"never closed,1\n', "Line 2: a quotation mark is missing"),
        (b"\xff\xfeA", "letters can't be read"),
        (b'sep="\ngoal\n', "separator"),
        (b"goal,value\n" + b"a,1\n" * (MOST_ROWS + 1), "more than 10,000 lines"),
        (b"goal\n" + b"x" * 200_000, "too long"),
        (b"," * 200, "empty"),
        (b"a," * 200, "201 columns"),
    ],
)
def test_what_can_t_be_read_is_told(content: bytes, told: str) -> None:
    with pytest.raises(UnreadableError, match=told):
        read_csv(content, NAMES)


def test_a_full_file_fits() -> None:
    assert len(read_csv(b"goal,value\n" + b"a,1\n" * MOST_ROWS, NAMES).rows) == MOST_ROWS


@pytest.mark.parametrize("text", ["Occurred at", "occurred_at", " OCCURRED-AT ", "occurred  at"])
def test_a_column_is_known_however_it_is_spelt(text: str) -> None:
    assert column_name(text) == "occurred_at"

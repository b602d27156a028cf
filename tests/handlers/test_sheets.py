"""Files as people save them are read; files that were made to do harm end in a sentence."""

import io
import os
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # it ships no types

from bot.errors import UnreadableError
from bot.sheet import LARGEST, MOST_ROWS, Row
from handlers.sheets import sheet_in


def workbook(*rows: list[Any], above: int = 0, hidden: bool = False) -> bytes:
    """A spreadsheet with these rows."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    if hidden:
        first = book.add_worksheet("Notes")
        first.write(0, 0, "not this one")
        first.hide()
    sheet = book.add_worksheet("Numbers")
    if hidden:
        sheet.activate()
        sheet.set_first_sheet()
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    for place, row in enumerate(rows, above):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(place, column, cell, day)
            else:
                sheet.write(place, column, cell)
    book.close()
    return out.getvalue()


HEADER = ["Goal", "Date", "Value"]


async def test_a_spreadsheet_with_numbers_and_days_as_such() -> None:
    found = await sheet_in(
        workbook(
            HEADER,
            ["Trial <sign-ups>", date(2026, 11, 19), 12.5],
            [],
            ["Ünï", datetime(2026, 11, 19, 14, 30), 7],  # noqa: DTZ001  (a cell has no zone)
        )
    )
    assert found.header == ("Goal", "Date", "Value")
    assert found.rows == (
        Row(2, ("Trial <sign-ups>", "2026-11-19", 12.5)),
        Row(4, ("Ünï", "2026-11-19T14:30:00", 7.0)),
    )


async def test_the_first_sheet_that_shows_is_read_with_its_own_line_numbers() -> None:
    found = await sheet_in(workbook(HEADER, ["A", "2026-11-19", 1], above=3, hidden=True))
    assert found.header == ("Goal", "Date", "Value")
    assert [row.line for row in found.rows] == [5]


async def test_a_csv_file_is_known_by_what_it_holds() -> None:
    found = await sheet_in(b"goal;date;value\na;2026-11-19;1,5\n")
    assert found.rows == (Row(2, ("a", "2026-11-19", "1,5")),)


def spoilt(change: Any) -> bytes:
    """A spreadsheet whose sheet was changed by hand."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(HEADER, ["A", "2026-11-19", 1]))) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for entry in before.infolist():
            content = before.read(entry)
            if entry.filename.endswith("sheet1.xml"):
                content = change(content)
            after.writestr(entry.filename, content)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"PK\x03\x04" + os.urandom(500), id="no archive"),
        pytest.param(workbook(HEADER)[:-200], id="cut off"),
        pytest.param(
            spoilt(lambda xml: xml.replace(b'r="C2"', b'r="XFD1048576"')), id="a cell far away"
        ),
        pytest.param(
            spoilt(lambda xml: xml + b" " * (70 * 2**20)), id="unpacks to more than it may"
        ),
        pytest.param(spoilt(lambda _: b"<worksheet"), id="no XML"),
        pytest.param(b"PK\x03\x04", id="nothing"),
    ],
)
async def test_a_spreadsheet_that_is_none_or_a_bomb_ends_in_a_sentence(content: bytes) -> None:
    with pytest.raises(UnreadableError, match="can't be read"):
        await sheet_in(content)


@pytest.mark.parametrize(
    "content, told",
    [
        (b"x" * (LARGEST + 1), "larger than 5 MB"),
        (bytes.fromhex("d0cf11e0") + b"\0" * 90, "old Excel file"),
        (b"", "empty"),
        (workbook(), "empty"),
    ],
)
async def test_what_is_no_table_is_told(content: bytes, told: str) -> None:
    with pytest.raises(UnreadableError, match=told):
        await sheet_in(content)


async def test_a_spreadsheet_with_too_many_lines_is_told() -> None:
    rows = [["A", "2026-11-19", 1]] * (MOST_ROWS + 1)
    with pytest.raises(UnreadableError, match="more than 10,000 lines"):
        await sheet_in(workbook(HEADER, *rows))

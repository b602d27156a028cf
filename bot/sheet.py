"""A table out of a file: its columns by name, its rows with the lines on which they stand."""

import csv
import io
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from bot.cells import Cell
from bot.errors import UnreadableError
from bot.text import folded, one_line

LARGEST = 5 * 2**20
"""How many bytes a file may have."""

MOST_ROWS = 10_000
MOST_COLUMNS = 100

_DELIMITERS = (";", ",", "\t")


@dataclass(frozen=True, slots=True)
class Row:
    """A row, and the line of the file on which it begins."""

    line: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: names of columns as they are written, and the rows below."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]


def column_name(text: Cell) -> str:
    """A column's name, however it is spelt: “Occurred at” is occurred_at."""
    return re.sub(r"[\s_-]+", "_", folded(one_line(str(text))))


def read_csv(content: bytes, names: Collection[str]) -> Sheet:
    """The table in a CSV file; `names` are the columns that may be wanted, by which is found what
    parts them. The first line may say it, too, as Excel has it: “sep=;”.

    Raises UnreadableError.
    """
    text = _decoded(content).replace("\r\n", "\n").replace("\r", "\n")
    said = re.match(r"sep=(.)\n", text, re.IGNORECASE)
    delimiter = said[1] if said else _delimiter(text, names)
    lines_before = 1 if said else 0
    return table_of(_rows(text[said.end() :] if said else text, delimiter, lines_before))


def table_of(rows: Iterable[Row]) -> Sheet:
    """The table in rows of which the first that is not empty names the columns.

    Raises UnreadableError when there is nothing, or too much.
    """
    found = (row for row in rows if any(_is_filled(cell) for cell in row.cells))
    header = next(found, None)
    if header is None:
        raise UnreadableError("This file is empty.")
    names = tuple(one_line(str(cell)) for cell in header.cells)
    if len(names) > MOST_COLUMNS:
        raise UnreadableError(f"This file has {len(names)} columns; {MOST_COLUMNS} fit.")
    below: list[Row] = []
    for row in found:
        if len(below) == MOST_ROWS:
            raise UnreadableError(
                f"This file has more than {MOST_ROWS:,} lines. Please import it in parts."
            )
        below.append(row)
    return Sheet(names, tuple(below))


def _is_filled(cell: Cell) -> bool:
    return not isinstance(cell, str) or bool(one_line(cell))


def _decoded(content: bytes) -> str:
    """The text in bytes: UTF-8 or UTF-16, and else what Excel on Windows writes."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if content.startswith(mark):
            return _strictly(content, (encoding,))
    if b"\0" in content[:1000]:
        little = content[1:1000:2].count(0) >= content[:1000:2].count(0)
        return _strictly(content, ("utf-16-le" if little else "utf-16-be",))
    return _strictly(content, ("utf-8", "cp1252"))


def _strictly(content: bytes, encodings: Sequence[str]) -> str:
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableError(
        "This file's letters can't be read. Please save it as “CSV UTF-8”, or as XLSX."
    )


def _delimiter(text: str, names: Collection[str]) -> str:
    """What parts the columns: whatever makes most names of the first line, or else most columns."""
    head = next((line for line in text.split("\n") if line.strip()), "")[:10_000]

    def known(delimiter: str) -> tuple[int, int]:
        cells = next(csv.reader([head], delimiter=delimiter), [])
        return len({column_name(cell) for cell in cells} & set(names)), len(cells)

    return max(_DELIMITERS, key=known)


def _rows(text: str, delimiter: str, lines_before: int) -> Iterable[Row]:
    if delimiter in {'"', "\n", "\r"}:
        raise UnreadableError("The first line of this file names a separator that can be none.")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = lines_before + 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            raise UnreadableError(
                f"Line {line}: a quotation mark is missing, or the text is too long. Nothing "
                "behind it can be read."
            ) from None
        if cells is None:
            return
        yield Row(line, tuple(cells))
        line = lines_before + reader.line_num + 1

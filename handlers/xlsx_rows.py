"""Reads a spreadsheet's first sheet, in a process of its own: run as a program, bytes in, JSON out.

A spreadsheet is a compressed archive that somebody made. It may unpack to more than any machine
holds, and the library that reads it lays out every cell between the first and the last: a process
with little memory and little time ends in either case, and takes nothing with it.
"""

import contextlib
import io
import itertools
import json
import sys
from datetime import date, datetime, time

MEMORY = 512 * 2**20
"""How much the process may ask for, in bytes."""

SECONDS = 20
"""How much processor time it may take."""

UNPACKED = 64 * 2**20
"""How many bytes the archive may say that it unpacks to."""

MOST_ROWS = 10_050
"""How many rows are given on: more than are taken, so that it shows."""


def _limit() -> None:
    import resource  # noqa: PLC0415  (where it runs as a program, and nowhere else)

    for what, limit in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS)):
        with contextlib.suppress(ValueError, OSError):  # some systems know no such limit
            resource.setrlimit(what, (limit, limit))


def _plain(cell: object) -> str | float:
    """A cell as JSON has it: numbers as such, days and moments in ISO form, all else as text."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="seconds").removesuffix("T00:00:00")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def rows_in(content: bytes) -> list[list[str | float]]:
    """The rows of the first sheet that can be seen; raises whatever the library raises."""
    import zipfile  # noqa: PLC0415  (the same)

    from python_calamine import CalamineWorkbook, SheetVisibleEnum  # noqa: PLC0415  (the same)

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > UNPACKED:
            raise ValueError("it unpacks to too much")
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    seen = [one.name for one in book.sheets_metadata if one.visible is SheetVisibleEnum.Visible]
    sheet = book.get_sheet_by_name(seen[0])
    rows = itertools.islice(sheet.iter_rows(), MOST_ROWS)
    return [[_plain(cell) for cell in row] for row in rows]


if __name__ == "__main__":
    _limit()
    json.dump(rows_in(sys.stdin.buffer.read()), sys.stdout)

"""The table in a file that somebody gave, CSV or XLSX."""

import asyncio
import contextlib
import json
import sys

from bot.columns import NAMES
from bot.errors import UnreadableError
from bot.sheet import LARGEST, Row, Sheet, read_csv, table_of
from handlers import xlsx_rows

ARCHIVE = b"PK\x03\x04"
"""What an XLSX file begins with: it is a zip archive."""

OLD_EXCEL = bytes.fromhex("d0cf11e0")
"""What an old XLS file begins with, and an XLSX file with a password."""

XLSX_SECONDS = 30
"""How long a spreadsheet may take; what reads it has less processor time than that."""

TOO_LARGE = f"This file is larger than {LARGEST // 2**20} MB. Please import it in parts."
NO_XLSX = "This spreadsheet can't be read. Please save it as “CSV UTF-8”, and import that."


async def sheet_in(content: bytes) -> Sheet:
    """The table in a file; raises UnreadableError."""
    if len(content) > LARGEST:
        raise UnreadableError(TOO_LARGE)
    if content.startswith(OLD_EXCEL):
        raise UnreadableError(
            "This is an old Excel file, or one with a password. Please save it as XLSX or CSV, "
            "without one."
        )
    if content.startswith(ARCHIVE):
        return table_of(await _xlsx(content))
    return await asyncio.to_thread(read_csv, content, NAMES)


async def _xlsx(content: bytes) -> list[Row]:
    """The rows of a spreadsheet, read in a process of its own."""
    reader = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        xlsx_rows.__file__,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(XLSX_SECONDS):
            told, _ = await reader.communicate(content)
    except TimeoutError:
        raise UnreadableError(NO_XLSX) from None
    finally:
        with contextlib.suppress(ProcessLookupError):
            reader.kill()
    if reader.returncode != 0:
        raise UnreadableError(NO_XLSX)
    return [Row(place, tuple(cells)) for place, cells in enumerate(json.loads(told), 1)]

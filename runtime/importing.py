"""`python app.py import`: the same as `/social import`, for whoever runs the desk."""

from datetime import UTC, datetime
from functools import partial
from html import unescape
from pathlib import Path

from bot.columns import Fault
from bot.errors import UnreadableError
from bot.importing import Stored, found_in, known_to, parts_of, store_lines
from bot.imports import Found
from bot.lifecycle import OPERATOR
from bot.sheet import LARGEST
from handlers.sheets import TOO_LARGE, sheet_in
from handlers.views.imports import brings, came_of_it
from runtime.clocks import SystemClock
from runtime.here import Here, in_workspace
from runtime.settings import Settings


async def import_file(
    settings: Settings, file: Path, workspace_id: str | None, *, is_dry: bool
) -> str:
    """Store what a file brings, unless it is a dry run; returns what to say. Lines that can't be
    read are left out and told.

    Raises UnreadableError, SettingsError and ConfigurationError with what is in the way.
    """
    content = _content(file)
    return await in_workspace(settings, workspace_id, partial(_import, content, is_dry))


def _content(file: Path) -> bytes:
    try:
        if file.stat().st_size > LARGEST:
            raise UnreadableError(TOO_LARGE)
        return file.read_bytes()
    except OSError as error:
        raise UnreadableError(f"{file} can't be read ({error.strerror}).") from None


async def _import(content: bytes, is_dry: bool, here: Here) -> str:  # noqa: FBT001  (bound above)
    now = SystemClock().now()
    known = await here.database.read(here.workspace_id, known_to, OPERATOR, now)
    found = found_in(await sheet_in(content), known, now)
    if is_dry:
        return _told(brings(found, known.goals), found, found.faults)
    stored = Stored()
    for part in parts_of(found, OPERATOR):
        stored += await here.database.transact(here.workspace_id, store_lines, part, now)
    return _told(came_of_it(stored, _in_words), found, found.faults + stored.faults)


def _in_words(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _told(said: str, found: Found, faults: tuple[Fault, ...]) -> str:
    """What is said, and each line that is left out; on a terminal there is room for all."""
    passed_over = [f"Not read: the columns {', '.join(found.unread)}."] if found.unread else []
    left_out = [f"Line {one.line}: {one.sentence}" for one in faults]
    return "\n".join((unescape(said), *passed_over, *left_out))

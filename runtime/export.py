"""What the desk knows, as files: the set-up as YAML, submissions as a table."""

import csv
import os
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any, TextIO

from bot.configure import current
from bot.erasure_store import AccessKind
from bot.errors import ConfigurationError
from bot.kinds import KINDS
from bot.lifecycle import OPERATOR, Verb
from bot.persons import Recorded, record
from bot.ports import Transaction
from bot.submission import FieldValue, HistoryEntry, Submission
from runtime.clocks import SystemClock
from runtime.desk_file import write_desk
from runtime.dossier import refuse_existing, write_private
from runtime.here import Here, in_workspace
from runtime.place import Place, with_database
from runtime.settings import Settings
from storage.database import Database

PAGE = 500
MARK = "\ufeff"
"""At the start of a table it tells spreadsheet programs that this is UTF-8."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet program would reckon out
(https://owasp.org/www-community/attacks/CSV_Injection).
"""

COLUMNS: Mapping[str, Callable[[Submission], Any]] = {
    "number": lambda one: one.number,
    "kind": lambda one: one.kind_key,
    "state": lambda one: one.state,
    "title": lambda one: one.title,
    "submitter": lambda one: one.submitter_id,
    "department": lambda one: one.department,
    "role": lambda one: one.role_id,
    "taken_by": lambda one: one.assignee_id,
    "handed_in_at": lambda one: one.created_at,
    "due_at": lambda one: one.due_at,
    "decided_at": lambda one: one.decided_at,
    "decided_by": lambda one: one.decided_by,
    "decline_reason": lambda one: one.decline_reason,
    "decline_note": lambda one: one.decline_note,
    "passed_to": lambda one: one.passed_to,
    "duplicate_of": lambda one: one.duplicate_of,
    "published_at": lambda one: one.published_at,
    "published_url": lambda one: one.published_url,
}

Row = tuple[Submission, Mapping[str, str]]


def _fields(*, personal: bool) -> tuple[str, ...]:
    """The names of the fields of all kinds, personal ones or the others."""
    fields = (field for kind in KINDS.values() for field in kind.fields)
    return tuple(dict.fromkeys(field.name for field in fields if field.personal is personal))


async def export_desk(settings: Settings, *, workspace: str | None = None) -> str:
    """The set-up as it stands, as the file that `apply` takes."""

    async def work(place: Place) -> str:
        now = SystemClock().now()
        return write_desk(await place.database.read(place.workspace_id, current, None, now))

    return await with_database(settings, work, workspace)


async def export_submissions(
    settings: Settings, file: Path, *, with_personal: bool, workspace: str | None = None
) -> int:
    """Write every submission into a new file, a line each; returns how many.

    Personal fields go along only `with_personal`. Only who runs this may read the file. Raises
    ConfigurationError when the file exists or can't be written.
    """

    async def work(place: Place) -> int:
        if with_personal:
            await _record(place, AccessKind.EXPORT_SUBMISSIONS)
        rows = _rows(place.database, place.workspace_id, with_personal=with_personal)
        try:
            return await _write(file, rows, with_personal=with_personal)
        except FileExistsError:
            raise ConfigurationError(f"{file}: exists already; name a new file.") from None
        except OSError as error:
            why = error.strerror
            raise ConfigurationError(f"{file}: can't be written ({why}).") from error

    return await with_database(settings, work, workspace)


async def export_accesses(settings: Settings, file: Path, workspace_id: str | None = None) -> int:
    """Write who had personal data before them, or erased it, into a new file; returns how many
    lines. Only who runs this may read the file. Raises ConfigurationError as above.
    """
    refuse_existing(file)

    async def work(place: Here) -> int:
        found = [line async for line in _accesses(place)]
        await _record(place, AccessKind.EXPORT_ACCESSES)
        text = StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow(("at", "who", "what", "submissions", "colleague"))
        writer.writerows([cell(value) for value in line] for line in sorted(found))
        write_private(file, MARK + text.getvalue())
        return len(found)

    return await in_workspace(settings, workspace_id, work)


async def _record(place: Here | Place, kind: AccessKind) -> None:
    done = Recorded(actor_id=OPERATOR, kind=kind)
    await place.database.transact(place.workspace_id, record, done, SystemClock().now())


async def _accesses(place: Here) -> AsyncIterator[tuple[datetime, str, str, str, str]]:
    now, here = SystemClock().now(), place.workspace_id
    for one in await place.database.read(here, lambda tx, _, __: tx.accesses.all(), None, now):
        numbers = one.detail.get("numbers") or one.detail.get("number", "")
        yield one.at, one.actor_id, one.kind.value, numbers, one.detail.get("user", "")
    last: int | None = 0
    while last is not None:
        page, last = await place.database.read(here, _looks, last, now)
        for entry in page:
            yield entry.at, entry.actor_id, entry.verb.value, str(entry.number), ""


def _looks(
    tx: Transaction, after: int, _now: datetime
) -> tuple[tuple[HistoryEntry, ...], int | None]:
    """Who looked into the next submissions behind a number, and the last of these."""
    found = tx.submissions.after(after, limit=PAGE)
    entries = (entry for one in found for entry in tx.history.of(one.number))
    looks = tuple(entry for entry in entries if entry.verb in {Verb.OPEN, Verb.EXPORT})
    return looks, found[-1].number if found else None


async def _rows(
    database: Database, workspace_id: str, *, with_personal: bool
) -> AsyncIterator[Row]:
    now = SystemClock().now()
    last = 0
    while rows := await database.read(workspace_id, _page, (last, with_personal), now):
        for row in rows:
            yield row
        last = rows[-1][0].number


def _page(tx: Transaction, asked: tuple[int, bool], _now: datetime) -> tuple[Row, ...]:
    number, with_personal = asked
    found = tx.submissions.after(number, limit=PAGE)
    return tuple(
        (one, tx.submissions.personal(one.number) if with_personal else {}) for one in found
    )


def _new_file(file: Path) -> TextIO:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    return os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="")  # with MARK


async def _write(file: Path, rows: AsyncIterator[Row], *, with_personal: bool) -> int:
    fields = _fields(personal=False)
    personal = _fields(personal=True) if with_personal else ()
    count = 0
    with _new_file(file) as out:
        writer = csv.writer(out)
        writer.writerow([*COLUMNS, *fields, *personal])
        async for one, kept in rows:
            values = [column(one) for column in COLUMNS.values()]
            values += [one.fields.get(name) for name in fields]
            writer.writerow([cell(value) for value in [*values, *map(kept.get, personal)]])
            count += 1
    return count


def cell(value: datetime | FieldValue | int | None) -> str:
    """A value as it stands in the table: moments in UTC, nothing that would be a formula."""
    match value:
        case None:
            return ""
        case datetime():
            return f"{value:%Y-%m-%d %H:%M:%S}"
        case tuple():
            return cell(", ".join(value))
        case _:
            text = str(value)
            return f"'{text}" if text.startswith(FORMULA) else text

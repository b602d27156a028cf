"""A SQLite database copied beside the process that serves it, and put back in its place.

SQLite's own backup copies one moment of the database, whatever is written meanwhile
(https://www.sqlite.org/backup.html). A copy of the file alone would lack what is still in `-wal`.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import NullPool, create_engine

from bot.errors import ConfigurationError, DeskError
from storage import schema
from storage.backend import is_sqlite, parse_url
from storage.due import last_moment
from storage.migrate import TooNewError
from storage.sqlite_file import file_of

ONLY_SQLITE = (
    "This is for SQLite. PostgreSQL has its own tools, pg_dump among them: see docs/operations.md."
)


class BackupError(DeskError):
    """The copy could not be made, or is none that can be used; the sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A database file that was looked through and found whole. `last_at` is the last moment that
    something was written at, as far as it tells; `newest_number` and `newest_at` are the newest
    submission's, of all workspaces.
    """

    size: int
    revision: str
    last_at: datetime | None
    newest_number: int | None
    newest_at: datetime | None


def database_file(url: str) -> Path:
    """The database's file; raises ConfigurationError when it is none of SQLite's."""
    parsed = parse_url(url)
    if not is_sqlite(parsed):
        raise ConfigurationError(ONLY_SQLITE)
    return file_of(parsed)


def back_up(url: str, file: Path) -> Copy:
    """Copy the database into a new file that only its owner may read, and look the copy through.

    Raises ConfigurationError for another database or a file that is there, BackupError when it
    can't be done; then nothing is left behind.
    """
    source = database_file(url)
    if not source.exists():
        raise BackupError(f"{source}: there is no database.")
    _create(file)
    try:
        _copy(source, file)
        copy = look_through(file)
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    _sync_folder(file)
    return copy


def look_through(file: Path) -> Copy:
    """Make sure that the file is a whole database of ours. Raises BackupError, and TooNewError for
    one that only a newer program can work on.
    """
    if not file.is_file():
        raise BackupError(f"{file}: there is no such file.")
    with _told(file), closing(_opened(file)) as connection:
        (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        if verdict != "ok":
            raise BackupError(f"{file}: the file is damaged ({verdict}).")
        is_known = connection.execute(
            "SELECT count(*) FROM sqlite_master WHERE name IN ('alembic_version', 'submission')"
        ).fetchone()
        if is_known != (2,):
            raise BackupError(f"{file}: this is no database of Social Desk.")
        (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        last_at = _check_age(file)
        newest = connection.execute(
            "SELECT number, created_at FROM submission ORDER BY created_at DESC LIMIT 1"
        ).fetchone()
        return Copy(
            size=file.stat().st_size,
            revision=revision,
            last_at=last_at,
            newest_number=newest and newest[0],
            newest_at=newest and _moment(newest[1]),
        )


def put_in_place(file: Path, url: str, now: datetime) -> Path | None:
    """Put a copy, looked through before, in the database's place; returns where the one that stood
    there is kept. The caller holds the serving lock. Raises BackupError.

    Whenever this ends, the database is the old one or the new one: the new one takes its place in
    one step, and only after nothing of the old one's `-wal` is left that it could be mixed with.
    """
    target = database_file(url)
    fresh = target.with_name(target.name + ".restoring")
    fresh.unlink(missing_ok=True)
    _create(fresh)
    try:
        _copy(file, fresh)
        look_through(fresh)
        aside = _set_aside(target, now)
        fresh.replace(target)
        _sync_folder(target)
    except OSError as error:
        raise BackupError(f"{target}: can't be replaced ({error.strerror}).") from error
    finally:
        fresh.unlink(missing_ok=True)
    return aside


def _set_aside(target: Path, now: datetime) -> Path | None:
    """Keep the present database under another name, with all that was committed to it."""
    if not target.exists():
        return None
    aside = target.with_name(f"{target.name}.before-{now:%Y%m%dT%H%M%SZ}")
    if aside.exists():
        raise BackupError(f"{aside}: is there already; try again in a second.")
    log, memory = (target.with_name(target.name + end) for end in ("-wal", "-shm"))
    kept_log = aside.with_name(aside.name + "-wal")
    os.link(target, aside)
    if log.exists():
        os.link(log, kept_log)
    # Reads the log in, under either name. A damaged database can't; then its log is kept beside it.
    with suppress(sqlite3.Error), closing(sqlite3.connect(target)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for left in (log, memory):
        left.unlink(missing_ok=True)
    if kept_log.exists() and not kept_log.stat().st_size:
        kept_log.unlink()
    return aside


def _create(file: Path) -> None:
    """An empty file for its owner alone; it must be new."""
    try:
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        raise ConfigurationError(f"{file}: exists already; name a new file.") from None
    except OSError as error:
        raise BackupError(f"{file}: can't be written ({error.strerror}).") from error


def _copy(source: Path, target: Path) -> None:
    with _told(source), closing(_opened(source)) as there, closing(_opened(target)) as here:
        there.backup(here)
        here.execute("PRAGMA journal_mode=DELETE")  # one file, whoever opens it next
    with target.open("rb") as copied:
        os.fsync(copied.fileno())


def _opened(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)


@contextmanager
def _told(file: Path) -> Iterator[None]:
    """SQLite's own words for what went wrong: no rows are in them, and an operator needs them."""
    try:
        yield
    except sqlite3.Error as error:
        raise BackupError(f"{file}: can't be copied or read ({error}).") from error


def _check_age(file: Path) -> datetime | None:
    """When something happened last in a copy that this program can work on, once it is migrated."""
    engine = create_engine(f"sqlite:///{file.absolute()}", poolclass=NullPool)
    try:
        with engine.connect() as connection:
            if schema.fit(connection) is schema.Fit.TOO_NEW:
                raise TooNewError
            return last_moment(connection)
    finally:
        engine.dispose()


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _sync_folder(file: Path) -> None:
    """A new name survives a power cut only when its folder was synced."""
    handle = os.open(file.absolute().parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""What a database's error means for the person who waits."""

import sqlite3
from enum import Enum
from typing import assert_never

from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.errors import StorageBusyError, StorageDownError

_SQLITE_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_SQLITE_DOWN = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}
# https://www.postgresql.org/docs/current/errcodes-appendix.html
_PG_AGAIN = {"40001", "40P01", "23505"}  # serialization, deadlock, a unique key taken meanwhile
_PG_BUSY = {"55P03", "57014", "53300"}  # lock not available, statement timeout, connections
_PG_DOWN = {"25006", "42P01"}  # read-only, no such table: not migrated, or another database
_PG_DOWN_CLASSES = {"08", "28", "3D", "53", "57", "58", "XX"}


class Failure(Enum):
    """BUSY and DOWN as in bot.errors; AGAIN: a second try may well succeed; OTHER: a bug."""

    BUSY = "busy"
    DOWN = "down"
    AGAIN = "again"
    OTHER = "other"


def classify(error: Exception) -> Failure:
    """What kind of failure a driver's or SQLAlchemy's exception is."""
    if isinstance(error, PoolTimeoutError):
        return Failure.BUSY
    if not isinstance(error, DBAPIError):
        return Failure.OTHER
    if isinstance(error.orig, sqlite3.Error):
        return _classify_sqlite(error.orig)
    return _classify_postgresql(error)


def _without_rows(error: SQLAlchemyError) -> None:
    """Take out of an error what PostgreSQL tells in DETAIL: it may be a whole row with what people
    typed, and errors end in logs (https://www.postgresql.org/docs/current/error-style-guide.html).
    """
    original = error.orig if isinstance(error, DBAPIError) else None
    for one in (error, original):
        if one is not None and one.args and isinstance(one.args[0], str):
            one.args = (one.args[0].partition("\nDETAIL:")[0], *one.args[1:])


def _is_read_only(error: Exception) -> bool:
    """Whether the database refused to write at all."""
    original = error.orig if isinstance(error, DBAPIError) else None
    if isinstance(original, sqlite3.Error):
        return _sqlite_code(original) == sqlite3.SQLITE_READONLY
    return getattr(original, "sqlstate", None) == "25006"


def _sqlite_code(error: sqlite3.Error) -> int:
    """SQLite's primary result code: the low byte of the extended one."""
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF


def _classify_sqlite(error: sqlite3.Error) -> Failure:
    code = _sqlite_code(error)
    if code in _SQLITE_BUSY:
        return Failure.BUSY
    if code in _SQLITE_DOWN or "no such table" in str(error):
        return Failure.DOWN
    return Failure.OTHER


def _classify_postgresql(error: DBAPIError) -> Failure:
    state: str | None = getattr(error.orig, "sqlstate", None)
    if error.connection_invalidated:
        return Failure.AGAIN  # a connection that had died in the pool; a fresh one may do
    if state is None:
        is_link = type(error.orig).__name__ in {"OperationalError", "ConnectionTimeout"}
        return Failure.DOWN if is_link else Failure.OTHER
    if state in _PG_AGAIN:
        return Failure.AGAIN
    if state in _PG_BUSY:
        return Failure.BUSY
    if state in _PG_DOWN or state[:2] in _PG_DOWN_CLASSES:
        return Failure.DOWN
    return Failure.OTHER


def for_the_caller(error: SQLAlchemyError, *, is_writing: bool) -> Exception:
    """The error to raise in the place of `error`; the same one when it is a bug.

    A write in a reading transaction and a unique key that is taken at the second try are bugs.
    """
    _without_rows(error)
    failure = classify(error)
    if isinstance(error, IntegrityError) or (_is_read_only(error) and not is_writing):
        return error
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return StorageDownError()
    match failure:
        case Failure.DOWN:
            return StorageDownError()
        case Failure.BUSY | Failure.AGAIN:
            return StorageBusyError()
        case Failure.OTHER:
            return error
        case _:
            assert_never(failure)

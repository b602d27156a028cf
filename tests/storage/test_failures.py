import sqlite3

import psycopg
import pytest
from psycopg import errors as pg
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.errors import StorageBusyError, StorageDownError
from storage.failures import Failure, classify, for_the_caller


def of_sqlite(code: int, message: str = "") -> DBAPIError:
    error = sqlite3.OperationalError(message)
    error.sqlite_errorcode = code
    return DBAPIError("SELECT 1", {}, error)


def of_postgresql(error: Exception, *, is_lost: bool = False) -> DBAPIError:
    return DBAPIError("SELECT 1", {}, error, connection_invalidated=is_lost)


@pytest.mark.parametrize(
    "error, failure",
    [
        (PoolTimeoutError(), Failure.BUSY),
        (of_sqlite(sqlite3.SQLITE_BUSY), Failure.BUSY),
        (of_sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT), Failure.BUSY),
        (of_sqlite(sqlite3.SQLITE_FULL), Failure.DOWN),
        (of_sqlite(sqlite3.SQLITE_IOERR_FSYNC), Failure.DOWN),
        (of_sqlite(sqlite3.SQLITE_READONLY_DBMOVED), Failure.DOWN),
        (of_sqlite(sqlite3.SQLITE_CANTOPEN), Failure.DOWN),
        (of_sqlite(sqlite3.SQLITE_CORRUPT), Failure.DOWN),
        (of_sqlite(sqlite3.SQLITE_ERROR, "no such table: lane"), Failure.DOWN),
        (of_sqlite(sqlite3.SQLITE_ERROR, "near FORM: syntax error"), Failure.OTHER),
        (of_sqlite(sqlite3.SQLITE_CONSTRAINT_UNIQUE), Failure.OTHER),
        (of_postgresql(pg.DeadlockDetected()), Failure.AGAIN),
        (of_postgresql(pg.SerializationFailure()), Failure.AGAIN),
        (of_postgresql(pg.UniqueViolation()), Failure.AGAIN),
        (of_postgresql(pg.LockNotAvailable()), Failure.BUSY),
        (of_postgresql(pg.QueryCanceled()), Failure.BUSY),
        (of_postgresql(pg.TooManyConnections()), Failure.BUSY),
        (of_postgresql(pg.DiskFull()), Failure.DOWN),
        (of_postgresql(pg.AdminShutdown()), Failure.DOWN),
        (of_postgresql(pg.ReadOnlySqlTransaction()), Failure.DOWN),
        (of_postgresql(pg.UndefinedTable()), Failure.DOWN),
        (of_postgresql(pg.IoError()), Failure.DOWN),
        (of_postgresql(psycopg.OperationalError("connection refused")), Failure.DOWN),
        (of_postgresql(pg.AdminShutdown(), is_lost=True), Failure.AGAIN),
        (of_postgresql(pg.SyntaxError()), Failure.OTHER),
        (of_postgresql(psycopg.ProgrammingError("no result")), Failure.OTHER),
    ],
    ids=lambda item: repr(getattr(item, "orig", item)),
)
def test_each_failure_has_its_class(error: SQLAlchemyError, failure: Failure) -> None:
    assert classify(error) is failure


def test_the_caller_hears_of_busy_and_down() -> None:
    busy = for_the_caller(of_postgresql(pg.DeadlockDetected()), is_writing=True)
    assert isinstance(busy, StorageBusyError)
    lost = for_the_caller(of_postgresql(pg.AdminShutdown(), is_lost=True), is_writing=True)
    assert isinstance(lost, StorageDownError)
    full = for_the_caller(of_sqlite(sqlite3.SQLITE_FULL), is_writing=True)
    assert isinstance(full, StorageDownError)


@pytest.mark.parametrize(
    "error, is_writing",
    [
        (of_sqlite(sqlite3.SQLITE_READONLY), False),
        (of_postgresql(pg.ReadOnlySqlTransaction()), False),
        (IntegrityError("INSERT", {}, pg.UniqueViolation()), True),
        (of_sqlite(sqlite3.SQLITE_ERROR, "syntax error"), True),
    ],
)
def test_bugs_pass_through(error: SQLAlchemyError, is_writing: bool) -> None:
    assert for_the_caller(error, is_writing=is_writing) is error

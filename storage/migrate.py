"""Brings a database to the newest schema, beside programs that are still at work on it."""

import os
import time
from collections.abc import Callable

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from bot.errors import DeskError
from storage import indexes, postgresql, schema
from storage.backend import is_sqlite, parse_url
from storage.sqlite_file import begin_with, connector, file_of

Pause = Callable[[float], object]

_ADVISORY_LOCK = 7_306_001
"""Any number will do, as long as every process that migrates uses the same."""

LOCK_SECONDS = 1
"""How long a script waits for a table on PostgreSQL. Whoever asks for the same table meanwhile
waits behind it, and a request has two seconds.
"""

STATEMENT_SECONDS = 600
"""How long one statement of a script may take on PostgreSQL; only those that fill columns do."""

TRIES = 20
PAUSE_SECONDS = 3.0
"""Another migration, or whoever holds a table, is waited for this often and this long."""


class TooNewError(DeskError):
    """A newer program has taken something away that this one needs."""

    def __init__(self) -> None:
        super().__init__(
            "DATABASE_URL: this database belongs to a newer version, which this one can't work "
            "beside any more. Install that version, or restore a backup."
        )


class MigrationBusyError(DeskError):
    """The tables, or the right to migrate, could not be had in time. What was done is kept."""

    def __init__(self) -> None:
        super().__init__(
            "DATABASE_URL: other transactions hold tables that the migration needs, or another "
            "migration runs. Nothing is half done; end them and run it again, at a quieter time."
        )


def upgrade(url: str, *, pause: Pause = time.sleep) -> None:
    """Migrate the database to the newest revision, on PostgreSQL with Procrastinate's tables;
    creates a SQLite file that is missing.

    All or nothing on SQLite, script by script on PostgreSQL, where a second one waits for the
    first. A newer database with which this program can work is left alone. `pause` waits for so
    many seconds. Raises TooNewError, MigrationBusyError, and SQLAlchemyError when the database
    refuses.
    """
    parsed = parse_url(url)
    engine = _engine(parsed)
    try:
        if is_sqlite(parsed):
            with engine.begin() as connection:
                if _is_behind(connection):
                    from storage import scripts  # noqa: PLC0415  (Alembic, when it is needed)

                    scripts.run_missing(connection)
        else:
            _upgrade_postgresql(engine, pause)
    finally:
        engine.dispose()


def _upgrade_postgresql(engine: Engine, pause: Pause) -> None:
    """Each script in a transaction of its own, which holds its locks for a moment; then indexes.

    The lock on migrations belongs to the session and is asked for without waiting inside a
    statement: an index that is built beside the others' work would wait for that statement.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as keeper:
        _again_while(lambda: not _has_lock(keeper), pause)
        with engine.connect() as connection:
            while _patiently(lambda: _step(connection), pause):
                pass
            _patiently(lambda: _carry_wakeups(connection), pause)
        indexes.make_missing(keeper)


def _has_lock(connection: Connection) -> bool:
    asked = text("SELECT pg_try_advisory_lock(:key)")
    return bool(connection.execute(asked, {"key": _ADVISORY_LOCK}).scalar_one())


def _step(connection: Connection) -> bool:
    """Run the next script, if there is one; tells whether there was."""
    with connection.begin():
        if not _is_behind(connection):
            return False
        from storage import scripts  # noqa: PLC0415  (Alembic, when it is needed)

        connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))
        connection.execute(text(f"SET LOCAL statement_timeout = '{STATEMENT_SECONDS}s'"))
        scripts.run_next(connection)
    return True


def _carry_wakeups(connection: Connection) -> bool:
    """Give Procrastinate what it needs; tells that nothing is left to do."""
    with postgresql.extra():
        from storage import wakeups_schema  # noqa: PLC0415  (PostgreSQL only)
    with connection.begin():
        connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))
        wakeups_schema.install(connection)
    return False


def _patiently(step: Callable[[], bool], pause: Pause) -> bool:
    """What `step` tells; while a lock is not to be had it is tried again."""
    told: list[bool] = []

    def is_locked_out() -> bool:
        try:
            told.append(step())
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) != "55P03":  # lock_not_available
                raise
            return True
        return False

    _again_while(is_locked_out, pause)
    return told[-1]


def _again_while(fails: Callable[[], bool], pause: Pause) -> None:
    for _ in range(TRIES):
        if not fails():
            return
        pause(PAUSE_SECONDS)
    raise MigrationBusyError


def _is_behind(connection: Connection) -> bool:
    # Asked first whether there is a table: on PostgreSQL a refusal would spoil the transaction.
    if not inspect(connection).has_table("alembic_version"):
        return True
    fit = schema.fit(connection)
    if fit is schema.Fit.TOO_NEW:
        raise TooNewError
    return fit is schema.Fit.OLDER


def _engine(url: URL) -> Engine:
    if not is_sqlite(url):
        return create_engine(
            url, poolclass=NullPool, hide_parameters=True, connect_args={"connect_timeout": 2}
        )
    path = file_of(url)
    path.parent.mkdir(parents=True, exist_ok=True)
    # For its owner alone: it holds people's contacts. SQLite gives its other files the same mode.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    # Foreign keys stay off, as SQLite's default is: batch mode drops and renames tables.
    engine = create_engine(
        "sqlite://",
        creator=connector(path, mode="rwc"),
        poolclass=NullPool,
        hide_parameters=True,
    )
    begin_with(engine, "BEGIN IMMEDIATE")
    return engine

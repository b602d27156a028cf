"""Brings a database to the newest schema."""

import os

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, inspect, text

from storage import schema
from storage.backend import is_sqlite, parse_url
from storage.sqlite_file import begin_with, connector, file_of

_ADVISORY_LOCK = 7_306_001
"""Any number will do, as long as every process that migrates uses the same."""


def upgrade(url: str) -> None:
    """Migrate the database to the newest revision; creates a SQLite file that is missing.

    All or nothing, also on SQLite; on PostgreSQL a second one waits for the first. Raises
    SQLAlchemyError when the database refuses.
    """
    parsed = parse_url(url)
    engine = _engine(parsed)
    try:
        with engine.begin() as connection:
            if not is_sqlite(parsed):
                connection.execute(
                    text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK}
                )
            if not _is_current(connection):
                from storage import scripts  # noqa: PLC0415  (Alembic, when there is need of it)

                scripts.run_missing(connection)
    finally:
        engine.dispose()


def _is_current(connection: Connection) -> bool:
    # Asked first whether there is a table: on PostgreSQL a refusal would spoil the transaction.
    is_ours = inspect(connection).has_table("alembic_version")
    return is_ours and schema.current(connection) == schema.HEAD


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

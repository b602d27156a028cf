"""Brings a database to the newest schema. Alembic is configured here, in code."""

import os
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Engine, NullPool, create_engine, text

from storage.backend import is_sqlite, parse_url
from storage.sqlite_file import begin_with, connector, file_of

_SCRIPTS = Path(__file__).parent / "migrations"
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
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()


def head() -> str | None:
    """The newest revision there is."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    # Alembic reads its options with interpolation: a percent sign in the path must be doubled.
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return config


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

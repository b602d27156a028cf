"""What differs between the two databases, seen from the unit of work."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from sqlalchemy import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import ConfigurationError
from storage.courtesy import Road

T = TypeVar("T")

_WANTED = "DATABASE_URL must be sqlite:///path/to/file.db or postgresql+psycopg://..."

PATIENCE = 2.0
"""Seconds that a request waits for the database: Slack wants its answer within three."""


class Writer(Protocol):
    """Runs bodies in writing transactions."""

    async def run(
        self,
        body: Callable[[Connection], T],
        *,
        after: Callable[[T], None] | None = None,
        tell: Callable[[T], None] | None = None,
        is_brief: bool = False,
    ) -> T:
        """Run `body` and commit; then, still on that thread, `after` with its result; then, in the
        event loop, `tell` with it, even when the caller was cancelled meanwhile. A brief body may
        run in the event loop itself.

        What `body` raises undoes all it did. Raises StorageBusyError and StorageDownError, too;
        then nothing was stored, unless the connection broke within the commit.
        """
        ...

    async def close(self) -> None:
        """Let those who wait finish, then end the threads."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend:
    """Engines and threads for writing and reading.

    `check` raises StorageDownError when the database is visibly gone. `set_patience` limits the
    wait for locks, in seconds, for the next transaction on a connection. `threads` is how many
    read at a time; without `has_one_writer` the same threads write. With it `road` is closed while
    the event loop does.
    """

    writer: Engine
    reader: Engine
    threads: int
    has_one_writer: bool
    check: Callable[[], None]
    set_patience: Callable[[Connection, float], None]
    road: Road = field(default_factory=Road)

    def dispose(self) -> None:
        """Close every connection."""
        self.writer.dispose()
        self.reader.dispose()


def parse_url(url: str) -> URL:
    """The database's URL, with psycopg as PostgreSQL's driver.

    Raises ConfigurationError for anything but a SQLite file or PostgreSQL.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise ConfigurationError(_WANTED + ".") from None
    if parsed.drivername in {"postgresql", "postgresql+psycopg"}:
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername in {"sqlite", "sqlite+pysqlite"} and _is_file(parsed.database):
        return parsed
    raise ConfigurationError(f"{_WANTED}, not {parsed.render_as_string(hide_password=True)}.")


def is_sqlite(url: URL) -> bool:
    """Whether this is a SQLite file."""
    return url.get_backend_name() == "sqlite"


def _is_file(database: str | None) -> bool:
    return bool(database) and database != ":memory:" and not str(database).startswith("file:")

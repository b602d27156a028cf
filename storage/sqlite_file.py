"""SQLite: one file, one writer, readers beside it."""

import json
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic_core import to_json
from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, text

from bot.errors import StorageDownError
from storage.backend import PATIENCE, Backend
from storage.checkpoints import LONGEST_LOG
from storage.courtesy import Road
from storage.prepared import Prepared
from storage.raw import is_begun

READERS = 4
BESIDE = 2
"""Threads that read beside them: the patient one, and the one that makes checkpoints."""

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # acked means: survives a power cut
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",  # what was erased is written over, not only forgotten
    f"PRAGMA busy_timeout={int(PATIENCE * 1000)}",
)

_OF_WRITER = (
    # Pages as they were before a savepoint: nothing that has to survive, so no file for it.
    "PRAGMA temp_store=MEMORY",
    f"PRAGMA wal_autocheckpoint={LONGEST_LOG}",
)


class FileGuard:
    """Notices that the file at the path is no longer the one that was opened.

    SQLite itself goes on writing into a deleted file: what was acked would vanish with the process.
    """

    def __init__(self, path: Path) -> None:
        self._path = str(path)
        self._identity: tuple[int, int] | None = None

    def check(self) -> None:
        """Raise StorageDownError when the file is gone or another one stands in its place."""
        try:
            stat = os.stat(self._path)  # noqa: PTH116  (twice for each submission)
        except OSError as error:
            raise StorageDownError from error
        identity = (stat.st_dev, stat.st_ino)
        if self._identity is None:
            self._identity = identity
        if self._identity != identity:
            raise StorageDownError


def file_of(url: URL) -> Path:
    """The database file of a SQLite URL."""
    return Path(str(url.database)).absolute()


def connector(path: Path, *, mode: str) -> Callable[[], sqlite3.Connection]:
    """Opens the file; `mode` "rw" refuses to create it, "rwc" does not.

    `isolation_level=None`: the driver's own transactions would leave a first SELECT outside, and
    lose updates; ours begin where we say.
    """
    uri = f"{path.as_uri()}?mode={mode}"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            uri, uri=True, isolation_level=None, check_same_thread=False, timeout=PATIENCE
        )

    return connect


def build(url: URL) -> Backend:
    """The engines for a SQLite file that exists."""
    path = file_of(url)
    writer = _engine(path, 1, "BEGIN IMMEDIATE", (*_PRAGMAS, *_OF_WRITER))
    reader = _engine(path, READERS + BESIDE, "BEGIN", (*_PRAGMAS, "PRAGMA query_only=ON"))
    road = Road()
    event.listen(reader, "before_cursor_execute", lambda *_: road.stop())
    return Backend(
        writer=writer,
        reader=reader,
        threads=READERS,
        has_one_writer=True,
        check=FileGuard(path).check,
        set_patience=_set_patience,
        road=road,
    )


def empty_log(path: Path) -> bool:
    """Bring the write-ahead log into the file and cut it off, so that nothing older stays there;
    False while somebody reads what is older (https://www.sqlite.org/pragma.html).
    """
    connection = connector(path, mode="rw")()
    try:
        is_busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.close()
    return not is_busy


def begin_with(engine: Engine, statement: str) -> None:
    """Begin every transaction of this engine with `statement`, unless that was done past SQLAlchemy
    (`storage.raw`).
    """
    prepared = Prepared(text(statement))

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if not is_begun(connection):
            prepared.write(connection, {})


def _engine(path: Path, size: int, begin: str, pragmas: tuple[str, ...]) -> Engine:
    engine = create_engine(
        "sqlite://",
        json_serializer=_json,
        hide_parameters=True,  # a statement in a log must not carry what people typed
        creator=connector(path, mode="rw"),
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0,
        pool_timeout=PATIENCE,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        for pragma in pragmas:
            connection.execute(pragma)

    begin_with(engine, begin)
    return engine


def _json(value: object) -> str:
    """The text of a JSON column, in a third of the time that the standard library takes."""
    try:
        return to_json(value).decode()
    except ValueError:  # half of a surrogate pair, of which UTF-8 has none
        return json.dumps(value)


def _set_patience(connection: Connection, seconds: float) -> None:
    """Let the next BEGIN wait no longer than what is left of the request's time."""
    wanted = max(1, int(seconds * 1000))
    current = connection.info.get("patience_ms", int(PATIENCE * 1000))
    # The difference of a moment is not worth a statement.
    if abs(wanted - current) > 100:
        driver = connection.connection.driver_connection
        if isinstance(driver, sqlite3.Connection):
            driver.execute(f"PRAGMA busy_timeout={wanted}")
            connection.info["patience_ms"] = wanted

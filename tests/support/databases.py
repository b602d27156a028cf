"""Databases for tests: a SQLite file, and a PostgreSQL cluster that lives as long as the run.

Both start from a template that was migrated once. To use the fixtures, import them in the
conftest.py of the folder:

    from tests.support.databases import database_url, postgresql_url, sqlite_url

The cluster is kept per process, not per fixture, so several folders share it.
"""

import atexit
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, event, make_url

from storage.migrate import upgrade
from storage.tables import metadata
from tests.support.ci import IN_CI
from tests.support.postgres_server import FAST, PROGRAMS, USER, PostgresServer, find_programs

_TEMPLATE = "migrated"
_CARRIER = ("procrastinate_periodic_defers", "procrastinate_jobs", "procrastinate_workers")
_names = count(1)
_spare: list[str] = []


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of a fresh, migrated SQLite file."""
    return migrated(tmp_path)


def migrated(folder: Path) -> str:
    """The same, in a folder."""
    path = folder / "desk.db"
    path.write_bytes(_migrated_sqlite_file())
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url() -> Iterator[str]:
    """The URL of an empty, migrated PostgreSQL database; skips where PostgreSQL is missing.

    Databases are emptied and used again: to create one takes longer than most tests.
    """
    url = _spare.pop() if _spare else new_postgresql_url()
    yield url
    _empty(url)
    _spare.append(url)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a fresh, migrated database of each sort."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


def new_postgresql_url(*, is_migrated: bool = True) -> str:
    """A new database in the run's cluster; skips the test where PostgreSQL is missing."""
    if find_programs() is None:
        (pytest.fail if IN_CI else pytest.skip)(
            f"PostgreSQL's programs are missing: no initdb under {PROGRAMS}"
        )
    name = f"desk_{next(_names)}"
    template = _migrated_template() if is_migrated else "template0"
    _administer(f"CREATE DATABASE {name} TEMPLATE {template}")
    return _url(name)


def drop_postgresql(url: str) -> None:
    """Drop a database of the cluster, whoever is still connected."""
    _administer(f"DROP DATABASE IF EXISTS {make_url(url).database} WITH (FORCE)")


def _empty(url: str) -> None:
    database = make_url(url).database
    with _connect(str(database)) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        tables = reversed(metadata.sorted_tables)
        emptied = [str(table.delete()) for table in tables]
        emptied += [f"DELETE FROM {name}" for name in _CARRIER]  # noqa: S608  (ours)
        connection.execute("; ".join(emptied).encode())


@cache
def _migrated_sqlite_file() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.db"
        upgrade(f"sqlite:///{path}")
        return path.read_bytes()


@cache
def _migrated_template() -> str:
    _administer(f"CREATE DATABASE {_TEMPLATE} TEMPLATE template0")
    upgrade(_url(_TEMPLATE))
    return _TEMPLATE


def _url(database: str) -> str:
    return f"postgresql+psycopg://{USER}@127.0.0.1:{_cluster()}/{database}"


def _administer(statement: str) -> None:
    with _connect("postgres") as connection:
        connection.execute(statement.encode())


def _connect(database: str) -> psycopg.Connection[Any]:
    return psycopg.connect(
        host="127.0.0.1", port=_cluster(), user=USER, dbname=database, autocommit=True
    )


@cache
def _cluster() -> int:
    """Start the run's cluster and return its port; it ends with the process."""
    server = PostgresServer(FAST)
    atexit.register(server.remove)
    server.start()
    return server.port


def on_commit(engine: Engine, call: Callable[[], None]) -> Callable[[], None]:
    """Have `call` called before each commit of this engine, until what is returned is called."""

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement == "COMMIT":
            call()

    def of_sqlalchemy(_connection: object) -> None:
        call()

    event.listen(engine, "before_cursor_execute", note)
    event.listen(engine, "commit", of_sqlalchemy)

    def stop() -> None:
        event.remove(engine, "before_cursor_execute", note)
        event.remove(engine, "commit", of_sqlalchemy)

    return stop

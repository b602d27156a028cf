"""Databases for tests: a SQLite file, and a PostgreSQL cluster that lives as long as the run.

Both start from a template that was migrated once. To use the fixtures, import them in the
conftest.py of the folder:

    from tests.support.databases import database_url, postgresql_url, sqlite_url

The cluster is kept per process, not per fixture, so several folders share it.
"""

import atexit
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from storage.migrate import upgrade
from storage.tables import metadata
from tests.support.ci import IN_CI

_PROGRAMS = Path("/usr/lib/postgresql")
_USER = "postgres"
_TEMPLATE = "migrated"
_CARRIER = ("procrastinate_periodic_defers", "procrastinate_jobs", "procrastinate_workers")
_MADE = ("-U", _USER, "-A", "trust", "-E", "UTF8", "--no-sync")
_OPTIONS = "-c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=100"
_FAST = "-c synchronous_commit=off -c full_page_writes=off"
"""Loses the last commits when the server is stopped as `Cluster.stop` stops it."""
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
            f"PostgreSQL's programs are missing: no initdb under {_PROGRAMS}"
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
def find_programs() -> Path | None:
    """The folder with PostgreSQL's newest server programs, if there are any."""
    found = sorted(_PROGRAMS.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return None if on_path is None else Path(on_path).parent


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
    return f"postgresql+psycopg://{_USER}@127.0.0.1:{_cluster()}/{database}"


def _administer(statement: str) -> None:
    with _connect("postgres") as connection:
        connection.execute(statement.encode())


def _connect(database: str) -> psycopg.Connection[Any]:
    return psycopg.connect(
        host="127.0.0.1", port=_cluster(), user=_USER, dbname=database, autocommit=True
    )


@cache
def _cluster() -> int:
    """Start the run's cluster and return its port; it ends with the process."""
    return Cluster.new(_FAST).port


@dataclass(frozen=True, slots=True)
class Cluster:
    """A PostgreSQL server of its own, which ends with the process at the latest."""

    folder: Path
    port: int
    options: str = ""

    @classmethod
    def new(cls, options: str = "") -> "Cluster":
        """Make one and start it, with more `options` of PostgreSQL's."""
        programs = find_programs()
        assert programs is not None
        folder = Path(tempfile.mkdtemp(prefix="desk-pg-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        who = _run_as()
        if who:
            shutil.chown(folder, **who)
        subprocess.run(
            [
                programs / "initdb",
                "-D",
                folder / "data",
                *["-U", "postgres", "-A", "trust"],
                *_MADE,
            ],
            check=True,
            capture_output=True,
            cwd=folder,
            **who,
        )
        cluster = cls(folder, _free_port(), options)
        cluster.start()
        atexit.register(cluster.stop)
        return cluster

    def url(self, database: str = "postgres") -> str:
        """The URL of one of its databases."""
        return f"postgresql+psycopg://{_USER}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Let it serve at its port."""
        options = f"-p {self.port} -k {self.folder} {_OPTIONS} {self.options}"
        self._control("-l", str(self.folder / "log"), "-o", options, "start", check=True)

    def stop(self) -> None:
        """As a power cut stops it; its clients lose their connections."""
        self._control("-m", "immediate", "stop", check=False)

    def _control(self, *arguments: str, check: bool) -> None:
        programs = find_programs()
        assert programs is not None
        control = [str(programs / "pg_ctl"), "-D", str(self.folder / "data"), "-s", "-w"]
        done = subprocess.run(
            [*control, *arguments],
            check=False,
            stderr=subprocess.PIPE,
            cwd=self.folder,
            **_run_as(),
        )
        assert done.returncode == 0 or not check, done.stderr


def _run_as() -> dict[str, Any]:
    """PostgreSQL refuses to run as root; then its own user has to do."""
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam(_USER)
    return {"user": account.pw_uid, "group": account.pw_gid}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

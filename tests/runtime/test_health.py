"""Health: alive as long as the process is, ready only when an acknowledgement could be kept."""

import contextlib
import resource
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from runtime.serve import listening
from runtime.web import SLACK_PATH, FrontDoor
from storage.database import Database
from storage.migrate import upgrade
from tests.support.desk import settings


class Health:
    """What whoever watches over the process sees."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url
        self.is_connected = True

    async def look(self, path: str) -> tuple[int, dict[str, Any]]:
        async with self._session.get(f"{self._url}{path}") as response:
            return response.status, await response.json()

    async def lacking(self) -> list[str]:
        """What readiness lacks; the process is alive all the time."""
        assert await self.look("/healthz") == (200, {"alive": True})
        status, body = await self.look("/readyz")
        assert body["ready"] is (status == 200)
        assert status in {200, 503}
        lacking: list[str] = body["lacking"]
        return lacking


@contextlib.asynccontextmanager
async def healthy(database_url: str) -> AsyncIterator[Health]:
    database = Database(database_url)
    async with aiohttp.ClientSession() as session:
        health = Health(session, "")
        door = FrontDoor()
        door.open_up(
            database,
            slack_lacks=lambda: None if health.is_connected else "the connection to Slack",
        )
        async with listening(settings(database_url, port=0), door.routes()) as url:
            health._url = url
            yield health
    await database.close()


@pytest.fixture
async def health(sqlite_url: str) -> AsyncIterator[Health]:
    async with healthy(sqlite_url) as found:
        assert await found.lacking() == []
        yield found


def path_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


async def test_ready_again_and_again(health: Health, sqlite_url: str) -> None:
    for _ in range(3):
        assert await health.look("/readyz") == (200, {"ready": True, "lacking": []})
    with contextlib.closing(sqlite3.connect(path_of(sqlite_url))) as connection:
        assert connection.execute("SELECT count(*) FROM inbox_seen").fetchone() == (0,)


async def test_without_its_connection_to_slack(health: Health) -> None:
    health.is_connected = False
    assert await health.lacking() == ["the connection to Slack"]
    health.is_connected = True
    assert await health.lacking() == []


async def test_when_the_file_is_gone_and_when_it_is_back(health: Health, sqlite_url: str) -> None:
    path = path_of(sqlite_url)
    aside = path.rename(path.with_name("aside"))
    assert await health.lacking() == ["the database: StorageDownError"]
    aside.rename(path)
    assert await health.lacking() == []


async def test_when_another_file_stands_in_its_place(health: Health, sqlite_url: str) -> None:
    path = path_of(sqlite_url)
    copy = path.read_bytes()
    path.unlink()
    path.write_bytes(copy)
    assert await health.lacking() == ["the database: StorageDownError"]


async def test_while_another_connection_holds_the_lock(health: Health, sqlite_url: str) -> None:
    with contextlib.closing(sqlite3.connect(path_of(sqlite_url), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert await health.lacking() == ["the database: StorageBusyError"]
        other.execute("ROLLBACK")
    assert await health.lacking() == []


@contextlib.contextmanager
def full_disk() -> Iterator[None]:
    """No file may grow, as when the disk is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_when_the_disk_is_full(health: Health) -> None:
    with full_disk():
        assert await health.lacking() == ["the database: StorageDownError"]
    assert await health.lacking() == []


async def test_when_it_is_not_migrated(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    url = f"sqlite:///{path}"
    async with healthy(url) as health:
        assert await health.lacking() == ["the database: StorageDownError"]
        upgrade(url)
        assert await health.lacking() == []
        with contextlib.closing(sqlite3.connect(path)) as connection:
            connection.execute("UPDATE alembic_version SET version_num = '0000'")
            connection.commit()
        (sentence,) = await health.lacking()
        assert "app.py migrate" in sentence


async def test_when_there_is_no_file_at_all(tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    async with healthy(f"sqlite:///{path}") as health:
        assert await health.lacking() == ["the database: StorageDownError"]
    assert not path.exists()


async def test_alive_but_not_ready_until_the_desk_can_work() -> None:
    async with aiohttp.ClientSession() as session:
        health = Health(session, "")
        given = settings("sqlite:///unused.db", port=0)
        async with listening(given, FrontDoor().routes()) as url:
            health._url = url
            (line,) = await health.lacking()
            assert "start" in line
            async with session.post(f"{url}{SLACK_PATH}") as response:
                assert response.status == 503

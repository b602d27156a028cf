"""Health: alive as long as the process is, ready only when an acknowledgement could be kept."""

import contextlib
import resource
import sqlite3
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from handlers.answers import Background
from handlers.outcomes import classify
from runtime.doors import listening
from runtime.pulse import FRESH, Pulses
from runtime.readiness import Readiness
from runtime.sight import Sight
from runtime.tallies import Tallies
from runtime.web import SLACK_PATH, FrontDoor
from sandbox.clock import FrozenClock
from storage.database import Database
from storage.migrate import upgrade
from tests.support.desk import START, settings


class Health:
    """What whoever watches over the process sees."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url
        self.clock = FrozenClock(START)
        self.sight = Sight(Tallies(), self.clock)
        self.background = Background()
        self.calls = 0
        self.trouble: Exception | None = None
        self.not_let_in: str | None = None

    async def ask_slack(self) -> None:
        """A call of our own, as the client makes it."""
        self.calls += 1
        code = "ok" if self.trouble is None else classify(self.trouble).error
        self.sight.heard("api.test", code, 0.1, None)
        if self.trouble is not None:
            raise self.trouble

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

    async def warnings(self) -> list[str]:
        """What a ready process is told of; what Slack has to say is waited for."""
        for _ in range(2):
            status, body = await self.look("/readyz")
            await self.background.rest()
        assert status == 200
        found: list[str] = body["warnings"]
        return found


@contextlib.asynccontextmanager
async def healthy(database_url: str) -> AsyncIterator[Health]:
    database = Database(database_url)
    async with aiohttp.ClientSession() as session:
        health = Health(session, "")
        door = FrontDoor()
        readiness = Readiness(
            database=database,
            clock=health.clock,
            background=health.background,
            pulses=Pulses(database, health.clock),
            sight=health.sight,
            ask_slack=health.ask_slack,
            slack_lacks=lambda: health.not_let_in,
        )
        door.open_up(readiness.look)
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
        ready = {"ready": True, "lacking": [], "warnings": []}
        assert await health.look("/readyz") == (200, ready)
    with contextlib.closing(sqlite3.connect(path_of(sqlite_url))) as connection:
        assert connection.execute("SELECT count(*) FROM inbox_seen").fetchone() == (0,)


async def test_slack_is_asked_once_a_minute_and_only_when_nothing_was_heard(
    health: Health,
) -> None:
    await health.background.rest()
    assert health.calls == 1  # nothing was heard since the start
    for _ in range(5):
        assert await health.warnings() == []
        await health.clock.advance(timedelta(seconds=10))
    assert health.calls == 1
    for _ in range(12):
        health.sight.heard("chat.postMessage", "ok", 0.1, None)
        await health.clock.advance(timedelta(seconds=30))
        assert await health.warnings() == []
    assert health.calls == 1
    await health.clock.advance(timedelta(seconds=31))
    await health.warnings()
    assert health.calls == 2


async def test_a_slack_that_is_away_is_told_and_changes_nothing(health: Health) -> None:
    health.trouble = TimeoutError()
    await health.clock.advance(timedelta(minutes=2))
    assert await health.warnings() == ["Slack: it does not answer (timeout)"]
    health.sight.heard("chat.postMessage", "http_503", 0.1, None)
    assert await health.warnings() == ["Slack: it does not answer (http_503)"]
    health.sight.heard("chat.postMessage", "channel_not_found", 0.1, None)
    assert await health.warnings() == []  # it answers, though with a no
    health.not_let_in = "Slack: it does not let the app in (“token_revoked”)"
    assert await health.warnings() == [health.not_let_in]


async def test_the_clock_against_slacks(health: Health) -> None:
    def told(off: float) -> None:
        when = format_datetime(health.clock.now() - timedelta(seconds=off), usegmt=True)
        health.sight.heard("api.test", "ok", 0.1, when)

    told(10)
    assert await health.warnings() == []
    told(-40)
    assert await health.warnings() == ["the clock: 40 s off Slack's; set up NTP"]
    told(400)  # every signed request is refused
    assert await health.lacking() == ["the clock: 400 s off Slack's; set up NTP"]
    health.sight.heard("api.test", "ok", 0.1, "yesterday")
    assert await health.lacking() == []


async def test_what_nobody_does_is_told(health: Health, sqlite_url: str) -> None:
    late = (health.clock.now() - timedelta(minutes=10)).replace(tzinfo=None).isoformat(" ")
    with contextlib.closing(sqlite3.connect(path_of(sqlite_url))) as connection:
        connection.execute(
            "INSERT INTO lane (workspace_id, lane, last_id, epoch, ready_at) "
            "VALUES ('T1', 'C1', 1, 0, ?), ('T1', 'C2', 1, 0, ?)",
            (f"{late}.000000", f"{late}.000000"),
        )
        connection.execute(
            "INSERT INTO schedule VALUES ('T1', 'all', '2026-11-19', ?)", (f"{late}.000000",)
        )
        connection.commit()
    await health.clock.advance(FRESH)
    assert await health.warnings() == [
        "lanes: 2 wait, the longest for 615 s",
        "digests: 1 wait, the longest for 615 s",
    ]


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

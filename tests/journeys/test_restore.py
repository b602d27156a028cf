"""A backup, a week's work, a restore: what came in between is gone from the desk, and nothing that
people got comes again.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from runtime import backup
from sandbox.clock import FrozenClock
from sandbox.transports.in_process import InProcess
from storage.database import Database
from tests.support.databases import database_url, postgresql_url, sqlite_url
from tests.support.desk import Scene, compose, scene, settings
from tests.support.rows_in_flight import keys_in

__all__ = ["database_url", "postgresql_url", "sqlite_url"]

SATURDAY = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


async def hand_in(s: Scene, title: str) -> None:
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit({"title": title})


@contextmanager
def at_the_time_of(clock: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Short commands read the scene's clock."""
    with monkeypatch.context() as patch:
        patch.setattr(backup, "SystemClock", lambda: clock)
        yield


async def come_back(s: Scene, url: str) -> Scene:
    """Another process, on what stands in the database now."""
    desk = await compose(s.ws, s.clock, url, owner="after")
    s.ws.connect(InProcess(s.ws, desk.app))
    await desk.dispatcher.sweep()
    await desk.ticks.fire_digests()
    found = replace(s, desk=desk)
    await found.settle()
    await found.wait(minutes=5)
    return found


def assert_once(s: Scene) -> None:
    assert {key: count for key, count in Counter(keys_in(s.ws)).items() if count > 1} == {}


async def test_what_was_sent_since_the_backup_is_not_sent_again(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "backup.db"
    async with scene(sqlite_url) as s:
        await hand_in(s, "One")
        await s.settle()
        s.ws.fault("chat.postMessage", "refused", times=2)
        await hand_in(s, "Two")  # it waits while the backup is made
        await s.desk.rest()
        assert "card:2" not in set(keys_in(s.ws))
        copy = backup.make_backup(settings(sqlite_url), file)
        assert copy.newest_number == 2
        await s.settle()
        assert {"card:2", "receipt:2"} <= set(keys_in(s.ws))
        await hand_in(s, "Three, which the backup does not know")
        await s.jump(SATURDAY)
        await s.jump(MONDAY)  # reminders, escalations and the digest
        before = Counter(keys_in(s.ws))
        assert any(key.startswith("nudge:") for key in before)
        assert before["digest:leadership:2026-W48"] == 1
        await s.desk.close()
        with at_the_time_of(s.clock, monkeypatch):
            restored = await backup.restore(settings(sqlite_url), file)
        assert restored.copy.newest_number == 2
        assert restored.aside is not None
        after = await come_back(s, sqlite_url)
        assert_once(after)
        assert set(before) <= set(keys_in(after.ws))
        await hand_in(after, "The next one")
        await after.settle()
        assert "Idea 1001" in after.cards(after.content)[-1].text
        await after.desk.close()


async def test_a_restored_backup_delivers_what_never_arrived(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "backup.db"
    async with scene(sqlite_url) as s:
        s.ws.fault("chat.postMessage", "refused", times=50)
        await hand_in(s, "One")
        await s.desk.rest()
        backup.make_backup(settings(sqlite_url), file)
        await s.desk.close()
        s.ws.faults.clear()
        await s.clock.advance(timedelta(hours=1))
        with at_the_time_of(s.clock, monkeypatch):
            (told,) = (await backup.restore(settings(sqlite_url), file)).doubted
        assert told == (s.ws.identity.team_id, 2)
        after = await come_back(s, sqlite_url)
        assert_once(after)
        assert {"card:1", "receipt:1"} <= set(keys_in(after.ws))
        await after.desk.close()


async def test_after_a_restore_by_the_databases_own_tools_the_same_is_one_command(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scene(database_url) as s:
        await hand_in(s, "One")
        await s.settle()
        s.ws.fault("chat.postMessage", "lost", times=1)
        await hand_in(s, "Two")
        await s.desk.rest()
        await s.desk.close()
        forget_that_it_was_tried(database_url)
        with at_the_time_of(s.clock, monkeypatch):
            (told,) = await backup.recheck_database(settings(database_url), None)
        assert told[1] >= 1
        after = await come_back(s, database_url)
        assert_once(after)
        assert {"card:2", "receipt:2"} <= set(keys_in(after.ws))
        await after.desk.close()


def forget_that_it_was_tried(url: str) -> None:
    """As a backup from a moment before knows it."""
    engine = Database(url)._backend.writer
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE outbox SET state = 'pending', attempts = 0, first_try_at = NULL, "
            "last_try_at = NULL, error = NULL WHERE done_at IS NULL"
        )
    engine.dispose()

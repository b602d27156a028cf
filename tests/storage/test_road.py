"""While the event loop stores, those who read stop before their next statement."""

import asyncio
import time
from threading import Event, Thread

import pytest

from bot.ports import Transaction
from storage import courtesy
from storage.courtesy import Road
from storage.database import Database
from tests.support.storage_examples import Workspace

QUICK = 0.05
"""Seconds in which somebody who is not held up is long through."""


def test_whoever_comes_to_a_closed_road_waits_until_it_is_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(courtesy, "LONGEST_STOP", 60.0)
    road = Road()
    road.stop()  # open: nobody waits
    reader = Thread(target=road.stop)
    with road.closed():
        reader.start()
        reader.join(QUICK)
        assert reader.is_alive()
    reader.join(5)
    assert not reader.is_alive()


def test_nobody_waits_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courtesy, "LONGEST_STOP", 0.001)
    road = Road()
    reader = Thread(target=road.stop)
    with road.closed():
        reader.start()
        reader.join(5)
        assert not reader.is_alive()


def test_it_is_open_again_after_a_failure() -> None:
    road = Road()
    with pytest.raises(ValueError, match="broken"), road.closed():
        raise ValueError("broken")
    reader = Thread(target=road.stop)
    reader.start()
    reader.join(5)
    assert not reader.is_alive()


async def test_a_reader_asks_nothing_while_the_loop_stores(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courtesy, "LONGEST_STOP", 60.0)
    database = Database(sqlite_url)
    await database.start()
    has_begun, may_ask, has_asked = Event(), Event(), Event()

    def read(tx: Transaction) -> None:
        has_begun.set()
        may_ask.wait(5)
        tx.members.admins()
        has_asked.set()

    def store(tx: Transaction) -> bool:
        may_ask.set()
        time.sleep(QUICK)
        tx.submissions.next_number()
        return has_asked.is_set()

    reading = asyncio.create_task(Workspace(database).read(read))
    assert await asyncio.to_thread(has_begun.wait, 5)
    assert await Workspace(database, is_brief=True).write(store) is False
    await reading
    assert has_asked.is_set()
    await database.close()

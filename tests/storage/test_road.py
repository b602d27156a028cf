"""While the event loop stores, those who read stop before their next statement; and those for whom
nobody waits rest.
"""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event, Thread, current_thread

import pytest

from bot.brief import patient
from bot.ports import Transaction
from storage import courtesy
from storage.courtesy import AT_WORK, LONGEST_REST, REST, STRETCH, Road
from storage.database import Database
from tests.support.storage_examples import NOW, Workspace

QUICK = 0.05
"""Seconds in which somebody who is not held up is long through."""


def test_whoever_comes_to_a_closed_road_waits_until_it_is_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(courtesy, "LONGEST_STOP", 60.0)
    road = Road()
    road.stop()  # open: nobody waits
    reader = Thread(target=road.stop)
    road.close()
    reader.start()
    reader.join(QUICK)
    assert reader.is_alive()
    road.open()
    reader.join(5)
    assert not reader.is_alive()


def test_nobody_waits_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courtesy, "LONGEST_STOP", 0.001)
    road = Road()
    road.close()
    reader = Thread(target=road.stop)
    reader.start()
    reader.join(5)
    assert not reader.is_alive()


@dataclass
class Day:
    """A clock that stands still between what is done, and the rests that were taken."""

    now: float = 100.0
    rests: list[float] = field(default_factory=list)

    def rest(self, seconds: float) -> None:
        self.rests.append(seconds)
        self.now += seconds


@pytest.fixture
def day() -> Day:
    return Day()


@pytest.fixture
def road(day: Day) -> Road:
    return Road(lambda: day.now, day.rest)


def test_a_patient_reader_rests_most_of_the_time_while_people_are_at_work(
    road: Road, day: Day
) -> None:
    road.set_out()
    road.close()
    road.open()
    for _ in range(10):
        day.now += 0.001
        road.stop()
    assert day.rests == pytest.approx([0.001 * REST] * 10)


def test_it_goes_on_for_a_stretch(road: Road, day: Day) -> None:
    road.set_out()
    road.open()
    day.now += STRETCH / 2
    road.stop()
    assert not day.rests


def test_it_rests_within_a_statement_too_and_lets_it_go_on(road: Road, day: Day) -> None:
    road.set_out()
    road.open()
    day.now += 0.001
    assert road.rest() == 0
    assert day.rests == pytest.approx([0.001 * REST])


def test_no_rest_is_longer_than_the_longest(road: Road, day: Day) -> None:
    road.set_out()
    day.now += 60
    road.open()
    road.stop()
    assert day.rests == [LONGEST_REST]


def test_it_does_not_rest_when_nobody_has_stored_for_a_while(road: Road, day: Day) -> None:
    road.set_out()
    day.now += 0.001
    road.stop()
    road.open()
    day.now += AT_WORK
    road.stop()
    assert not day.rests


def test_what_passes_between_two_reads_is_no_reading(road: Road, day: Day) -> None:
    road.set_out()
    road.arrive()
    day.now += 60
    road.open()
    road.stop()  # the next one begins its transaction
    assert not day.rests


def test_whoever_is_waited_for_does_not_rest(road: Road, day: Day) -> None:
    road.open()
    day.now += 0.001
    road.stop()
    assert not day.rests


async def test_who_is_patient_has_a_thread_of_their_own_and_rests(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courtesy, "STRETCH", 0.0)
    monkeypatch.setattr(courtesy, "AT_WORK", 60.0)
    database = Database(sqlite_url)
    await database.start()
    here, rests = Workspace(database), list[str]()
    road = database._backend.road
    monkeypatch.setattr(road, "_pause", lambda _: rests.append(current_thread().name))

    @patient
    def read_much(tx: Transaction, many: int, _now: datetime) -> int:
        query = (
            "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n LIMIT ?) "
            "SELECT count(*) FROM n"
        )
        found = tx.desk._unit.connection.exec_driver_sql(query, (many,))  # type: ignore[attr-defined]  # the store is ours
        return int(found.scalar_one())

    await Workspace(database, is_brief=True).write(lambda tx: tx.submissions.next_number())
    await here.read(lambda tx: tx.members.admins())
    assert not rests
    assert await database.read("T1", read_much, 50_000, NOW) == 50_000
    assert len(rests) > 5  # within the statement, too
    assert {name.rpartition("_")[0] for name in rests} == {"storage-patient"}
    await here.read(lambda tx: tx.members.admins())
    assert len(set(rests)) == 1
    await database.close()


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

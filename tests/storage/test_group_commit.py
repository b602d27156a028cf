"""Use cases that wait for SQLite's writer share a transaction; each fails for itself."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from threading import Event
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from bot.configure import configure
from bot.desk import default_desk
from bot.errors import StaleError, StorageBusyError, StorageDownError
from bot.ports import LaneRef, Transaction
from storage import group_commit
from storage.database import Database
from tests.support.databases import on_commit
from tests.support.storage_examples import NOW, Workspace, make_effect, make_submission


class Killed(BaseException):
    """The process dies: no use case can catch it."""


@dataclass(slots=True)
class Watched:
    """A database with what was seen of it: commits, checkpoints and announced lanes, in order.

    `at` is called at each checkpoint.
    """

    database: Database
    here: Workspace
    seen: list[object] = field(default_factory=list)
    at: Callable[[str], None] = lambda _: None

    @property
    def commits(self) -> int:
        return self.seen.count("commit")

    @asynccontextmanager
    async def busy(self) -> AsyncIterator[None]:
        """The writer is busy while inside, with what stores nothing; what comes meanwhile waits."""
        begun, may_end = Event(), Event()

        def hold(_tx: Transaction) -> None:
            begun.set()
            may_end.wait(5)
            raise StaleError("nothing was meant to be stored")

        holder = asyncio.create_task(self.here.write(hold))
        await asyncio.to_thread(begun.wait, 5)
        try:
            yield
        finally:
            await asyncio.sleep(0.01)  # whoever came has reached the queue
            may_end.set()
            await asyncio.wait([holder])
            holder.exception()

    async def together(self, *bodies: Callable[[Transaction], Any]) -> list[Any]:
        """The outcomes of bodies that waited together for the writer."""
        async with self.busy():
            tasks = [asyncio.create_task(self.here.write(body)) for body in bodies]
        return await asyncio.gather(*tasks, return_exceptions=True)

    async def numbers(self) -> list[int]:
        """The submissions that are stored."""
        items, _ = await self.here.read(lambda tx: tx.submissions.of_submitter("U1", limit=200))
        return sorted(item.number for item in items)


@pytest.fixture
async def watched(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Watched]:
    monkeypatch.setattr(group_commit, "LONGEST", 60.0)  # however slow the machine is
    seen: list[object] = []

    def checkpoint(name: str) -> None:
        seen.append(name)
        found.at(name)

    database = Database(sqlite_url, on_effects=seen.append, checkpoint=checkpoint)
    found = Watched(database, Workspace(database), seen)
    await database.start()
    on_commit(database._backend.writer, lambda: seen.append("commit"))
    yield found
    await database.close()


def storing(number: int) -> Callable[[Transaction], int]:
    def store(tx: Transaction) -> int:
        tx.submissions.add(
            make_submission(number), source_key=f"v{number}", origin_key=None, personal={}
        )
        return number

    return store


def failing(number: int) -> Callable[[Transaction], int]:
    def fail(tx: Transaction) -> int:
        storing(number)(tx)
        raise StaleError("somebody was quicker")

    return fail


async def test_those_who_wait_share_one_commit(watched: Watched) -> None:
    assert await watched.together(*(storing(number) for number in range(1, 11))) == [*range(1, 11)]
    assert watched.commits == 1
    assert await watched.numbers() == [*range(1, 11)]


async def test_who_comes_alone_waits_for_nobody(watched: Watched) -> None:
    for number in (1, 2, 3):
        await watched.here.write(storing(number))
    assert watched.commits == 3


async def test_a_transaction_takes_only_so_many(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_commit, "MOST", 4)
    await watched.together(*(storing(number) for number in range(1, 11)))
    assert watched.commits == 3
    assert await watched.numbers() == [*range(1, 11)]


async def test_a_transaction_takes_no_more_once_it_took_long(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_commit, "LONGEST", 0.01)

    def slow(_tx: Transaction) -> None:
        Event().wait(0.05)

    assert await watched.together(slow, storing(1), slow, storing(2)) == [None, 1, None, 2]
    assert watched.commits >= 2


async def test_one_that_fails_fails_alone(watched: Watched) -> None:
    one, bad, two = await watched.together(storing(1), failing(2), storing(3))
    assert (one, two) == (1, 3)
    assert isinstance(bad, StaleError)
    assert watched.commits == 1
    assert await watched.numbers() == [1, 3]


async def test_one_that_breaks_a_rule_of_the_database_fails_alone(watched: Watched) -> None:
    one, bad, two = await watched.together(storing(1), storing(1), storing(2))
    assert (one, two) == (1, 2)
    assert isinstance(bad, IntegrityError)
    assert await watched.numbers() == [1, 2]


async def test_when_all_fail_there_is_nothing_to_commit(watched: Watched) -> None:
    outcomes = await watched.together(failing(1), failing(2))
    assert [type(outcome) for outcome in outcomes] == [StaleError, StaleError]
    assert watched.seen == []
    assert await watched.numbers() == []


async def test_what_fails_in_a_savepoint_of_its_own_is_undone_there(watched: Watched) -> None:
    """The probe of readiness takes back what it wrote, in the middle of others."""
    async with watched.busy():
        first = asyncio.create_task(watched.here.write(storing(1)))
        ping = asyncio.create_task(watched.database.ping())
        last = asyncio.create_task(watched.here.write(storing(2)))
    await asyncio.gather(first, ping, last)
    assert watched.commits == 1
    assert await watched.numbers() == [1, 2]
    with watched.database._backend.reader.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM inbox_seen")).scalar_one() == 0


async def test_they_run_in_their_order_and_see_each_other(watched: Watched) -> None:
    outcomes = await watched.together(*[lambda tx: tx.submissions.next_number()] * 20)
    assert outcomes == [*range(1, 21)]
    assert watched.commits == 1


async def test_a_number_that_was_taken_by_one_that_failed_is_given_again(watched: Watched) -> None:
    def fail(tx: Transaction) -> None:
        tx.submissions.next_number()
        raise StaleError("no")

    outcomes = await watched.together(
        lambda tx: tx.submissions.next_number(), fail, lambda tx: tx.submissions.next_number()
    )
    assert (outcomes[0], outcomes[2]) == (1, 2)


async def test_effects_are_told_once_each_and_after_the_commit(watched: Watched) -> None:
    def enqueue(channel: str) -> Callable[[Transaction], bool]:
        return lambda tx: tx.outbox.add(make_effect(f"card:{channel}", target=channel), NOW)

    def fail(tx: Transaction) -> None:
        tx.outbox.add(make_effect("card:C3", target="C3"), NOW)
        raise StaleError("no")

    await watched.together(enqueue("C1"), fail, enqueue("C2"))
    told = [frozenset({LaneRef("T1", "C1")}), frozenset({LaneRef("T1", "C2")})]
    assert [one for one in watched.seen if isinstance(one, frozenset)] == told
    committed = watched.seen.index("commit")
    # The first of them ran twice: the second took it along when it failed.
    assert watched.seen[:committed] == ["transact.before_commit"] * 3
    assert set(watched.seen[committed + 1 :]) == {"transact.after_commit", *told}


async def test_a_crash_before_the_commit_answers_and_stores_nobody(watched: Watched) -> None:
    def crash(name: str) -> None:
        if name == "transact.before_commit" and watched.seen.count(name) == 3:
            raise Killed

    watched.at = crash
    async with watched.busy():
        tasks = [asyncio.create_task(watched.here.write(storing(number))) for number in (1, 2, 3)]
    for task in tasks:
        with pytest.raises(Killed):
            await task
    assert watched.commits == 0
    assert await watched.numbers() == []


async def test_a_crash_after_the_commit_has_stored_all(watched: Watched) -> None:
    def crash(name: str) -> None:
        if name == "transact.after_commit":
            raise Killed

    watched.at = crash
    async with watched.busy():
        tasks = [asyncio.create_task(watched.here.write(storing(number))) for number in (1, 2)]
    for task in tasks:
        with pytest.raises(Killed):
            await task
    assert await watched.numbers() == [1, 2]


async def test_when_the_commit_fails_nobody_is_told_that_it_worked(watched: Watched) -> None:
    def refuse() -> None:
        full = sqlite3.OperationalError("database or disk is full")
        full.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise full

    stop = on_commit(watched.database._backend.writer, refuse)
    outcomes = await watched.together(storing(1), failing(2), storing(3))
    stop()
    assert [type(outcome) for outcome in outcomes] == [StorageDownError] * 3
    assert len({id(outcome) for outcome in outcomes}) == 3
    assert await watched.numbers() == []
    assert await watched.here.write(storing(4)) == 4


async def test_a_transaction_that_a_failed_commit_left_open_does_not_stay(watched: Watched) -> None:
    """As a foreign key does that is checked at the commit, or a full disk."""

    def store_what_has_no_parent(tx: Transaction) -> None:
        connection = tx.desk._unit.connection  # type: ignore[attr-defined]  # the store is ours
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        connection.exec_driver_sql("INSERT INTO submission_personal VALUES ('T1', 7, 'a', 'b')")

    outcomes = await watched.together(storing(1), store_what_has_no_parent)
    assert [type(outcome) for outcome in outcomes] == [IntegrityError] * 2
    assert await watched.numbers() == []
    assert await watched.here.write(storing(2)) == 2


async def test_when_sqlite_gives_the_transaction_up_all_who_had_begun_hear_it(
    watched: Watched,
) -> None:
    """As it does when the disk fails."""

    def broken(tx: Transaction) -> None:
        tx.desk._unit.connection.exec_driver_sql("ROLLBACK")  # type: ignore[attr-defined]  # the store is ours
        full = sqlite3.OperationalError("disk I/O error")
        full.sqlite_errorcode = sqlite3.SQLITE_IOERR
        raise OperationalError("INSERT", None, full)

    first, bad, last = await watched.together(storing(1), broken, storing(3))
    assert [type(first), type(bad)] == [StorageDownError] * 2
    assert last == 3  # it had not begun: it has a transaction of its own
    assert await watched.numbers() == [3]


async def test_who_was_cancelled_while_waiting_is_not_stored(watched: Watched) -> None:
    async with watched.busy():
        tasks = [asyncio.create_task(watched.here.write(storing(number))) for number in (1, 2, 3)]
        await asyncio.sleep(0)
        tasks[1].cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(outcomes[1], asyncio.CancelledError)
    assert await watched.numbers() == [1, 3]


async def test_who_was_cancelled_in_a_running_transaction_is_stored(watched: Watched) -> None:
    begun, may_end = Event(), Event()

    def slow(tx: Transaction) -> None:
        storing(2)(tx)
        begun.set()
        may_end.wait(5)

    async with watched.busy():
        tasks = [asyncio.create_task(watched.here.write(body)) for body in (storing(1), slow)]
    await asyncio.to_thread(begun.wait, 5)
    for task in tasks:
        task.cancel()
    may_end.set()
    await asyncio.gather(*tasks, return_exceptions=True)
    await watched.here.write(storing(3))
    assert await watched.numbers() == [1, 2, 3]


async def test_who_waits_too_long_hears_it_and_is_not_stored(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with watched.busy():
        monkeypatch.setattr(watched.database._writer, "_patience", 0.05)
        late = asyncio.create_task(watched.here.write(storing(1)))
        with pytest.raises(StorageBusyError):
            await late
    assert await watched.numbers() == []


async def test_a_set_up_that_is_not_committed_is_not_remembered(watched: Watched) -> None:
    """A neighbour in the same transaction reads it; it must not outlive a failed commit."""
    before = replace(default_desk(), version=0, admins=("U1",))
    await watched.database.transact("T1", configure, before, NOW)

    def crash(name: str) -> None:
        if name == "transact.before_commit" and watched.seen.count(name) == 3:
            raise Killed

    watched.seen.clear()
    watched.at = crash
    async with watched.busy():
        tasks = [
            asyncio.create_task(
                watched.database.transact("T1", configure, replace(before, admins=("U2",)), NOW)
            ),
            asyncio.create_task(watched.here.write(lambda tx: tx.desk.load().admins)),
            asyncio.create_task(watched.here.write(storing(1))),
        ]
    for task in tasks:
        with pytest.raises(Killed):
            await task
    watched.at = lambda _: None
    assert watched.database.cached_desk("T1").admins == ("U1",)
    assert await watched.here.write(lambda tx: tx.desk.load().admins) == ("U1",)


async def test_closing_lets_those_who_wait_finish(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    here = Workspace(database)
    tasks = [asyncio.create_task(here.write(storing(number))) for number in range(1, 31)]
    await asyncio.sleep(0)
    await database.close()
    assert await asyncio.gather(*tasks) == [*range(1, 31)]


async def test_a_brief_one_that_the_thread_has_to_run_is_watched_then(sqlite_url: str) -> None:
    """Who is for the event loop has no timer, until somebody comes whom it does not run."""
    database = Database(sqlite_url, patience=0.05)
    await database.start()
    has_begun, may_end = Event(), Event()
    here, brief_ones = Workspace(database), Workspace(database, is_brief=True)

    def wait(_tx: Transaction) -> bool:
        has_begun.set()
        return may_end.wait(5)

    before = asyncio.create_task(brief_ones.write(storing(1)))
    await asyncio.sleep(0)
    slow = asyncio.create_task(here.write(wait))
    assert await asyncio.to_thread(has_begun.wait, 5)
    after = asyncio.create_task(brief_ones.write(storing(2)))
    with pytest.raises(StorageBusyError):
        await after
    may_end.set()
    assert await before == 1
    assert await slow is True
    await database.close()

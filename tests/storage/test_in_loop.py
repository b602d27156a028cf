"""Brief use cases run in the event loop on SQLite, as long as it has nothing to wait for."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from threading import Event, get_ident
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import event, make_url
from sqlalchemy.exc import OperationalError

from bot.brief import is_brief
from bot.crowds import fold_crowd
from bot.errors import StaleError, StorageBusyError, StorageDownError
from bot.ports import LaneRef, Transaction
from bot.submit import hand_in
from bot.tries import claim_lane, end_try
from storage import caution, checkpoints, group_commit
from storage.database import Database
from tests.storage.test_sqlite_file import delete_file, foreign_write_lock
from tests.support.databases import on_commit
from tests.support.storage_examples import Workspace, make_effect, make_submission


@pytest.fixture(autouse=True)
def as_long_as_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is."""
    monkeypatch.setattr(group_commit, "LONGEST", 60.0)
    monkeypatch.setattr(caution, "SLOW", 60.0)


@pytest.fixture
async def seen() -> list[object]:
    """Commits, checkpoints and announced lanes, in order."""
    return []


@pytest.fixture
async def database(sqlite_url: str, seen: list[object]) -> AsyncIterator[Database]:
    found = Database(sqlite_url, on_effects=seen.append, checkpoint=seen.append)
    await found.start()
    on_commit(found._backend.writer, lambda: seen.append("commit"))
    yield found
    await found.close()


@pytest.fixture
def here(database: Database) -> Workspace:
    return Workspace(database, is_brief=True)


@pytest.fixture
def at_length(database: Database) -> Workspace:
    """The same workspace, for what is not brief."""
    return Workspace(database)


def storing(number: int) -> Callable[[Transaction], int]:
    """Stores a submission; gives back the thread in which it did."""

    def store(tx: Transaction) -> int:
        tx.submissions.add(
            make_submission(number), source_key=f"v{number}", origin_key=None, personal={}
        )
        return get_ident()

    return store


def failing(tx: Transaction) -> None:
    storing(99)(tx)
    raise StaleError("somebody was quicker")


async def numbers(here: Workspace) -> list[int]:
    items, _ = await here.read(lambda tx: tx.submissions.of_submitter("U1", limit=200))
    return sorted(item.number for item in items)


def test_what_runs_most_is_brief() -> None:
    assert all(is_brief(one) for one in (hand_in, claim_lane, end_try, fold_crowd))
    assert not is_brief(failing)


async def test_brief_ones_run_in_the_event_loop_and_share_a_commit(
    here: Workspace, seen: list[object]
) -> None:
    threads = await asyncio.gather(*(here.write(storing(number)) for number in range(1, 11)))
    assert threads == [get_ident()] * 10
    assert seen.count("commit") == 1
    assert await numbers(here) == [*range(1, 11)]


async def test_others_run_in_a_thread(at_length: Workspace) -> None:
    assert await at_length.write(storing(1)) != get_ident()


async def test_who_came_first_is_first_wherever_they_run(
    here: Workspace, at_length: Workspace
) -> None:
    async def take(place: int) -> int:
        one = at_length if place % 3 == 0 else here
        return await one.write(lambda tx: tx.submissions.next_number())

    assert await asyncio.gather(*(take(place) for place in range(60))) == [*range(1, 61)]


async def test_while_the_thread_writes_the_loop_does_not(
    here: Workspace, at_length: Workspace
) -> None:
    begun, may_end = Event(), Event()

    def hold(_tx: Transaction) -> None:
        begun.set()
        assert may_end.wait(5)

    holder = asyncio.create_task(at_length.write(hold))
    await asyncio.to_thread(begun.wait, 5)
    task = asyncio.create_task(here.write(storing(1)))
    await asyncio.sleep(0.05)  # the loop is not held up
    assert not task.done()
    may_end.set()
    await holder
    assert await task == get_ident()  # nor does the thread take what is for the loop


async def test_the_thread_takes_what_is_its_own_and_leaves_the_rest(
    here: Workspace, at_length: Workspace
) -> None:
    order = [at_length, here, here, at_length, at_length, here]
    threads = await asyncio.gather(*(one.write(storing(n)) for n, one in enumerate(order)))
    assert [thread == get_ident() for thread in threads] == [one is here for one in order]
    assert await numbers(here) == [*range(6)]


async def test_what_waits_at_the_end_is_run_by_the_thread(
    here: Workspace, at_length: Workspace, database: Database
) -> None:
    begun, may_end = Event(), Event()

    def hold(_tx: Transaction) -> int:
        begun.set()
        assert may_end.wait(5)
        return get_ident()

    tasks = [asyncio.create_task(at_length.write(hold))]
    await asyncio.to_thread(begun.wait, 5)
    tasks += [asyncio.create_task(here.write(storing(number))) for number in range(5)]
    await asyncio.sleep(0)
    closing = asyncio.create_task(database.close())
    await asyncio.sleep(0)
    may_end.set()
    await closing
    assert get_ident() not in await asyncio.gather(*tasks)


async def test_one_that_fails_fails_alone_and_is_told_after_the_commit(
    here: Workspace, seen: list[object]
) -> None:
    def enqueue(tx: Transaction) -> None:
        tx.outbox.add(make_effect("card:1", target="C1"), make_submission(1).created_at)

    bad, good = await asyncio.gather(
        here.write(failing), here.write(enqueue), return_exceptions=True
    )
    assert isinstance(bad, StaleError)
    assert good is None
    told = frozenset({LaneRef("T1", "C1")})
    assert seen == ["transact.before_commit", "commit", "transact.after_commit", told]


async def test_what_the_first_wrote_goes_when_it_fails_and_the_others_are_stored(
    here: Workspace, at_length: Workspace
) -> None:
    def fail(tx: Transaction) -> int:
        failing(tx)
        raise AssertionError

    for place, where in enumerate((here, at_length)):
        bodies = [fail, storing(place * 10 + 1), fail, storing(place * 10 + 2), fail]
        came = await asyncio.gather(*map(where.write, bodies), return_exceptions=True)
        assert [isinstance(one, StaleError) for one in came] == [True, False, True, False, True]
    assert await numbers(here) == [1, 2, 11, 12]


async def test_when_the_commit_fails_nobody_is_told_that_it_worked(
    here: Workspace, database: Database
) -> None:
    def refuse() -> None:
        full = sqlite3.OperationalError("database or disk is full")
        full.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise full

    stop = on_commit(database._backend.writer, refuse)
    outcomes = await asyncio.gather(
        here.write(storing(1)), here.write(storing(2)), return_exceptions=True
    )
    stop()
    assert [type(outcome) for outcome in outcomes] == [StorageDownError] * 2
    assert await numbers(here) == []
    assert await here.write(storing(3)) == get_ident()


async def test_the_loop_does_not_wait_for_a_locked_file(here: Workspace, sqlite_url: str) -> None:
    with foreign_write_lock(sqlite_url):
        begun = monotonic()
        task = asyncio.create_task(here.write(storing(1)))
        await asyncio.sleep(0.1)
        assert monotonic() - begun < 1.5  # SQLite would have waited for two seconds
        assert not task.done()
    assert await task != get_ident()
    assert await here.write(storing(2)) == get_ident()


async def test_a_file_locked_for_too_long_is_told(here: Workspace, sqlite_url: str) -> None:
    with foreign_write_lock(sqlite_url):
        outcomes = await asyncio.gather(
            here.write(storing(1)), here.write(storing(2)), return_exceptions=True
        )
    assert [type(outcome) for outcome in outcomes] == [StorageBusyError] * 2
    assert await numbers(here) == []


async def test_a_file_that_is_gone_is_told(here: Workspace, sqlite_url: str) -> None:
    await here.write(storing(1))
    delete_file(sqlite_url)
    with pytest.raises(StorageDownError):
        await here.write(storing(2))


async def test_a_slow_disk_is_waited_for_in_the_thread(
    here: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caution, "SLOW", 0.0)
    assert await here.write(storing(1)) == get_ident()
    assert await here.write(storing(2)) != get_ident()
    monkeypatch.setattr(caution, "SLOW", 60.0)
    here.storage._writer._caution.until = monotonic()  # type: ignore[attr-defined]  # as if it had passed
    assert await here.write(storing(3)) == get_ident()


async def test_a_full_transaction_leaves_the_rest_to_the_next(
    here: Workspace, seen: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_commit, "MOST", 4)
    threads = await asyncio.gather(*(here.write(storing(number)) for number in range(1, 11)))
    assert threads == [get_ident()] * 10
    assert seen.count("commit") == 3


async def test_who_was_cancelled_while_waiting_is_not_stored(here: Workspace) -> None:
    tasks = [asyncio.create_task(here.write(storing(number))) for number in (1, 2, 3)]
    await asyncio.sleep(0)
    tasks[1].cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(outcomes[1], asyncio.CancelledError)
    assert await numbers(here) == [1, 3]


async def test_closing_lets_those_who_wait_finish(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    here = Workspace(database, is_brief=True)
    tasks = [asyncio.create_task(here.write(storing(number))) for number in range(1, 31)]
    await asyncio.sleep(0)
    await database.close()
    await asyncio.gather(*tasks)
    with pytest.raises(RuntimeError):
        await here.write(storing(31))


def test_loops_in_several_threads_write_through_one_database(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    here = Workspace(database, is_brief=True)

    async def take() -> list[int]:
        many = (here.write(lambda tx: tx.submissions.next_number()) for _ in range(50))
        return await asyncio.gather(*many)

    async def everywhere() -> list[list[int]]:
        found = await asyncio.gather(*(asyncio.to_thread(asyncio.run, take()) for _ in range(4)))
        await database.close()
        return found

    found = asyncio.run(everywhere())
    assert all(taken == sorted(taken) for taken in found)
    assert sorted(number for taken in found for number in taken) == [*range(1, 201)]


async def test_the_log_is_emptied_while_others_write(
    here: Workspace, database: Database, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "EVERY", 10)
    made: Any = database._writer._checkpoints  # type: ignore[attr-defined]  # the writer is ours
    done: list[Any] = []
    log = Path(f"{make_url(sqlite_url).database}-wal")
    for number in range(1, 200):
        await here.write(storing(number))
        done.append(log.stat().st_size)  # noqa: ASYNC240  (what a test looks at)
        # Its thread gives way to all others: on a busy machine no pause would be long enough.
        await asyncio.to_thread(made._executor.submit(int).result)
    assert max(done) < 2_000_000  # all of it would be some six
    assert await numbers(here) == [*range(1, 200)]


async def test_a_checkpoint_that_fails_is_logged_and_made_up_for(
    here: Workspace,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(checkpoints, "EVERY", 1)
    made: Any = database._writer._checkpoints  # type: ignore[attr-defined]  # the writer is ours

    def refuse(*_: object) -> None:
        raise OperationalError("PRAGMA", None, sqlite3.OperationalError("disk I/O error"))

    event.listen(database._backend.reader, "checkout", refuse)
    await here.write(storing(1))
    await asyncio.to_thread(made._executor.submit(int).result)  # behind the one that is made
    event.remove(database._backend.reader, "checkout", refuse)
    assert "no checkpoint" in caplog.text
    await here.write(storing(2))
    assert await numbers(here) == [1, 2]

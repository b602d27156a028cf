import asyncio
from dataclasses import replace
from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.errors import (
    ConfigurationError,
    NotFoundError,
    StaleError,
)
from bot.outbox import Finish, Posted, Verdict
from bot.ports import LaneRef, Transaction
from storage.database import Database
from tests.support.storage_examples import NOW, Workspace, make_effect, make_submission


async def test_a_use_case_gets_its_command_and_the_time(database: Database) -> None:
    def use_case(_tx: Transaction, command: str, now: object) -> tuple[str, object]:
        return command, now

    assert await database.transact("T1", use_case, "hello", NOW) == ("hello", NOW)
    assert await database.read("T1", use_case, "hello", NOW) == ("hello", NOW)


async def test_an_error_rolls_back_and_passes_through(here: Workspace) -> None:
    def fail(tx: Transaction) -> None:
        tx.submissions.add(make_submission(), source_key="v", origin_key=None, personal={})
        raise StaleError("somebody was quicker")

    with pytest.raises(StaleError, match="quicker"):
        await here.write(fail)
    assert await here.read(lambda tx: tx.submissions.get(1)) is None


async def test_lanes_with_work_are_told_after_the_commit(database_url: str) -> None:
    order: list[object] = []
    database = Database(database_url, on_effects=order.append, checkpoint=order.append)
    here = Workspace(database)

    def enqueue(tx: Transaction) -> None:
        for key, target in (("card:1", "C1"), ("card:2", "C2"), ("card:3", "C1")):
            tx.outbox.add(make_effect(key, target=target), NOW)

    await here.write(enqueue)
    lanes = frozenset({LaneRef("T1", "C1"), LaneRef("T1", "C2")})
    checkpoints = ["transact.before_commit", "transact.after_commit"]
    assert order == [*checkpoints, lanes]
    order.clear()
    await here.write(enqueue)  # the same keys: nothing new to do
    assert order == checkpoints
    await database.close()


async def test_a_lane_that_is_being_drained_or_waits_is_not_told_again(database_url: str) -> None:
    """Who drains it looks for more; who found it waiting has set an alarm."""
    told: list[object] = []
    database = Database(database_url, on_effects=told.append)
    here = Workspace(database)
    lanes = frozenset({LaneRef("T1", "C1")})
    await here.enqueue(make_effect("card:1"))
    await here.enqueue(make_effect("card:2"))
    assert told == [lanes, lanes]  # nobody was at it yet
    told.clear()
    claim = await here.claimed("C1")
    await here.enqueue(make_effect("card:3"))
    assert told == []
    gate = NOW + timedelta(seconds=1)
    finish = Finish(verdict=Verdict.SENT, posted=Posted("C1", "1.1"), gate_until=gate)
    await here.write(lambda tx: tx.outbox.finish(claim, finish, NOW))
    await here.enqueue(make_effect("card:4"))
    assert told == []
    await here.enqueue(make_effect("card:5"), now=gate)
    assert told == [lanes]
    await database.close()


async def test_nobody_is_told_of_what_was_rolled_back(database_url: str) -> None:
    told: list[object] = []
    database = Database(database_url, on_effects=told.append)

    def fail(tx: Transaction) -> None:
        tx.outbox.add(make_effect(), NOW)
        raise NotFoundError("no")

    with pytest.raises(NotFoundError):
        await Workspace(database).write(fail)
    await asyncio.sleep(0)
    assert told == []
    await database.close()


async def test_a_crash_before_the_commit_stores_nothing_and_after_it_everything(
    database_url: str,
) -> None:
    crash_at = "transact.before_commit"

    def crash(checkpoint: str) -> None:
        if checkpoint == crash_at:
            raise KeyboardInterrupt

    database = Database(database_url, checkpoint=crash)
    here = Workspace(database)
    with pytest.raises(KeyboardInterrupt):
        await here.add(make_submission(1))
    crash_at = "transact.after_commit"
    with pytest.raises(KeyboardInterrupt):
        await here.add(make_submission(2))
    assert await here.read(lambda tx: tx.submissions.get(1)) is None
    assert await here.read(lambda tx: tx.submissions.get(2)) == make_submission(2)
    await database.close()


async def test_who_was_cancelled_while_waiting_has_still_stored_and_told(
    database_url: str,
) -> None:
    told: list[object] = []
    database = Database(database_url, on_effects=told.append)
    begun, may_end = Event(), Event()

    def slow(tx: Transaction) -> None:
        tx.outbox.add(make_effect(), NOW)
        begun.set()
        may_end.wait(5)

    here = Workspace(database)
    task = asyncio.create_task(here.write(slow))
    await asyncio.to_thread(begun.wait, 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    may_end.set()
    await database.close()
    await asyncio.sleep(0)
    assert told == [frozenset({LaneRef("T1", "C1")})]


async def test_writing_in_a_reading_transaction_is_a_bug(here: Workspace) -> None:
    with pytest.raises(DBAPIError, match=r"read-?only"):
        await here.read(lambda tx: tx.submissions.next_number())


async def test_eight_who_read_change_and_write_lose_nothing(
    here: Workspace, database: Database
) -> None:
    await here.add(make_submission(1))

    def add_one(tx: Transaction) -> bool:
        submission = tx.submissions.get(1)
        assert submission is not None
        changed = replace(
            submission,
            version=submission.version + 1,
            title=str(int(submission.title.removeprefix("Idea ")) + 1),
        )
        return tx.submissions.update(changed, expected_version=submission.version)

    async def client() -> int:
        return sum([await here.write(add_one) for _ in range(12)])

    done = sum(await asyncio.gather(*(client() for _ in range(8))))
    submission = await here.read(lambda tx: tx.submissions.get(1))
    assert submission is not None
    assert submission.version == done + 1
    assert submission.title == str(done + 1)
    if database._backend.has_one_writer:
        assert done == 96  # one writer: nobody comes too late


async def test_ping_leaves_nothing_behind(database: Database) -> None:
    await database.ping()
    await database.ping()
    with database._backend.reader.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM inbox_seen")).scalar_one() == 0


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "mysql://root@localhost/desk", "sqlite:///file:x"]
)
def test_other_urls_are_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match="DATABASE_URL must be"):
        Database(url)


def test_a_refused_url_does_not_show_its_password() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Database("mysql://root:secret@localhost/desk")
    assert "secret" not in caught.value.sentence

"""Wake-ups from one process to another, over Procrastinate and a real PostgreSQL."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from bot.errors import StorageDownError
from bot.ports import LaneRef
from storage.wakeups import Wakeups

pytestmark = pytest.mark.postgres

A, B = LaneRef("T1", "C1"), LaneRef("T2", "C1")
LONG = 20.0


@pytest.fixture
async def wakeups(postgresql_url: str) -> AsyncIterator[Wakeups]:
    async with opened(postgresql_url) as found:
        yield found


@contextlib.asynccontextmanager
async def opened(url: str) -> AsyncIterator[Wakeups]:
    found = Wakeups(url)
    await found.open()
    try:
        yield found
    finally:
        await found.close()


@contextlib.asynccontextmanager
async def hearing(
    wakeups: Wakeups,
    call: Callable[[LaneRef], Awaitable[None]],
    patience: float = 5,
    at_once: int = 4,
) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.ensure_future(wakeups.hear(call, at_once=at_once, patience=patience))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])


def rows(url: str, query: str) -> list[tuple[Any, ...]]:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        cursor = connection.execute(query.encode())
        return cursor.fetchall() if cursor.description else []


def jobs(url: str) -> list[tuple[Any, ...]]:
    query = "SELECT args, status FROM procrastinate_jobs WHERE task_name = 'social_desk.drain'"
    return rows(url, query)


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(LONG):
        while not condition():  # noqa: ASYNC110  (the condition stands in another process)
            await asyncio.sleep(0.01)


class Heard:
    def __init__(self) -> None:
        self.lanes: list[LaneRef] = []

    async def __call__(self, ref: LaneRef) -> None:
        self.lanes.append(ref)


async def test_a_lane_waits_once_however_often_it_is_told_of(
    wakeups: Wakeups, postgresql_url: str
) -> None:
    await wakeups.send([A])
    await wakeups.send([A, B])
    await wakeups.send([B, A])
    found = [(args["workspace_id"], args["lane"]) for args, _ in jobs(postgresql_url)]
    assert sorted(found) == [("T1", "C1"), ("T2", "C1")]


async def test_what_somebody_waits_for_goes_first(wakeups: Wakeups) -> None:
    calm, late = (LaneRef("T1", lane, is_urgent=False) for lane in ("calm", "late"))
    await wakeups.send([calm])
    await wakeups.send([late])
    await wakeups.send([LaneRef("T1", "late")])
    await wakeups.send([A])
    await wakeups.send([late])
    heard = Heard()
    async with hearing(wakeups, heard, at_once=1):
        await until(lambda: len(heard.lanes) == 3)
    assert [(ref.lane, ref.is_urgent) for ref in heard.lanes] == [
        ("late", True),
        ("C1", True),
        ("calm", False),
    ]


async def test_one_of_several_workers_hears_of_it_and_nothing_is_left(
    wakeups: Wakeups, postgresql_url: str
) -> None:
    heard = Heard()
    async with opened(postgresql_url) as other:
        async with hearing(wakeups, heard), hearing(other, heard):
            await until(lambda: len(rows(postgresql_url, LISTENERS)) == 2)
            await wakeups.send([A])
            await until(lambda: heard.lanes)
            await wakeups.send([B])
            await until(lambda: len(heard.lanes) == 2)
            await until(lambda: not jobs(postgresql_url))
        assert heard.lanes == [A, B]
        assert rows(postgresql_url, "SELECT id FROM procrastinate_workers") == []


LISTENERS = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
    "AND query LIKE 'LISTEN%' AND state = 'idle'"
)
OTHERS = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


async def test_a_wake_up_comes_by_notification_not_by_the_next_look(
    wakeups: Wakeups, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.wakeups.LOOK_EVERY", 3600.0)
    heard = Heard()
    async with hearing(wakeups, heard):
        await until(lambda: rows(postgresql_url, LISTENERS))
        for number in range(5):
            await wakeups.send([LaneRef("T1", str(number))])
            await until(lambda: len(heard.lanes) > number)  # noqa: B023  (awaited here)


async def test_a_bug_in_one_lane_leaves_no_job_behind(
    wakeups: Wakeups, postgresql_url: str
) -> None:
    heard = Heard()

    async def call(ref: LaneRef) -> None:
        await heard(ref)
        raise KeyError(ref.lane)

    async with hearing(wakeups, call):
        await wakeups.send([A])
        await until(lambda: heard.lanes)
        await until(lambda: not jobs(postgresql_url))


async def test_a_listener_whose_connections_are_cut_either_goes_on_or_says_so(
    wakeups: Wakeups, postgresql_url: str
) -> None:
    heard = Heard()
    async with contextlib.AsyncExitStack() as stack:
        task = await stack.enter_async_context(hearing(wakeups, heard))
        await until(lambda: rows(postgresql_url, LISTENERS))
        rows(postgresql_url, OTHERS)
        async with asyncio.timeout(LONG):
            while not heard.lanes:
                with contextlib.suppress(StorageDownError):
                    await wakeups.send([A])
                if task.done():
                    assert isinstance(task.exception(), StorageDownError)
                    task = await stack.enter_async_context(hearing(wakeups, heard))
                await asyncio.sleep(0.05)
        await until(lambda: rows(postgresql_url, LISTENERS))


async def test_where_nobody_answers_sending_and_hearing_say_so() -> None:
    async with opened("postgresql+psycopg://postgres@127.0.0.1:1/nobody") as wakeups:
        begun = time.monotonic()
        with pytest.raises(StorageDownError):
            await wakeups.send([A])
        with pytest.raises(StorageDownError):
            await wakeups.hear(Heard(), at_once=1, patience=1)
        assert time.monotonic() - begun < LONG


BEING_DONE = """
WITH worker AS (
    INSERT INTO procrastinate_workers (last_heartbeat)
    VALUES (now() - interval '1 minute'), (now() - interval '1 second') RETURNING id
)
INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, worker_id)
SELECT queue, 'social_desk.drain', jsonb_build_object('of', worker.id), 'doing', worker.id
FROM worker, (VALUES ('social-desk'), ('of-others')) AS name (queue)
"""


async def test_what_a_dead_worker_was_at_is_removed(wakeups: Wakeups, postgresql_url: str) -> None:
    rows(postgresql_url, BEING_DONE)
    assert await wakeups.tidy() == 1
    left = rows(postgresql_url, "SELECT queue_name FROM procrastinate_jobs ORDER BY 1")
    assert left == [("of-others",), ("of-others",), ("social-desk",)]
    assert len(rows(postgresql_url, "SELECT id FROM procrastinate_workers")) == 1


async def test_told_to_stop_it_ends_what_it_is_at(wakeups: Wakeups, postgresql_url: str) -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()
    ended = []

    async def call(ref: LaneRef) -> None:
        begun.set()
        await may_end.wait()
        ended.append(ref)

    async with hearing(wakeups, call) as task:
        await wakeups.send([A])
        await begun.wait()
        await wakeups.send([B])
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.sleep(0.1)
        assert not task.done()
        may_end.set()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert A in ended

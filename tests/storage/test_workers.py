import asyncio
import os
import sys
from collections.abc import Callable
from threading import Event, current_thread, get_native_id
from time import monotonic

import pytest

from bot.errors import StorageBusyError
from storage.courtesy import BEHIND, give_way
from storage.workers import Workers


async def test_jobs_run_in_their_order_on_threads_of_their_own() -> None:
    workers = Workers("desk-test", 1, 2.0)
    ran: list[int] = []

    def job(number: int) -> Callable[[float], str]:
        def note(_deadline: float) -> str:
            ran.append(number)
            return current_thread().name

        return note

    names = await asyncio.gather(*(workers.run(job(number)) for number in range(20)))
    assert ran == list(range(20))
    assert set(names) == {"desk-test_0"}
    await workers.close()


async def test_a_job_that_did_not_begin_in_time_never_runs() -> None:
    workers = Workers("desk-test", 1, 0.05)
    may_end = Event()
    ran: list[str] = []
    first = asyncio.create_task(workers.run(lambda _deadline: may_end.wait(5)))
    await asyncio.sleep(0)
    with pytest.raises(StorageBusyError):
        await workers.run(lambda _deadline: ran.append("late"))
    may_end.set()
    assert await first  # it had begun, so it was awaited
    await workers.close()
    assert ran == []


async def test_a_job_is_told_its_deadline() -> None:
    workers = Workers("desk-test", 1, 2.0)
    begun = monotonic()
    deadline = await workers.run(lambda deadline: deadline)
    assert begun + 2.0 <= deadline <= monotonic() + 2.0
    await workers.close()


async def test_a_cancelled_caller_is_not_told_that_the_database_is_busy() -> None:
    workers = Workers("desk-test", 1, 2.0)
    may_end = Event()
    first = asyncio.create_task(workers.run(lambda _deadline: may_end.wait(5)))
    waiting = asyncio.create_task(workers.run(lambda _deadline: True))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    may_end.set()
    await first
    await workers.close()


async def test_threads_that_give_way_leave_the_process_as_it_is() -> None:
    def nice_here() -> int:
        return os.getpriority(os.PRIO_PROCESS, get_native_id())

    usual = nice_here()
    behind = min(usual + BEHIND, 19) if sys.platform == "linux" else usual
    polite, plain = Workers("polite", 1, 2.0, on_begin=give_way), Workers("plain", 1, 2.0)
    assert await polite.run(lambda _deadline: nice_here()) == behind
    assert await plain.run(lambda _deadline: nice_here()) == usual
    assert nice_here() == usual
    await polite.close()
    await plain.close()

"""Threads for the database: first come, first served, and nobody waits longer than agreed."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from time import monotonic
from typing import TypeVar

from bot.errors import StorageBusyError

R = TypeVar("R")


class Workers:
    """Runs jobs on threads of its own, in the order in which they came."""

    def __init__(
        self,
        name: str,
        threads: int,
        patience: float,
        *,
        on_begin: Callable[[], None] | None = None,
    ) -> None:
        """`on_begin` is called in each of the threads before its first job."""
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix=name, initializer=on_begin)
        self._patience = patience

    async def run(self, job: Callable[[float], R]) -> R:
        """Run `job`, which gets the monotonic time at which its patience ends; see `outcome`."""
        deadline = monotonic() + self._patience
        return await outcome(self._executor.submit(job, deadline), self._patience)

    async def close(self) -> None:
        """Let the jobs that have come finish, then end the threads."""
        await asyncio.get_running_loop().run_in_executor(None, self._executor.shutdown)


async def outcome(future: Future[R], patience: float) -> R:
    """What becomes of a job that another thread will begin.

    Raises StorageBusyError when the job did not even begin within `patience` seconds; a job that
    has begun is always awaited, since only its end tells whether it was stored. When the caller is
    cancelled, a job that has not begun never runs.
    """
    too_late = False

    def give_up() -> None:
        nonlocal too_late
        too_late = future.cancel()

    timer = asyncio.get_running_loop().call_later(patience, give_up)
    try:
        return await asyncio.wrap_future(future)
    except asyncio.CancelledError:
        if too_late:
            raise StorageBusyError from None
        raise
    finally:
        timer.cancel()

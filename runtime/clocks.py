"""The time: the machine's, or one that is handed in; and calls at a later time."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from typing_extensions import override

from bot.ports import Clock

Call = Callable[[], Awaitable[None]]


class Timer(Clock, Protocol):
    """A clock that can also be asked to call back. A sandbox's clock is one, too."""

    def at(self, when: datetime, call: Call) -> object:
        """Await `call()` once, when the time is `when` or later."""
        ...


TRUSTED = timedelta(seconds=0.5)
"""An answer that took longer says too little about the time between question and answer."""


def _wall() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  the one place that reads the machine's clock


def _uptime() -> float:
    """Seconds since the machine started, those asleep included; nobody can set this clock."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class SystemClock(Timer):
    """The machine's clock, until it is told to `follow` another one. From then on whatever is done
    to the machine's clock changes nothing; what its crystal drifts is made good each time.
    """

    def __init__(
        self, wall: Callable[[], datetime] = _wall, uptime: Callable[[], float] = _uptime
    ) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._wall = wall
        self._uptime = uptime
        self._set: tuple[datetime, float] | None = None

    @override
    def now(self) -> datetime:
        if self._set is None:
            return self._wall()
        moment, at = self._set
        return moment + timedelta(seconds=self._uptime() - at)

    async def follow(self, ask: Callable[[], Awaitable[datetime | None]]) -> timedelta:
        """Go by the clock that `ask` reads: the database's, which all processes share. Where it has
        none, nothing changes. Returns by how much the time was moved.
        """
        before = self._uptime()
        moment = await ask()
        spent = timedelta(seconds=self._uptime() - before)
        if moment is None or (self._set is not None and spent > TRUSTED):
            return timedelta()
        was = self.now()
        self._set = (moment + spent / 2, self._uptime())
        return self.now() - was

    @override
    def at(self, when: datetime, call: Call) -> object:
        delay = max((when - self.now()).total_seconds(), 0)
        return asyncio.get_running_loop().call_later(delay, self._start, call)

    def _start(self, call: Call) -> None:
        async def run() -> None:
            await call()

        task = asyncio.ensure_future(run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

"""The time: the machine's, or one that is handed in; and calls at a later time."""

import asyncio
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


class SystemClock(Timer):
    """The machine's clock."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._offset = timedelta()

    @override
    def now(self) -> datetime:
        wall = datetime.now(UTC)  # noqa: TID251  the one place that reads the machine's clock
        return wall + self._offset

    def go_by(self, ahead: timedelta) -> None:
        """Go by a clock that is `ahead` of this one (behind, when negative): the database's, which
        all processes share.
        """
        self._offset += ahead

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

"""One clock for the workspace and the bot: what time it is, and what is due when.

`FrozenClock` stands still until a test moves it. `ShiftedClock` is wall time plus an offset, for
the demo. Both step through due timers in order when they are moved; each timer sees its own time.
"""

import asyncio
import heapq
import inspect
import itertools
import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from typing_extensions import override

log = logging.getLogger(__name__)

Due = Callable[[], Awaitable[None] | None]

# How often other tasks may run after a timer has fired, so that what it woke gets somewhere.
YIELDS = 12


def wall_time() -> datetime:
    """The machine's time, aware, in UTC: for request signatures, which no clock may shift."""
    return datetime.now(UTC)  # noqa: TID251  (the one place that reads the clock)


@dataclass(order=True, slots=True)
class Timer:
    """A thing that is due at `when`; `cancel()` makes it never happen."""

    when: datetime
    number: int
    due: Due = field(compare=False)
    cancelled: bool = field(default=False, compare=False)

    def cancel(self) -> None:
        self.cancelled = True


@dataclass(slots=True)
class _Run:
    """A timer's coroutine under way, and how many of its parts sleep on this clock."""

    parked: asyncio.Event = field(default_factory=asyncio.Event)
    asleep: int = 0

    def park(self) -> None:
        self.asleep += 1
        self.parked.set()

    def unpark(self) -> None:
        self.asleep -= 1
        if not self.asleep:
            self.parked.clear()


_run: ContextVar[_Run | None] = ContextVar("sandbox_timer_run", default=None)


class Clock(ABC):
    """Time as the workspace and the bot see it."""

    # How far back a jump may seem to go: a clock that runs has moved on since it was read.
    _tolerance = timedelta()

    def __init__(self) -> None:
        self._timers: list[Timer] = []
        self._numbers = itertools.count()
        self._stepping = 0

    @abstractmethod
    def now(self) -> datetime:
        """The time, aware, in UTC."""

    @abstractmethod
    def monotonic(self) -> float:
        """Seconds for the windows of acks and triggers: real ones in the demo, frozen in tests."""

    @abstractmethod
    async def window(self, seconds: float) -> None:
        """Sleep on the time that `monotonic` counts."""

    @abstractmethod
    async def lapse(self, seconds: float) -> None:
        """Let time pass as a slow network would: a frozen clock moves, the other waits."""

    @abstractmethod
    def _move(self, when: datetime) -> None:
        """Make `now()` at least `when`."""

    def at(self, when: datetime, due: Due) -> Timer:
        """Call `due` at `when` (aware); if it returns an awaitable, that is awaited.

        A time that has passed is due at the next step. Returns a handle with `cancel()`.
        """
        timer = Timer(when, next(self._numbers), due)
        heapq.heappush(self._timers, timer)
        self._timer_added()
        return timer

    async def sleep(self, seconds: float) -> None:
        """Sleep on this clock: somebody must move a frozen one."""
        woken = asyncio.get_running_loop().create_future()

        def wake() -> None:
            if not woken.done():
                woken.set_result(None)

        timer = self.at(self.now() + timedelta(seconds=seconds), wake)
        run = _run.get()
        if run:
            run.park()
        try:
            await woken
        finally:
            timer.cancel()
            if run:
                run.unpark()

    async def advance(self, delta: timedelta) -> None:
        """Move on by `delta`, see `jump_to`."""
        await self.jump_to(self.now() + delta)

    async def jump_to(self, when: datetime) -> None:
        """Move to `when`, stepping through due timers in order; each sees its own time.

        Asynchronous timers are awaited, unless they sleep on this clock: then the next one is
        due. What a timer raises is raised here. ValueError for a time that has passed.
        """
        if when < self.now() - self._tolerance:
            raise ValueError(f"the clock does not run backwards: {when} is before {self.now()}")
        await self._step(when)

    async def _step(self, when: datetime) -> None:
        self._stepping += 1
        tasks: list[tuple[_Run, asyncio.Task[None]]] = []
        try:
            while (timer := self._pop_due(when)) is not None:
                self._move(timer.when)
                run = _Run()
                tasks.append((run, self._fire(timer, run)))
                tasks = await _attend(tasks)
            self._move(when)
        finally:
            self._stepping -= 1
            self._timer_added()

    def pending(self) -> int:
        """How many timers wait."""
        return sum(not timer.cancelled for timer in self._timers)

    def _pop_due(self, when: datetime) -> Timer | None:
        while self._timers and (self._timers[0].cancelled or self._timers[0].when <= when):
            timer = heapq.heappop(self._timers)
            if not timer.cancelled:
                return timer
        return None

    @staticmethod
    def _fire(timer: Timer, run: _Run) -> asyncio.Task[None]:
        async def fire() -> None:
            _run.set(run)
            result = timer.due()
            if inspect.isawaitable(result):
                await result

        return asyncio.get_running_loop().create_task(fire())

    @abstractmethod
    def _timer_added(self) -> None:
        """For clocks whose timers fire by themselves."""


async def _attend(
    tasks: list[tuple[_Run, asyncio.Task[None]]],
) -> list[tuple[_Run, asyncio.Task[None]]]:
    """Wait until each task is done or sleeps on the clock; return those that sleep."""
    for _ in range(YIELDS):
        await asyncio.sleep(0)
    sleeping: list[tuple[_Run, asyncio.Task[None]]] = []
    for run, task in tasks:
        while not task.done() and not run.asleep:
            parked = asyncio.ensure_future(run.parked.wait())
            await asyncio.wait({task, parked}, return_when=asyncio.FIRST_COMPLETED)
            parked.cancel()
        if task.done():
            task.result()
        else:
            sleeping.append((run, task))
    return sleeping


def _complain(task: asyncio.Task[None]) -> None:
    """Nobody awaits what fires by itself: its exception goes to the log."""
    if not task.cancelled() and task.exception() is not None:
        log.error("a timer raised", exc_info=task.exception())


class FrozenClock(Clock):
    """Stands at `start` (aware) until it is moved: for tests."""

    def __init__(self, start: datetime) -> None:
        super().__init__()
        self._now = start.astimezone(UTC)
        self._start = self._now

    @override
    def now(self) -> datetime:
        return self._now

    @override
    def monotonic(self) -> float:
        return (self._now - self._start).total_seconds()

    @override
    async def window(self, seconds: float) -> None:
        await self.sleep(seconds)

    @override
    async def lapse(self, seconds: float) -> None:
        await self.advance(timedelta(seconds=seconds))

    @override
    def _move(self, when: datetime) -> None:
        self._now = max(self._now, when.astimezone(UTC))

    @override
    def _timer_added(self) -> None:
        """Nothing fires by itself here."""


class ShiftedClock(Clock):
    """Wall time plus an offset that grows with each jump; timers also fire by themselves."""

    _tolerance = timedelta(seconds=1)

    def __init__(self, offset: timedelta = timedelta()) -> None:
        super().__init__()
        self._offset = offset
        self._alarm: asyncio.TimerHandle | None = None
        self._firing: asyncio.Task[None] | None = None

    @override
    def now(self) -> datetime:
        return wall_time() + self._offset

    @override
    def monotonic(self) -> float:
        seconds: float = time.monotonic()
        return seconds

    @override
    async def window(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    @override
    async def lapse(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    @override
    def _move(self, when: datetime) -> None:
        self._offset += max(timedelta(), when - self.now())

    @override
    def _timer_added(self) -> None:
        if self._stepping:
            return
        if self._alarm:
            self._alarm.cancel()
            self._alarm = None
        waiting = next((timer for timer in self._timers if not timer.cancelled), None)
        if waiting is not None:
            delay = max(0.0, (self._timers[0].when - self.now()).total_seconds())
            self._alarm = asyncio.get_running_loop().call_later(delay, self._ring)

    def _ring(self) -> None:
        self._alarm = None
        if self._firing is None or self._firing.done():
            self._firing = asyncio.get_running_loop().create_task(self._step(self.now()))
            self._firing.add_done_callback(_complain)

    def close(self) -> None:
        """Stop the alarm and forget all timers."""
        self._timers.clear()
        if self._alarm:
            self._alarm.cancel()
        if self._firing:
            self._firing.cancel()

"""How the processes on one PostgreSQL hear of each other's work: by notification, or by asking.

The work stands in the outbox, and each worker's `sweep` finds what nobody was told of; so whatever
goes wrong here costs seconds and nothing else, and never stops a process.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Protocol

from typing_extensions import override

from bot.delivery import Checkpoint
from bot.errors import DeskError
from bot.ports import LaneRef
from runtime.dispatcher import SWEPT, Dispatcher
from storage import postgresql

if TYPE_CHECKING:
    from storage.wakeups import Wakeups

log = logging.getLogger(__name__)

POLL_SECONDS = 0.2
"""How often a worker that polls asks the database for work."""
FLUSH_SECONDS = 2.0
STOP_SECONDS = 10.0
"""How long a worker that stops waits for what it was woken for."""
_LONGEST_WAIT = 30.0

Jitter = Callable[[], float]


class Line(Protocol):
    """Where a process tells of work, and hears of it."""

    def tell(self, lanes: Iterable[LaneRef]) -> None:
        """These lanes got work, which is committed; to be called in the event loop."""
        ...

    async def listen(self, dispatcher: Dispatcher) -> None:
        """Have the dispatcher do whatever anybody tells of, until cancelled."""
        ...


class NotifyLine(Line):
    """By Procrastinate: PostgreSQL's LISTEN and NOTIFY, a few milliseconds."""

    def __init__(self, wakeups: "Wakeups", *, jitter: Jitter, checkpoint: Checkpoint) -> None:
        self._wakeups = wakeups
        self._jitter = jitter
        self._checkpoint = checkpoint
        self._untold: set[LaneRef] = set()
        self._telling: asyncio.Task[None] | None = None

    @override
    def tell(self, lanes: Iterable[LaneRef]) -> None:
        """What comes while one batch is on its way goes with the next."""
        for ref in lanes:
            if ref.is_urgent:
                self._untold.discard(ref)  # it may stand there as one that is not
            self._untold.add(ref)
        if self._untold and (self._telling is None or self._telling.done()):
            self._telling = asyncio.ensure_future(self._tell())

    async def _tell(self) -> None:
        while self._untold:
            told, self._untold = self._untold, set()
            self._checkpoint("wakeups.before_send")
            try:
                await self._wakeups.send(told)
            except DeskError as error:
                extra = {"lanes": len(told), "why": reason(error)}
                log.warning("wake-ups lost; the sweep finds their lanes", extra=extra)
            self._checkpoint("wakeups.after_send")

    async def flush(self) -> None:
        """Send what was told of and is not sent yet."""
        if self._telling is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._telling, FLUSH_SECONDS)

    @override
    async def listen(self, dispatcher: Dispatcher) -> None:
        """Listens anew, more and more patiently, when the connection is lost. Hears of many more
        lanes than it can drain at once: whose turn it is, the dispatcher decides.
        """

        async def hear() -> None:
            await self._wakeups.hear(dispatcher.attend, at_once=SWEPT, patience=STOP_SECONDS)

        await again_and_again(hear, self._jitter, what="not listening for wake-ups")


class PollLine(Line):
    """By asking: nobody is told anything, so a commit costs no notification."""

    def __init__(self, *, jitter: Jitter) -> None:
        self._jitter = jitter

    @override
    def tell(self, lanes: Iterable[LaneRef]) -> None:
        """Workers see for themselves."""

    @override
    async def listen(self, dispatcher: Dispatcher) -> None:
        """Ask several times a second; while the database is away, less and less often."""

        async def ask() -> None:
            while True:
                await dispatcher.sweep()
                await asyncio.sleep(POLL_SECONDS)

        await again_and_again(ask, self._jitter, what="not asking for work")


async def again_and_again(
    work: Callable[[], Awaitable[None]], jitter: Jitter, *, what: str
) -> None:
    """Do what should never end; when it ends with a DeskError, say so and begin again after 1, 2,
    4 … seconds with jitter, at once when it went well for long before.
    """
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    wait = 1.0
    while True:
        begun = loop.time()
        try:
            await work()
        except DeskError as error:
            if task is not None and task.cancelling():
                raise asyncio.CancelledError from error
            if loop.time() - begun > _LONGEST_WAIT:
                wait = 1.0
            seconds = wait * (1 + jitter() / 2)
            log.warning(what, extra={"why": reason(error), "again_in_seconds": round(seconds, 1)})
            await asyncio.sleep(seconds)
            wait = min(wait * 2, _LONGEST_WAIT)
        except Exception:
            log.exception(what)
            await asyncio.sleep(_LONGEST_WAIT)


def reason(error: BaseException) -> str:
    """What began it, in one line: for a log that operators read."""
    while error.__cause__ is not None:
        error = error.__cause__
    return " ".join(str(error).split())


@contextlib.asynccontextmanager
async def line_to(
    url: str, *, polls: bool, jitter: Jitter, checkpoint: Checkpoint
) -> AsyncIterator[Line]:
    """A line to the other processes on this database, open as long as the context."""
    if polls:
        yield PollLine(jitter=jitter)
        return
    with postgresql.extra():
        from storage.wakeups import Wakeups
    wakeups = Wakeups(url)
    await wakeups.open()
    line = NotifyLine(wakeups, jitter=jitter, checkpoint=checkpoint)
    try:
        yield line
    finally:
        await line.flush()
        await wakeups.close()


@contextlib.asynccontextmanager
async def listening_to(line: Line, dispatcher: Dispatcher) -> AsyncIterator[None]:
    """Let the dispatcher hear of work; when left, what it was woken for is ended first."""
    task = asyncio.ensure_future(line.listen(dispatcher))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])

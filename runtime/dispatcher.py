"""Drains lanes inside this process: woken at each commit, swept by a tick as a net."""

import asyncio
import logging
from collections.abc import Iterable
from datetime import datetime
from functools import partial

from bot.delivery import Delivery
from bot.errors import DeskError
from bot.ports import LaneRef, Storage
from runtime.clocks import Timer
from runtime.slots import Slots

log = logging.getLogger(__name__)

AT_ONCE = 32
"""How many lanes one process drains at the same time."""

SHARE = 8
"""How many of them may be one workspace's, where there are several."""

SETTLE_SECONDS = 0.5

SWEPT = 500
"""How many ready lanes one sweep wakes."""


class Dispatcher:
    """One task per busy lane. Waking a lane that is busy makes it look once more."""

    def __init__(self, *, delivery: Delivery, storage: Storage, timer: Timer) -> None:
        self._delivery = delivery
        self._storage = storage
        self._timer = timer
        self._slots = Slots(AT_ONCE, SHARE)
        self._busy: dict[LaneRef, asyncio.Task[None]] = {}
        self._again: set[LaneRef] = set()
        self._alarms: dict[LaneRef, datetime] = {}
        self._going_on: set[LaneRef] = set()
        """Lanes that rest behind what was just sent."""
        self._is_closing = False

    def wake(self, lanes: Iterable[LaneRef]) -> None:
        """These lanes got work; to be called in the event loop."""
        for ref in lanes:
            if self._is_closing:
                return
            if ref in self._busy:
                self._again.add(ref)
            else:
                task = asyncio.ensure_future(self._drain(ref))
                self._busy[ref] = task
                task.add_done_callback(partial(self._done, ref))

    async def attend(self, ref: LaneRef) -> None:
        """Wake this lane, and wait until it was looked at and has to wait or is empty."""
        self.wake([ref])
        task = self._busy.get(ref)
        if task is not None:
            await asyncio.wait([task])

    async def sweep(self) -> int:
        """Wake every lane that has work whose time has come; returns how many there were."""
        refs = await self._storage.ready_lanes(self._timer.now(), limit=SWEPT)
        self.wake(refs)
        return len(refs)

    @property
    def is_idle(self) -> bool:
        """Whether no lane is being drained right now."""
        return not self._busy

    def alarms_before(self, moment: datetime) -> int:
        """How many lanes wait for a time before `moment`."""
        return sum(at < moment for at in self._alarms.values())

    async def rest(self) -> None:
        """Wait until no lane is being drained; lanes that wait for a time are left to wait."""
        while self._busy:
            await asyncio.wait(list(self._busy.values()))
            await asyncio.sleep(0)

    async def settle(self) -> None:
        """Wait a moment for what is being drained, so that a clock that jumps sees each effect
        performed at its time. Only a moment: a try may itself wait for that clock.
        """
        if self._busy:
            await asyncio.wait(list(self._busy.values()), timeout=SETTLE_SECONDS)

    async def close(self) -> None:
        """Begin nothing new and wait for what is being tried."""
        self._is_closing = True
        await self.rest()

    async def _drain(self, ref: LaneRef) -> None:
        async with self._slots.of(ref, goes_on=ref in self._going_on):
            try:
                visit = await self._delivery.visit(ref)
            except DeskError as error:
                log.warning("lane left alone", extra={"lane": ref.lane, "why": str(error)})
                return
            except Exception:
                log.exception("lane failed", extra={"lane": ref.lane})
                return
        if visit.again_at is None or visit.has_sent is False:
            self._going_on.discard(ref)
        elif visit.has_sent:
            self._going_on.add(ref)
        if visit.again_at is not None and not self._is_closing:
            self._set_alarm(ref, visit.again_at)

    def _set_alarm(self, ref: LaneRef, at: datetime) -> None:
        standing = self._alarms.get(ref)
        if standing is not None and standing <= at:
            return
        self._alarms[ref] = at

        async def ring() -> None:
            if self._alarms.get(ref) == at:
                del self._alarms[ref]
            self.wake([ref])
            await self.settle()

        self._timer.at(at, ring)

    def _done(self, ref: LaneRef, _task: asyncio.Task[None]) -> None:
        del self._busy[ref]
        if ref in self._again:
            self._again.discard(ref)
            self.wake([ref])

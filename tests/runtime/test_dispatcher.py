"""The dispatcher: every wake-up is heard, lanes wait for their time, nothing begins at the end."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from bot.delivery import Delivery, Visit
from bot.errors import StorageDownError
from bot.ports import LaneRef, Storage
from runtime.dispatcher import AT_ONCE, Dispatcher
from sandbox.clock import FrozenClock

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
A, B = LaneRef("T1", "A"), LaneRef("T1", "B")


class Lanes:
    """Delivery and storage in one: what was drained, and what each draining leads to."""

    def __init__(self) -> None:
        self.drained: list[LaneRef] = []
        self.ready: tuple[LaneRef, ...] = ()
        self.again_at: list[datetime | None] = []
        self.errors: list[Exception] = []
        self.at_once = 0
        self.most_at_once = 0
        self.may_end = asyncio.Event()
        self.may_end.set()

    async def visit(self, ref: LaneRef) -> Visit:
        self.drained.append(ref)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await self.may_end.wait()
        self.at_once -= 1
        if self.errors:
            raise self.errors.pop()
        again_at = self.again_at.pop(0) if self.again_at else None
        return Visit(again_at, has_sent=True)

    async def ready_lanes(self, now: datetime, *, limit: int) -> tuple[LaneRef, ...]:
        assert now >= START
        return self.ready[:limit]


@pytest.fixture
def lanes() -> Lanes:
    return Lanes()


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(START)


@pytest.fixture
def dispatcher(lanes: Lanes, clock: FrozenClock) -> Dispatcher:
    return Dispatcher(delivery=cast("Delivery", lanes), storage=cast("Storage", lanes), timer=clock)


async def test_each_lane_that_is_woken_is_drained(dispatcher: Dispatcher, lanes: Lanes) -> None:
    dispatcher.wake([A, B])
    assert not dispatcher.is_idle
    await dispatcher.rest()
    assert dispatcher.is_idle
    assert lanes.drained == [A, B]


async def test_a_lane_woken_while_it_is_busy_is_looked_at_once_more(
    dispatcher: Dispatcher, lanes: Lanes
) -> None:
    lanes.may_end.clear()
    dispatcher.wake([A])
    await asyncio.sleep(0)
    for _ in range(5):
        dispatcher.wake([A])
    assert lanes.drained == [A]
    lanes.may_end.set()
    await dispatcher.rest()
    assert lanes.drained == [A, A]
    assert lanes.most_at_once == 1


async def test_many_lanes_share_the_slots(dispatcher: Dispatcher, lanes: Lanes) -> None:
    refs = [LaneRef("T1", str(number)) for number in range(3 * AT_ONCE)]
    lanes.may_end.clear()
    dispatcher.wake(refs)
    for _ in range(5):
        await asyncio.sleep(0)
    assert lanes.at_once == AT_ONCE
    lanes.may_end.set()
    await dispatcher.rest()
    assert lanes.most_at_once == AT_ONCE
    assert sorted(lanes.drained, key=refs.index) == refs


async def test_a_lost_wake_up_is_swept_up(dispatcher: Dispatcher, lanes: Lanes) -> None:
    lanes.ready = (A, B)
    assert await dispatcher.sweep() == 2
    await dispatcher.rest()
    assert lanes.drained == [A, B]


async def test_a_lane_that_has_to_wait_is_drained_at_its_time(
    dispatcher: Dispatcher, lanes: Lanes, clock: FrozenClock
) -> None:
    lanes.again_at = [START + timedelta(seconds=30)]
    dispatcher.wake([A])
    await dispatcher.rest()
    assert dispatcher.alarms_before(START + timedelta(seconds=31)) == 1
    assert dispatcher.alarms_before(START + timedelta(seconds=30)) == 0
    await clock.advance(timedelta(seconds=29))
    await dispatcher.rest()
    assert lanes.drained == [A]
    await clock.advance(timedelta(seconds=1))
    await dispatcher.rest()
    assert lanes.drained == [A, A]
    assert dispatcher.alarms_before(START + timedelta(days=1)) == 0


async def test_an_earlier_alarm_does_not_wait_for_a_later_one(
    dispatcher: Dispatcher, lanes: Lanes, clock: FrozenClock
) -> None:
    lanes.again_at = [START + timedelta(minutes=5), START + timedelta(minutes=1)]
    for _ in range(2):
        dispatcher.wake([A])
        await dispatcher.rest()
    await clock.advance(timedelta(minutes=1))
    await dispatcher.rest()
    assert len(lanes.drained) == 3


async def test_a_later_alarm_does_not_put_off_an_earlier_one(
    dispatcher: Dispatcher, lanes: Lanes, clock: FrozenClock
) -> None:
    lanes.again_at = [START + timedelta(minutes=1), START + timedelta(minutes=5)]
    for _ in range(2):
        dispatcher.wake([A])
        await dispatcher.rest()
    await clock.advance(timedelta(minutes=1))
    await dispatcher.rest()
    assert len(lanes.drained) == 3


@pytest.mark.parametrize("error", [StorageDownError(), RuntimeError("a bug")])
async def test_a_lane_that_fails_is_logged_and_comes_again_with_the_sweep(
    dispatcher: Dispatcher, lanes: Lanes, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    lanes.errors = [error]
    lanes.ready = (A,)
    with caplog.at_level(logging.WARNING):
        dispatcher.wake([A, B])
        await dispatcher.rest()
    assert len(caplog.records) == 1
    await dispatcher.sweep()
    await dispatcher.rest()
    assert lanes.drained == [A, B, A]


async def test_closing_waits_for_what_is_tried_and_begins_nothing(
    dispatcher: Dispatcher, lanes: Lanes, clock: FrozenClock
) -> None:
    lanes.again_at = [START + timedelta(seconds=30), START + timedelta(seconds=60)]
    dispatcher.wake([A])
    await dispatcher.rest()
    lanes.may_end.clear()
    dispatcher.wake([B])
    await asyncio.sleep(0)
    dispatcher.wake([B])
    closing = asyncio.ensure_future(dispatcher.close())
    await asyncio.sleep(0)
    assert not closing.done()
    dispatcher.wake([A])
    lanes.may_end.set()
    await closing
    await clock.advance(timedelta(minutes=5))
    assert await dispatcher.sweep() == 0
    assert lanes.drained == [A, B]

"""One clock: timers in order, each seeing its own time."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

import pytest

from sandbox.clock import FrozenClock, ShiftedClock, wall_time

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


async def test_timers_fire_in_order_and_see_their_own_time() -> None:
    clock = FrozenClock(START)
    seen: list[tuple[str, datetime]] = []

    def note(name: str) -> None:
        seen.append((name, clock.now()))

    clock.at(START + 2 * HOUR, lambda: note("second"))
    clock.at(START + HOUR, lambda: note("first"))
    clock.at(START + HOUR, lambda: note("first again"))
    clock.at(START + 9 * HOUR, lambda: note("later"))
    clock.at(START + HOUR, lambda: note("never")).cancel()
    await clock.advance(3 * HOUR)
    assert seen == [
        ("first", START + HOUR),
        ("first again", START + HOUR),
        ("second", START + 2 * HOUR),
    ]
    assert clock.now() == START + 3 * HOUR
    assert clock.pending() == 1


async def test_asynchronous_timers_are_awaited_and_may_set_others() -> None:
    clock = FrozenClock(START)
    ticks: list[datetime] = []

    async def tick() -> None:
        await asyncio.to_thread(lambda: None)
        ticks.append(clock.now())
        clock.at(clock.now() + HOUR, tick)

    clock.at(START + HOUR, tick)
    await clock.advance(3 * HOUR)
    assert ticks == [START + HOUR, START + 2 * HOUR, START + 3 * HOUR]


async def test_a_timer_that_sleeps_on_the_clock_lets_the_next_one_come() -> None:
    clock = FrozenClock(START)
    seen: list[tuple[str, datetime]] = []

    async def sleepy() -> None:
        await clock.sleep(5400)
        seen.append(("sleepy", clock.now()))

    clock.at(START, sleepy)
    clock.at(START + HOUR, lambda: seen.append(("hour", clock.now())))
    await clock.advance(2 * HOUR)
    assert seen == [("hour", START + HOUR), ("sleepy", START + timedelta(minutes=90))]


async def test_a_sleeping_task_wakes_at_its_time() -> None:
    clock = FrozenClock(START)
    woken: list[datetime] = []

    async def loop() -> None:
        while True:
            await clock.sleep(60)
            woken.append(clock.now())

    task = asyncio.create_task(loop())
    await asyncio.sleep(0)
    await clock.advance(timedelta(minutes=3))
    assert woken == [START + timedelta(minutes=minute) for minute in (1, 2, 3)]
    task.cancel()


async def test_a_timer_s_exception_comes_out() -> None:
    clock = FrozenClock(START)

    async def breaks() -> None:
        raise RuntimeError("broken")

    clock.at(START + HOUR, breaks)
    with pytest.raises(RuntimeError, match="broken"):
        await clock.advance(2 * HOUR)


async def test_time_does_not_run_backwards() -> None:
    clock = FrozenClock(START)
    with pytest.raises(ValueError, match="backwards"):
        await clock.jump_to(START - HOUR)


async def test_a_frozen_clock_counts_its_own_seconds_and_lapses() -> None:
    clock = FrozenClock(START)
    await clock.lapse(4)
    assert clock.monotonic() == 4
    assert clock.now() == START + timedelta(seconds=4)


async def test_the_demo_s_clock_jumps_and_fires_by_itself() -> None:
    clock = ShiftedClock()
    seen: list[datetime] = []
    fired = asyncio.Event()
    clock.at(clock.now() + 5 * HOUR, lambda: seen.append(clock.now()))
    before = clock.monotonic()
    monday = wall_time() + 24 * HOUR
    await clock.jump_to(monday)
    assert clock.monotonic() - before < 5
    assert timedelta() <= clock.now() - monday < timedelta(seconds=5)
    assert seen[0] < monday
    clock.at(clock.now() + timedelta(milliseconds=20), fired.set)
    await asyncio.wait_for(fired.wait(), 2)
    clock.close()
    assert clock.pending() == 0


async def test_the_demo_s_clock_logs_what_a_timer_raises(caplog: pytest.LogCaptureFixture) -> None:
    clock = ShiftedClock()
    after = asyncio.Event()

    def breaks() -> None:
        raise RuntimeError("broken")

    with caplog.at_level(logging.ERROR):
        clock.at(clock.now(), breaks)
        clock.at(clock.now() + timedelta(milliseconds=20), after.set)
        await asyncio.wait_for(after.wait(), 2)
    assert "broken" in caplog.text
    clock.close()

"""What happens by itself: each week's digest once, over restarts, delays and clock changes."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.errors import StorageDownError
from bot.ports import Transaction
from runtime.compose import SocialDesk
from runtime.ticks import Tick, _guarded
from sandbox.transports.in_process import InProcess
from tests.support.databases import database_url
from tests.support.desk import Scene, compose, scene
from tests.support.processes import rows_of
from tests.support.storage_examples import make_conversion

__all__ = ["database_url"]

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=BERLIN)
SceneAt = Callable[[datetime], AbstractAsyncContextManager[Scene]]


@pytest.fixture
async def at_work(database_url: str) -> AsyncIterator[Scene]:
    async with scene(database_url) as found:
        yield found


@pytest.fixture
def scene_at(database_url: str) -> SceneAt:
    return lambda start: scene(database_url, start=start)


@pytest.fixture(autouse=True)
def news(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is always something to say: these tests are about when it is said."""
    monkeypatch.setattr("bot.digest.has_news", lambda _material: True)


def digests(s: Scene) -> list[datetime]:
    """When the digests were posted, in Berlin."""
    return [
        datetime.fromtimestamp(float(card.ts), UTC).astimezone(BERLIN)
        for card in s.cards(s.leadership)
    ]


async def restart(s: Scene, database_url: str) -> None:
    """Stop the desk and start another one on the same database."""
    await s.desk.close()
    s.desk = await another(s, database_url)
    s.ws.connect(InProcess(s.ws, s.desk.app))


async def another(s: Scene, database_url: str, **options: Any) -> SocialDesk:
    """Another process on the same database."""
    return await compose(s.ws, s.clock, database_url, **options)


async def test_it_comes_at_its_time_and_once(at_work: Scene) -> None:
    s = at_work
    await s.jump(MONDAY - timedelta(minutes=1))
    assert digests(s) == []
    await s.jump(MONDAY + timedelta(minutes=1))
    for _ in range(5):
        await s.desk.ticks.fire_digests()
        await s.settle()
    (posted,) = digests(s)
    assert timedelta() <= posted - MONDAY < timedelta(seconds=5)


async def test_a_restart_at_any_time_makes_no_second_one(at_work: Scene, database_url: str) -> None:
    s = at_work
    for seconds in (-1, 0, 1):
        await s.clock.jump_to(MONDAY + timedelta(seconds=seconds))
        await restart(s, database_url)
        await s.desk.ticks.fire_digests()
        await s.desk.rest()
    await s.settle()
    assert len(digests(s)) == 1


async def test_desks_that_tick_at_once_post_one(at_work: Scene, database_url: str) -> None:
    s = at_work
    others = [await another(s, database_url, owner=owner) for owner in ("second", "third")]
    await s.clock.jump_to(MONDAY + timedelta(seconds=10))
    desks = (s.desk, *others)
    await asyncio.gather(*(desk.ticks.fire_digests() for desk in desks for _ in "123"))
    await s.settle()
    for desk in others:
        await desk.rest()
        await desk.close()
    assert len(digests(s)) == 1
    assert [row["status"] for row in rows_of(database_url, "period_run")] == ["fired"]


class PowerCutError(BaseException):
    """The process dies here."""


@pytest.mark.parametrize("point", ["transact.before_commit", "transact.after_commit"])
async def test_a_death_while_it_is_fired(at_work: Scene, database_url: str, point: str) -> None:
    s = at_work
    await s.desk.close()
    is_armed = False

    def die(name: str) -> None:
        if is_armed and name == point:
            raise PowerCutError

    dying = await another(s, database_url, checkpoint=die)
    await s.clock.jump_to(MONDAY)
    is_armed = True
    with pytest.raises(PowerCutError):
        await dying.ticks.fire_digests()
    await dying.database.close()
    s.desk = await another(s, database_url)
    await s.desk.ticks.fire_digests()
    await s.desk.ticks.sweep()
    await s.settle()
    assert len(digests(s)) == 1
    assert [row["status"] for row in rows_of(database_url, "period_run")] == ["fired"]


async def test_after_a_night_off_it_comes_late_and_says_so(
    at_work: Scene, database_url: str
) -> None:
    s = at_work
    await s.desk.close()
    await s.clock.jump_to(MONDAY + timedelta(hours=20))
    s.desk = await another(s, database_url)
    await s.desk.ticks.fire_digests()
    await s.settle()
    (late,) = s.cards(s.leadership)
    assert "late" in late.text
    assert "due Mon 23 Nov, 09:00" in late.text


async def test_after_a_long_time_off_the_old_weeks_are_skipped(
    at_work: Scene, database_url: str
) -> None:
    s = at_work
    await s.desk.close()
    await s.clock.jump_to(MONDAY + timedelta(weeks=3, days=3))
    s.desk = await another(s, database_url)
    await s.desk.ticks.fire_digests()
    await s.settle()
    assert digests(s) == []
    assert {row["status"] for row in rows_of(database_url, "period_run")} == {"skipped_missed"}
    await s.jump(MONDAY + timedelta(weeks=4, minutes=1))
    assert len(digests(s)) == 1


@pytest.mark.parametrize(
    "start",
    [
        datetime(2026, 3, 22, 12, 0, tzinfo=UTC),  # clocks go forward on Sunday, 29 March
        datetime(2026, 10, 18, 12, 0, tzinfo=UTC),  # and back on Sunday, 25 October
    ],
)
async def test_over_a_clock_change_it_stays_at_nine(scene_at: SceneAt, start: datetime) -> None:
    async with scene_at(start) as s:
        for _ in range(15):
            await s.wait(days=1)
        found = digests(s)
    assert [(at.strftime("%A"), at.hour, at.minute) for at in found] == [("Monday", 9, 0)] * 3


async def on_sundays(s: Scene) -> None:
    """The digest comes on Sundays at half past two, when clocks change."""
    desk = s.desk.database.cached_desk(s.desk.identity.workspace_id)
    (weekly,) = desk.subscriptions
    sunday = replace(weekly, weekday=6, time="02:30")
    await s.apply(replace(desk, subscriptions=(sunday,)))


@pytest.mark.parametrize(
    "start, expected",
    [
        (datetime(2026, 3, 27, 12, 0, tzinfo=UTC), (3, 30)),  # 02:30 does not exist
        (datetime(2026, 10, 23, 12, 0, tzinfo=UTC), (2, 30)),  # 02:30 comes twice
    ],
)
async def test_in_the_hour_of_the_change_it_comes_once(
    scene_at: SceneAt, start: datetime, expected: tuple[int, int]
) -> None:
    async with scene_at(start) as s:
        await on_sundays(s)
        for _ in range(4):
            await s.wait(hours=12)
        found = digests(s)
    assert [(at.hour, at.minute) for at in found] == [expected]


@pytest.mark.parametrize(
    "start, expected",
    [
        (datetime(2026, 3, 29, 0, 0, tzinfo=UTC), (3, 30)),  # 02:30 does not exist
        (datetime(2026, 10, 24, 23, 0, tzinfo=UTC), (2, 30)),  # 02:30 comes twice
    ],
)
async def test_several_desks_post_one_in_the_hour_of_the_change(
    scene_at: SceneAt, database_url: str, start: datetime, expected: tuple[int, int]
) -> None:
    """Each ticks before, at and after either half past two, all at once."""
    async with scene_at(start) as s:
        await on_sundays(s)
        others = [await another(s, database_url, owner=owner) for owner in ("second", "third")]
        for half_hours in range(1, 8):
            await s.clock.jump_to(start + timedelta(minutes=30 * half_hours))
            await asyncio.gather(*(one.ticks.fire_digests() for one in (s.desk, *others)))
            await s.settle()
        for one in others:
            await one.rest()
            await one.close()
        found = digests(s)
    assert [(at.hour, at.minute) for at in found] == [expected]
    assert [row["status"] for row in rows_of(database_url, "period_run")] == ["fired"]


async def test_events_are_forgotten_after_a_day(at_work: Scene, database_url: str) -> None:
    s = at_work
    s.ws.change_user(s.sam.user.id, tz="America/New_York")
    await s.settle()
    await s.desk.ticks.tidy()
    assert len(rows_of(database_url, "inbox_seen")) == 1
    await s.wait(hours=25)
    await s.desk.ticks.tidy()
    assert rows_of(database_url, "inbox_seen") == []


async def test_messages_of_webhooks_are_forgotten_after_a_week(
    at_work: Scene, database_url: str
) -> None:
    s = at_work
    here = s.desk.identity.workspace_id
    await s.desk.database.transact(
        here, lambda tx, _c, now: tx.hooks.first_time("V1", "msg_1", now), None, s.clock.now()
    )
    for days, left in ((6, 1), (2, 0)):
        await s.clock.advance(timedelta(days=days))
        await s.desk.ticks.tidy()
        assert len(rows_of(database_url, "hook_seen")) == left


async def test_many_conversions_are_counted_by_day(
    at_work: Scene, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    s = at_work
    monkeypatch.setattr("bot.conversions.LEAST", 3)
    here, database = s.desk.identity.workspace_id, s.desk.database

    def tell(tx: Transaction, nth: int, now: datetime) -> None:
        tx.conversions.add(make_conversion(f"o{nth}", occurred_at=now - timedelta(days=nth)))

    for nth, counted in enumerate((0, 0, 3, 3)):
        await database.transact(here, tell, nth, s.clock.now())
        await s.desk.ticks.count()
        assert sum(row["is_counted"] for row in rows_of(database_url, "conversion")) == counted
    now = s.clock.now()
    (total,) = await database.read(
        here, lambda tx, days, at: tx.conversions.totals(at - days, at), timedelta(days=9), now
    )
    assert total.entries == 3, "the first happened at this moment, and is out"


async def test_a_tick_that_fails_stops_no_other(caplog: pytest.LogCaptureFixture) -> None:
    ran = []

    def tick(name: str, error: Exception | None) -> Tick:
        async def run() -> None:
            ran.append(name)
            if error is not None:
                raise error

        return Tick(name, timedelta(seconds=1), timedelta(), run)

    with caplog.at_level(logging.WARNING):
        for each in (
            tick("down", StorageDownError()),
            tick("bug", KeyError("x")),
            tick("ok", None),
        ):
            await _guarded(each)()
    assert ran == ["down", "bug", "ok"]
    assert [getattr(record, "tick", "") for record in caplog.records] == ["down", "bug"]


async def test_the_scheduler_ticks(at_work: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = asyncio.Event()

    async def run() -> None:
        ran.set()

    ticks = at_work.desk.ticks
    often = Tick("often", timedelta(seconds=0.05), timedelta(), run)
    monkeypatch.setattr(ticks, "table", (often,))
    scheduler = ticks.start()
    async with asyncio.timeout(3):
        await ran.wait()
    scheduler.shutdown(wait=False)
    await asyncio.sleep(0)


async def test_who_is_back_is_back_before_anybody_is_reminded(
    at_work: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    async def timers(*_: object, **__: object) -> tuple[tuple[str, int], ...]:
        return (("T", 1),)

    async def returns(*_: object, **__: object) -> tuple[tuple[str, str], ...]:
        return (("T", "U1"),)

    async def note(_workspace: str, use_case: Callable[..., object], *_: object) -> None:
        done.append(use_case.__name__)

    monkeypatch.setattr(at_work.desk.database, "due_timers", timers)
    monkeypatch.setattr(at_work.desk.database, "due_returns", returns)
    monkeypatch.setattr(at_work.desk.ticks, "_do", note)
    await at_work.desk.ticks._timers()
    assert done == ["end_absence", "fire_timer"]

"""What readings from elsewhere do, and how corrections are kept."""

import math
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.closing import CloseGoal, close_goal
from bot.errors import DeskError, FieldError, NotAllowedError, NotFoundError, StaleError
from bot.goal import ReadingSource
from bot.goal_list import AskGoals, see_goals
from bot.readings import ReadGoal, Recorded, RecordReading, moment_of, read_goal, record_reading
from tests.bot.test_goals import set_one
from tests.support.core import CORA, Core

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def record(core: Core, value: float, at: datetime, name: str, **changes: str) -> Recorded:
    command = RecordReading(
        goal_id=changes.get("goal_id", "V1"),
        value=value,
        at=at,
        actor_id=CORA,
        source=ReadingSource(changes.get("source", "file")),
        external_id=name,
    )
    return await core.do(record_reading, command)


async def value(core: Core) -> float | None:
    (standing,) = (await core.ask(see_goals, AskGoals(CORA))).live
    return standing.value


async def test_a_reading_counts_once_per_source_and_name(core: Core) -> None:
    await set_one(core)
    first = await record(core, 5, core.clock.at - DAY, "row 1")
    assert first.is_new
    again = await record(core, 9, core.clock.at, "row 1")
    assert again == Recorded(first.reading, is_new=False)
    assert (await record(core, 7, core.clock.at, "row 1", source="webhook")).is_new
    assert [row["value"] for row in core.rows("reading")] == [5, 7]
    assert first.reading.entered_at == core.clock.at
    assert await value(core) == 7


async def test_a_later_reading_for_the_same_day_puts_the_earlier_right(core: Core) -> None:
    goal = await set_one(core)
    yesterday = moment_of(goal, core.clock.at.date() - DAY, core.clock.at)
    await record(core, 5, yesterday, "row 1")
    put_right = await record(core, 6, yesterday, "row 2")
    assert put_right.reading.corrects == 5
    assert await value(core) == 6
    late = await record(core, 4, yesterday - HOUR, "row 3")  # older, and only came later
    assert late.reading.corrects is None
    assert await value(core) == 6
    today = await core.do(read_goal, ReadGoal(goal_id="V1", actor_id=CORA, value="8"))
    assert today.corrects is None
    assert await value(core) == 8


async def test_what_comes_late_for_an_earlier_day_does_not_count_now(core: Core) -> None:
    await set_one(core)
    seen = await core.do(read_goal, ReadGoal(goal_id="V1", actor_id=CORA, value="8"))
    await record(core, 3, core.clock.at - 2 * DAY, "row 1")
    assert await value(core) == 8
    more = await core.do(read_goal, ReadGoal(goal_id="V1", actor_id=CORA, seq=seen.seq))
    assert (more.value, more.seq, more.corrects) == (9, 3, None)


async def test_a_day_without_a_time_ends_where_the_goal_is_kept(core: Core) -> None:
    goal = replace(await set_one(core), tz="Europe/Berlin")
    end = moment_of(goal, date(2026, 11, 3), core.clock.at)
    assert end.isoformat() == "2026-11-03T22:59:59.999999+00:00"
    assert moment_of(goal, core.clock.at.date(), core.clock.at) == core.clock.at


async def refused(core: Core, kind: type[DeskError], *given: object, **changes: str) -> None:
    with pytest.raises(kind):
        await record(core, *given, **changes)  # type: ignore[arg-type]  # as `record` takes them


async def test_what_can_be_no_reading_is_refused(core: Core) -> None:
    await set_one(core)
    await set_one(core, "V2", title="Ideas", measure="handed_in", target="5")
    now = core.clock.at
    await refused(core, NotFoundError, 1, now, "a", goal_id="V9")
    await refused(core, NotAllowedError, 1, now, "a", goal_id="V2")
    await refused(core, StaleError, 1, now + HOUR, "a")
    await refused(core, StaleError, 1, now - 60 * DAY, "a")
    await refused(core, FieldError, math.nan, now, "a")
    await refused(core, FieldError, 1e13, now, "a")
    assert core.rows("reading") == []


async def test_a_reading_of_the_last_day_may_come_later_until_the_goal_is_closed(
    core: Core,
) -> None:
    goal = await set_one(core, last_day="2026-11-20")
    core.clock.at += 5 * DAY
    last = moment_of(goal, goal.course.last_day, core.clock.at)
    await refused(core, StaleError, 39, last + DAY, "row 0")
    await record(core, 39, last, "row 1")
    given = {"ending": "partly", "lesson": "Nearly there.", "next": "enough"}
    closed = await core.do(
        close_goal, CloseGoal(form_id="V7", goal_id="V1", actor_id=CORA, given=given)
    )
    assert closed.value == 39
    await refused(core, StaleError, 40, last, "row 2")

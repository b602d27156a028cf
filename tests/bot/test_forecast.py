"""Goals with their outlook: which ones have one, and what their weeks are."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.goal import Confidence, Standing
from bot.goal_list import AskGoals, see_goals
from bot.goals import SetGoal, set_goal
from bot.outlook import outlook
from bot.readings import ReadGoal, read_goal
from tests.support.core import CORA, Core

FORM = {
    "title": "Trial sign-ups",
    "new_objective": "More people try it",
    "measure": "hand",
    "unit": "sign-ups",
    "target": "40",
    "serves": "Find out which press fits",
    "stage": "trust",
    "first_day": "2026-11-19",
    "last_day": "2027-02-10",
    "role": "content_lead",
}
"""Twelve weeks from the day on which the tests begin."""


async def set_one(core: Core, form_id: str = "V1", **changes: str) -> None:
    command = SetGoal(form_id=form_id, actor_id=CORA, given={**FORM, **changes})
    await core.do(set_goal, command)


async def read(core: Core, value: int, confidence: str = "") -> None:
    command = ReadGoal(goal_id="V1", actor_id=CORA, value=str(value), confidence=confidence)
    await core.do(read_goal, command)


async def see(core: Core) -> tuple[Standing, ...]:
    return (await core.ask(see_goals, AskGoals(CORA))).live


async def test_by_hand_a_week_is_what_came_between_its_readings(core: Core) -> None:
    await set_one(core)
    for value in (2, 5, 6):
        core.clock.forward(days=7)
        core.clock.at -= timedelta(hours=12)
        await read(core, value)
        core.clock.at += timedelta(hours=12)
    core.clock.at = datetime(2026, 12, 10, 0, 0, tzinfo=UTC)
    (standing,) = await see(core)
    assert standing.outlook == outlook([2, 3, 1], 9, 6, 40)


async def test_before_three_full_weeks_nothing_is_said(core: Core) -> None:
    await set_one(core)
    await read(core, 5)
    core.clock.at = datetime(2026, 12, 9, 23, 59, tzinfo=UTC)
    assert [one.outlook for one in await see(core)] == [None]
    core.clock.forward(minutes=1)
    assert [one.outlook is None for one in await see(core)] == [False]


async def test_what_the_desk_counts_is_counted_by_weeks(core: Core) -> None:
    await set_one(core, measure="handed_in", unit="")
    for _ in range(3):
        await core.hand_in()
        await core.hand_in()
        core.clock.forward(days=7)
    core.clock.at = datetime(2026, 12, 10, 0, 0, tzinfo=UTC)
    (standing,) = await see(core)
    assert standing.outlook == outlook([2, 2, 2], 9, 6, 40)


@pytest.mark.parametrize(
    "changes, value",
    [
        ({"target": "4"}, 1),
        ({"unit": "%"}, 10),
        ({"target": "12.5"}, 3),
        ({"baseline": "50"}, 45),
    ],
)
async def test_levels_shares_and_small_targets_have_none(
    core: Core, changes: dict[str, str], value: int
) -> None:
    await set_one(core, **changes)
    await read(core, value)
    core.clock.forward(days=30)
    assert [one.outlook for one in await see(core)] == [None]


async def test_a_count_that_was_corrected_downwards_says_nothing(core: Core) -> None:
    await set_one(core)
    await read(core, 20)
    core.clock.forward(days=8)
    await read(core, 10)
    core.clock.forward(days=20)
    assert [one.outlook for one in await see(core)] == [None]


async def test_home_is_not_held_up_by_it(core: Core) -> None:
    await set_one(core)
    await read(core, 5)
    core.clock.forward(days=30)
    found = await core.ask(see_goals, AskGoals(CORA, in_full=False))
    assert [one.outlook for one in found.live] == [None]


async def test_a_keeper_says_how_sure_they_are_until_they_say_otherwise(core: Core) -> None:
    await set_one(core)
    await read(core, 3, "doubtful")
    await core.do(read_goal, ReadGoal(goal_id="V1", actor_id=CORA, seq=1))
    (standing,) = await see(core)
    assert standing.reading is not None
    assert (standing.reading.value, standing.reading.confidence) == (4, Confidence.DOUBTFUL)
    await read(core, 5, "")
    (standing,) = await see(core)
    assert standing.reading is not None
    assert standing.reading.confidence is None

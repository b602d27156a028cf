"""When a goal's period is over: who is asked, what they may say, and how it goes on (P43)."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.closing import (
    AskClosing,
    AskKeepers,
    CloseGoal,
    ask_keepers,
    close_goal,
    closing_form,
    next_period,
)
from bot.errors import FieldError, NotAllowedError, NotFoundError, StaleError
from bot.goal import Closing, Ending, Goal
from bot.goal_list import AskGoals, see_goals
from bot.goals import DropGoal, SetGoal, drop_goal, set_goal
from bot.readings import ReadGoal, read_goal
from bot.standings import running
from tests.support.core import ADA, CONRAD, CORA, SAM, Core, a_desk

FORM = {
    "title": "Trial sign-ups",
    "new_objective": "More people try it",
    "measure": "hand",
    "unit": "sign-ups",
    "target": "40",
    "serves": "Find out which press fits",
    "stage": "trust",
    "first_day": "2026-10-01",
    "last_day": "2026-12-31",
    "role": "content_lead",
}
OVER = datetime(2027, 1, 1, 12, 0, tzinfo=UTC)
"""A Friday, when the period is over everywhere; nobody works on the first, but the desk does."""

SAID = {
    "ending": "partly",
    "lesson": "Sign-ups come from testimonials.",
    "next": "again",
    "target": "50",
}


async def set_one(core: Core, form_id: str = "V1", **changes: str) -> Goal:
    command = SetGoal(form_id=form_id, actor_id=CORA, given={**FORM, **changes})
    return await core.do(set_goal, command)


async def over(core: Core, value: str | None = "31", **changes: str) -> Goal:
    """A goal whose period is over, with its last reading."""
    goal = await set_one(core, **changes)
    if value is not None:
        await core.do(read_goal, ReadGoal(goal_id="V1", actor_id=CORA, value=value))
    core.clock.at = OVER
    return goal


async def close(core: Core, by: str = CORA, form_id: str = "V2", **changes: str) -> Closing:
    command = CloseGoal(form_id=form_id, goal_id="V1", actor_id=by, given={**SAID, **changes})
    return await core.do(close_goal, command)


@given(
    first=st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    days=st.integers(1, 1000),
    late=st.integers(0, 3000),
)
def test_the_next_period_follows_has_as_many_days_or_months_and_has_not_ended(
    first: date, days: int, late: int
) -> None:
    last = first + timedelta(days=days)
    today = last + timedelta(days=1 + late)
    begin, end = next_period(first, last, today)
    assert end >= today
    assert begin > last
    assert begin <= today or begin == last + timedelta(days=1)
    if first.day == 1 and last.day == monthrange(last.year, last.month)[1]:
        assert begin.day == 1
        assert end.day == monthrange(end.year, end.month)[1]
        assert _months(begin, end) == _months(first, last)
    else:
        assert end - begin == last - first


def _months(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month


@pytest.mark.parametrize(
    "first, last, today, following",
    [
        ("2026-10-01", "2026-12-31", "2027-01-04", ("2027-01-01", "2027-03-31")),
        ("2026-10-01", "2026-12-31", "2027-04-01", ("2027-04-01", "2027-06-30")),
        ("2024-02-01", "2024-02-29", "2024-03-01", ("2024-03-01", "2024-03-31")),
        ("2026-11-02", "2026-11-15", "2026-11-16", ("2026-11-16", "2026-11-29")),
    ],
)
def test_a_quarter_is_followed_by_a_quarter(
    first: str, last: str, today: str, following: tuple[str, str]
) -> None:
    found = next_period(*map(date.fromisoformat, (first, last, today)))
    assert tuple(day.isoformat() for day in found) == following


async def test_keepers_are_asked_once_when_they_next_work(core: Core) -> None:
    await core.set_up(a_desk())
    goal = await set_one(core)
    assert goal.ask_at == datetime(2027, 1, 1, 9, 0, tzinfo=UTC)
    here = (core.workspace_id, "V1")
    before = goal.ask_at - timedelta(seconds=1)
    assert here not in await core.database.due_closings(before, limit=9_999)
    assert here in await core.database.due_closings(goal.ask_at, limit=9_999)
    core.clock.at = before
    assert await core.do(ask_keepers, AskKeepers("V1")) is None
    core.clock.at = goal.ask_at
    assert await core.do(ask_keepers, AskKeepers("V1")) == "asked"
    assert await core.do(ask_keepers, AskKeepers("V1")) is None
    assert core.effects("closing:") == [f"closing:V1:{CORA}", f"closing:V1:{CONRAD}"]
    assert here not in await core.database.due_closings(OVER, limit=9_999)


async def test_nobody_is_asked_about_a_goal_that_was_dropped_or_closed(core: Core) -> None:
    await set_one(core)
    await core.do(drop_goal, DropGoal(goal_id="V1", version=1, actor_id=CORA))
    core.clock.at = OVER
    assert await core.do(ask_keepers, AskKeepers("V1")) is None
    with pytest.raises(NotFoundError):
        await close(core)


async def test_who_was_quick_is_not_asked(core: Core) -> None:
    goal = await over(core)
    assert goal.ask_at is not None
    core.clock.at = goal.ask_at - timedelta(hours=1)
    await close(core)
    core.clock.at = OVER
    assert await core.do(ask_keepers, AskKeepers("V1")) is None
    assert core.effects("closing:") == []


async def test_a_goal_ends_with_a_word_a_lesson_and_the_next_one(core: Core) -> None:
    await over(core)
    form = await core.ask(closing_form, AskClosing("V1", CORA))
    following = form.following
    assert (following.first_day, following.last_day) == (date(2027, 1, 1), date(2027, 3, 31))
    assert (following.baseline, following.target) == (0, 40)
    closing = await close(core)
    assert (closing.ending, closing.value, closing.next_goal_id) == (Ending.PARTLY, 31, "V2")
    shown = await core.ask(see_goals, AskGoals(CORA))
    (live,) = shown.live
    assert (live.goal.title, live.goal.course.target) == ("Trial sign-ups", 50)
    assert live.objective.title == "More people try it"
    assert shown.to_close == ()
    (ended,) = shown.ended
    assert ended.closing == closing


async def test_the_same_form_again_closes_once_and_another_one_is_told_who_did(core: Core) -> None:
    await over(core)
    first = await close(core)
    assert await close(core) == first
    assert [row["goal_id"] for row in core.rows("goal")] == ["V1", "V2"]
    with pytest.raises(StaleError, match=f"<@{CORA}> has said"):
        await close(core, by=ADA, form_id="V3")
    with pytest.raises(StaleError, match=f"<@{CORA}> has said"):
        await core.ask(closing_form, AskClosing("V1", ADA))


async def test_a_goal_that_is_enough_ends(core: Core) -> None:
    await over(core, "40")
    closing = await close(core, ending="reached", lesson="", next="enough", target="")
    assert closing.next_goal_id is None
    assert len(core.rows("goal")) == 1


async def test_a_level_goes_on_from_where_it_stands(core: Core) -> None:
    await over(core, "1300", baseline="1000", target="1500", unit="followers")
    following = (await core.ask(closing_form, AskClosing("V1", CORA))).following
    assert (following.baseline, following.target) == (1300, 1800)
    await close(core, target="1700")
    (live,) = (await core.ask(see_goals, AskGoals(CORA))).live
    assert (live.goal.course.baseline, live.goal.course.target) == (1300, 1700)


@pytest.mark.parametrize(
    "changes, field, sentence",
    [
        ({"ending": ""}, "ending", "choose what became"),
        ({"ending": "reached"}, "ending", "The number says otherwise"),
        ({"lesson": " "}, "lesson", "What did you learn?"),
        ({"lesson": "x" * 301}, "lesson", "300 characters"),
        ({"next": ""}, "next", "whether it goes on"),
        ({"next": "later"}, "next", "whether it goes on"),
        ({"target": "many"}, "target", "number"),
        ({"target": "0"}, "target", "where it starts"),
    ],
)
async def test_what_is_missing_is_told_beside_it_and_nothing_is_stored(
    core: Core, changes: dict[str, str], field: str, sentence: str
) -> None:
    await over(core)
    with pytest.raises(FieldError) as caught:
        await close(core, **changes)
    assert list(caught.value.fields) == [field]
    assert sentence in caught.value.fields[field]
    assert core.rows("goal_closing") == []
    assert len(core.rows("goal")) == 1


async def test_only_keepers_close_a_goal_and_not_before_its_time(core: Core) -> None:
    await over(core)
    with pytest.raises(NotAllowedError, match="Content lead"):
        await close(core, by=SAM)
    core.clock.at = datetime(2026, 12, 31, 12, 0, tzinfo=UTC)
    with pytest.raises(StaleError, match="runs until 31 Dec 2026"):
        await close(core)


async def test_the_digest_of_the_week_tells_what_was_learned_once(core: Core) -> None:
    await over(core)
    core.clock.at = OVER + timedelta(days=10)
    await close(core)
    at, day = core.clock.forward(hours=1), timedelta(days=1)
    this_week = await core.read(lambda tx: running(tx, at - 7 * day, at))
    next_week = await core.read(lambda tx: running(tx, at + day, at + 8 * day))
    assert [bool(one.closing) for one in this_week] == [True, False]
    assert [one.goal.goal_id for one in next_week] == ["V2"]

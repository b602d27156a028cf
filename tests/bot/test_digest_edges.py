"""Digests at the edges: clocks that change, zones, targets, what is reopened, nothing and one."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.desk import Department
from bot.digest import gather, has_news
from bot.digest_parts import ByLeaders, ContributionsPart, GoalChartPart, MonthsPart, ThanksPart
from bot.goals import SetGoal, set_goal
from bot.lifecycle import Verb
from bot.material import DigestMaterial
from bot.pace import Verdict
from bot.periods import period_key
from bot.readings import ReadGoal, read_goal
from bot.sections import AUDIENCES, Section
from bot.windows import Week
from tests.support import digests
from tests.support.core import CORA, SAM, Core, a_desk

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
SECOND = timedelta(seconds=1)


async def digest_of(core: Core, day: date, audience: str = "team", **more: Any) -> DigestMaterial:
    """The digest planned for `day`, read a month later: its week is over."""
    core.clock.at = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=30)
    week = Week(day=day, tz=BERLIN, audience=audience)
    return await core.ask(gather, replace(week, **more))


async def put_out(core: Core, at: datetime) -> None:
    """An idea of Sam's, handed in, accepted and published at one moment."""
    core.clock.at = at
    idea = await core.step(await core.hand_in(), Verb.ACCEPT)
    await core.step(idea, Verb.PUBLISH, link="https://example.com/1")


@pytest.mark.parametrize(
    "day, begins, ends, hours",
    [
        # Clocks go back on Sunday, 25 October: the week is an hour longer.
        (
            date(2026, 10, 26),
            datetime(2026, 10, 18, 22, tzinfo=UTC),
            datetime(2026, 10, 25, 23, tzinfo=UTC),
            169,
        ),
        # They go forward on Sunday, 28 March.
        (
            date(2027, 3, 29),
            datetime(2027, 3, 21, 23, tzinfo=UTC),
            datetime(2027, 3, 28, 22, tzinfo=UTC),
            167,
        ),
    ],
)
async def test_a_week_in_which_clocks_change_is_told_to_its_last_second(
    core: Core, day: date, begins: datetime, ends: datetime, hours: int
) -> None:
    assert ends - begins == timedelta(hours=hours)
    await core.set_up(replace(a_desk(), departments=(Department(name="Sales", members=(SAM,)),)))
    for moment in (begins - SECOND, begins, ends - SECOND, ends):
        await put_out(core, moment)
    team = await digest_of(core, day)
    assert digests.numbers(team).week.handed_in == 2
    assert digests.part(team, ContributionsPart).week == {"Sales": 2}
    assert [one.handed_in for one in digests.weeks(team).weeks[-2:]] == [1, 2]
    company = await digest_of(core, day, "company")
    assert digests.part(company, ThanksPart).people == {SAM: 2}
    assert digests.published(company).total == 2
    after = await digest_of(core, day + timedelta(days=7))
    assert digests.numbers(after).week.handed_in == 1
    # What was an hour before midnight by the other clock is in the month that it was in here.
    months = (await digest_of(core, day + timedelta(days=28), "team")).parts[Section.MONTHS]
    assert isinstance(months, MonthsPart)
    assert sum(months.handed_in) == 4


async def test_a_month_ends_with_the_clock_that_its_last_day_has(core: Core) -> None:
    # Berlin is one hour ahead at the end of October, two at the end of September.
    september = datetime(2026, 9, 30, 22, tzinfo=UTC)
    october = datetime(2026, 10, 31, 23, tzinfo=UTC)
    for moment in (september - SECOND, september, october - SECOND, october):
        await put_out(core, moment)
    months = digests.part(await digest_of(core, date(2026, 11, 9)), MonthsPart)
    assert [day.month for day in months.first_days] == [9, 10, 11]
    assert months.handed_in == months.published == (1, 2, 1)


async def test_a_channel_that_moves_to_another_zone_is_told_all_once(core: Core) -> None:
    berlin_ends = datetime(2026, 11, 1, 23, tzinfo=UTC)
    new_york_ends = datetime(2026, 11, 9, 5, tzinfo=UTC)
    # New York's Monday begins six hours after Berlin's: what falls between is in the second.
    moments = [berlin_ends - SECOND, berlin_ends, berlin_ends + timedelta(hours=3)]
    for moment in (*moments, new_york_ends - SECOND, new_york_ends):
        await put_out(core, moment)
    told = []
    for audience in ("team", "company"):
        before = await digest_of(core, date(2026, 11, 2), audience)
        moved = await digest_of(
            core, date(2026, 11, 9), audience, tz=NEW_YORK, counted_until=berlin_ends
        )
        later = await digest_of(core, date(2026, 11, 16), audience, tz=NEW_YORK)
        told.append([digests.published(one).total for one in (before, moved, later)])
        if audience == "team":
            assert moved.counts_on == berlin_ends
            assert digests.numbers(moved).week.handed_in == 3
            assert digests.part(moved, ContributionsPart).week == {None: 3}
            # The week before is that of the zone now, up to where this one begins.
            assert digests.numbers(moved).before is not None
            assert [one.published for one in digests.weeks(moved).weeks[-2:]] == [1, 3]
    assert told == [[1, 3, 1], [1, 3, 1]]


GOAL = {
    "title": "Trial sign-ups",
    "new_objective": "More people try it",
    "unit": "sign-ups",
    "target": "91",
    "serves": "Find out which press fits",
    "stage": "trust",
    "first_day": "2026-10-01",
    "last_day": "2026-12-30",
    "role": "content_lead",
}
"""One a day for 91 days."""


async def test_a_target_that_changes_does_not_change_what_was_told_before(core: Core) -> None:
    core.clock.at = datetime(2026, 10, 1, 8, tzinfo=UTC)
    await core.do(set_goal, SetGoal(form_id="V1", actor_id=CORA, given=GOAL))
    core.clock.at = datetime(2026, 11, 2, 8, tzinfo=UTC)
    await core.do(read_goal, ReadGoal(goal_id="V1", actor_id=CORA, value="40"))
    core.clock.at = datetime(2026, 11, 11, 8, tzinfo=UTC)
    more = {**GOAL, "target": "182"}
    await core.do(
        set_goal, SetGoal(form_id="V2", actor_id=CORA, given=more, goal_id="V1", version=1)
    )
    # 31 + 7 days are over when the week ends on 8 November (in UTC, where the goal is kept).
    before = await digest_of(core, date(2026, 11, 9), "leadership")
    (was,) = digests.goals(before)
    assert (was.goal.course.target, was.expected) == (91, 38)
    assert was.verdict is Verdict.ON_PACE
    chart = digests.part(before, GoalChartPart)
    assert chart.pace == tuple(7.0 * week for week in range(6))
    # A week later two a day are wanted, and were from the beginning.
    after = await digest_of(core, date(2026, 11, 16), "leadership")
    (now,) = digests.goals(after)
    assert (now.goal.course.target, now.expected) == (182, 90)
    assert now.verdict is Verdict.BEHIND
    chart = digests.part(after, GoalChartPart)
    assert chart.pace == tuple(14.0 * week for week in range(7))


async def test_what_is_reopened_after_it_was_told_is_taken_back_everywhere(core: Core) -> None:
    core.clock.at = datetime(2026, 11, 4, 12, tzinfo=UTC)
    first, second = [await core.hand_in() for _ in range(2)]
    first = await core.step(first, Verb.ACCEPT)
    first = await core.step(first, Verb.PUBLISH, link="https://example.com/1")
    second = await core.step(second, Verb.DECLINE, reason="timing", note="Not now.")
    monday = date(2026, 11, 9)
    told = await digest_of(core, monday)
    week = digests.numbers(told).week
    assert (week.handed_in, week.accepted, week.declined, week.published) == (2, 1, 1, 1)
    core.clock.at = datetime(2026, 11, 11, 12, tzinfo=UTC)
    for one in (first, second):
        await core.step(one, Verb.REOPEN, note="It was the wrong one.")
    again = await digest_of(core, monday)
    week = digests.numbers(again).week
    assert (week.handed_in, week.accepted, week.declined, week.published) == (2, 1, 0, 0)
    assert (digests.numbers(again).waiting, digests.numbers(again).under_way) == (1, 1)
    assert Section.PUBLISHED not in again.parts
    company = await digest_of(core, monday, "company")
    assert company.parts == {}
    after = await digest_of(core, date(2026, 11, 16))
    assert [one.published for one in digests.weeks(after).weeks] == [0] * 12
    assert digests.numbers(after).waiting == 1


@pytest.mark.parametrize("audience", AUDIENCES)
async def test_nothing_at_all_is_no_news_to_anybody(core: Core, audience: str) -> None:
    material = await digest_of(core, date(2026, 11, 16), audience)
    assert not has_news(material)
    assert set(material.parts) <= {Section.NUMBERS, Section.WEEKS, Section.RECORD}


@pytest.mark.parametrize(
    "audience, there",
    [
        ("leadership", {"numbers", "ask", "waiting", "contributions", "weeks"}),
        ("team", {"numbers", "ask", "waiting", "contributions", "weeks"}),
        ("sales", {"give_and_take", "waiting", "record_decision"}),
        ("company", set()),
    ],
)
async def test_one_submission_is_told_of_to_those_whom_it_concerns(
    core: Core, audience: str, there: set[str]
) -> None:
    core.clock.at = datetime(2026, 11, 11, 12, tzinfo=UTC)
    await core.hand_in()
    material = await digest_of(core, date(2026, 11, 16), audience)
    assert set(material.parts) == there
    assert has_news(material) is bool(there)
    if "numbers" in there:
        assert digests.numbers(material).week.handed_in == 1
        assert digests.part(material, ContributionsPart).quarter == {None: 1}


async def test_a_week_across_new_year_is_one_week_in_both_years(core: Core) -> None:
    # Berlin is an hour ahead in winter: the week begins on 27 December and the year on 31
    # December, at 23:00 UTC each.
    begins = datetime(2026, 12, 27, 23, tzinfo=UTC)
    year_begins = datetime(2026, 12, 31, 23, tzinfo=UTC)
    ends = datetime(2027, 1, 3, 23, tzinfo=UTC)
    departments = (Department(name="Sales", members=(SAM,)),)
    await core.set_up(replace(a_desk(), departments=departments, leaders=(SAM,)))
    moments = (begins - SECOND, begins, year_begins - SECOND, year_begins, ends - SECOND, ends)
    for moment in moments:
        await put_out(core, moment)
    for audience in ("leadership", "team"):
        told = await digest_of(core, date(2027, 1, 4), audience)
        assert (told.first_day, told.last_day) == (date(2026, 12, 28), date(2027, 1, 3))
        assert digests.numbers(told).week.handed_in == 4
        before = digests.numbers(told).before
        assert before is not None
        assert before.handed_in == 1
        # The fourth quarter ends in the week: it has the one before, the first and the last second
        # of its own; the other two of the week belong to the next.
        part = digests.part(told, ContributionsPart)
        assert (part.week, part.quarter) == ({"Sales": 4}, {"Sales": 3})
        assert (part.over, part.leaders) == ("2026-Q4", ByLeaders(4, 3))
        months = digests.part(told, MonthsPart)
        assert [(day.year, day.month) for day in months.first_days] == [(2026, 12), (2027, 1)]
        assert months.handed_in == months.published == (3, 2)
        # The next week is told beside all that came since 1 January.
        after = await digest_of(core, date(2027, 1, 11), audience)
        assert digests.numbers(after).week.handed_in == 1
        part = digests.part(after, ContributionsPart)
        assert (part.quarter, part.over, part.leaders) == ({"Sales": 3}, None, ByLeaders(1, 3))
    company = await digest_of(core, date(2027, 1, 4), "company")
    assert digests.part(company, ThanksPart).people == {SAM: 4}
    assert period_key(date(2027, 1, 3)) == period_key(date(2026, 12, 28)) == "2026-W53"

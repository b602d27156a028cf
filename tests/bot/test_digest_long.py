"""The long run: months, quarters, whose part it was, and one goal's weeks, checked by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.configure import configure, current
from bot.desk import Department
from bot.digest import gather
from bot.digest_long import months_until
from bot.digest_parts import ByLeaders, ContributionsPart, GoalChartPart, MonthsPart, ThanksPart
from bot.goals import SetGoal, set_goal
from bot.lifecycle import Verb
from bot.material import DigestMaterial
from bot.readings import ReadGoal, read_goal
from bot.spending import quarter_of
from bot.windows import Week
from handlers.views.digest_examples import example
from handlers.views.digest_long import contributions, rise
from handlers.views.drawn import Drawn
from tests.support import digests
from tests.support.core import ADA, CORA, LENA, SAM, Core, a_desk


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_quarters_and_months_hold_their_day(day: date) -> None:
    first, after = quarter_of(day)
    assert first <= day < after == quarter_of(first + timedelta(days=93))[0]
    assert (first.day, first.month % 3) == (1, 1)
    months = months_until(day, 12)
    assert len(set(months)) == 12
    assert months == tuple(sorted(months))
    assert months[-1] <= day < months[-1] + timedelta(days=32)


def test_a_rise_is_told_where_chance_does_not_explain_it() -> None:
    assert rise("Handed in", (1, 2, 1, 1), "weeks") == ("*Handed in:* too few to tell a trend yet.")
    assert rise("Handed in", (9, 10, 12, 11), "weeks") == (
        "*Handed in:* 23 in the last 2 weeks, 19 in the 2 before: "
        "steady, the difference may be chance."
    )
    assert rise("Handed in", (99, 9, 10, 30, 31), "weeks").endswith(
        "61 in the last 2 weeks, 19 in the 2 before: rising."
    )
    assert rise("Handed in", (30, 31, 9, 10), "months").endswith("falling.")


def test_a_quarter_that_ended_in_the_week_is_called_by_its_name() -> None:
    part = ContributionsPart(
        week={"Sales": 3, "Legal": 1},
        quarter={"Sales": 3},
        leaders=ByLeaders(1, 0),
        over="2026-Q4",
    )
    drawn, leaders = contributions(part, example())
    assert isinstance(drawn, Drawn)
    assert drawn.words[0].splitlines()[1:] == [
        "Sales: 3 this week, 3 in Q4 2026",
        "Legal: 1 this week, 0 in Q4 2026",
    ]
    assert "'name': 'Q4 2026'" in str(drawn.block)
    assert leaders == (
        "*Leaders' own part:* nothing in Q4 2026. One story of yours would be heard."
    )
    _, leaders = contributions(replace(part, leaders=ByLeaders(2, 1)), example())
    assert leaders == "*Leaders' own part:* 1 of 3 in Q4 2026, 2 this week. Thank you."


TUESDAYS = [datetime(2026, 10, 6, 12, tzinfo=UTC) + n * timedelta(days=7) for n in range(13)]
"""Those of the weeks 1 to 13 of the quarter; the last one is 29 December."""


@pytest.fixture
async def quarter(core: Core) -> Core:
    """One quarter, the fourth of 2026, in Berlin.

    In week n Sam, of Sales, hands in 2, 3, 1, 2, 3, 1, ... ideas: 24 in twelve weeks, 26 in
    thirteen. Ada, of Leadership, hands in one in the weeks 4, 8 and 12: 3. In each even week the
    first idea of that week is accepted and published on Wednesday: 6. The goal wants one sign-up a
    day from 1 October to 31 March (182 days); 60 were read on 1 December.
    """
    departments = (
        Department(name="Sales", members=(SAM,)),
        Department(name="Leadership", members=(ADA,)),
    )
    await core.do(configure, replace(a_desk(), departments=departments))
    core.clock.at = datetime(2026, 10, 1, 8, tzinfo=UTC)
    given = {
        "title": "Trial sign-ups",
        "new_objective": "More people try it",
        "unit": "sign-ups",
        "target": "182",
        "serves": "Find out which press fits",
        "stage": "trust",
        "first_day": "2026-10-01",
        "last_day": "2027-03-31",
        "role": "content_lead",
    }
    await core.do(set_goal, SetGoal(form_id="V1", actor_id=CORA, given=given))
    for week, tuesday in enumerate(TUESDAYS, 1):
        core.clock.at = tuesday
        ideas = [await core.hand_in() for _ in range(week % 3 + 1)]
        if week % 4 == 0:
            await core.hand_in(by=ADA)
        if week % 2 == 0:
            core.clock.forward(days=1)
            one = await core.step(ideas[0], Verb.ACCEPT)
            await core.step(one, Verb.PUBLISH, link=f"https://example.com/{week}")
        if week == 9:  # 1 December
            await core.do(read_goal, ReadGoal(goal_id="V1", actor_id=CORA, value="60"))
    return core


async def digest_of(core: Core, day: date, audience: str) -> DigestMaterial:
    core.clock.at = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
    return await core.ask(gather, Week(day=day, tz="Europe/Berlin", audience=audience))


@pytest.mark.parametrize("audience", ["leadership", "team"])
async def test_the_quarter_to_the_last_digit(quarter: Core, audience: str) -> None:
    material = await digest_of(quarter, date(2027, 1, 4), audience)
    assert (material.first_day, material.last_day) == (date(2026, 12, 28), date(2027, 1, 3))
    numbers = digests.numbers(material)
    assert numbers.before is not None
    # Week 13: two ideas, none published. Week 12: one of Sam's, one of Ada's, one published.
    assert (numbers.week.handed_in, numbers.week.published) == (2, 0)
    assert (numbers.before.handed_in, numbers.before.published) == (2, 1)
    # 26 + 3 were handed in, 6 of them decided; a week before 2 fewer were there.
    assert (numbers.waiting, numbers.waiting_before) == (23, 21)
    # Weeks 2 to 13: Sam's 3 1 2 3 1 2 3 1 2 3 1 2, and Ada's one in 4, 8 and 12.
    weeks = digests.weeks(material)
    assert [one.handed_in for one in weeks.weeks] == [3, 1, 3, 3, 1, 2, 4, 1, 2, 3, 2, 2]
    assert [one.published for one in weeks.weeks] == [1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0]
    assert (weeks.starts[0], weeks.starts[-1]) == ("2026-10-12", "2026-12-28")
    # The week began in the fourth quarter, and counts for it.
    part = digests.part(material, ContributionsPart)
    assert part.week == {"Sales": 2}
    assert (part.quarter, part.over) == ({"Sales": 26, "Leadership": 3}, "2026-Q4")
    assert part.leaders == ByLeaders(0, 3)
    # October: weeks 1 to 4 (2 3 1 2, Ada 1); November: 5 to 8 (3 1 2 3, 1); December: 9 to 13
    # (1 2 3 1 2, 1); January: nothing.
    months = digests.part(material, MonthsPart)
    assert [day.month for day in months.first_days] == [10, 11, 12, 1]
    assert months.handed_in == (9, 10, 10, 0)
    assert months.published == (2, 2, 2, 0)
    # The goal is kept in UTC, where it is still 3 January when the week ends in Berlin:
    # 31 + 30 + 31 + 2 days are over, pace is 94.
    (standing,) = digests.goals(material)
    assert (standing.value, standing.expected) == (60, 94)
    # Read on the 62nd day: known when week 10 begins on the 64th (3 December).
    chart = digests.part(material, GoalChartPart)
    assert chart.days[0] == date(2026, 10, 1)
    assert chart.pace == tuple(float(7 * week) for week in range(14))
    assert chart.values == (*(None for _ in range(9)), *(60.0 for _ in range(5)))


async def test_leaders_are_those_whom_the_set_up_lists(quarter: Core) -> None:
    desk = await quarter.ask(current, None)
    await quarter.set_up(replace(desk, leaders=(SAM, LENA)))
    material = await digest_of(quarter, date(2027, 1, 4), "leadership")
    # Sam's two of week 13 and 26 of the quarter; Lena, whom no department has, gave none.
    assert digests.part(material, ContributionsPart).leaders == ByLeaders(2, 26)
    await quarter.set_up(replace(desk, departments=(), leaders=()))
    material = await digest_of(quarter, date(2027, 1, 4), "leadership")
    assert digests.part(material, ContributionsPart).leaders is None


async def test_the_quarter_for_everybody_and_for_sales(quarter: Core) -> None:
    company = await digest_of(quarter, date(2026, 12, 28), "company")
    # Week 12: one of Sam's was published.
    assert digests.part(company, ThanksPart).people == {SAM: 1}
    assert digests.published(company).total == 1
    sales = await digest_of(quarter, date(2027, 1, 4), "sales")
    (standing,) = digests.goals(sales)
    assert (standing.value, standing.expected) == (60, 94)
    assert digests.waiting(sales).waiting.total == 23

"""One quarter, and all that each audience reads at its end: every number of it reckoned by hand."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.amount import Amount
from bot.configure import configure
from bot.conversions import RecordConversion, Seen, record_conversion
from bot.decisions import CloseDecision, MakeDecision, close_decision, make_decision
from bot.desk import Department
from bot.goals import SetGoal, set_goal
from bot.lifecycle import Verb
from bot.ports import Transaction
from bot.pulse import Pulse
from bot.readings import ReadGoal, read_goal
from bot.sections import AUDIENCES
from bot.submission import Submission
from handlers.views.digest import whole
from tests.bot.test_digest_long import TUESDAYS, digest_of
from tests.support.core import ADA, CORA, LENA, SAM, Core, a_desk
from tests.support.storage_examples import make_lesson

TRIALS = {
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
IDEAS = {
    "title": "Ideas from everybody",
    "new_objective": "The whole company speaks",
    "measure": "handed_in",
    "kind": "idea",
    "target": "28",
    "serves": "Hear what is new",
    "stage": "like",
    "first_day": "2026-10-01",
    "last_day": "2026-12-31",
    "role": "content_lead",
}
DAY = timedelta(days=1)


@pytest.fixture
async def quarter(core: Core) -> Core:
    """The fourth quarter of 2026, in Berlin: thirteen Tuesdays, 6 October to 29 December.

    In week n Sam, of Sales, hands in 2, 3, 1, 2, 3, 1, ... ideas: 26. The first of each week is a
    video for people who are to get to know us. In each even week and in the last it is accepted
    on Wednesday and published there and then, in the last on Thursday: 7. Ada, who leads, hands in
    an idea in the weeks 4, 8 and 12: 3. Two leads come from Sam: in week 10 (number 35), passed on
    the day after and won on 30 December, and in week 11 (number 39), which nobody decides.

    In the summer before, twelve pictures were published: the numbers 1 to 12.
    """
    departments = (
        Department(name="Sales", members=(SAM,)),
        Department(name="Leadership", members=(ADA,)),
    )
    await core.do(configure, replace(a_desk(), departments=departments))
    await the_summer(core)
    core.clock.at = datetime(2026, 10, 1, 8, tzinfo=UTC)
    for goal_id, given in {"V1": TRIALS, "V2": IDEAS}.items():
        await core.do(set_goal, SetGoal(form_id=goal_id, actor_id=CORA, given=given))
    for week, tuesday in enumerate(TUESDAYS, 1):
        core.clock.at = tuesday
        ideas = [await an_idea(core, week, place) for place in range(1, week % 3 + 2)]
        if week % 4 == 0:
            await core.hand_in(by=ADA, fields={"title": f"Ada's of week {week}"})
        await what_else(core, week, ideas[0])
        if week % 2 == 0 or week == 13:
            core.clock.at = tuesday + DAY
            await publish(core, week, ideas[0])
    await the_last_days(core)
    return core


async def the_summer(core: Core) -> None:
    """4 August: Sam's twelve pictures, of which the last one brought a sign-up."""
    core.clock.at = datetime(2026, 8, 4, 12, tzinfo=UTC)
    for place in range(1, 13):
        given = {"title": f"Picture {place}", "content_type": "picture"}
        idea = await core.hand_in(fields=given)
        accepted = await core.step(idea, Verb.ACCEPT)
        await core.step(accepted, Verb.PUBLISH, link=f"https://example.com/s{place}")
    await converted(core, "signup", count=1, last=idea)


async def what_else(core: Core, week: int, first: Submission) -> None:
    """What happened once."""
    match week:
        case 9:  # 1 December
            await core.do(read_goal, ReadGoal(goal_id="V1", actor_id=CORA, value="60"))
        case 10:
            lead = await a_lead(core, knows_us="trust")
            core.clock.forward(days=1)
            await core.step(lead, Verb.PASS_ON, by=LENA, to="Key accounts")
        case 11:
            await a_lead(core)
            await decide(core, "D1", "Two stories a month", due="2026-12-31")
        case 12:
            await decide(core, "D2", "A demo in the newsroom")
            await converted(core, "signup", count=4, last=first)
        case _:
            pass


async def an_idea(core: Core, week: int, place: int) -> Submission:
    more = {"content_type": "video", "stage": "know"} if place == 1 else {}
    return await core.hand_in(fields={"title": f"Week {week}, idea {place}", **more})


async def a_lead(core: Core, **more: str) -> Submission:
    given = {"name": "Nadia Neuland", "contact": "n@example.com", "need": "A pump", **more}
    return await core.hand_in("lead", fields=given)


async def decide(core: Core, form_id: str, text: str, due: str = "") -> None:
    command = MakeDecision(form_id=form_id, actor_id=LENA, text=text, owner_id=SAM, due=due)
    await core.do(make_decision, command)


async def publish(core: Core, week: int, idea: Submission) -> None:
    accepted = await core.step(idea, Verb.ACCEPT)
    if week == 13:
        core.clock.forward(days=1)
    given = {"link": f"https://example.com/{week}", "platform": "linkedin"}
    await core.step(accepted, Verb.PUBLISH, **given)


async def converted(
    core: Core, type_key: str, *, count: int, last: Submission | None = None, **more: object
) -> None:
    seen = None if last is None else Seen(post=str(last.number), platform="linkedin")
    given: Mapping[str, object] = {
        "source": "crm",
        "external_id": f"{type_key}-{count}-{core.clock.now().isoformat()}",
        "type_key": type_key,
        "occurred_at": core.clock.now(),
        "count": count,
        "last": seen,
        **more,
    }
    await core.do(record_conversion, RecordConversion(**given))  # type: ignore[arg-type]


async def the_last_days(core: Core) -> None:
    """Wednesday to Friday of week 13, 30 December to 1 January."""
    core.clock.at = TUESDAYS[-1] + DAY
    await core.step(await core.stored(35), Verb.WIN, by=LENA)
    await converted(core, "signup", count=5, last=await core.stored(40))
    core.clock.forward(hours=1)
    await converted(core, "signup", count=2)
    await converted(core, "revenue", count=1, amount=Amount(250_000, "EUR"))
    await core.do(close_decision, CloseDecision(decision_id="D2", actor_id=LENA, outcome="It ran."))
    lesson = make_lesson(at=core.clock.now(), actor_id=CORA, title="Ads at night")
    quarters = (
        Pulse(quarter="2026-Q3", answered=("a",), counts={3: 2, 4: 3}),
        Pulse(quarter="2026-Q4", answered=("a",), counts={3: 1, 4: 2, 5: 2, 6: 1}),
    )

    def store(tx: Transaction) -> None:
        tx.lessons.add(lesson)
        for one in quarters:
            tx.pulses.add(one)
            tx.pulses.asked(one.quarter, 9)
            tx.pulses.save_answers(one)

    await core.write(store)


# What is read on Monday, 4 January 2027, of the week from 28 December to 3 January, in Berlin.
#
# The goals. One sign-up a day from 1 October to 31 March is 182. They are counted in UTC, where it
# is still 3 January when the week ends in Berlin: 31 + 30 + 31 + 2 = 94 days are over. 60 were
# read: 94 - 60 = 34 behind. Ideas: 26 + 3 = 29 of 28.
GOALS = """*Goals against linear pace*
*Behind:* Trial sign-ups, 60 of 182 sign-ups, pace 94, to be trusted
*Reached:* Ideas from everybody, 29 of 28 handed in"""

# Handed in: 2 ideas; in week 12 one of Sam's and one of Ada's. Decided, published: one each week.
# Of the quarter's 29 ideas 7 are decided, of 2 leads 1: 22 + 1 = 23 wait. A week before, 27 ideas,
# 6 of them decided, and the same lead: 21 + 1 = 22.
NUMBERS = """*Handed in:* 2 (last week 2)
*Decided:* 1 (last week 1)
*Published:* 1 (last week 1)
*Waiting:* 23 (last week 22)"""

# 8 to 30 December. 18 of Sam's and 2 of Ada's until week 9, 2 in week 10, after 12 in
# summer: the lead is number 35.
STORY = "*Story of the week:* lead 35, handed in by <@U0SAM>, Sales, was won after 22 days."
ASK = "*One ask:* an idea that moves “Trial sign-ups” on: 34 sign-ups behind."

# A week's pace is 7. Read on 1 December: known when week 10 of the goal begins, on the 3rd.
GOAL_BY_GOAL = """*Goals, one by one*
*Behind:* Trial sign-ups, 60 of 182 sign-ups, pace 94, to be trusted (Content lead)
*Reached:* Ideas from everybody, 29 of 28 handed in (Content lead)
*Trial sign-ups*, from 1 Oct on, week by week:
Actual: 0, 0, 0, 0, 0, 0, 0, 0, 0, 60, 60, 60, 60, 60
Pace: 0, 7, 14, 21, 28, 35, 42, 49, 56, 63, 70, 77, 84, 91"""

# Sign-ups: 5 + 2; of 7 + 1 = 8 conversions 5 came from a post: 3 are unknown.
CONVERSIONS = """*Sales:* 1 (last week 0)
*E-mail sign-ups:* 7 (last week 4)
Unknown what brought them: 3 of 8."""
PUBLISHED = """*Published*
• <https://example.com/13|Week 13, idea 1>, from <@U0SAM>, Sales"""

# Two days of work for a decision: what came on 29 December was due on 31 December. The lead that
# was passed on in week 10 was under way until it was won.
WAITING = """*Waiting on* Content lead: 22, Lead desk: 1. 23 are overdue. \
The oldest is from Tue 6 Oct.
*Under way:* 0 (last week 1)."""
LESSON = """*Lesson of the week*
*Ads at night* · 30 Dec 2026
*Expected:* They buy it.
*Happened:* They did not.
*Why:* Too late.
*Now:* Call at once."""

# 26 ideas and 2 leads of Sam's: 28; with Ada's 3 they are 31. The quarter ended on Thursday.
CONTRIBUTIONS = """*Handed in, by department*
Sales: 2 this week, 28 in Q4 2026
Leadership: 0 this week, 3 in Q4 2026
*Leaders' own part:* 3 of 31 in Q4 2026. Thank you."""

# (3 + 2 x 4 + 2 x 5 + 6) / 6 = 27 / 6, (2 x 3 + 3 x 4) / 5 = 18 / 5; the quarter's end is told in
# the week in which the last zone has left it.
PULSE = """*How well is social integrated with sales, product and leadership?* 1: not at all. \
7: completely.
*Q4 2026:* 4.5 (6 of 9 answered)
*Q3 2026:* 3.6 (5 of 9 answered)
0.9 up from Q3 2026.
In a published survey marketers gave themselves 3.9 on average. That is how they saw themselves, \
not a mark to reach."""

# Weeks 2 to 13. Sam's 3 1 2 3 1 2 3 1 2 3 1 2, Ada's in 4, 8 and 12, the leads in 10 and 11; the
# lead was decided in week 10. 4 + 1 + 3 + 4 + 2 + 2 = 16, 3 + 1 + 3 + 3 + 1 + 2 = 13: 3 more are
# less than 1.64 times the root of 29. Months: weeks 1 to 4 (2 + 3 + 1 + 2, Ada's 1), 5 to 8 (3 + 1
# + 2 + 3, 1), 9 to 13 (1 + 2 + 3 + 1 + 2, 1, the leads 2); published in weeks 2, 4, 6, 8, 10, 12
# and 13; before them the twelve of August. Of five whole months two are compared with the two
# before: 10 + 12 = 22, 0 + 9 = 9: 13 more are more than 1.64 times the root of 31, which is 9.1.
LONG_RUN = """Per week, from the week of 12 Oct on:
Handed in: 3, 1, 3, 3, 1, 2, 4, 1, 3, 4, 2, 2
Decided: 1, 0, 1, 0, 1, 0, 1, 0, 2, 0, 1, 1
Published: 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1
*Handed in:* 16 in the last 6 weeks, 13 in the 6 before: steady, the difference may be chance.
Per month, from Aug 2026 on; the last as far as it goes:
Handed in: 12, 0, 9, 10, 12, 0
Published: 12, 0, 2, 2, 3, 0
*Handed in:* 22 in the last 2 months, 9 in the 2 before: rising."""

# The first idea of each of 13 weeks; 7 of them are published.
STAGES = """*From knowing us to staying, last 13 weeks*
• Get to know us: 13 handed in, 7 published
• Like us: 0 handed in, 0 published
• Trust us: 0 handed in, 0 published, 1 goal · *starved*
• Become a lead: 0 handed in, 0 published
• Stay a customer: 0 handed in, 0 published
*Trust us* is starved. Nothing waits for it: ask for ideas.
7 posts name a stage; from 10 on their spread says something."""

# Half a year back is 6 July. As the last touch 9 sign-ups (4 + 5) of 7 videos: 9 / 7 = 1.29; 1 of
# 12 pictures: 1 / 12 = 0.08; together 10 / 19 = 0.53. Of fewer than 10 posts nothing is said.
# That of pictures lies at (1 - 1/18 + 1.96 / (3 x root of 2))^3 x 2 / 12 = 1.4064^3 / 6 = 0.46 at
# most, 95 times in 100: below 0.53.
TYPES = """*Content types, last half year*, by what was put down to them as the last touch
• Video: 9 from 7 posts, 1.3 each; too few to say
• Picture: 1 from 12 posts, 0.1 each; *stop, or try it otherwise*
All together: 0.5 each."""

DECISIONS = """*Decisions that were closed*
• A demo in the newsroom (<@U0SAM>). It ran.
*Open decisions*
• Two stories a month (<@U0SAM>, by 31 Dec) :warning: overdue
`/social decisions` closes them."""
GIVEN = """*Given and returned*
• Sales gave 2 ideas; back came 1 published and 1 won"""

# Of Sam's 26 ideas 7 are decided, of his leads 1. The newest: 43 is the second of week 13, 41 is
# Ada's, 40 was decided, 39 is the lead, 36 to 38 are week 11's.
WANTED = """*Sales asks for:* 19 ideas and 1 lead, not decided yet
• Week 13, idea 2 (number 43)
• Week 11, idea 3 (number 38)
• Week 11, idea 2 (number 37)"""

# Both leads lie in the twelve weeks. Sign-ups that saw a video last: 4 + 5.
BROUGHT = """*Leads in 12 weeks:* 2, by how well they know us. Too few to tell which works.
• Unknown: 1, 0 won
• Trusts us: 1, 1 won
*What people saw last before they acted, in 12 weeks:* Too few to tell which works.
• Video: 9"""
THANKS = "*Thank you,* <@U0SAM>: what you handed in was published this week."

WEEK = "Social digest, 28 Dec 2026 to 3 Jan 2027"
FIRST = "1 of 2 goals on pace; “Trial sign-ups” is 34 behind"
DETAIL, LONG = "*The week in detail*", "*The long run*"

READ: Mapping[str, tuple[str, ...]] = {
    "leadership": (
        *(f"{FIRST}; one decision needed.", WEEK, GOALS, NUMBERS, STORY, ASK, GOAL_BY_GOAL),
        *(DETAIL, CONVERSIONS, PUBLISHED, WAITING, LESSON, CONTRIBUTIONS),
        *(LONG, PULSE, LONG_RUN),
    ),
    "team": (
        *(f"{FIRST}; one decision needed.", WEEK, GOALS, NUMBERS, ASK, GOAL_BY_GOAL),
        *(DETAIL, WAITING, CONVERSIONS, PUBLISHED, LESSON, CONTRIBUTIONS),
        *(LONG, STAGES, TYPES, LONG_RUN),
    ),
    "sales": (
        *(f"{FIRST}.", WEEK, DECISIONS, GOALS, GIVEN, STORY),
        *(DETAIL, WANTED, BROUGHT, CONVERSIONS, WAITING, LESSON),
    ),
    "company": ("1 published.", WEEK, THANKS, STORY, DETAIL, PUBLISHED),
}


@pytest.mark.parametrize("audience", AUDIENCES)
async def test_every_number_of_the_quarter(quarter: Core, audience: str) -> None:
    material = await digest_of(quarter, date(2027, 1, 4), audience)
    assert whole(material).text == "\n".join(READ[audience])

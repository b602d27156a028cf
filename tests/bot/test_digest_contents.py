"""What a digest says, counts and asks for: nothing untrue, and nothing that Home says otherwise."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.configure import configure
from bot.desk import Member, Role, Rule, Subscription
from bot.digest import FIRED, SILENT, FireDue, Preview, fire_due, gather, judge, preview
from bot.digest_rules import AskKind
from bot.errors import ConfigurationError
from bot.goals import SetGoal, set_goal
from bot.home import AskHome, home
from bot.lifecycle import Verb
from bot.material import DigestMaterial
from bot.pace import Verdict
from bot.readings import ReadGoal, read_goal
from bot.windows import Week
from handlers.views.digest import digest as digest_view
from tests.support import digests
from tests.support.core import ADA, CORA, LENA, SAM, Core, a_desk

MONDAYS = Subscription(
    subscription_id="heads", channel_id="C0HEADS", weekday=0, time="09:00", tz="Europe/Berlin"
)
DUE = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""Monday of week 48, 09:00 in Berlin."""
WEEK = timedelta(days=7)
HOUR = timedelta(hours=1)
GOAL = {
    "title": "Trial sign-ups",
    "new_objective": "More people try it",
    "unit": "sign-ups",
    "target": "40",
    "serves": "Find out which press fits",
    "stage": "trust",
    "first_day": "2026-11-01",
    "last_day": "2026-12-30",
    "role": "content_lead",
}


@pytest.fixture(autouse=True)
async def subscribed(core: Core) -> None:
    await core.do(configure, a_desk(MONDAYS))


async def look(core: Core) -> DigestMaterial:
    return await core.ask(preview, Preview("C0HEADS", CORA))


async def digest_of(core: Core, due: datetime) -> DigestMaterial:
    return await core.ask(gather, Week(day=due.date(), tz=MONDAYS.tz))


async def fire(core: Core, at: datetime) -> str | None:
    core.clock.at = at
    return await core.do(fire_due, FireDue("heads"))


async def test_a_lead_that_was_won_is_news(core: Core) -> None:
    lead = await core.hand_in("lead")
    lead = await core.step(lead, Verb.PASS_ON, by=LENA, to="Sales, North")
    assert await fire(core, DUE) == FIRED
    await core.step(lead, Verb.WIN, by=LENA)
    assert await fire(core, DUE + WEEK) == FIRED
    assert await fire(core, DUE + 2 * WEEK) == SILENT


async def test_a_lead_that_was_passed_on_is_under_way_and_not_to_be_published(core: Core) -> None:
    idea = await core.step(await core.hand_in(), Verb.ACCEPT)
    lead = await core.hand_in("lead")
    await core.step(lead, Verb.PASS_ON, by=LENA, to="Sales, North")
    core.clock.forward(hours=1)
    material = await look(core)
    assert digests.waiting(material).under_way == {"content_lead": 1, "lead_desk": 1}
    asked = digests.ask(material)
    assert asked is not None
    assert (asked.role_id, asked.count) == ("content_lead", 1)
    assert asked.kind is AskKind.PUBLISH
    await core.step(idea, Verb.PUBLISH, link="https://example.com/1")
    core.clock.forward(hours=1)
    material = await look(core)
    assert digests.waiting(material).under_way == {"lead_desk": 1}
    asked = digests.ask(material)
    assert asked is None or asked.kind is not AskKind.PUBLISH


async def test_what_is_due_later_in_the_week_is_not_overdue_in_its_preview(core: Core) -> None:
    idea = await core.hand_in()
    core.clock.forward(hours=1)
    assert core.clock.at < idea.due_at < DUE
    assert digests.waiting(await look(core)).waiting.overdue == 0
    core.clock.at = idea.due_at + timedelta(seconds=1)
    assert digests.waiting(await look(core)).waiting.overdue == 1


async def test_what_waits_for_its_submitter_is_not_overdue(core: Core) -> None:
    idea = await core.hand_in()
    await core.step(idea, Verb.ASK, text="Which pump?")
    core.clock.at = idea.due_at + HOUR
    material = await look(core)
    at_home = await core.ask(home, AskHome(CORA))
    assert at_home.queue is not None
    assert at_home.queue.overdue == digests.waiting(material).waiting.overdue == 0
    assert digests.waiting(material).waiting.total == 1


async def test_what_is_with_a_role_that_is_no_more_counts_for_who_acts_for_it(core: Core) -> None:
    desk = a_desk(MONDAYS)
    events = Role(role_id="events", label="Events", holders=(SAM,))
    rules = (Rule(role_id="events"),)
    await core.do(configure, replace(desk, roles={**desk.roles, "events": events}, rules=rules))
    await core.hand_in(by=CORA)
    accepted = await core.hand_in(by=CORA)
    await core.step(accepted, Verb.ACCEPT, by=SAM)
    await core.do(set_goal, SetGoal(form_id="V1", actor_id=ADA, given={**GOAL, "role": "events"}))
    await core.do(configure, desk)
    core.clock.forward(days=1)
    material = await look(core)
    assert digests.waiting(material).waiting.by_role == {"social_lead": 1}
    assert digests.waiting(material).under_way == {"social_lead": 1}
    core.clock.forward(days=14)
    (standing,) = digests.goals(await look(core))
    assert standing.role == "Social lead"
    ask = digests.ask(await look(core))
    assert ask is not None
    assert (ask.kind, ask.role_id) == (AskKind.READ_GOAL, "social_lead")


@pytest.mark.parametrize("tz", ["Pacific/Honolulu", "Pacific/Auckland"])
async def test_a_goal_that_ended_is_told_of_once_wherever_its_keeper_lives(
    core: Core, tz: str
) -> None:
    now = core.clock.now()
    await core.write(lambda tx: tx.members.save([Member(user_id=CORA, name="Cora", tz=tz)], now))
    given = {**GOAL, "last_day": "2026-11-22"}
    await core.do(set_goal, SetGoal(form_id="V1", actor_id=CORA, given=given))
    told = []
    for weeks in range(3):
        core.clock.at = DUE + weeks * WEEK - HOUR
        told += [one.verdict for one in digests.goals(await digest_of(core, DUE + weeks * WEEK))]
    assert told.count(Verdict.MISSED) == 1
    assert told[-1] is Verdict.MISSED


async def test_how_far_a_goal_is_behind_agrees_with_its_line(core: Core) -> None:
    given = {**GOAL, "title": "Replies", "unit": "%", "baseline": "1", "target": "2.5"}
    await core.do(set_goal, SetGoal(form_id="V1", actor_id=CORA, given=given))
    await core.do(read_goal, ReadGoal(goal_id="V1", actor_id=CORA, value="1.1"))
    core.clock.at = DUE
    material = await digest_of(core, DUE)
    (standing,) = digests.goals(material)
    assert (standing.value, standing.expected) == (1.1, 1.52)
    text = digest_view(material).text
    assert "pace 1.52" in text
    assert "0.42\u00a0% behind" in text


async def test_whether_there_is_news_can_be_read_ahead(core: Core) -> None:
    core.clock.at = DUE - HOUR
    assert await core.ask(judge, "heads") is None
    core.clock.at = DUE
    judged = await core.ask(judge, "heads")
    assert judged is not None
    assert not judged.has_news
    await core.hand_in()
    core.clock.at = DUE + WEEK
    # What was judged of another week does not count.
    assert await core.do(fire_due, FireDue("heads", judged)) == FIRED
    assert await core.ask(judge, "nowhere") is None


async def test_what_was_read_ahead_is_not_read_again(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    await core.hand_in()
    core.clock.at = DUE
    judged = await core.ask(judge, "heads")
    monkeypatch.delattr("bot.digest.gather")
    assert await core.do(fire_due, FireDue("heads", judged)) == FIRED


async def test_a_preview_for_another_audience_says_what_that_one_gets(core: Core) -> None:
    own, sales = await look(core), await core.ask(preview, Preview("C0HEADS", CORA, "sales"))
    assert (own.audience.key, sales.audience.key) == ("leadership", "sales")
    with pytest.raises(ConfigurationError, match=r"no audience board\. There are: leadership, "):
        await core.ask(preview, Preview("C0HEADS", CORA, "board"))

"""Stages: which is starved and what waits for it; what departments gave and got."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.choices import STAGES
from bot.desk import Department
from bot.funnel import CARRIES, funnel, see_funnel
from bot.give_and_take import AskGiven, see_given
from bot.insight_store import GivenCount, StageCount
from bot.lifecycle import Verb
from handlers.views.insights import stage_lines
from tests.bot.test_closing import set_one
from tests.support.core import CORA, LENA, SAM, SUE, Core, a_desk

KEYS = [option.value for option in STAGES]


def spread(**published: int) -> list[StageCount]:
    return [StageCount(stage=key, published=count) for key, count in published.items()]


@given(
    st.dictionaries(st.sampled_from(KEYS), st.integers(0, 50)),
    st.dictionaries(st.sampled_from(KEYS), st.integers(1, 3)),
)
def test_starved_is_what_has_less_than_half_a_share_or_a_goal_and_nothing(
    published: dict[str, int], goals: dict[str, int]
) -> None:
    found = funnel(spread(**published), goals)
    total = sum(published.values())
    assert found.published == total
    assert [one.key for one in found.stages] == KEYS
    for one in found.stages:
        count = published.get(one.key, 0)
        thin = total >= CARRIES and count < total / len(KEYS) / 2
        assert one.is_starved is (thin or (one.key in goals and count == 0))
    starved = [(one.goals == 0, one.counted.published) for one in found.starved]
    assert starved == sorted(starved)
    assert len(found.starved) < len(KEYS) or total == 0


def test_an_even_spread_starves_nobody() -> None:
    found = funnel(spread(know=4, like=4, trust=4, lead=4, customer=4), {"trust": 1})
    assert found.carries
    assert found.starved == ()


async def test_what_waits_for_a_stage_is_counted(core: Core) -> None:
    for verbs in ((), (Verb.ACCEPT,), (Verb.ACCEPT, Verb.PUBLISH)):
        found = await core.hand_in(fields={"title": "The pump", "stage": "trust"})
        for verb in verbs:
            more = {"link": "https://example.com/p"} if verb is Verb.PUBLISH else {}
            found = await core.step(found, verb, **more)
    await core.hand_in()
    core.clock.forward(minutes=1)
    found_ = await core.ask(see_funnel, None)
    trust = next(one for one in found_.stages if one.key == "trust")
    assert trust.counted == StageCount(
        stage="trust", handed_in=3, published=1, undecided=1, unpublished=1
    )
    assert not found_.carries


async def test_what_waits_for_a_starved_stage_is_named_to_be_taken_up(core: Core) -> None:
    await set_one(core, stage="trust")
    assert "ask for ideas" in stage_lines(await core.ask(see_funnel, None))
    for kind in ("testimonial", "idea", "idea", "idea"):
        more = {"quote": "Good.", "customer": "Rheinwerk"} if kind == "testimonial" else {}
        fields = {"title": "The pump", "stage": "trust", **more}
        await core.hand_in(kind, fields=fields)
    await core.step(await core.stored(3), Verb.ACCEPT)
    said = stage_lines(await core.ask(see_funnel, None))
    assert (
        "is starved. What waits for it: 3 to be decided and 1 to be published.\n"
        "• Idea 3: The pump, accepted\n• Testimonial 1, not decided yet\n"
        "• Idea 2: The pump, not decided yet\n`/social 3` opens it.\n"
    ) in said
    assert "Rheinwerk" not in said


async def test_what_departments_gave_and_got_stands_week_by_week(core: Core) -> None:
    there = (Department(name="Sales", members=(SAM,)), Department(name="Product"))
    await core.set_up(replace(a_desk(), departments=there))
    idea = await core.hand_in(by=SAM)
    lead = await core.hand_in("lead", by=SAM)
    await core.hand_in("testimonial", by=SUE, department="Product")
    core.clock.forward(days=7)
    idea = await core.step(idea, Verb.ACCEPT, by=CORA)
    await core.step(idea, Verb.PUBLISH, by=CORA, link="https://example.com/p")
    lead = await core.step(lead, Verb.PASS_ON, by=LENA, to="Sales north")
    await core.step(lead, Verb.WIN, by=LENA)
    core.clock.forward(minutes=1)
    found = await core.ask(see_given, AskGiven(CORA))
    assert found.undecided == {"Product": 1}
    this, last, *older = found.weeks
    assert this.first_day == date(2026, 11, 23)
    assert this.departments == (
        GivenCount(department="Sales", given={}, published=1, passed_on=1, won=1),
    )
    assert last.departments == (
        GivenCount(department="Product", given={"testimonial": 1}),
        GivenCount(department="Sales", given={"idea": 1, "lead": 1}),
    )
    assert [week.departments for week in older] == [(), ()]


async def test_of_very_many_the_newest_are_looked_at(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    for stage in ("know", "trust", "trust"):
        await core.hand_in(fields={"title": "The pump", "stage": stage})
        core.clock.forward(minutes=1)
    monkeypatch.setattr("bot.funnel.NEWEST", 2)
    found = await core.ask(see_funnel, None)
    handed_in = {one.key: one.counted.handed_in for one in found.stages if one.counted.handed_in}
    assert handed_in == {"trust": 2}
    # What waits is told whole.
    assert sum(one.counted.undecided for one in found.stages) == 3
    assert "staying, newest 2 handed in*" in stage_lines(found)

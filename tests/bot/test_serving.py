"""What is accepted names the goal that it serves, without one more click (P21)."""

from typing import Any

import pytest

from bot.details import OpenDetails, see_details
from bot.errors import FieldError, NotAllowedError
from bot.goal_list import AskGoals, see_goals
from bot.lifecycle import Verb
from bot.served import Serves
from bot.serving import suggested
from bot.steps.base import Step
from bot.submission import Submission
from bot.triage import check_step
from handlers.views.serving import listed
from tests.bot.test_goals import set_one
from tests.support.core import ADA, CONRAD, CORA, GUIDO, LENA, SAM, Core, a_desk
from tests.support.storage_examples import make_goal, make_submission


def an_idea(**changes: Any) -> Submission:
    return make_submission(fields={"title": "An idea", "stage": "trust"}, **changes)


@pytest.mark.parametrize(
    "changes, serves",
    [
        ({}, False),
        ({"stage": "trust"}, True),
        ({"stage": "like"}, False),
        ({"kind_key": "idea"}, True),
        ({"kind_key": "testimonial", "stage": "trust"}, False),
        ({"department": "Sales"}, True),
        ({"department": "Service", "kind_key": "idea"}, False),
    ],
)
def test_a_goal_is_chosen_where_something_speaks_for_it(
    changes: dict[str, str], serves: bool
) -> None:
    goal = make_goal("G1", **changes)
    found = suggested([goal], an_idea(department="Sales"))
    assert found == ("G1" if serves else None)


def test_what_fits_best_is_chosen_and_of_two_alike_none() -> None:
    by_stage, by_kind = make_goal("G1", stage="trust"), make_goal("G2", kind_key="idea")
    assert suggested([by_stage, by_kind], an_idea()) == "G2"
    assert suggested([by_stage, make_goal("G3", stage="trust")], an_idea()) is None
    assert suggested([], an_idea()) is None


def test_a_lead_serves_the_goal_of_leads() -> None:
    lead = make_submission(kind_key="lead", fields={})
    goal = make_goal("G1", stage="lead")
    assert suggested([goal, make_goal("G2", stage="know")], lead) == "G1"
    assert suggested([make_goal("G3", measure="leads_won")], an_idea()) is None


async def accepted(core: Core) -> Submission:
    idea = await core.hand_in("idea", fields={"title": "An idea", "stage": "trust"})
    return await core.step(idea, Verb.ACCEPT)


async def test_accept_stays_one_click_and_names_the_goal(core: Core) -> None:
    await set_one(core)
    idea = await accepted(core)
    assert idea.goal_id == "V1"
    shown = await core.ask(see_details, OpenDetails(idea.number, CORA))
    assert shown.serves == Serves("Trial sign-ups")


async def test_its_owner_says_otherwise(core: Core) -> None:
    await set_one(core)
    await set_one(core, "V2", title="Demo calls")
    idea = await accepted(core)
    assert idea.goal_id is None  # two alike
    idea = await core.step(idea, Verb.SERVE, goal="V2")
    assert idea.goal_id == "V2"
    with pytest.raises(FieldError):
        await core.step(idea, Verb.SERVE, goal="V9")
    idea = await core.step(idea, Verb.SERVE, goal="none")
    assert idea.goal_id is None


async def test_what_serves_none_is_counted_while_there_are_goals(core: Core) -> None:
    idea = await accepted(core)
    asked = Step(number=idea.number, version=idea.version, verb=Verb.SERVE, actor_id=CORA)
    with pytest.raises(NotAllowedError):
        await core.ask(check_step, asked)
    found = await core.ask(see_goals, AskGoals(CORA))
    assert found.unserved.total == 0
    await set_one(core)
    found = await core.ask(see_goals, AskGoals(CORA))
    assert [one.number for one in found.unserved.items] == [idea.number]
    assert found.unserved.total == 1
    await core.step(idea, Verb.SERVE, goal="V1")
    assert (await core.ask(see_goals, AskGoals(CORA))).unserved.total == 0


@pytest.mark.parametrize(
    "reader, is_named",
    [(SAM, True), (CONRAD, False), (CORA, False), (ADA, True), (GUIDO, True), (LENA, False)],
)
async def test_whom_a_testimonial_is_from_is_named_to_who_may_open_it(
    core: Core, reader: str, is_named: bool
) -> None:
    await core.set_up(a_desk(advocacy_lead=(GUIDO,)))
    given = {"customer": "Kunde GmbH", "quote": "It works."}
    testimonial = await core.hand_in("testimonial", by=SAM, fields=given)
    await core.step(testimonial, Verb.ACCEPT, by=GUIDO)
    idea = await core.step(await core.hand_in("idea", fields={"title": "A film"}), Verb.ACCEPT)
    await set_one(core)
    found = await core.ask(see_goals, AskGoals(reader))
    assert found.unserved.total == 2
    told = listed(found.unserved)
    assert ("Kunde GmbH" in told) is is_named
    assert f"*Testimonial {testimonial.number}" in told
    assert f"*Idea {idea.number}:* A film" in told


async def test_a_reopened_and_accepted_one_keeps_its_goal(core: Core) -> None:
    await set_one(core)
    await set_one(core, "V2", title="Demo calls")
    idea = await core.step(await accepted(core), Verb.SERVE, goal="V2")
    idea = await core.step(idea, Verb.PUBLISH, link="https://example.com/p")
    idea = await core.step(idea, Verb.REOPEN, note="Too early.")
    assert idea.goal_id == "V2"

"""Hand over: to whom, whose rules then run, where the card goes and what is left behind."""

from dataclasses import replace

import pytest

from bot.cards import current_card
from bot.desk import Desk
from bot.errors import FieldError, NotAllowedError
from bot.gathering import gather_material
from bot.lifecycle import State, Verb
from bot.material import CardMaterial, Material, MovedMaterial
from bot.steps.base import Step
from bot.submission import Submission
from bot.triage import check_step
from tests.support.core import ADA, CONRAD, CONTENT, CORA, GUIDO, LENA, SAM, SUE, Core, a_desk

LEADS = "C0LEADS"


def two_channels(**holders: tuple[str, ...]) -> Desk:
    """As `a_desk`, and the lead desk has a channel, too."""
    desk = a_desk(**holders)
    lead_desk = replace(desk.roles["lead_desk"], channel_id=LEADS)
    return replace(desk, roles={**desk.roles, "lead_desk": lead_desk})


async def give(core: Core, submission: Submission, to: str, **more: str) -> Submission:
    return await core.step(submission, Verb.HAND_OVER, to=to, **more)


async def shown(core: Core, key: str) -> Material:
    effect = await core.read(lambda tx: tx.outbox.find(key))
    assert effect is not None
    return await core.ask(gather_material, effect)


async def choices(core: Core, submission: Submission, by: str = CORA) -> list[str]:
    step = Step(
        number=submission.number, version=submission.version, verb=Verb.HAND_OVER, actor_id=by
    )
    return [choice.value for choice in (await core.ask(check_step, step)).choices]


async def test_to_another_role_it_is_new_there_and_due_anew(core: Core) -> None:
    await core.set_up(two_channels())
    taken = await core.step(await core.hand_in(), Verb.TAKE)
    core.clock.forward(hours=20)
    given = await give(core, taken, "role:lead_desk", note="You know them better.")
    assert (given.state, given.role_id, given.assignee_id) == (State.NEW, "lead_desk", None)
    assert given.due_at > taken.due_at
    assert given == await core.stored(1)
    assert (await core.history(1))[-1].detail == {
        "to": "Lead desk",
        "role": "lead_desk",
        "note": "You know them better.",
    }
    with pytest.raises(NotAllowedError, match="Number 1 is with the Lead desk"):
        await core.step(given, Verb.TAKE, by=CORA)
    assert (await core.step(given, Verb.TAKE, by=LENA)).assignee_id == LENA


async def test_the_card_moves_and_the_old_one_says_where_it_went(core: Core) -> None:
    await core.set_up(two_channels())
    given = await give(core, await core.hand_in(), "role:lead_desk")
    assert given.card == 2
    left = await shown(core, "card:1:moved2")
    assert isinstance(left, MovedMaterial)
    assert (left.role.role_id, left.target) == ("lead_desk", LEADS)
    assert isinstance(await shown(core, "card:1.2"), CardMaterial)
    card = await core.read(lambda tx: current_card(tx, given))
    assert card is not None
    assert card.target == LEADS
    # Both threads tell of it: why it went, and why it came.
    assert core.effects("story:") == ["story:1:2", "story:1:2.2"]


async def test_to_a_colleague_in_the_same_role_the_card_stays(core: Core) -> None:
    await core.set_up()
    submission = await core.hand_in()
    given = await give(core, submission, f"person:{CONRAD}:content_lead")
    assert (given.state, given.assignee_id, given.card) == (State.NEW, CONRAD, 1)
    assert given.due_at == submission.due_at
    assert (await core.step(given, Verb.TAKE, by=CORA)).assignee_id == CORA


async def test_to_a_person_whose_role_has_no_channel_it_goes_to_them(core: Core) -> None:
    await core.set_up()
    given = await give(core, await core.hand_in(), f"person:{GUIDO}:lead_desk")
    card = await core.read(lambda tx: current_card(tx, given))
    assert card is not None
    assert (card.target, given.assignee_id) == (GUIDO, GUIDO)


async def test_what_was_decided_stays_decided(core: Core) -> None:
    await core.set_up(two_channels())
    accepted = await core.step(await core.hand_in(), Verb.ACCEPT)
    given = await give(core, accepted, "role:lead_desk")
    assert (given.state, given.assignee_id) == (State.ACCEPTED, None)
    assert (given.decided_at, given.decided_by) == (accepted.decided_at, CORA)
    assert (await core.step(given, Verb.PUBLISH, by=LENA, link="https://example.com/p")).has_ended


async def test_there_and_back_again(core: Core) -> None:
    await core.set_up(two_channels())
    there = await give(core, await core.hand_in(), "role:lead_desk")
    back = await core.step(there, Verb.HAND_OVER, by=LENA, to="role:content_lead")
    assert (back.card, back.role_id) == (3, "content_lead")
    card = await core.read(lambda tx: current_card(tx, back))
    assert card is not None
    assert card.target == CONTENT


async def test_who_is_offered(core: Core) -> None:
    await core.set_up(two_channels(social_lead=(CORA, SUE)))
    submission = await core.hand_in()
    assert await choices(core, submission) == [
        "role:social_lead",
        "role:lead_desk",
        f"person:{SUE}:social_lead",
        f"person:{LENA}:lead_desk",
        f"person:{GUIDO}:lead_desk",
        f"person:{CONRAD}:content_lead",
    ]
    given = await give(core, submission, f"person:{CONRAD}:content_lead")
    offered = await choices(core, given)
    assert "role:content_lead" in offered
    assert f"person:{CONRAD}:content_lead" not in offered


async def test_of_somebody_with_two_roles_the_one_that_has_it_counts(core: Core) -> None:
    await core.set_up(two_channels(social_lead=(CONRAD,)))
    offered = await choices(core, await core.hand_in())
    assert [value for value in offered if CONRAD in value] == [f"person:{CONRAD}:content_lead"]


async def test_where_nobody_else_is_there_is_no_form(core: Core) -> None:
    await core.set_up(a_desk(content_lead=(CORA,), lead_desk=()))
    submission = await core.hand_in()
    with pytest.raises(NotAllowedError, match="nobody to hand it over to"):
        await choices(core, submission)


@pytest.mark.parametrize(
    "to",
    [
        "",
        "lead_desk",
        "role:",
        "role:content_lead",
        "role:advocacy_lead",
        "role:none",
        f"person:{SAM}:lead_desk",
        f"person:{CORA}:content_lead",
        f"person:{LENA}:content_lead",
        f"person:{ADA}",
    ],
)
async def test_who_is_not_offered_cannot_get_it(core: Core, to: str) -> None:
    await core.set_up()
    submission = await core.hand_in()
    with pytest.raises(FieldError) as refused:
        await give(core, submission, to)
    assert set(refused.value.fields) == {"to"}
    assert await core.stored(1) == submission


async def test_a_question_goes_along_and_time_still_stands(core: Core) -> None:
    await core.set_up(two_channels())
    submission = await core.hand_in()
    asked = replace(
        submission, state=State.ASKED, version=2, paused_at=core.clock.now(), assignee_id=CORA
    )
    assert await core.write(lambda tx: tx.submissions.update(asked, expected_version=1))
    core.clock.forward(hours=3)
    given = await give(core, asked, "role:lead_desk")
    assert (given.state, given.role_id) == (State.ASKED, "lead_desk")
    assert given.paused_at == core.clock.now()

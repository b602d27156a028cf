"""Who has a submission: whoever took it, as long as they may act on it."""

from dataclasses import replace
from datetime import date

import pytest

from bot.absence import ComeBack, GoAway, come_back, go_away
from bot.directory import Known, remember
from bot.errors import NotAllowedError
from bot.firing import FireTimer, fire_timer
from bot.gathering import gather_material
from bot.lifecycle import State, Verb
from bot.lists import AskFor, queue
from bot.material import CardMaterial
from bot.people import others_could_decide
from bot.submission import Submission
from tests.support.core import CONRAD, CORA, LENA, PEOPLE, SAM, SUE, Core, a_desk


async def leave(core: Core, user_id: str, deputy_id: str | None = None) -> None:
    core.clock.forward(seconds=1)
    away = GoAway(user_id=user_id, back_on=date(2026, 11, 30), deputy_id=deputy_id)
    await core.do(go_away, away)


async def shown(core: Core, number: int = 1) -> Submission:
    """The submission as its card shows it."""
    effect = await core.read(lambda tx: tx.outbox.find(f"card:{number}"))
    assert effect is not None
    card = await core.ask(gather_material, effect)
    assert isinstance(card, CardMaterial)
    return card.submission


async def test_what_somebody_away_took_and_acts_on_stays_theirs(core: Core) -> None:
    taken = await core.step(await core.hand_in(), Verb.TAKE, by=CORA)
    await leave(core, CORA, SUE)
    accepted = await core.step(taken, Verb.ACCEPT, by=CORA)
    assert accepted.assignee_id == CORA
    assert (await shown(core)).assignee_id == SUE, "while they are away"
    await core.do(come_back, ComeBack(CORA))
    assert (await shown(core)).assignee_id == CORA


async def test_a_colleague_s_step_leaves_it_with_who_is_away(core: Core) -> None:
    taken = await core.step(await core.hand_in(), Verb.TAKE, by=CORA)
    await leave(core, CORA, SUE)
    accepted = await core.step(taken, Verb.ACCEPT, by=CONRAD)
    assert accepted.assignee_id == CORA
    await core.do(come_back, ComeBack(CORA))
    assert (await shown(core)).assignee_id == CORA


async def test_what_a_deputy_took_is_the_role_s_again_once_they_may_not_act(core: Core) -> None:
    await core.set_up(a_desk(content_lead=(CORA,)))
    submission = await core.hand_in()
    await leave(core, CORA, SUE)
    accepted = await core.step(submission, Verb.ACCEPT, by=SUE)
    assert (await shown(core)).assignee_id == SUE
    at = core.clock.now().replace(day=30, hour=12)
    planned = await core.step(accepted, Verb.SCHEDULE, by=SUE, at=str(int(at.timestamp())))
    await core.do(come_back, ComeBack(CORA))
    assert (await shown(core)).assignee_id is None
    (listed,) = (await core.ask(queue, AskFor(CORA))).to_publish.items
    assert listed.assignee_id is None
    core.clock.at = at
    await core.do(fire_timer, FireTimer(1))
    (told,) = core.effects("nudge:")
    assert told.endswith(CORA), "Sue could do nothing about it"
    published = await core.step(planned, Verb.PUBLISH, by=CORA, link="https://example.com/p")
    assert published.state is State.PUBLISHED
    assert published.assignee_id == CORA


async def test_what_a_former_holder_took_is_the_role_s(core: Core) -> None:
    await core.step(await core.hand_in(), Verb.TAKE, by=CORA)
    await core.set_up(a_desk(content_lead=(CONRAD,)))
    assert (await shown(core)).assignee_id is None
    await core.set_up(a_desk(content_lead=(CONRAD, CORA)))
    assert (await shown(core)).assignee_id == CORA


async def test_who_reopens_it_has_what_somebody_took_who_left(core: Core) -> None:
    taken = await core.step(await core.hand_in(), Verb.TAKE, by=CORA)
    given = {"reason": "timing", "note": "Later."}
    declined = await core.step(taken, Verb.DECLINE, by=CORA, **given)
    gone = tuple(replace(one, is_deleted=True) for one in PEOPLE if one.user_id == CORA)
    await core.do(remember, Known(members=gone))
    reopened = await core.step(declined, Verb.REOPEN, by=CONRAD, note="Now is the time.")
    assert reopened.assignee_id == CONRAD


async def test_who_was_called_in_could_decide_as_well(core: Core) -> None:
    desk = await core.set_up(a_desk(content_lead=(SAM,), social_lead=(SUE,)))
    own = await core.hand_in(by=SAM)
    assert not await core.read(lambda tx: others_could_decide(tx, desk, own, SAM))
    core.clock.at = own.due_at
    await core.do(fire_timer, FireTimer(own.number))
    overdue = await core.stored(own.number)
    assert await core.read(lambda tx: others_could_decide(tx, desk, overdue, SAM))


async def test_a_card_in_direct_messages_goes_to_the_deputy_of_whoever_has_it_and_back(
    core: Core,
) -> None:
    await core.set_up(a_desk(lead_desk=(LENA, CONRAD)))
    lead = await core.hand_in("lead")
    await core.step(lead, Verb.HAND_OVER, by=LENA, to=f"person:{CONRAD}:lead_desk")
    assert await stands(core, "card:1.2") == CONRAD
    await leave(core, CONRAD, SUE)
    assert await stands(core, "card:1.3") == SUE
    await core.do(come_back, ComeBack(CONRAD))
    assert await stands(core, "card:1.4") == CONRAD


async def stands(core: Core, key: str) -> str:
    effect = await core.read(lambda tx: tx.outbox.find(key))
    assert effect is not None
    return effect.target


async def test_a_role_that_gets_it_later_has_called_nobody_for_help(core: Core) -> None:
    await core.set_up(a_desk(social_lead=(SUE,)))
    submission = await core.hand_in()
    core.clock.at = submission.due_at
    await core.do(fire_timer, FireTimer(1))
    accepted = await core.step(submission, Verb.ACCEPT, by=SUE)
    assert accepted.escalation == 2
    handed = await core.step(accepted, Verb.HAND_OVER, by=CORA, to="role:lead_desk")
    assert handed.escalation == 0
    with pytest.raises(NotAllowedError):
        await core.step(handed, Verb.PUBLISH, by=SUE, link="https://example.com/p")


async def test_a_card_stays_with_a_backup_who_took_it(core: Core) -> None:
    desk = a_desk(lead_desk=(LENA,))
    backed = replace(desk.roles["lead_desk"], backups=(SUE,))
    await core.set_up(replace(desk, roles={**desk.roles, "lead_desk": backed}))
    lead = await core.hand_in("lead")
    await leave(core, LENA)
    assert await stands(core, "card:1.2") == SUE
    await core.step(lead, Verb.TAKE, by=SUE)
    await core.do(come_back, ComeBack(LENA))
    await leave(core, LENA, CONRAD)
    assert core.effects("card:1.3") == []

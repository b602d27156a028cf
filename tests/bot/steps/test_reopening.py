"""Reopen undoes a decision, and Lost and Published again, which it can undo."""

from dataclasses import replace

import pytest

from bot.configure import configure
from bot.details import OpenDetails, open_details
from bot.directory import Known, remember
from bot.errors import FieldError, NotAllowedError
from bot.firing import FireTimer, fire_timer
from bot.lifecycle import State, Verb
from bot.steps.base import NOTE_LENGTH
from bot.submission import Submission
from tests.support.core import (
    BOB,
    CONRAD,
    CORA,
    LENA,
    LEO,
    PEOPLE,
    SAM,
    STRANGER,
    SUE,
    Core,
    a_desk,
)

LINK, OTHER = "https://example.com/p", "https://example.org/q"
WHY = "I pressed the wrong button."


async def lead(core: Core, **to: str) -> Submission:
    await core.set_up()
    return await core.step(await core.hand_in("lead"), Verb.PASS_ON, by=LENA, **to)


async def published(core: Core) -> Submission:
    await core.set_up()
    accepted = await core.step(await core.hand_in(), Verb.ACCEPT)
    return await core.step(accepted, Verb.PUBLISH, link=LINK, platform="blog")


async def test_a_decline_is_undone(core: Core) -> None:
    await core.set_up()
    submission = await core.hand_in()
    declined = await core.step(submission, Verb.DECLINE, reason="timing", note="Next year.")
    core.clock.forward(days=5)
    back = await core.step(declined, Verb.REOPEN, by=CONRAD, note=f" {WHY} ")
    assert (back.state, back.decline_reason, back.decline_note) == (State.TAKEN, None, None)
    assert (back.decided_at, back.decided_by, back.ended_at) == (None, None, None)
    assert back.due_at > core.clock.now()
    assert (await core.history(1))[-1].detail == {"note": WHY}


async def test_a_publication_is_undone_and_stays_decided(core: Core) -> None:
    before = await published(core)
    back = await core.step(before, Verb.REOPEN, note=WHY)
    assert (back.state, back.published_at, back.published_by) == (State.ACCEPTED, None, None)
    assert (back.published_url, back.ended_at) == (None, None)
    assert back.decided_at == before.decided_at
    again = await core.step(back, Verb.PUBLISH, link=OTHER)
    assert again.published_url == OTHER


async def test_published_elsewhere_too_keeps_the_first_and_the_history_has_all(core: Core) -> None:
    first = await published(core)
    core.clock.forward(days=8)
    again = await core.step(first, Verb.PUBLISH, by=CONRAD, link=OTHER, platform="linkedin")
    assert (again.published_url, again.published_at) == (LINK, first.published_at)
    assert (again.published_by, again.ended_at) == (CORA, first.ended_at)
    used = [entry.detail for entry in await core.history(1) if entry.verb is Verb.PUBLISH]
    assert used == [
        {"link": LINK, "platform": "blog"},
        {"link": OTHER, "platform": "linkedin"},
    ]


@pytest.mark.parametrize("note", ["", "  ", "🙃", "n" * (NOTE_LENGTH + 1)])
async def test_it_needs_a_reason(core: Core, note: str) -> None:
    submission = await published(core)
    with pytest.raises(FieldError) as refused:
        await core.step(submission, Verb.REOPEN, note=note)
    assert set(refused.value.fields) == {"note"}


async def test_nobody_reopens_their_own_while_another_could(core: Core) -> None:
    await core.set_up()
    submission = await core.hand_in(by=CORA)
    declined = await core.step(
        submission, Verb.DECLINE, by=CONRAD, reason="timing", note="Next year."
    )
    with pytest.raises(NotAllowedError, match="yourself"):
        await core.step(declined, Verb.REOPEN, note=WHY)


@pytest.mark.parametrize("note, detail", [("", {}), ("They wait a year.", {"note": "They wait"})])
async def test_a_lead_is_lost_with_or_without_a_sentence_and_comes_back(
    core: Core, note: str, detail: dict[str, str]
) -> None:
    passed_on = await lead(core, to="Nina, sales north")
    lost = await core.step(passed_on, Verb.LOSE, by=LENA, note=note)
    assert lost.state is State.LOST
    assert {name: value[:9] for name, value in (await core.history(1))[-1].detail.items()} == detail
    back = await core.step(lost, Verb.REOPEN, by=LENA, note=WHY)
    assert (back.state, back.passed_to) == (State.PASSED_ON, "Nina, sales north")
    assert (await core.step(back, Verb.WIN, by=LENA)).state is State.WON


async def test_a_lead_goes_to_a_colleague_and_on_to_somebody_else(core: Core) -> None:
    passed_on = await lead(core, person=SAM)
    assert passed_on.passed_to == "Sam Sales"
    assert (await core.history(1))[-1].detail == {"person": SAM, "to": "Sam Sales"}
    again = await core.step(passed_on, Verb.PASS_ON, by=LENA, to="Our partner in Graz")
    assert (again.passed_to, again.decided_at) == ("Our partner in Graz", passed_on.decided_at)


async def test_the_colleague_hears_of_it_and_sees_whom_to_call(core: Core) -> None:
    passed_on = await lead(core, person=SUE)
    assert core.effects("nudge:") == [f"nudge:1:2:{SUE}"]
    shown = await core.do(open_details, OpenDetails(1, SUE))
    assert shown.personal["contact"] == "nadia@example.com"
    assert shown.verbs == ()
    assert (await core.history(1))[-1].verb is Verb.OPEN
    await core.step(passed_on, Verb.PASS_ON, by=LENA, to="Our partner in Graz")
    with pytest.raises(NotAllowedError):
        await core.do(open_details, OpenDetails(1, SUE))


@pytest.mark.parametrize(
    "to, field",
    [
        ({}, "to"),
        ({"to": "…"}, "to"),
        ({"to": "Nina", "person": SAM}, "to"),
        ({"person": STRANGER}, "person"),
        ({"person": LEO}, "person"),
        ({"person": BOB}, "person"),
    ],
)
async def test_whom_a_lead_cannot_go_to(core: Core, to: dict[str, str], field: str) -> None:
    with pytest.raises(FieldError) as refused:
        await lead(core, **to)
    assert set(refused.value.fields) == {field}


@pytest.mark.parametrize("has_left", [True, False])
async def test_what_is_reopened_has_its_card_with_who_acts_now(core: Core, has_left: bool) -> None:
    await core.set_up(a_desk(lead_desk=(LENA,)))
    submission = await core.hand_in("lead")
    declined = await core.step(
        submission, Verb.DECLINE, by=LENA, reason="timing", note="Next year."
    )
    await core.set_up(a_desk(lead_desk=(CONRAD,)))
    if has_left:
        gone = tuple(replace(one, is_deleted=True) for one in PEOPLE if one.user_id == LENA)
        await core.do(remember, Known(members=gone))
    back = await core.step(declined, Verb.REOPEN, by=CONRAD, note=WHY)
    assert back.card == 2
    card = await core.read(lambda tx: tx.outbox.find("card:1.2"))
    assert card is not None
    assert card.target == CONRAD
    told = core.effects("card:1:moved2") + core.effects("story:1:3")
    assert told == (["story:1:3.2"] if has_left else ["card:1:moved2", "story:1:3", "story:1:3.2"])


async def test_what_is_reopened_keeps_a_card_that_is_in_place(core: Core) -> None:
    await core.set_up(a_desk(lead_desk=(LENA, CONRAD)))
    submission = await core.hand_in("lead")
    declined = await core.step(
        submission, Verb.DECLINE, by=CONRAD, reason="timing", note="Next year."
    )
    assert (await core.step(declined, Verb.REOPEN, by=CONRAD, note=WHY)).card == 1


async def test_what_somebody_called_in_reopens_has_its_card_with_the_role(core: Core) -> None:
    await core.set_up(a_desk(lead_desk=(LENA,), social_lead=(SUE,)))
    lead = await core.hand_in("lead")
    core.clock.at = lead.due_at
    await core.do(fire_timer, FireTimer(1))
    declined = await core.step(lead, Verb.DECLINE, by=SUE, reason="timing", note="Next year.")
    gone = tuple(replace(one, is_deleted=True) for one in PEOPLE if one.user_id == LENA)
    await core.do(configure, a_desk(lead_desk=(CONRAD,), social_lead=(SUE,)))
    await core.do(remember, Known(members=gone))
    back = await core.step(declined, Verb.REOPEN, by=SUE, note=WHY)
    assert back.escalation == 0
    card = await core.read(lambda tx: tx.outbox.find("card:1.2"))
    assert card is not None
    assert card.target == CONRAD

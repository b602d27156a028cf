import asyncio

import pytest

from bot.details import OpenDetails, open_details, see_details
from bot.errors import FieldError, NotAllowedError, NotFoundError, StaleError
from bot.lifecycle import STATE_LABELS, VERB_PAST, State, Verb
from bot.steps.base import NOTE_LENGTH, Step
from bot.submission import Submission
from bot.triage import (
    DECIDING,
    check_step,
    take_step,
)
from tests.support.core import CONRAD, CORA, FORMS, GUIDO, LENA, SAM, Core

DECLINED = {"reason": "timing", "note": "Next year, after the launch."}
LINK = "https://example.com/post/1"
DECIDING_AN_IDEA = {Verb.TAKE, Verb.ACCEPT, Verb.TRY, Verb.DECLINE, Verb.DUPLICATE}


def press(submission: Submission, verb: Verb, by: str = CORA, **given: str) -> Step:
    return Step(
        number=submission.number,
        version=submission.version,
        verb=verb,
        actor_id=by,
        given=given,
    )


async def test_from_new_to_published(core: Core) -> None:
    new = await core.hand_in()
    core.clock.forward(hours=1)
    taken = await core.step(new, Verb.TAKE)
    assert (taken.state, taken.version, taken.assignee_id) == (State.TAKEN, 2, CORA)
    assert taken.decided_at is None
    decided_at = core.clock.forward(hours=1)
    accepted = await core.step(taken, Verb.ACCEPT, by=CONRAD)
    assert (accepted.state, accepted.decided_at, accepted.decided_by) == (
        State.ACCEPTED,
        decided_at,
        CONRAD,
    )
    assert accepted.assignee_id == CORA
    published_at = core.clock.forward(days=1)
    published = await core.step(accepted, Verb.PUBLISH, link=f" {LINK} ")
    assert published == await core.stored(1)
    assert (published.published_url, published.published_at) == (LINK, published_at)
    assert (published.published_by, published.decided_by) == (CORA, CONRAD)
    assert published.updated_at == published_at
    assert published.has_ended
    assert (new.ended_at, accepted.ended_at, published.ended_at) == (None, None, published_at)


async def test_the_history_is_complete_and_only_added_to(core: Core) -> None:
    submission = await core.hand_in()
    before = await core.history(1)
    for verb, given in ((Verb.TAKE, {}), (Verb.ACCEPT, {}), (Verb.PUBLISH, {"link": LINK})):
        core.clock.forward(minutes=5)
        submission = await core.step(submission, verb, **given)
        after = await core.history(1)
        assert after[:-1] == before
        assert (after[-1].at, after[-1].actor_id) == (core.clock.now(), CORA)
        before = after
    assert [(one.seq, one.verb, one.from_state, one.to_state) for one in before] == [
        (1, Verb.HAND_IN, None, State.NEW),
        (2, Verb.TAKE, State.NEW, State.TAKEN),
        (3, Verb.ACCEPT, State.TAKEN, State.ACCEPTED),
        (4, Verb.PUBLISH, State.ACCEPTED, State.PUBLISHED),
    ]
    assert before[-1].detail == {"link": LINK}


async def test_a_decline_keeps_its_reason_and_sentence(core: Core) -> None:
    submission = await core.hand_in()
    declined = await core.step(submission, Verb.DECLINE, **DECLINED)
    assert (declined.decline_reason, declined.decline_note) == ("timing", DECLINED["note"])
    assert declined.decided_by == CORA
    assert declined.ended_at == declined.decided_at == core.clock.now()
    assert (await core.history(1))[-1].detail == DECLINED


@pytest.mark.parametrize(
    "verb, given, fields",
    [
        (Verb.DECLINE, {}, {"reason"}),
        (Verb.DECLINE, {"reason": "timing"}, {"note"}),
        (Verb.DECLINE, {"reason": "because", "note": "No."}, {"reason"}),
        (Verb.DECLINE, {"reason": "", "note": "No."}, {"reason"}),
        (Verb.DECLINE, {"reason": "other", "note": " \n"}, {"note"}),
        (Verb.DECLINE, {"reason": "other", "note": "🙅"}, {"note"}),
        (Verb.DECLINE, {"reason": "other", "note": "n" * (NOTE_LENGTH + 1)}, {"note"}),
        (Verb.PUBLISH, {}, {"link"}),
        (Verb.PUBLISH, {"link": "example.com"}, {"link"}),
        (Verb.PUBLISH, {"link": "javascript:alert(1)"}, {"link"}),
    ],
)
async def test_a_verbs_form_is_checked_and_nothing_changes(
    core: Core, verb: Verb, given: dict[str, str], fields: set[str]
) -> None:
    submission = await core.hand_in()
    if verb is Verb.PUBLISH:
        submission = await core.step(submission, Verb.ACCEPT)
    effects, history = core.effects(), await core.history(1)
    with pytest.raises(FieldError) as refused:
        await core.step(submission, verb, **given)
    assert set(refused.value.fields) == fields
    assert await core.stored(1) == submission
    assert (core.effects(), await core.history(1)) == (effects, history)


async def test_of_two_at_once_one_wins_and_the_other_hears_who_did_what(core: Core) -> None:
    submission = await core.hand_in()
    answers = await asyncio.gather(
        core.do(take_step, press(submission, Verb.ACCEPT, CORA)),
        core.do(take_step, press(submission, Verb.DECLINE, CONRAD, **DECLINED)),
        return_exceptions=True,
    )
    (lost,) = [one for one in answers if isinstance(one, StaleError)]
    stored = await core.stored(1)
    assert stored.version == 2
    winner = stored.decided_by
    did = VERB_PAST[Verb.ACCEPT if winner == CORA else Verb.DECLINE]
    now = STATE_LABELS[stored.state].lower()
    assert lost.sentence.startswith(f"<@{winner}> {did} meanwhile: number 1 is now {now}.")
    assert len(await core.history(1)) == 2


@pytest.mark.parametrize(
    "first, second, sentence",
    [
        (Verb.TAKE, Verb.TAKE, f"<@{CORA}> took it meanwhile: number 1 is now taken."),
        (Verb.ACCEPT, Verb.ACCEPT, f"<@{CORA}> accepted it meanwhile: number 1 is now accepted."),
    ],
)
async def test_the_same_verb_by_a_colleague_is_no_double_click(
    core: Core, first: Verb, second: Verb, sentence: str
) -> None:
    submission = await core.hand_in()
    await core.step(submission, first)
    for question in (take_step, check_step):
        with pytest.raises(StaleError) as stale:
            await core.do(question, press(submission, second, CONRAD))
        assert stale.value.sentence == f"{sentence} Nothing was changed by your click."


@pytest.mark.parametrize(
    "verb, given",
    [
        (Verb.TAKE, {}),
        (Verb.ACCEPT, {}),
        (Verb.DECLINE, DECLINED),
        (Verb.SNOOZE, {"until": "2026-11-26"}),
        (Verb.HAND_OVER, {"to": f"person:{CONRAD}:content_lead"}),
    ],
)
async def test_a_double_click_is_one_click(core: Core, verb: Verb, given: dict[str, str]) -> None:
    submission = await core.hand_in()
    first = await core.do(take_step, press(submission, verb, **given))
    effects = core.effects()
    core.clock.forward(seconds=10)
    again = await core.do(take_step, press(submission, verb, **given))
    assert (first.is_repeat, again.is_repeat) == (False, True)
    assert again.submission == first.submission
    assert len(await core.history(1)) == 2
    assert core.effects() == effects


async def test_double_clicks_at_once(core: Core) -> None:
    submission = await core.hand_in()
    answers = await asyncio.gather(
        *(core.do(take_step, press(submission, Verb.TAKE)) for _ in range(4))
    )
    assert sorted(one.is_repeat for one in answers) == [False, True, True, True]
    assert (await core.stored(1)).version == 2


async def test_a_click_on_an_old_card_much_later_is_no_double_click(core: Core) -> None:
    submission = await core.hand_in()
    await core.step(submission, Verb.TAKE)
    core.clock.forward(seconds=11)
    with pytest.raises(StaleError, match="You took it meanwhile: number 1 is now taken"):
        await core.do(take_step, press(submission, Verb.TAKE))


async def test_another_verb_on_an_old_card_is_no_double_click(core: Core) -> None:
    submission = await core.hand_in()
    await core.step(submission, Verb.TAKE)
    with pytest.raises(StaleError, match="You took it meanwhile"):
        await core.do(take_step, press(submission, Verb.ACCEPT))
    assert (await core.stored(1)).state is State.TAKEN


@pytest.mark.parametrize(
    "by, viewer, verbs",
    [
        (SAM, CORA, DECIDING_AN_IDEA),
        (SAM, SAM, set()),
        (CORA, CORA, set()),
        (CORA, CONRAD, DECIDING_AN_IDEA),
    ],
)
async def test_details_offer_what_the_person_may_do(
    core: Core, by: str, viewer: str, verbs: set[Verb]
) -> None:
    submission = await core.hand_in(by=by)
    for question in (open_details, see_details):
        offered = set((await core.do(question, OpenDetails(1, viewer))).verbs)
        assert offered & DECIDING == verbs
    for verb in sorted(verbs):
        await core.ask(check_step, press(submission, verb, viewer))


async def test_to_see_the_details_again_is_not_remembered(core: Core) -> None:
    await core.hand_in("lead")
    again = await core.ask(see_details, OpenDetails(1, LENA))
    assert again.personal["contact"] == "nadia@example.com"
    assert len(await core.history(1)) == len(again.history) == 1
    with pytest.raises(NotAllowedError):
        await core.ask(see_details, OpenDetails(1, CORA))


async def test_a_look_at_the_details_does_not_hide_who_was_quicker(core: Core) -> None:
    submission = await core.hand_in("lead")
    await core.step(submission, Verb.TAKE, by=LENA)
    await core.do(open_details, OpenDetails(1, SAM))
    core.clock.forward(seconds=30)
    with pytest.raises(StaleError, match=f"^<@{LENA}> took it meanwhile"):
        await core.step(submission, Verb.TAKE, by=GUIDO)


@pytest.mark.parametrize(
    "done, verb",
    [
        ((), Verb.PUBLISH),
        ((Verb.TAKE,), Verb.TAKE),
        ((Verb.ACCEPT,), Verb.DECLINE),
        ((Verb.ACCEPT,), Verb.TAKE),
        ((), Verb.OPEN),
        ((), Verb.HAND_IN),
    ],
)
async def test_what_is_not_possible_says_so(core: Core, done: tuple[Verb, ...], verb: Verb) -> None:
    submission = await core.hand_in()
    for step in done:
        submission = await core.step(submission, step)
    for question in (take_step, check_step):
        with pytest.raises(StaleError, match="is not possible now") as stale:
            await core.do(question, press(submission, verb, **DECLINED, link=LINK))
        assert STATE_LABELS[submission.state].lower() in stale.value.sentence
    assert await core.stored(1) == submission


async def test_a_lead_cannot_be_published(core: Core) -> None:
    lead = await core.hand_in("lead")
    submission = await core.step(lead, Verb.PASS_ON, by=LENA, to="Nina")
    with pytest.raises(StaleError, match="Number 1 is passed on; “Published” is not possible now"):
        await core.step(submission, Verb.PUBLISH, by=LENA, link=LINK)


async def test_what_is_not_there(core: Core) -> None:
    submission = await core.hand_in()
    gone = Step(number=7, version=1, verb=Verb.TAKE, actor_id=CORA)
    for question in (take_step, check_step):
        with pytest.raises(NotFoundError, match="There is no number 7 in this workspace"):
            await core.do(question, gone)
    with pytest.raises(NotFoundError):
        await core.do(open_details, OpenDetails(7, CORA))
    core.workspace_id = "T2"
    with pytest.raises(NotFoundError):
        await core.do(take_step, press(submission, Verb.TAKE))


async def test_the_question_before_the_form_changes_nothing(core: Core) -> None:
    submission = await core.hand_in()
    assert (await core.ask(check_step, press(submission, Verb.DECLINE))).submission == submission
    assert await core.stored(1) == submission
    assert len(await core.history(1)) == 1


@pytest.mark.parametrize(
    "knows, said",
    [
        (
            "know",
            "They know us, and no more: trust comes before the sale. Pass it on all the same?",
        ),
        ("", "Nobody said how well they know us: trust comes before the sale. Pass it on all the"),
        ("like", ""),
        ("trust", ""),
    ],
)
async def test_whether_a_stranger_is_meant_to_be_passed_on_is_asked_once(
    core: Core, knows: str, said: str
) -> None:
    lead = await core.hand_in("lead", fields={**FORMS["lead"], "knows_us": knows})
    asked = await core.ask(check_step, press(lead, Verb.PASS_ON, by=LENA))
    assert asked.notice.startswith(said) if said else asked.notice == ""
    passed = await core.step(lead, Verb.PASS_ON, by=LENA, to="Nina")
    assert (await core.ask(check_step, press(passed, Verb.PASS_ON, by=LENA))).notice == ""


async def test_that_personal_fields_were_shown_is_remembered(core: Core) -> None:
    await core.hand_in("lead")
    core.clock.forward(hours=1)
    details = await core.do(open_details, OpenDetails(1, LENA))
    assert details.role.role_id == "lead_desk"
    assert details.submission == await core.stored(1)
    assert details.history == await core.history(1)
    opened = details.history[-1]
    assert (opened.verb, opened.actor_id, opened.at) == (Verb.OPEN, LENA, core.clock.now())
    assert (opened.from_state, opened.to_state, opened.detail) == (State.NEW, State.NEW, {})
    assert details.submission.version == 1


async def test_details_without_personal_fields_leave_no_trace(core: Core) -> None:
    await core.hand_in()
    details = await core.do(open_details, OpenDetails(1, SAM))
    assert details.personal == {}
    assert len(await core.history(1)) == 1


async def test_a_decline_names_nothing_of_the_note_in_errors(core: Core) -> None:
    submission = await core.hand_in()
    await core.step(submission, Verb.DECLINE, reason="timing", note="SECRET plan")
    core.clock.forward(minutes=1)
    with pytest.raises(StaleError) as stale:
        await core.step(submission, Verb.ACCEPT, by=CONRAD)
    assert "SECRET" not in stale.value.sentence


async def test_what_waits_for_an_answer_is_called_so(core: Core) -> None:
    new = await core.hand_in()
    asked = await core.step(new, Verb.ASK, text="Which one?")
    with pytest.raises(StaleError, match=r"^Number 1 is waiting for an answer; “Take” is not"):
        await core.step(asked, Verb.TAKE)
    core.clock.forward(minutes=1)
    with pytest.raises(StaleError, match=r"number 1 is now waiting for an answer\."):
        await core.step(new, Verb.TAKE, by=CONRAD)

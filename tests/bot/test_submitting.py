"""Changing and withdrawing what one handed in."""

from dataclasses import replace
from typing import Any

import pytest

from bot.consent import WORDING
from bot.details import OpenDetails, see_details
from bot.errors import FieldError, NotAllowedError, StaleError
from bot.lifecycle import State, Verb
from bot.steps.base import Step
from bot.steps.submitting import UNCHANGED
from bot.submission import Submission
from bot.triage import check_step, take_step
from handlers.views.submitting_forms import edit_form
from tests.support.core import ADA, CORA, FORMS, LENA, SAM, SUE, Core, a_desk


def step(number: int, verb: Verb, by: str = SAM, **given: Any) -> Step:
    return Step(number=number, version=1, verb=verb, actor_id=by, given=given)


async def edit(core: Core, number: int, **given: Any) -> Submission:
    return (await core.do(take_step, step(number, Verb.EDIT, **given))).submission


async def test_the_submitter_changes_answers_and_the_story_says_which(core: Core) -> None:
    lead = await core.hand_in("lead")
    changed = await edit(
        core, lead.number, name="Nadia Neuland", need="Two pumps", contact="+49 30 123456"
    )
    assert (changed.title, changed.state, changed.version) == ("Two pumps", State.NEW, 2)
    assert await core.read(lambda tx: tx.submissions.personal(1)) == {
        "name": "Nadia Neuland",
        "contact": "+49 30 123456",
    }
    *_, entry = await core.history(1)
    assert (entry.verb, entry.detail) == (Verb.EDIT, {"fields": "contact need"})
    assert "pumps" in core.rows("submission")[0]["words"]
    assert core.effects("story:1:2") == ["story:1:2"]
    assert core.effects("word:") == []


async def test_what_was_taken_meanwhile_can_still_be_changed(core: Core) -> None:
    idea = await core.hand_in()
    await core.step(idea, Verb.TAKE)
    changed = await edit(core, 1, title="Another title")
    assert (changed.state, changed.assignee_id, changed.version) == (State.TAKEN, CORA, 3)
    assert changed.decided_at is None


async def test_what_is_decided_is_not_changed_any_more(core: Core) -> None:
    idea = await core.hand_in()
    await core.step(idea, Verb.ACCEPT)
    with pytest.raises(StaleError, match="is accepted"):
        await edit(core, 1, title="Too late")
    assert (await core.stored(1)).title == FORMS["idea"]["title"]


@pytest.mark.parametrize("verb", [Verb.EDIT, Verb.WITHDRAW])
@pytest.mark.parametrize("by", [SUE, CORA, LENA])
async def test_only_the_submitter_may(core: Core, verb: Verb, by: str) -> None:
    await core.hand_in()
    with pytest.raises(NotAllowedError, match="Only who handed in number 1"):
        await core.do(take_step, step(1, verb, by, title="Mine"))
    with pytest.raises(NotAllowedError):
        await core.ask(check_step, step(1, verb, by))


async def test_nothing_changed_is_said_and_makes_no_history(core: Core) -> None:
    await core.hand_in("testimonial")
    same: dict[str, Any] = {**FORMS["testimonial"], "consent": "not_asked", "position": " "}
    with pytest.raises(FieldError) as refused:
        await edit(core, 1, **same)
    assert refused.value.fields == {"quote": UNCHANGED}
    assert len(await core.history(1)) == 1


async def test_a_bad_answer_changes_nothing(core: Core) -> None:
    await core.hand_in("lead")
    with pytest.raises(FieldError) as refused:
        await edit(core, 1, name="", need="x", contact="nobody")
    assert set(refused.value.fields) == {"name", "contact"}
    assert (await core.read(lambda tx: tx.submissions.personal(1)))["name"] == "Nadia Neuland"


async def test_a_day_that_stood_may_pass_and_stay(core: Core) -> None:
    wanted: dict[str, Any] = {**FORMS["idea"], "wanted_by": "2026-11-20"}
    await core.hand_in(fields=wanted)
    core.clock.forward(days=5)
    changed = await edit(core, 1, **{**wanted, "text": "More of it"})
    assert changed.text("wanted_by") == "2026-11-20"
    with pytest.raises(FieldError):
        await edit(core, 1, **{**wanted, "wanted_by": "2026-11-21"})


PRAISE: dict[str, Any] = {**FORMS["testimonial"], "consent": "granted", "consent_wording": "Sure"}


async def agreed(core: Core) -> Submission:
    """A testimonial whose consent its owner recorded, in other words than the submitter's."""
    new = await core.hand_in("testimonial", fields=PRAISE)
    given = {"wording": "Yes, by mail of 3 March", "shown": "name"}
    return await core.step(new, Verb.CONSENT, by=ADA, **given)


async def wording(core: Core) -> str | None:
    return (await core.read(lambda tx: tx.submissions.personal(1))).get("consent_wording")


@pytest.mark.parametrize(
    "changed",
    [
        {"quote": "It never works."},
        {"customer": "Another company"},
        {"person": "Somebody else"},
        {"consent": "refused"},
    ],
)
async def test_a_consent_does_not_cover_what_is_changed_after_it(
    core: Core, changed: dict[str, str]
) -> None:
    await agreed(core)
    after = await edit(core, 1, **{**PRAISE, **changed})
    assert after.consent is None
    assert (await core.history(1))[-1].detail["consent"] == "lapsed"
    assert await wording(core) == "Yes, by mail of 3 March"


async def test_a_consent_stays_when_something_else_is_changed(core: Core) -> None:
    before = await agreed(core)
    after = await edit(core, 1, **{**PRAISE, "source": "A call"})
    assert after.consent == before.consent
    assert (await core.history(1))[-1].detail == {"fields": "source"}
    assert await wording(core) == "Yes, by mail of 3 March"


async def test_the_words_of_a_recorded_consent_are_its_recorders(core: Core) -> None:
    await core.hand_in("testimonial", fields=PRAISE)
    asked = await core.ask(check_step, step(1, Verb.EDIT))
    assert "consent_wording" in str(edit_form(asked, None)["blocks"])
    new = await core.stored(1)
    await core.step(new, Verb.CONSENT, by=ADA, wording="By mail", shown="name")
    asked = await core.ask(check_step, step(1, Verb.EDIT))
    assert "consent_wording" not in str(edit_form(asked, None)["blocks"])
    with pytest.raises(FieldError):  # nothing else is different
        await edit(core, 1, **{**PRAISE, "consent_wording": "All of it, for ever"})
    assert await wording(core) == "By mail"


@pytest.mark.parametrize("first", [None, Verb.TAKE, Verb.ACCEPT])
async def test_what_has_not_ended_can_be_withdrawn(core: Core, first: Verb | None) -> None:
    idea = await core.hand_in()
    if first is not None:
        await core.step(idea, first)
    await core.do(take_step, step(1, Verb.WITHDRAW))
    stored = await core.stored(1)
    assert (stored.state, stored.ended_at) == (State.WITHDRAWN, core.clock.now())
    assert stored.timer is None
    with pytest.raises(StaleError, match="is withdrawn"):
        await core.do(take_step, step(1, Verb.WITHDRAW))


async def test_details_offer_the_submitter_what_they_can_do(core: Core) -> None:
    await core.hand_in()
    offered = (await core.ask(see_details, OpenDetails(1, SAM))).verbs
    assert offered == (Verb.EDIT, Verb.WITHDRAW)
    assert Verb.EDIT not in (await core.ask(see_details, OpenDetails(1, CORA))).verbs
    own = await core.hand_in(by=CORA)
    offered = (await core.ask(see_details, OpenDetails(own.number, CORA))).verbs
    assert offered[:2] == (Verb.EDIT, Verb.WITHDRAW)
    assert not {Verb.ASK, Verb.REPLY, Verb.TAKE} & set(offered)


async def test_the_same_form_again_is_the_same_change(core: Core) -> None:
    await core.hand_in()
    for verb, given in ((Verb.EDIT, {"title": "Another"}), (Verb.WITHDRAW, {})):
        form = replace(step(1, verb, **given), source=f"form:{verb}")
        first = await core.do(take_step, form)
        core.clock.forward(minutes=1)
        again = await core.do(take_step, form)
        assert (first.is_repeat, again.is_repeat) == (False, True)
        assert again.submission == first.submission


async def test_a_form_with_mistakes_may_come_again(core: Core) -> None:
    await core.hand_in()
    form = replace(step(1, Verb.EDIT, title=" "), source="form:1")
    with pytest.raises(FieldError):
        await core.do(take_step, form)
    mended = await core.do(take_step, replace(form, given={"title": "Another"}))
    assert not mended.is_repeat


async def test_a_change_leaves_the_consent_on_record_as_it_is(core: Core) -> None:
    await core.set_up(a_desk(advocacy_lead=(CORA,)))
    submission = await core.hand_in("testimonial")
    consent = {"wording": "Yes, on LinkedIn.", "shown": "name"}
    await core.step(submission, Verb.CONSENT, by=CORA, **consent)
    # The form was opened before, so it knows nothing of it.
    await edit(core, 1, **{**FORMS["testimonial"], "quote": "It works."})
    personal = await core.read(lambda tx: tx.submissions.personal(1))
    assert personal == {"person": "Petra Privat", WORDING: "Yes, on LinkedIn."}

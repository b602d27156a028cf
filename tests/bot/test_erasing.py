"""Erasing: what goes, what stays, who may, and what is recorded."""

import json
from dataclasses import replace

import pytest

from bot.desk import Subscription
from bot.details import OpenDetails, open_details
from bot.digest import FireDue, fire_due
from bot.drafts import DraftKey, SaveDraft, save_draft
from bot.erasing import (
    Erase,
    EraseTexts,
    erase,
    erase_texts,
    foresee,
)
from bot.erasure_store import AccessKind
from bot.errors import NotAllowedError, NotFoundError
from bot.forgetting import Colleague, erase_colleague, foresee_colleague
from bot.lifecycle import OPERATOR, Verb
from bot.own_digests import TakeDigest, take
from bot.rounds import Rest, pause
from bot.submission import FileRef, Submission
from tests.support.core import ADA, CORA, FORMS, LENA, OLGA, SAM, Core, a_desk
from tests.support.storage_examples import make_ask, make_reach

QUESTION = "Is it Nadia of Neuland?"
FILE = FileRef("F0PLAN", "plan.pdf")


async def a_lead(core: Core) -> Submission:
    """Lead 1 with a file, asked about."""
    lead = await core.hand_in("lead", fields={**FORMS["lead"], "files": (FILE.given,)})
    await core.step(lead, Verb.ASK, by=LENA, text=QUESTION)
    return await core.stored(lead.number)


def left(core: Core) -> str:
    """All that is stored of the workspace."""
    return json.dumps([core.rows(table) for table in core.tables()], default=str)


async def test_personal_fields_and_the_conversation_go_and_the_rest_stays(core: Core) -> None:
    lead = await a_lead(core)
    command = Erase(number=lead.number, actor_id=ADA)
    foreseen = await core.ask(foresee, command)
    assert (foreseen.fields, foreseen.texts) == (("Contact", "Name or company"), 1)
    # The word with the question, and the line in the thread beside it.
    assert (foreseen.messages, foreseen.copies, foreseen.given) == (2, 0, (FILE,))
    assert "Nadia" in left(core)
    assert await core.do(erase, command) == foreseen
    assert "Nadia" not in left(core)
    assert "nadia@" not in left(core)
    stored = await core.stored(lead.number)
    assert stored == lead
    assert (await core.history(lead.number))[-1].verb is Verb.ERASE
    opened = await core.do(open_details, OpenDetails(lead.number, LENA))
    assert (opened.personal, opened.texts) == ({}, {})
    again = await core.do(erase, command)
    assert again.is_empty
    assert (await core.history(lead.number))[-1].verb is Verb.ERASE


async def test_the_card_and_its_thread_tell_and_messages_with_texts_are_cleared(core: Core) -> None:
    lead = await a_lead(core)
    before = core.effects()
    await core.do(erase, Erase(number=lead.number, actor_id=ADA))
    assert [key for key in core.effects() if key not in before] == [
        "card:1:erased3",
        "story:1:3",
        "clear:story:1:2",
        "clear:word:1:2",
    ]


async def test_a_whole_submission_leaves_its_number_in_the_record_alone(core: Core) -> None:
    await core.hand_in()
    lead = await a_lead(core)
    other = await core.hand_in("lead", fields={"name": "Otto Other", "need": "A valve"})
    command = Erase(number=lead.number, actor_id=OPERATOR, is_whole=True)
    foreseen = await core.ask(foresee, command)
    # Card, receipt, story, word; the copy of its file.
    assert (foreseen.messages, foreseen.copies) == (4, 1)
    await core.do(erase, command)
    for table in ("submission", "submission_personal", "conversation", "history"):
        assert {row["number"] for row in core.rows(table)} <= {1, other.number}
    for gone in ("Nadia", "A pump for a ship", "plan.pdf"):
        assert gone not in left(core)
    assert "Otto Other" in left(core)
    (record,) = await core.read(lambda tx: tx.accesses.all())
    assert (record.actor_id, record.kind) == (OPERATOR, AccessKind.ERASE_SUBMISSION)
    assert record.detail == {"number": "2"}
    cleared = [key for key in core.effects() if key.startswith(("clear:", "unfile:"))]
    assert sorted(cleared) == [
        "clear:card:2",
        "clear:receipt:2",
        "clear:story:2:2",
        "clear:word:2:2",
        "unfile:file:2:1",
    ]
    with pytest.raises(NotFoundError):
        await core.do(erase, command)


@pytest.mark.parametrize("who, may", [(ADA, True), (OLGA, True), (OPERATOR, True)])
async def test_admins_and_operators_erase(core: Core, who: str, may: bool) -> None:
    lead = await a_lead(core)
    erased = await core.do(erase, Erase(number=lead.number, actor_id=who))
    assert not erased.is_empty


@pytest.mark.parametrize("who", [SAM, LENA, CORA])
async def test_nobody_else_does(core: Core, who: str) -> None:
    lead = await a_lead(core)
    before = left(core)
    for command in (Erase(number=1, actor_id=who), Erase(number=1, actor_id=who, is_whole=True)):
        with pytest.raises(NotAllowedError, match="Only admins"):
            await core.ask(foresee, command)
        with pytest.raises(NotAllowedError, match="Only admins"):
            await core.do(erase, command)
    with pytest.raises(NotAllowedError):
        await core.do(erase_texts, EraseTexts(number=lead.number, user_id=LENA, actor_id=who))
    with pytest.raises(NotAllowedError):
        await core.do(erase_colleague, Colleague(user_id=LENA, actor_id=who))
    assert left(core) == before


async def test_of_a_colleague_go_drafts_and_what_is_known_of_them(core: Core) -> None:
    lead = await a_lead(core)
    await core.do(save_draft, SaveDraft(key=DraftKey(LENA, "lead"), fields={"name": "Dora Draft"}))
    command = Colleague(user_id=LENA, actor_id=OPERATOR)
    foreseen = await core.ask(foresee_colleague, command)
    assert (foreseen.drafts, foreseen.is_known) == (1, True)
    assert (foreseen.wrote_about, foreseen.named) == ((lead.number,), ("role lead_desk",))
    assert await core.do(erase_colleague, command) == foreseen
    assert "Dora Draft" not in left(core)
    assert await core.read(lambda tx: tx.members.get(LENA)) is None
    assert QUESTION in left(core)
    erased = await core.do(
        erase_texts, EraseTexts(number=lead.number, user_id=LENA, actor_id=OPERATOR)
    )
    assert erased == 1
    assert QUESTION not in left(core)
    assert "clear:word:1:2" in core.effects()
    assert await core.read(lambda tx: tx.submissions.personal(lead.number))
    assert (await core.ask(foresee_colleague, command)).wrote_about == ()


async def test_texts_of_others_stay(core: Core) -> None:
    lead = await a_lead(core)
    assert await core.do(erase_texts, EraseTexts(number=1, user_id=SAM, actor_id=ADA)) == 0
    assert await core.read(lambda tx: tx.conversations.of(lead.number)) == {2: QUESTION}


async def test_with_a_colleague_goes_the_digest_that_they_took(core: Core) -> None:
    await core.do(take, TakeDigest(user_id=LENA, form_id="V1", tz="UTC"))
    key = f"own:{LENA}:V1"
    before_several = Subscription(subscription_id=f"own:{LENA}", channel_id=LENA)
    await core.write(lambda tx: tx.digests.save_own(before_several))
    await core.do(pause, Rest(actor_id=LENA, subscription_id=key))
    core.clock.forward(days=7)
    await core.do(fire_due, FireDue(key))
    reach = make_reach(subscription_id=key)
    await core.write(lambda tx: tx.digests.add_reach(reach))
    await core.write(lambda tx: tx.asks.add(make_ask(subscription_id=key)))
    await core.write(lambda tx: tx.digests.press(key, "w"))
    told = ("period_run", "digest_reach", "digest_press", "ask")
    named = ("own_digest", "taken_digest", "digest_state", "schedule", *told)
    assert all(f"own:{LENA}" in str(core.rows(table)) for table in named)
    await core.do(erase_colleague, Colleague(user_id=LENA, actor_id=ADA))
    assert not any(f"own:{LENA}" in str(core.rows(table)) for table in named)


async def test_a_leader_whom_the_set_up_lists_is_told_of(core: Core) -> None:
    await core.set_up(replace(a_desk(), leaders=(SAM,)))
    foreseen = await core.ask(foresee_colleague, Colleague(user_id=SAM, actor_id=OPERATOR))
    assert foreseen.named == ("leaders",)

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.desk import Channel, Department, Rule
from bot.details import OpenDetails, open_details
from bot.errors import FieldError
from bot.lifecycle import State, Verb
from bot.outbox import EffectKind
from bot.submission import HistoryEntry, Origin
from bot.submit import HandIn, Received, hand_in
from tests.support.core import ADA, CONTENT, FORMS, LENA, SAM, START, SUE, Core, a_desk

MESSAGE = Origin(
    channel_id="C0TALK",
    message_ts="1763541000.000100",
    author_id=SUE,
    permalink="https://example.slack.com/archives/C0TALK/p1",
    is_private=False,
)


def form(kind: str = "idea", **more: Any) -> HandIn:
    given = {"submitter_id": SAM, "fields": FORMS[kind], "source_key": "view:V1", **more}
    return HandIn(kind_key=kind, **given)


async def test_a_form_becomes_a_submission_with_history_and_effects(core: Core) -> None:
    handed_in = await core.do(hand_in, form())
    assert handed_in.received is Received.NEW
    submission = handed_in.submission
    assert submission == await core.stored(1)
    assert (submission.number, submission.version, submission.state) == (1, 1, State.NEW)
    assert (submission.submitter_id, submission.role_id) == (SAM, "content_lead")
    assert submission.title == "A video about the new pump"
    assert submission.created_at == submission.updated_at == START
    assert submission.due_at == datetime(2026, 11, 20, 17, tzinfo=UTC)  # 16 hours of 9 to 17
    assert submission.decided_at is None
    assert not submission.has_ended
    assert await core.history(1) == (
        HistoryEntry(
            number=1,
            seq=1,
            at=START,
            actor_id=SAM,
            verb=Verb.HAND_IN,
            from_state=None,
            to_state=State.NEW,
            detail={"role": "content_lead"},
        ),
    )
    assert sorted(core.effects()) == ["card:1", "receipt:1"]
    card = await core.read(lambda tx: tx.outbox.find("card:1"))
    receipt = await core.read(lambda tx: tx.outbox.find("receipt:1"))
    assert card is not None
    assert receipt is not None
    assert (card.kind, card.target) == (EffectKind.CARD, CONTENT)
    assert (receipt.kind, receipt.target) == (EffectKind.RECEIPT, SAM)


async def test_the_same_form_twice_is_one_submission(core: Core) -> None:
    first = await core.do(hand_in, form())
    again = await core.do(hand_in, form(fields={"title": "Changed meanwhile"}))
    assert again.received is Received.SAME_FORM
    assert again.submission == first.submission
    assert len(await core.history(1)) == 1
    assert len(core.effects()) == 2


async def test_the_same_form_many_times_at_once(core: Core) -> None:
    answers = await asyncio.gather(*(core.do(hand_in, form()) for _ in range(5)))
    assert sorted(one.received for one in answers) == [Received.NEW] + [Received.SAME_FORM] * 4
    assert {one.submission.number for one in answers} == {1}
    assert sorted(core.effects()) == ["card:1", "receipt:1"]


async def test_two_forms_are_two_submissions(core: Core) -> None:
    await core.do(hand_in, form())
    again = await core.do(hand_in, form(source_key="view:V2"))
    assert (again.received, again.submission.number) == (Received.NEW, 2)


async def test_the_same_message_is_handed_in_once_per_kind(core: Core) -> None:
    await core.do(hand_in, form(origin=MESSAGE))
    other = replace(MESSAGE, permalink=None)
    again = await core.do(hand_in, form(source_key="view:V2", submitter_id=SUE, origin=other))
    assert again.received is Received.SAME_MESSAGE
    assert again.submission.submitter_id == SAM
    lead = await core.do(hand_in, form("lead", source_key="view:V3", origin=MESSAGE))
    assert (lead.received, lead.submission.number) == (Received.NEW, 2)
    later = replace(MESSAGE, message_ts="1763541000.000200")
    more = await core.do(hand_in, form(source_key="view:V4", origin=later))
    assert (more.received, more.submission.number) == (Received.NEW, 3)


async def test_a_bad_form_leaves_nothing_and_uses_up_no_number(core: Core) -> None:
    with pytest.raises(FieldError) as refused:
        await core.do(hand_in, form(fields={"title": "🎉", "link": "no"}))
    assert set(refused.value.fields) == {"title", "link"}
    assert core.rows("submission") == core.rows("history") == core.rows("outbox") == []
    mended = await core.do(hand_in, form())
    assert (mended.received, mended.submission.number) == (Received.NEW, 1)


@pytest.mark.parametrize(
    "kind, secrets",
    [
        ("lead", {"name": "Nadia Neuland", "contact": "nadia@example.com"}),
        ("testimonial", {"person": "Petra Privat"}),
    ],
)
async def test_personal_fields_stand_in_their_own_table_only(
    core: Core, kind: str, secrets: Mapping[str, str]
) -> None:
    submission = await core.hand_in(kind)
    assert await core.read(lambda tx: tx.submissions.personal(submission.number)) == secrets
    await core.do(open_details, OpenDetails(submission.number, SAM))
    owner = {"lead": LENA, "testimonial": ADA}[kind]
    await core.step(submission, Verb.DECLINE, by=owner, reason="timing", note="Not now.")
    where = {
        table
        for table in core.tables()
        for row in core.rows(table)
        if any(secret in str(row) for secret in secrets.values())
    }
    assert where == {"submission_personal"}


async def test_an_idea_has_no_personal_fields(core: Core) -> None:
    await core.hand_in()
    assert core.rows("submission_personal") == []


@pytest.mark.parametrize(
    "is_private, known_private, link_stays",
    [(False, None, True), (False, False, True), (False, True, False), (True, False, False)],
)
async def test_nothing_leads_out_of_a_private_conversation(
    core: Core, is_private: bool, known_private: bool | None, link_stays: bool
) -> None:
    if known_private is not None:
        known = Channel(channel_id="C0TALK", name="talk", is_private=known_private)
        await core.write(lambda tx: tx.channels.save([known], START))
    submission = await core.hand_in(origin=replace(MESSAGE, is_private=is_private))
    stored = (await core.stored(submission.number)).origin
    assert stored is not None
    assert (stored.permalink is not None) is link_stays
    assert stored.is_private is not link_stays
    assert (stored.channel_id, stored.message_ts) == (MESSAGE.channel_id, MESSAGE.message_ts)


async def test_rules_see_the_department_and_the_channel(core: Core) -> None:
    rules = (
        Rule(role_id="lead_desk", departments=("Sales",)),
        Rule(role_id="lead_desk", channels=("C0LEADS",)),
    )
    departments = (
        Department(name="Sales", members=(SAM,)),
        Department(name="Product", channels=("C0PRODUCT",)),
    )
    await core.set_up(replace(a_desk(), rules=rules, departments=departments))
    of_sam = await core.hand_in(by=SAM, channel_id="C0PRODUCT")
    assert (of_sam.department, of_sam.role_id) == ("Sales", "lead_desk")
    product = await core.hand_in(by=SUE, channel_id="C0PRODUCT")
    assert (product.department, product.role_id) == ("Product", "content_lead")
    elsewhere = await core.hand_in(by=SUE, channel_id="C0LEADS")
    assert (elsewhere.department, elsewhere.role_id) == (None, "lead_desk")


async def test_personal_words_do_not_route(core: Core) -> None:
    """A rule could otherwise tell by the owner what is in a personal field."""
    rule = Rule(role_id="content_lead", words=("nadia",))
    await core.set_up(replace(a_desk(), rules=(rule,)))
    assert (await core.hand_in("lead")).role_id == "lead_desk"


async def test_before_anybody_set_anything_up(empty: Core) -> None:
    submission = await empty.hand_in()
    assert submission.role_id == "social_lead"
    assert empty.effects() == ["receipt:1"]


async def test_a_card_without_a_channel_goes_to_the_first_holder(core: Core) -> None:
    await core.hand_in("lead")
    card = await core.read(lambda tx: tx.outbox.find("card:1"))
    assert card is not None
    assert card.target == LENA


async def test_a_day_is_judged_where_the_submitter_lives(core: Core) -> None:
    """At 23:30 UTC it is the 20th in Berlin, where Sam lives; Sue lives by UTC."""
    core.clock.at = START.replace(hour=23, minute=30)
    wanted = {**FORMS["idea"], "wanted_by": "2026-11-19"}
    with pytest.raises(FieldError) as refused:
        await core.do(hand_in, form(fields=wanted))
    assert set(refused.value.fields) == {"wanted_by"}
    handed_in = await core.do(hand_in, form(fields=wanted, submitter_id=SUE))
    assert handed_in.submission.text("wanted_by") == "2026-11-19"

"""A customer's consent: recorded, withdrawn, and the lock before Published."""

from datetime import UTC, datetime, timedelta

import pytest

from sandbox.model import Message
from tests.support.desk import Scene
from tests.support.words import SECRET, everything_but, now, praised, press, stored

WORDING = "Yes, with my name, said on the phone by " + SECRET


async def accepted(s: Scene) -> Message:
    """An accepted testimonial's card."""
    card = await praised(s)
    await s.adam.click(card, "triage.accept")
    await s.settle()
    return card


async def agreed(s: Scene, card: Message, **more: object) -> None:
    """Record a consent; `more` fills the form differently."""
    await press(s, s.adam, card, "triage.consent", "Record consent")
    given = {"wording": WORDING, "shown": "name", **more}
    await s.adam.submit(given, force=True)
    await s.settle()


async def published(s: Scene, card: Message, **given: str) -> None:
    """Mark it as published."""
    await press(s, s.adam, card, "triage.publish", "Published")
    if s.adam.view is not None:
        await s.adam.submit({"link": "https://example.com/p", **given})
    await s.settle()


async def test_published_waits_for_consent_and_then_goes(at_work: Scene) -> None:
    s = at_work
    card = await accepted(s)
    assert "*Consent:* not recorded" in now(s, card).text
    (told,) = await s.tried(s.adam, now(s, card), "triage.publish")
    assert "consent is not recorded" in told
    assert s.adam.view is None
    await agreed(s, card, platforms=["linkedin", "blog"], until="2027-03-03")
    assert (
        "*Consent:* LinkedIn and Blog; with name, without logo; until Wed 3 Mar 2027."
        in now(s, card).text
    )
    await press(s, s.adam, card, "triage.publish", "Published")
    assert "with name, without logo" in str(s.modal(s.adam).blocks)
    await s.adam.submit({"link": "https://example.com/p", "platform": "x"})
    assert "only: LinkedIn, Blog" in s.adam.errors["platform"]
    await s.adam.submit({"platform": "blog"})
    await s.settle()
    assert "*Published*" in now(s, card).text


async def test_what_they_said_is_personal(at_work: Scene) -> None:
    s = at_work
    card = await accepted(s)
    await agreed(s, card)
    assert SECRET not in str(s.ws.messages)
    assert "recorded the customer's consent for your testimonial 1" in s.dm(s.sam)[-1].text
    assert "anywhere; with name, without logo; without an end" in s.dm(s.sam)[-1].text
    await s.adam.click(now(s, card), "triage.open")
    assert WORDING in str(s.modal(s.adam).blocks)


async def test_words_that_came_along_need_not_be_typed_again(at_work: Scene) -> None:
    s = at_work
    card = await praised(s, consent="granted", consent_wording=WORDING)
    await press(s, s.adam, card, "triage.consent", "Record consent")
    assert SECRET not in str(s.modal(s.adam).blocks)
    await s.adam.submit({"shown": "anonymous"})
    await s.settle()
    consent = (await stored(s, 1)).consent
    assert consent is not None
    assert consent.is_anonymous
    assert not consent.may_name


async def test_a_bad_consent_is_told_beside_what_caused_it(at_work: Scene) -> None:
    s = at_work
    card = await accepted(s)
    await agreed(s, card, wording=" ", shown=None, until="2026-11-18")
    assert sorted(s.adam.errors) == ["shown", "until", "wording"]
    assert "is over" in s.adam.errors["until"]
    await s.adam.submit({"wording": "Yes", "shown": "logo", "until": "2026-11-19"})
    await s.settle()
    assert "with logo, without name" in now(s, card).text


@pytest.mark.parametrize("hours, is_over", [(13.9, False), (14.1, True)])
async def test_the_last_day_ends_at_midnight_where_the_owner_is(
    at_work: Scene, hours: float, is_over: bool
) -> None:
    """Recorded at 10:00 in Berlin, until that same day."""
    s = at_work
    card = await accepted(s)
    await agreed(s, card, until="2026-11-19")
    start = datetime(2026, 11, 19, 9, tzinfo=UTC)
    await s.jump(start + timedelta(hours=hours))
    await published(s, card)
    assert ("Published" in now(s, card).text.split("Accepted")[0]) is not is_over
    if is_over:
        assert "ended on 2026-11-19" in s.adam.ephemerals[-1].text


async def test_a_form_that_was_open_meanwhile_finds_the_lock(at_work: Scene) -> None:
    s = at_work
    card = await accepted(s)
    await agreed(s, card)
    await press(s, s.adam, card, "triage.publish", "Published")
    await press(s, s.ava, card, "triage.consent_withdrawn", "Consent withdrawn")
    await s.ava.submit({"note": "They called"})
    await s.settle()
    await s.adam.submit({"link": "https://example.com/p"})
    await s.settle()
    assert "withdrew" in str(s.modal(s.adam).blocks)
    assert "https://example.com/p" in str(s.modal(s.adam).blocks)
    assert (await stored(s, 1)).published_at is None


async def test_a_withdrawal_lists_every_use_and_locks(at_work: Scene) -> None:
    s = at_work
    card = await accepted(s)
    await agreed(s, card)
    await published(s, card)
    await press(s, s.adam, card, "triage.publish", "Published elsewhere")
    await s.adam.submit({"link": "https://example.com/again", "platform": "blog"})
    await s.settle()
    await press(s, s.ava, card, "triage.consent_withdrawn", "Consent withdrawn")
    await s.ava.submit({"note": f"{SECRET} called"})
    await s.settle()
    for text in (now(s, card).text, s.story(card)[-1]):
        assert "https://example.com/p" in text
        assert "https://example.com/again" in text
    assert "Consent withdrawn" in now(s, card).text
    word = s.dm(s.sam)[-1]
    assert "withdrew their consent" in word.text
    assert SECRET not in everything_but(s, word.channel)
    await press(s, s.adam, card, "triage.publish", "Published elsewhere")
    await s.settle()
    assert "withdrew their consent" in s.adam.ephemerals[-1].text
    await s.adam.click(now(s, card), "triage.open")
    assert f"{SECRET} called" in str(s.modal(s.adam).blocks)


async def test_who_does_not_hold_the_role_records_nothing(at_work: Scene) -> None:
    s = at_work
    card = await accepted(s)
    s.ws.invite(s.advocacy, s.xena.user.id)
    await press(s, s.xena, card, "triage.consent", "Record consent")
    await s.settle()
    assert s.xena.view is None
    assert "Advocacy lead" in s.xena.ephemerals[-1].text

"""Deciding on a card: who may, who wins, what everybody hears."""

import asyncio
from datetime import timedelta

import pytest

from bot.triage import DOUBLE_CLICK
from sandbox.model import Message
from tests.support.desk import Scene


async def handed_in(s: Scene, title: str = "A thought") -> Message:
    """An idea of Sam's, on the desk; returns its card."""
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit({"title": title})
    await s.settle()
    return s.cards(s.content)[-1]


async def praised(s: Scene) -> Message:
    """A testimonial of Sam's; returns its card, on which Adam and Ava may decide."""
    await s.sam.slash("/social-testimonial", "Great", channel=s.general)
    await s.sam.submit({"customer": "Acme", "person": "Pat Marker"})
    await s.settle()
    return s.cards(s.advocacy)[-1]


def now(s: Scene, card: Message) -> Message:
    """The card as it stands in Slack."""
    return s.ws.messages[card.channel][card.ts]


def buttons(card: Message) -> list[str]:
    """The action ids of a card's buttons."""
    return [
        element["action_id"]
        for block in card.blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if element["type"] == "button"
    ]


async def test_each_verb_changes_the_card_tells_the_story_and_the_submitter(
    at_work: Scene,
) -> None:
    s = at_work
    card = await handed_in(s)
    assert buttons(card) == ["triage.take", "triage.accept", "triage.decline", "triage.open"]
    assert await s.tried(s.cora, card, "triage.take") == []
    assert buttons(now(s, card)) == [
        "triage.accept",
        "triage.decline",
        "triage.ask",
        "triage.open",
    ]
    assert f"<@{s.cora.user.id}>" in now(s, card).text
    await s.tried(s.cora, now(s, card), "triage.accept")
    assert buttons(now(s, card))[:2] == ["triage.publish", "triage.schedule"]
    await s.cora.click(now(s, card), "triage.publish")
    await s.cora.submit({"link": "https://example.com/p"})
    await s.settle()
    assert "triage.accept" not in buttons(now(s, card))
    assert [line.split(":")[0].rstrip(".") for line in s.story(card)] == [
        "*Cora Content* took it",
        "*Cora Content* accepted it",
        "*Cora Content* marked it as published",
    ]
    receipt, *heard = s.dm(s.sam)
    assert {m.thread_ts for m in heard} == {receipt.ts}
    assert len(heard) == 3


async def test_a_decline_needs_a_reason_and_a_sentence_and_both_arrive(at_work: Scene) -> None:
    s = at_work
    card = await handed_in(s)
    await s.cora.click(card, "triage.decline")
    await s.cora.submit({"reason": "timing", "note": "🎉"}, force=True)
    assert list(s.cora.errors) == ["note"]
    await s.cora.submit({"note": "Wait for the <launch> & ask again"})
    await s.settle()
    assert "Wait for the &lt;launch&gt; &amp; ask again" in now(s, card).text
    assert "the timing is wrong" in s.dm(s.sam)[-1].text
    assert "Wait for the &lt;launch&gt; &amp; ask again" in s.dm(s.sam)[-1].text
    assert buttons(now(s, card)) == ["triage.open"]


async def test_of_two_who_click_at_once_one_wins_and_the_other_is_told(at_work: Scene) -> None:
    s = at_work
    card = await praised(s)
    await asyncio.gather(s.adam.click(card, "triage.accept"), s.ava.click(card, "triage.take"))
    await s.settle()
    told = [m.text for person in (s.adam, s.ava) for m in person.ephemerals]
    assert len(told) == 1
    assert "meanwhile" in told[0]
    assert len(s.story(card)) == 1
    assert len(s.dm(s.sam)) == 2


async def test_a_form_that_was_overtaken_keeps_what_was_typed(at_work: Scene) -> None:
    s = at_work
    card = await praised(s)
    await s.adam.click(card, "triage.decline")
    await s.tried(s.ava, card, "triage.accept")
    await s.adam.submit({"reason": "timing", "note": "My careful sentence"})
    await s.settle()
    assert s.adam.view is not None
    assert "My careful sentence" in str(s.adam.view.blocks)
    assert f"<@{s.ava.user.id}>" in str(s.adam.view.blocks)
    assert "Accepted" in now(s, card).text


async def test_open_details_are_renewed_when_somebody_was_quicker(at_work: Scene) -> None:
    s = at_work
    card = await praised(s)
    await s.adam.click(card, "triage.open")
    await s.tried(s.ava, card, "triage.accept")
    await s.adam.click(s.modal(s.adam), "triage.take")
    assert s.adam.view is not None
    shown = str(s.adam.view.blocks)
    assert "meanwhile" in shown
    assert "triage.take" not in shown
    assert "triage.publish" in shown


async def test_a_deleted_card_is_told_once_and_the_work_goes_on(at_work: Scene) -> None:
    s = at_work
    card = await handed_in(s)
    del s.ws.messages[card.channel][card.ts]
    await s.cora.slash("/social", "queue", channel=s.general)
    await s.cora.click(s.cora.ephemerals[-1], "triage.open:1")
    await s.cora.click(s.modal(s.cora), "triage.accept")
    await s.settle()
    (notice,) = s.dm(s.olga)
    assert "deleted" in notice.text
    assert "accepted" in s.dm(s.sam)[-1].text
    s.ws.problems.clear()


async def test_a_double_click_is_one_click(at_work: Scene) -> None:
    s = at_work
    card = await handed_in(s)
    await s.cora.click(card, "triage.accept")
    await s.cora.click(card, "triage.accept")
    await s.settle()
    assert s.cora.ephemerals == []
    assert len(s.story(card)) == 1


async def test_the_same_click_later_on_an_old_card_is_told(at_work: Scene) -> None:
    s = at_work
    card = await handed_in(s)
    s.ws.fault("chat.update", "refused", times=100)
    await s.cora.click(card, "triage.accept")
    await s.clock.advance(DOUBLE_CLICK + timedelta(seconds=1))
    await s.cora.click(card, "triage.accept")
    await s.desk.rest()
    (told,) = s.cora.ephemerals
    assert "You accepted it meanwhile" in told.text
    s.ws.faults.clear()
    await s.wait(minutes=10)


@pytest.mark.parametrize("action", ["triage.take", "triage.accept", "triage.decline"])
async def test_who_does_not_hold_the_role_may_not(at_work: Scene, action: str) -> None:
    s = at_work
    card = await handed_in(s)
    s.ws.invite(s.content, s.xena.user.id)
    (told,) = await s.tried(s.xena, card, action)
    assert "Content lead" in told
    assert s.story(card) == []
    assert s.xena.view is None


async def test_nobody_decides_on_their_own_while_another_could(at_work: Scene) -> None:
    s = at_work
    await s.adam.slash("/social-testimonial", "My own", channel=s.general)
    await s.adam.submit({"customer": "Acme"})
    await s.settle()
    card = s.only_card(s.advocacy)
    (told,) = await s.tried(s.adam, card, "triage.accept")
    assert "yourself" in told
    await s.tried(s.ava, card, "triage.accept")
    await s.adam.click(now(s, card), "triage.consent")
    await s.adam.submit({"wording": "Yes", "shown": "anonymous"})
    await s.settle()
    await s.adam.click(now(s, card), "triage.publish")
    await s.adam.submit({"link": "https://example.com/p"})
    await s.settle()
    assert "Published" in now(s, card).text


async def test_where_nobody_else_could_it_is_allowed_and_recorded(at_work: Scene) -> None:
    s = at_work
    await s.cora.slash("/social-idea", "", channel=s.general)
    await s.cora.submit({"title": "My own"})
    await s.settle()
    card = s.only_card(s.content)
    assert await s.tried(s.cora, card, "triage.accept") == []
    assert "own submission" in s.story(card)[0]


async def test_personal_fields_are_opened_by_the_owner_and_that_is_recorded(
    at_work: Scene,
) -> None:
    s = at_work
    card = await praised(s)
    await s.adam.click(card, "triage.open")
    assert s.adam.view is not None
    assert "Pat Marker" in str(s.adam.view.blocks)
    await s.adam.close_view()
    s.ws.invite(s.advocacy, s.xena.user.id)
    (told,) = await s.tried(s.xena, card, "triage.open")
    assert "Advocacy lead" in told
    assert "Marker" not in str(s.ws.messages)
    await s.ava.click(card, "triage.open")
    assert s.ava.view is not None
    assert f"<@{s.adam.user.id}> opened the details" in str(s.ava.view.blocks)


async def test_a_card_that_was_updated_while_slack_was_away_shows_the_newest(
    at_work: Scene,
) -> None:
    s = at_work
    card = await handed_in(s)
    s.ws.fault("chat.update", "500", times=3)
    await s.cora.click(card, "triage.take")
    await s.cora.click(now(s, card), "triage.accept")
    await s.wait(minutes=1)
    assert "Taken" in now(s, card).text

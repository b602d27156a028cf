"""The verbs beside Take, Accept and Decline, each from its button to what everybody hears."""

from datetime import timedelta

from bot.lifecycle import Verb
from sandbox.model import Message
from tests.support.desk import Scene


async def handed_in(s: Scene, title: str = "A thought") -> Message:
    """An idea of Sam's, on the desk; returns its card."""
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit({"title": title})
    await s.settle()
    return s.cards(s.content)[-1]


def now(s: Scene, card: Message) -> Message:
    """The card as it stands in Slack."""
    return s.ws.messages[card.channel][card.ts]


def buttons(card: Message) -> list[str]:
    """The action ids of a card's buttons."""
    rows = [block["elements"] for block in card.blocks if block["type"] == "actions"]
    return [one["action_id"] for row in rows for one in row if one["type"] == "button"]


async def choose(s: Scene, card: Message, label: str) -> None:
    """Cora picks an entry of the menu on a card."""
    await s.cora.click(now(s, card), "triage.more", label)


async def test_scheduled_for_a_moment_to_come(at_work: Scene) -> None:
    s = at_work
    card = await handed_in(s)
    await s.tried(s.cora, card, "triage.accept")
    await s.cora.click(now(s, card), "triage.schedule")
    await s.cora.submit({"at": s.clock.now() - timedelta(hours=1), "platform": "linkedin"})
    assert s.cora.errors == {"at": "This moment has passed. Choose one that is still to come."}
    at = s.clock.now() + timedelta(days=2)
    await s.cora.submit({"at": at})
    await s.settle()
    assert f"<!date^{int(at.timestamp())}^" in now(s, card).text
    assert "on LinkedIn for" in s.story(card)[-1]
    assert f"It gets published <!date^{int(at.timestamp())}^" in s.dm(s.sam)[-1].text


async def test_put_off_until_a_day_to_come(at_work: Scene) -> None:
    s = at_work
    card = await handed_in(s)
    await choose(s, card, "Snooze")
    await s.cora.submit({"until": "2026-11-19"})
    assert list(s.cora.errors) == ["until"]
    await s.cora.submit({"until": "2026-11-24"})
    await s.settle()
    assert "put off until" in now(s, card).text
    assert "put it off until" in s.story(card)[-1]
    assert "put off your idea 1" in s.dm(s.sam)[-1].text


async def test_a_duplicate_ends_and_its_submitter_hears_of_the_original(at_work: Scene) -> None:
    s = at_work
    original = await handed_in(s)
    await s.xena.slash("/social-idea", "", channel=s.general)
    await s.xena.submit({"title": "The same thought"})
    await s.settle()
    copy = s.cards(s.content)[-1]
    await choose(s, copy, "Duplicate of")
    await s.cora.submit({"of": "2"})
    assert s.cora.errors == {"of": "This is its own number. Which one is it a duplicate of?"}
    await s.cora.submit({"of": "1"})
    await s.settle()
    assert "Number 1 tells how it goes on" in now(s, copy).text
    assert "You hear here how number 1 goes on." in s.dm(s.xena)[-1].text
    await s.tried(s.cora, original, "triage.accept")
    receipt, *heard = s.dm(s.xena)
    assert "accepted idea 1, which says the same as your idea 2" in heard[-1].text
    assert {word.thread_ts for word in heard} == {receipt.ts}
    assert len(s.dm(s.sam)) == 2


async def test_a_wrong_decline_is_undone(at_work: Scene) -> None:
    s = at_work
    card = await handed_in(s)
    await s.cora.click(card, "triage.decline")
    await s.cora.submit({"reason": "timing", "note": "Too early"})
    await s.settle()
    await choose(s, card, "Reopen")
    await s.cora.submit({"note": "The <launch> is today"})
    await s.settle()
    assert "*Taken.*" in now(s, card).text
    assert "Too early" not in now(s, card).text
    assert "The &lt;launch&gt; is today" in s.story(card)[-1]
    assert "reopened your idea 1" in s.dm(s.sam)[-1].text
    assert "The &lt;launch&gt; is today" in s.dm(s.sam)[-1].text


async def test_published_in_two_places(at_work: Scene) -> None:
    s = at_work
    card = await handed_in(s)
    await s.tried(s.cora, card, "triage.accept")
    await s.cora.click(now(s, card), "triage.publish")
    await s.cora.submit({"link": "https://example.com/p", "platform": "blog"})
    await s.settle()
    await choose(s, card, "Published elsewhere")
    await s.cora.submit({"link": "https://example.com/q", "platform": "x"})
    await s.settle()
    assert "example.com/p" in now(s, card).text
    first, second = s.story(card)[-2:]
    assert "marked it as published on Blog" in first
    assert "published it elsewhere, too on X" in second
    assert "example.com/q" in s.dm(s.sam)[-1].text


async def test_a_lead_is_passed_on_and_lost(at_work: Scene) -> None:
    s = at_work
    await s.sam.slash("/social-lead", "They need a press", channel=s.general)
    await s.sam.submit({"name": "Nadia Neuland"})
    await s.settle()
    card = s.only_card(s.leads)
    await s.lena.click(card, "triage.pass_on")
    await s.lena.submit({"person": s.xena.user.id, "to": "Xena"})
    assert list(s.lena.errors) == ["to"]
    await s.lena.submit({"person": s.xena.user.id, "to": None})
    await s.settle()
    assert "Xena Executive has it" in now(s, card).text
    assert f"<@{s.xena.user.id}> has it now" in s.dm(s.sam)[-1].text
    (passed,) = s.dm(s.xena)
    assert f"<@{s.lena.user.id}> passed this on to you" in passed.text
    await s.xena.click(passed, "triage.open")
    assert "Nadia Neuland" in str(s.modal(s.xena).blocks)
    await s.xena.close_view()
    await s.lena.click(now(s, card), "triage.lose")
    await s.lena.submit({"note": "They wait a year"})
    await s.settle()
    assert "*Lost*" in now(s, card).text
    assert "nothing came of your lead 1" in s.dm(s.sam)[-1].text
    assert "They wait a year" in s.dm(s.sam)[-1].text
    assert "Neuland" not in str(s.ws.messages)


async def test_handed_over_to_another_role(at_work: Scene) -> None:
    s = at_work
    card = await handed_in(s, "A <secret> thought")
    await choose(s, card, "Hand over")
    role = "role:advocacy_lead"
    await s.cora.submit({"to": role, "note": "A customer says it better"})
    await s.settle()
    there = s.only_card(s.advocacy)
    assert "A &lt;secret&gt; thought" in there.text
    assert buttons(there) == ["triage.take", "triage.accept", "triage.decline", "triage.open"]
    left = now(s, card)
    assert left.text == f"Idea 1 is with the *Advocacy lead* now, in <#{s.advocacy}>."
    assert "secret" not in str(left.blocks)
    for thread in (s.story(card), s.story(there)):
        assert "handed it over to Advocacy lead" in thread[-1]
        assert "A customer says it better" in thread[-1]
    assert "handed over your idea 1" in s.dm(s.sam)[-1].text
    assert "says it better" not in s.dm(s.sam)[-1].text
    await s.tried(s.adam, there, "triage.accept")
    assert "accepted it" in s.story(there)[-1]
    assert "accepted" not in str(s.story(card))


async def test_an_old_card_that_somebody_still_sees_says_who_has_it(at_work: Scene) -> None:
    s = at_work
    card = await handed_in(s)
    await choose(s, card, "Hand over")
    s.ws.fault("chat.update", "500", times=1)
    await s.cora.submit({"to": "role:advocacy_lead"})
    (told,) = await s.tried(s.cora, card, "triage.accept")
    assert "Number 1 is with the Advocacy lead" in told
    await s.wait(minutes=10)


async def test_handed_over_to_a_person(at_work: Scene) -> None:
    s = at_work
    card = await handed_in(s)
    await choose(s, card, "Hand over")
    await s.cora.submit({"to": f"person:{s.ava.user.id}:video_lead"})
    await s.settle()
    (there,) = s.dm(s.ava)[:1]
    assert f"<@{s.ava.user.id}> (*Video lead*) decides" in there.text
    assert f"<@{s.ava.user.id}> has its card" in now(s, card).text


async def test_what_is_not_on_the_card_is_behind_open(at_work: Scene) -> None:
    s = at_work
    card = await handed_in(s)
    await s.cora.click(card, "triage.open")
    view = s.modal(s.cora)
    (row,) = [block for block in view.blocks if block["type"] == "actions"]
    assert len([one for one in row["elements"] if one["type"] == "button"]) <= 4
    await s.cora.click(view, "triage.more", "Snooze")
    await s.cora.submit({"until": "2026-11-24"})
    await s.settle()
    assert s.cora.view is None
    assert Verb.SNOOZE in [
        entry.verb
        for entry in await s.desk.database.read(
            s.desk.identity.workspace_id, lambda tx, _c, _n: tx.history.of(1), None, s.clock.now()
        )
    ]

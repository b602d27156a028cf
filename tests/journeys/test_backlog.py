"""Slack takes no message for an hour while sixty ideas come in: what people find afterwards."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from bot.digest import PUNCTUAL
from sandbox.model import Message
from tests.support.databases import database_url, postgresql_url, sqlite_url
from tests.support.desk import Scene, scene
from tests.support.posts import posts_of
from tests.support.words import now as as_it_is
from tests.support.words import press, stored

__all__ = ["database_url", "postgresql_url", "sqlite_url"]

MANY = 60
FOREVER = 1_000_000
METHODS = ("chat.postMessage", "chat.update", "conversations.open", "views.publish")


@pytest.fixture
async def on_both(database_url: str) -> AsyncIterator[Scene]:
    """The same on each database."""
    async with scene(database_url) as found:
        yield found


def down(s: Scene, kind: str, **options: object) -> None:
    """Slack takes nothing that the desk wants to say."""
    for method in METHODS:
        s.ws.fault(method, kind, times=FOREVER, **options)


async def hand_in(s: Scene, title: str) -> None:
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit({"title": title})


async def outage(s: Scene, kind: str = "refused", many: int = MANY) -> datetime:
    """An hour of it, with many ideas; when it was over."""
    down(s, kind)
    for place in range(1, many + 1):
        await hand_in(s, f"Idea of the hour {place}")
        await s.desk.rest()
        await s.clock.advance(timedelta(hours=1) / many)
    await s.desk.rest()
    s.ws.faults.clear()
    return s.clock.now()


def about_many(s: Scene) -> Message:
    """The one message in the channel."""
    return s.only_card(s.content)


async def test_one_message_tells_of_all_cards_and_every_receipt_arrives(on_both: Scene) -> None:
    s = on_both
    over = await outage(s)
    assert posts_of(s) == []
    await s.wait(minutes=10)
    assert "60 ideas wait for the Content lead" in about_many(s).text
    assert "*Idea 1.* New." in about_many(s).text
    assert "Idea of the hour" not in str(about_many(s))  # what people typed stands on cards
    assert "55 more stand in the queue." in about_many(s).text
    receipts = [one.text for one in s.dm(s.sam)]
    assert len(receipts) == MANY
    assert all(f"Idea of the hour {place}" in " ".join(receipts) for place in range(1, MANY + 1))
    last = posts_of(s)[-1][0]
    assert last - over < timedelta(minutes=8) + MANY * timedelta(seconds=1.05)
    assert s.dm(s.olga) == []


async def test_posts_keep_slacks_limits_while_the_queue_drains(at_work: Scene) -> None:
    s = at_work
    await outage(s)
    await s.wait(minutes=10)
    lasts: dict[str, datetime] = {}
    for at, message in posts_of(s):
        if message.channel in lasts:
            assert at - lasts[message.channel] > timedelta(seconds=1)
        lasts[message.channel] = at


async def test_the_queue_lists_what_has_no_card_and_open_brings_it(at_work: Scene) -> None:
    s = at_work
    await outage(s)
    await s.wait(minutes=10)
    await s.cora.click(about_many(s), "crowd.queue")
    queue = s.modal(s.cora)
    assert "60 submissions wait for your decision" in str(queue.blocks)
    await s.cora.click(queue, "triage.open:7")
    assert "Idea of the hour 7" in str(s.modal(s.cora).blocks)
    await s.settle()
    _, card = s.cards(s.content)
    assert "Idea of the hour 7" in card.text
    await press(s, s.cora, card, "triage.take", "Take")
    await s.settle()
    assert len(s.story(card)) == 1


async def test_who_is_somebody_else_gets_an_empty_queue_and_may_not_open(at_work: Scene) -> None:
    s = at_work
    await outage(s)
    await s.wait(minutes=10)
    await s.xena.click(about_many(s), "crowd.queue")
    assert "Nothing waits for your decision" in str(s.modal(s.xena).blocks)
    said = await s.tried(s.xena, about_many(s), "triage.open:1")
    assert len(said) == 1
    assert len(s.cards(s.content)) == 1


async def test_whoever_decides_brings_the_card_with_its_story(at_work: Scene) -> None:
    """A step has its parent, its thread and its word, as if the card had stood there all along."""
    s = at_work
    await outage(s)
    await s.wait(minutes=10)
    await s.cora.click(about_many(s), "triage.open:2")
    await s.cora.click(s.modal(s.cora), "triage.accept")
    await s.settle()
    _, card = s.cards(s.content)
    assert "Accepted" in as_it_is(s, card).text
    assert len(s.story(card)) == 1
    assert any("accepted" in one.text.lower() for one in s.dm(s.sam)[MANY:])
    assert (await stored(s, 2)).state == "accepted"


async def test_an_answer_and_a_withdrawal_find_their_card(at_work: Scene) -> None:
    s = at_work
    await outage(s)
    await s.wait(minutes=10)
    await s.sam.slash("/social", "3", channel=s.general)
    await s.settle()
    assert len(s.cards(s.content)) == 1  # whoever handed it in looks at their own
    await s.sam.click(s.modal(s.sam), "triage.withdraw")
    await s.sam.submit({})
    await s.settle()
    _, card = s.cards(s.content)
    assert "Withdrawn" in as_it_is(s, card).text


async def test_the_desk_brings_a_card_when_it_has_something_to_say(at_work: Scene) -> None:
    """A reminder must not end in a message about many: it stands under its card."""
    s = at_work
    await outage(s, many=25)
    await s.wait(minutes=10)
    assert len(s.cards(s.content)) == 1
    await s.wait(days=3)
    numbers = Counter(card.text.partition("\n")[0] for card in s.cards(s.content)[1:])
    assert len(numbers) == 25
    assert set(numbers.values()) == {1}
    assert all(s.story(card) for card in s.cards(s.content)[1:])


async def test_a_few_have_their_cards_as_ever(at_work: Scene) -> None:
    s = at_work
    await outage(s, many=20)
    await s.wait(minutes=10)
    assert len(s.cards(s.content)) == 20
    assert all("triage.take" in str(card.blocks) for card in s.cards(s.content))


async def test_what_was_touched_meanwhile_has_its_own_card(at_work: Scene) -> None:
    s = at_work
    down(s, "refused")
    await hand_in(s, "Taken meanwhile")
    await s.desk.rest()
    await s.cora.slash("/social", "1", channel=s.general)
    await s.cora.click(s.modal(s.cora), "triage.take")
    s.ws.faults.clear()
    await outage(s, many=30)
    await s.wait(minutes=12)
    taken, many = s.cards(s.content)
    assert "Taken meanwhile" in taken.text
    assert "30 ideas wait" in many.text


@pytest.mark.parametrize("kind", ["500", "lost", "timeout"])
async def test_an_hour_of_unclear_answers_loses_and_repeats_nothing(
    at_work: Scene, kind: str
) -> None:
    s = at_work
    s.ws.fault("chat.postMessage", kind, times=FOREVER)
    for place in range(1, 31):
        await hand_in(s, f"Unclear {place}")
        await s.desk.rest()
        await s.clock.advance(timedelta(minutes=2))
    await s.desk.rest()
    s.ws.faults.clear()
    await s.wait(minutes=15)
    receipts = Counter(one.text.partition("\n")[0] for one in s.dm(s.sam))
    assert sum(receipts.values()) == 30
    cards = s.cards(s.content)
    assert len(cards) <= 30
    assert len({one.ts for one in cards}) == len(cards)
    by_itself = [one for one in cards if "crowd.queue" not in str(one.blocks)]
    told = [one for one in cards if "crowd.queue" in str(one.blocks)]
    assert len(Counter(one.text for one in by_itself)) == len(by_itself)
    assert len(by_itself) + (0 if not told else int(told[-1].text[1:].split()[0])) == 30
    assert s.dm(s.olga) == []


async def test_people_go_before_digests_and_home_tabs(at_work: Scene) -> None:
    """The hour ends on Monday at nine: the digest comes, labelled if late, and holds up no card."""
    s = at_work
    await hand_in(s, "Before")
    await s.settle()
    await s.jump(datetime.fromisoformat("2026-11-23T07:30:00+00:00"))
    over = await outage(s, many=10)
    await s.wait(minutes=10)
    (digest,) = s.cards(s.leadership)
    late = datetime.fromtimestamp(float(digest.ts), over.tzinfo) - datetime.fromisoformat(
        "2026-11-23T08:00:00+00:00"
    )
    assert ("late" in digest.text.lower()) is (late > PUNCTUAL)
    assert len(s.cards(s.content)) == 11

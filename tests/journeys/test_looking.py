"""Reading back: without leave for it, and with as little of it as Slack gives."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

import pytest

from sandbox.model import Message
from tests.support.desk import Scene
from tests.support.words import press

POST = "chat.postMessage"
HandIn = Callable[[Scene], Awaitable[None]]


async def idea(s: Scene) -> None:
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit({"title": "Oven"})


async def lead(s: Scene) -> None:
    await s.sam.slash("/social-lead", "A pump", channel=s.general)
    await s.sam.submit({"name": "Acme", "need": "A pump for a ship"})


def calls_of(s: Scene, monkeypatch: pytest.MonkeyPatch, method: str) -> list[datetime]:
    """When a method is called from now on."""
    times: list[datetime] = []
    take = s.ws.rates.wait

    def wait(name: str, channel: str) -> int:
        if name == method:
            times.append(s.clock.now())
        return take(name, channel)

    monkeypatch.setattr(s.ws.rates, "wait", wait)
    return times


def without(s: Scene, *scopes: str) -> None:
    """The workspace did not give these scopes."""
    s.ws.manifest = replace(s.ws.manifest, scopes=s.ws.manifest.scopes - set(scopes))


def in_dm(s: Scene) -> list[Message]:
    return s.dm(s.sam)


PLACES: dict[str, tuple[str, HandIn, Callable[[Scene], list[Message]]]] = {
    "a public channel": ("channels:history", idea, lambda s: s.cards(s.content)),
    "a private channel": ("groups:history", lead, lambda s: s.cards(s.leads)),
    "a direct message": ("im:history", idea, in_dm),
}


@pytest.mark.parametrize("place", PLACES)
async def test_without_the_scope_nothing_is_repeated_and_the_admin_decides(
    at_work: Scene, place: str
) -> None:
    s = at_work
    scope, hand_in, found = PLACES[place]
    without(s, scope)
    s.ws.fault(POST, "lost", times=2)  # the card's answer and the receipt's
    await hand_in(s)
    await s.wait(minutes=3)
    assert len(found(s)) == 1
    (notice,) = s.dm(s.olga)
    assert "may not read back whether it arrived" in notice.text
    assert {str(one.detail) for one in s.ws.problems if "missing_scope" in str(one.detail)}
    await s.tried(s.olga, notice, "notice.retry")
    assert len(found(s)) == 2  # somebody looked, and wanted it
    s.ws.problems.clear()


@pytest.mark.parametrize("place", PLACES)
async def test_the_scopes_of_other_places_are_not_needed(at_work: Scene, place: str) -> None:
    s = at_work
    scope, hand_in, found = PLACES[place]
    others = {other for other, _, _ in PLACES.values()} - {scope}
    without(s, *others)
    s.ws.fault(POST, "lost", times=2)
    await hand_in(s)
    await s.wait(minutes=3)
    assert len(found(s)) == 1
    assert len(s.dm(s.olga)) == 1  # about the other of the two
    s.ws.problems.clear()


async def test_without_the_scope_a_line_in_a_thread_is_not_repeated(at_work: Scene) -> None:
    s = at_work
    await idea(s)
    await s.settle()
    without(s, "channels:history")
    card = s.only_card(s.content)
    s.ws.fault(POST, "lost")
    await press(s, s.cora, card, "triage.take", "Take")
    await s.wait(minutes=3)
    assert len(s.story(card)) == 1
    s.ws.problems.clear()


async def test_without_the_scope_what_surely_failed_is_tried_again(at_work: Scene) -> None:
    """Only what may have arrived is in doubt."""
    s = at_work
    without(s, "channels:history", "groups:history")
    s.ws.fault(POST, "429", retry_after=5, times=2)
    s.ws.fault(POST, "refused", times=2)
    await idea(s)
    await s.wait(minutes=3)
    assert len(s.cards(s.content)) == len(s.dm(s.sam)) == 1
    assert s.dm(s.olga) == []


async def test_one_call_a_minute_settles_many_conversations(
    at_work: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each waits its turn; none is posted twice, and few calls are wasted."""
    s = at_work
    s.ws.rates.small_history = True
    calls = calls_of(s, monkeypatch, "conversations.history")
    people = [s.sam, s.cora, s.adam, s.ava, s.lena, s.xena]
    s.ws.fault(POST, "lost", times=len(people) + 1)
    for person in people:
        await person.slash("/social-idea", "", channel=s.general)
        await person.submit({"title": f"From {person.user.name}"})
    await s.wait(minutes=20)
    assert [len(s.dm(person)) for person in people] == [1] * len(people)
    assert len(s.cards(s.content)) == len(people)
    assert s.dm(s.olga) == []
    assert len(calls) <= 2 * (len(people) + 1)


async def test_a_long_page_is_read_with_as_many_calls_as_it_takes(
    at_work: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """15 messages a call: a busy channel takes several, a minute apart, and none twice."""
    s = at_work
    s.ws.rates.small_history = True
    calls = calls_of(s, monkeypatch, "conversations.history")
    s.ws.fault(POST, "lost", times=2)
    await idea(s)
    await s.desk.rest()
    for place in range(40):
        await s.cora.say(s.content, f"Chatter {place}")
    await s.wait(minutes=12)
    assert len(s.cards(s.content)) == 1
    assert len(s.dm(s.sam)) == 1
    assert s.dm(s.olga) == []
    assert len(calls) >= 4  # three pages of the channel and one of the direct message


async def test_what_was_written_long_after_is_not_read(
    at_work: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a long while without an answer the look asks for the minutes that count."""
    s = at_work
    s.ws.rates.small_history = True
    s.ws.fault(POST, "lost", times=2)
    s.ws.fault("conversations.history", "500", times=40)
    await idea(s)
    await s.wait(hours=1)
    for place in range(200):
        await s.cora.say(s.content, f"Chatter {place}")
    s.ws.faults.clear()
    calls = calls_of(s, monkeypatch, "conversations.history")
    await s.wait(minutes=15)
    assert len(s.cards(s.content)) == 1
    assert s.dm(s.olga) == []
    assert len(calls) <= 4
    assert Counter(one.text for one in s.dm(s.sam)).most_common(1)[0][1] == 1

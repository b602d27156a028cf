"""What people do with digests is counted; what nobody reads asks whether to stop."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.model import Message
from tests.support.desk import Scene

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
ASKED = "Nobody reacted to the last four digests"


async def weeks(s: Scene, count: int, first: int = 0) -> None:
    """So many Mondays, each with news, and the look six days after the last one."""
    for week in range(first, first + count):
        await s.sam.slash("/social-idea", "", channel=s.general)
        await s.sam.submit({"title": f"News {week}"})
        await s.jump(MONDAY + timedelta(days=7 * week, minutes=1))
    await s.jump(MONDAY + timedelta(days=7 * (first + count - 1) + 6, hours=2))
    await s.desk.count_reach()
    await s.settle()


def asked(s: Scene) -> list[Message]:
    return [one for one in s.olga.dms() if ASKED in one.text]


async def listed(s: Scene) -> str:
    await s.olga.slash("/social", "digests", channel=s.general)
    return s.olga.ephemerals[-1].text


def words(view: Any) -> str:
    return str(view.blocks)


async def test_reactions_and_answers_are_counted_once(at_work: Scene) -> None:
    s = at_work
    await weeks(s, 1)
    assert "The last one: no reaction, no answer." in await listed(s)
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit({"title": "More"})
    await s.jump(MONDAY + timedelta(days=7, minutes=1))
    digest = s.cards(s.leadership)[-1]
    s.xena.react(digest, "eyes")
    s.olga.react(digest, "eyes")
    s.xena.react(digest, "tada")
    await s.xena.say(s.leadership, "Well done", digest.ts)
    assert "The last one:" in await listed(s)  # the newest is not looked at yet
    await s.jump(MONDAY + timedelta(days=13, hours=2))
    await s.desk.count_reach()
    said = "The last 2: 3 reactions, 1 answer."
    assert said in await listed(s)
    s.olga.react(digest, "late")
    await s.desk.count_reach()
    assert said in await listed(s)


async def test_four_that_nobody_reads_ask_once_and_it_may_be_kept(at_work: Scene) -> None:
    s = at_work
    await weeks(s, 3)
    assert asked(s) == []
    await weeks(s, 1, 3)
    (question,) = asked(s)
    await s.olga.click(question, "rounds.keep")
    assert "It stays as it is." in words(s.olga.view)
    await s.olga.close_view()
    await weeks(s, 1, 4)
    assert len(asked(s)) == 1


async def test_it_becomes_monthly_or_stops(at_work: Scene) -> None:
    s = at_work
    await weeks(s, 4)
    (question,) = asked(s)
    await s.olga.click(question, "rounds.monthly")
    assert "It comes once a month now." in words(s.olga.view)
    await s.olga.close_view()
    await s.settle()
    before = len(s.cards(s.leadership))
    await s.jump(MONDAY + timedelta(days=28, minutes=1))
    assert len(s.cards(s.leadership)) == before
    await s.olga.click(question, "rounds.stop")
    assert "This digest comes no more." in words(s.olga.view)
    await s.olga.close_view()
    await s.settle()
    assert "You get no digest by name." in await listed(s)


async def test_ones_own_asks_who_takes_it(at_work: Scene) -> None:
    s = at_work
    await s.sam.slash("/social", "digests", channel=s.general)
    await s.sam.click(s.sam.ephemerals[-1], "rounds.take")
    await s.sam.submit({"weekday": "monday", "time": "09:00", "audience": "team"})
    await s.sam.close_view()
    await weeks(s, 4)
    (question,) = [one for one in s.sam.dms() if ASKED in one.text]
    assert "digests for you" in question.text
    await s.sam.click(question, "rounds.monthly")
    assert "It comes once a month now." in words(s.sam.view)
    await s.sam.close_view()
    before = len([one for one in s.sam.dms() if "digest" in one.text])
    await s.jump(MONDAY + timedelta(days=28, minutes=1))
    assert len([one for one in s.sam.dms() if "digest" in one.text]) == before
    await s.sam.click(question, "rounds.stop")
    assert "This digest comes no more." in words(s.sam.view)


async def test_what_can_not_be_read_is_not_called_unread(at_work: Scene) -> None:
    s = at_work
    unread = {"channels:history", "groups:history"}
    s.ws.manifest = replace(s.ws.manifest, scopes=s.ws.manifest.scopes - unread)
    await weeks(s, 4)
    assert asked(s) == []
    assert "reactions and answers can't be read there" in await listed(s)
    assert {"missing_scope" in str(one.detail) for one in s.ws.problems} == {True}
    s.ws.problems.clear()

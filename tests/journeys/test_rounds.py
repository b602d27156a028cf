"""Digests go their rounds: who gets which, who takes one, what rests and what comes now."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.desk import Scene

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def words(view: Any) -> str:
    return str(view.blocks)


async def news(s: Scene) -> None:
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit({"title": "News"})


async def open_digest(s: Scene) -> None:
    await s.olga.slash("/social", "digests", channel=s.general)
    await s.olga.click(s.olga.ephemerals[-1], "rounds.open:leadership")


async def test_somebody_takes_a_digest_and_leaves_it(at_work: Scene) -> None:
    s = at_work
    await news(s)
    await s.sam.slash("/social", "digests", channel=s.general)
    answer = s.sam.ephemerals[-1]
    assert "You get no digest by name." in answer.text
    await s.sam.click(answer, "rounds.take")
    await s.sam.submit({"weekday": "monday", "time": "09:00", "audience": "team"})
    assert "Saved." in words(s.sam.view)
    await s.sam.close_view()
    before = len(s.sam.dms())
    await s.jump(MONDAY + timedelta(minutes=1))
    assert any("Social digest" in one.text for one in s.sam.dms()[before:])
    await s.sam.slash("/social", "digests", channel=s.general)
    await s.sam.click(s.sam.ephemerals[-1], f"rounds.open:own:{s.sam.user.id}")
    assert s.sam.view is not None
    await s.sam.click(s.sam.view, "rounds.leave")
    assert "You get no digest any more." in words(s.sam.view)
    got = len(s.sam.dms())
    await s.jump(MONDAY + timedelta(days=7, minutes=1))
    assert len(s.sam.dms()) == got


async def test_one_is_sent_now_once_per_press_and_the_next_comes_as_planned(
    at_work: Scene,
) -> None:
    s = at_work
    await news(s)
    await open_digest(s)
    assert s.olga.view is not None
    await s.olga.click(s.olga.view, "rounds.send")
    await s.settle()
    assert "It is on its way." in words(s.olga.view)
    (now,) = s.cards(s.leadership)
    assert "Sent before its time" in now.text
    await s.jump(MONDAY + timedelta(minutes=1))
    assert len(s.cards(s.leadership)) == 2


async def test_one_is_skipped_and_the_one_after_it_comes(at_work: Scene) -> None:
    s = at_work
    await news(s)
    await open_digest(s)
    assert s.olga.view is not None
    await s.olga.click(s.olga.view, "rounds.skip")
    assert "is left out." in words(s.olga.view)
    await s.jump(MONDAY + timedelta(minutes=1))
    assert s.cards(s.leadership) == []
    await s.jump(MONDAY + timedelta(days=7, minutes=1))
    assert len(s.cards(s.leadership)) == 1


async def test_one_rests_until_a_day(at_work: Scene) -> None:
    s = at_work
    await news(s)
    await open_digest(s)
    assert s.olga.view is not None
    await s.olga.click(s.olga.view, "rounds.pause")
    past = {"type": "datepicker", "selected_date": "2026-01-01"}
    await s.olga.submit({"until": past["selected_date"]})
    assert "a day to come" in s.olga.errors["until"]
    until = MONDAY + timedelta(days=1)
    await s.olga.submit({"until": f"{until:%Y-%m-%d}"})
    assert "*Paused* until" in words(s.olga.view)
    await s.jump(MONDAY + timedelta(minutes=1))
    assert s.cards(s.leadership) == []
    await s.jump(MONDAY + timedelta(days=7, minutes=1))
    assert len(s.cards(s.leadership)) == 1


async def test_a_channel_that_is_gone_rests_and_comes_back(at_work: Scene) -> None:
    s = at_work
    await news(s)
    s.ws.archive(s.leadership)
    await s.settle()
    told = len([one for one in s.olga.dms() if "is paused" in one.text])
    await s.jump(MONDAY + timedelta(minutes=1))
    await s.jump(MONDAY + timedelta(days=7, minutes=1))
    paused = [one for one in s.olga.dms() if "is paused" in one.text]
    assert len(paused) == told + 1
    assert s.cards(s.leadership) == []
    s.ws.unarchive(s.leadership)
    await s.settle()
    await s.jump(MONDAY + timedelta(days=14, minutes=1))
    assert len(s.cards(s.leadership)) == 1

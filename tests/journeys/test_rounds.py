"""Digests go their rounds: who gets which, who takes one, what rests and what comes now."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.configure import configure, current
from tests.support.desk import Scene

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def words(view: Any) -> str:
    return str(view.blocks)


def own_ids(s: Scene) -> list[str]:
    """The ids of the digests that Sam takes, as the page offers them."""
    shown = str(s.sam.view.blocks) if s.sam.view else str(s.sam.ephemerals[-1].blocks)
    return list(dict.fromkeys(re.findall(rf"own:{s.sam.user.id}:[\w.-]+", shown)))


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
    own = own_ids(s)[0]
    assert "Saved." in words(s.sam.view)
    await s.sam.close_view()
    before = len(s.sam.dms())
    await s.jump(MONDAY + timedelta(minutes=1))
    assert any("Social digest" in one.text for one in s.sam.dms()[before:])
    await s.olga.slash("/social", "digests", channel=s.general)
    seen = s.olga.ephemerals[-1].text
    assert f"<@{s.sam.user.id}> gets the digest" in seen
    assert f"Set up by <@{s.sam.user.id}>" not in seen  # it says so already
    await s.sam.slash("/social", "digests", channel=s.general)
    await s.sam.click(s.sam.ephemerals[-1], f"rounds.open:{own}")
    assert s.sam.view is not None
    await s.sam.click(s.sam.view, "rounds.leave")
    assert "You don't get this digest any more." in words(s.sam.view)
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


TEAM: dict[str, Any] = {
    "weekday": "monday",
    "time": "09:00",
    "tz": "Europe/Berlin",
    "audience": "team",
}


async def take(s: Scene, **given: str) -> None:
    """Sam fills the form of a digest of his own."""
    await s.sam.slash("/social", "digests", channel=s.general)
    await s.sam.click(s.sam.ephemerals[-1], "rounds.take")
    await s.sam.submit({**TEAM, **given})


async def test_somebody_takes_several_each_when_they_like_and_changes_one(at_work: Scene) -> None:
    s = at_work
    await take(s, holidays="DE", on_holiday="skip")
    assert "Mondays at 09:00 (Europe/Berlin)" in words(s.sam.view)
    await s.sam.close_view()
    await take(s)
    assert s.sam.errors == {"audience": "You get this one already: change it, or take another."}
    await s.sam.submit({"tz": "Mars", "audience": "company"})
    assert "“Mars” is no time zone" in s.sam.errors["tz"]
    await s.sam.submit({"tz": "Asia/Tokyo", "holidays": "XX"})
    assert "“XX” is no country like DE" in s.sam.errors["holidays"]
    await s.sam.submit({"holidays": "JP", "weekday": "31", "time": "16:00"})
    assert "the last day of each month at 16:00 (Asia/Tokyo)" in words(s.sam.view)
    assert "*Whole company*" in words(s.sam.view)
    await s.sam.close_view()
    await s.sam.slash("/social", "digests", channel=s.general)
    first, second = own_ids(s)
    assert "*Social team*" in s.sam.ephemerals[-1].text
    await s.sam.click(s.sam.ephemerals[-1], f"rounds.open:{second}")
    await s.sam.click(s.modal(s.sam), "rounds.take")
    assert "Asia/Tokyo" in words(s.sam.view)
    await s.sam.submit({"weekday": "15"})
    assert "day 15 of each month at 16:00" in words(s.sam.view)
    assert own_ids(s) == [second], "the same one"
    assert first != second


async def test_a_holiday_moves_or_drops_ones_own_as_well(at_work: Scene) -> None:
    s = at_work
    await take(s, weekday="friday", holidays="DE", on_holiday="skip")
    friday = datetime(2026, 12, 25, 8, 0, tzinfo=UTC)
    await s.jump(friday - timedelta(days=1))
    await news(s)
    await s.settle()
    before = len(s.sam.dms())
    await s.jump(friday + timedelta(minutes=1))
    assert len(s.sam.dms()) == before, "Christmas"
    await s.sam.slash("/social", "digests", channel=s.general)
    assert "Next: Fri 8 Jan 2027, 09:00." in s.sam.ephemerals[-1].text, "1 January is one, too"


async def test_where_a_digest_is_asked_for_it_can_be_taken(at_work: Scene) -> None:
    s = at_work
    await s.sam.slash("/social", "digest", channel=s.general)
    assert "Send it to me…" in str(s.sam.ephemerals[-1].blocks)
    await s.sam.click(s.sam.ephemerals[-1], "rounds.take")
    assert s.modal(s.sam).callback_id == "rounds.take_form"
    await s.sam.close_view()
    await s.sam.slash("/social", "digest")
    assert "gives you a digest of your own" in s.sam.ephemerals[-1].text


async def test_guests_get_none_by_name(at_work: Scene) -> None:
    s = at_work
    gus = s.ws.person(s.ws.add_user("gus", "Gus Guest", is_restricted=True).id)
    desk = await s.desk.database.read(s.desk.identity.workspace_id, current, None, s.clock.now())
    known = replace(desk, guests=(gus.user.id,))
    await s.desk.database.transact(s.desk.identity.workspace_id, configure, known, s.clock.now())
    s.ws.invite(s.general, gus.user.id)
    await s.settle()
    await gus.slash("/social", "digests", channel=s.general)
    await gus.click(gus.ephemerals[-1], "rounds.take")
    await gus.submit(TEAM)
    assert "Only colleagues can get a digest by name, no guests." in words(gus.view)

"""Somebody goes away, a deputy stands in, and they come back."""

from datetime import UTC, datetime

from sandbox.people import Person
from tests.support.desk import Scene


async def home(s: Scene, person: Person) -> str:
    view = await person.open_home()
    await s.settle()
    view = await person.open_home()
    return str(view.blocks) if view else ""


async def go_away(s: Scene, person: Person, until: str, deputy: Person | None = None) -> None:
    await home(s, person)
    view = person.home
    assert view is not None
    await person.click(view, "absence.open")
    await person.submit({"until": until, "deputy": deputy.user.id if deputy else None})
    await s.settle()


async def hand_in(s: Scene, title: str) -> None:
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit({"title": title})
    await s.settle()


async def test_a_deputy_decides_and_the_absence_ends_by_itself(at_work: Scene) -> None:
    s = at_work
    await hand_in(s, "Before")
    await go_away(s, s.cora, "2026-11-30", s.ava)
    card = s.only_card(s.content)
    assert f"<@{s.ava.user.id}>" in card.text
    assert f"<@{s.cora.user.id}>" not in card.text
    (told,) = s.dm(s.ava)
    assert "1 to decide" in told.text
    assert "You are away until Mon 30 Nov 2026" in await home(s, s.cora)
    ava = await home(s, s.ava)
    assert "You stand in for" in ava
    assert "Before" in ava
    await s.tried(s.ava, card, "triage.accept")
    assert "*Accepted*" in s.only_card(s.content).text
    await hand_in(s, "Meanwhile")
    assert f"<@{s.ava.user.id}>" in s.cards(s.content)[-1].text
    await s.jump(datetime(2026, 11, 29, 23, 1, tzinfo=UTC))
    assert f"<@{s.cora.user.id}>" in s.cards(s.content)[-1].text
    assert "Away for a while?" in await home(s, s.cora)
    assert "Meanwhile" in await home(s, s.cora)


async def test_back_early_and_a_card_in_direct_messages_follows(at_work: Scene) -> None:
    s = at_work
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit({"title": "Film", "content_type": "video"})
    await s.settle()
    (card,) = s.dm(s.ava)
    await go_away(s, s.ava, "2026-11-30", s.adam)
    (left,) = [m for m in s.dm(s.ava) if m.ts == card.ts]
    assert "Film" not in left.text
    assert f"<@{s.adam.user.id}> has its card" in left.text
    (moved,) = [m for m in s.dm(s.adam) if "Film" in m.text]
    await s.tried(s.adam, moved, "triage.take")
    await home(s, s.ava)
    assert s.ava.home is not None
    await s.ava.click(s.ava.home, "absence.back")
    await s.settle()
    assert "Film" in s.dm(s.ava)[-1].text
    assert "has its card" in s.ws.messages[moved.channel][moved.ts].text


async def test_a_day_that_has_passed_is_told_beside_the_day(at_work: Scene) -> None:
    s = at_work
    await go_away(s, s.cora, "2026-11-19", s.cora)
    assert "the first on which you are back" in s.cora.errors["until"]
    assert "somebody else" in s.cora.errors["deputy"]
    await s.cora.submit({"until": "2026-11-30", "deputy": s.ava.user.id})
    await s.settle()
    assert s.cora.view is None
    assert "You are away until" in await home(s, s.cora)


async def test_the_admin_hears_when_everybody_of_a_role_is_away(at_work: Scene) -> None:
    s = at_work
    await go_away(s, s.cora, "2026-11-30")
    assert "Everybody who holds the Content lead role is away" in s.dm(s.olga)[-1].text

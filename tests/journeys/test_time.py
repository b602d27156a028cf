"""What happens by itself when nobody decides, from hand-in to the last call."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.desk import Desk
from tests.support.databases import postgresql_url, sqlite_url
from tests.support.desk import Scene, compose, scene
from tests.support.words import asked, of_idea

__all__ = ["postgresql_url", "sqlite_url"]

FRIDAY = datetime(2026, 11, 27, 15, 30, tzinfo=UTC)
"""16:30 in Berlin."""


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def with_role(desk: Desk, role_id: str, **changes: Any) -> Desk:
    return replace(desk, roles={**desk.roles, role_id: replace(desk.roles[role_id], **changes)})


def desk_of(s: Scene) -> Desk:
    return s.desk.services.desk(s.desk.identity.workspace_id)


async def hand_in(s: Scene) -> None:
    await s.sam.slash("/social-lead", "", channel=s.general)
    await s.sam.submit({"name": "Acme", "need": "A pump"})
    await s.settle()


async def test_a_lead_of_friday_evening_is_due_on_monday_and_nobody_is_forgotten(
    sqlite_url: str,
) -> None:
    async with scene(sqlite_url, start=FRIDAY) as s:
        await s.apply(
            with_role(
                with_role(desk_of(s), "lead_desk", backups=(s.ava.user.id,)),
                "social_lead",
                holders=(s.xena.user.id,),
            )
        )
        await hand_in(s)
        card = s.only_card(s.leads)
        # Four working hours: half an hour on Friday, and until half past twelve on Monday.
        due = f"<!date^{int(at('2026-11-30 11:30').timestamp())}^"
        assert due in card.text
        assert due in s.dm(s.sam)[-1].text, "the receipt promises it"
        await s.jump(at("2026-11-30 10:29"))
        assert s.dm(s.lena) == []
        await s.jump(at("2026-11-30 10:31"))
        (reminder,) = s.dm(s.lena)
        assert "Due soon" in reminder.text
        await s.jump(at("2026-11-30 11:31"))
        (call,) = s.dm(s.ava)
        assert "*Overdue*" in call.text
        assert "You were called in" in call.text
        card = s.only_card(s.leads)
        assert "overdue" in card.text
        assert f"<@{s.ava.user.id}> can decide as well" in card.text
        assert s.dm(s.xena) == []
        await s.jump(at("2026-11-30 13:31"))
        assert "*Overdue*" in s.dm(s.xena)[-1].text
        await s.jump(at("2026-12-07 18:00"))
        assert [len(s.dm(one)) for one in (s.lena, s.ava)] == [1, 1]
        assert len([m for m in s.dm(s.xena) if "*Overdue*" in m.text]) == 1
        assert len(s.story(card)) == 3


async def test_who_was_called_in_decides_from_the_message(sqlite_url: str) -> None:
    async with scene(sqlite_url, start=FRIDAY) as s:
        await s.apply(with_role(desk_of(s), "lead_desk", backups=(s.ava.user.id,)))
        await hand_in(s)
        await s.jump(at("2026-11-30 11:31"))
        (call,) = s.dm(s.ava)
        await s.ava.click(call, "triage.open")
        assert "A pump" in str(s.modal(s.ava).blocks)
        await s.ava.click(s.modal(s.ava), "triage.take")
        await s.settle()
        assert "*Taken.*" in s.only_card(s.leads).text


async def test_two_desks_on_one_database_remind_once(sqlite_url: str) -> None:
    async with scene(sqlite_url, start=FRIDAY) as s:
        other = await compose(s.ws, s.clock, sqlite_url, owner="other")
        try:
            await hand_in(s)
            await other.ticks.fire_timers()
            await s.jump(at("2026-11-30 12:00"))
            await other.rest()
        finally:
            await other.close()
        assert [("Due soon" in m.text) for m in s.dm(s.lena)] == [True]
        assert len(s.story(s.only_card(s.leads))) == 2


async def test_while_the_submitter_was_asked_nobody_is_reminded(at_work: Scene) -> None:
    s = at_work  # Thursday, ten in Berlin: due on Monday at ten
    card = await of_idea(s)
    assert f"<!date^{int(at('2026-11-23 09:00').timestamp())}^" in card.text
    question = await asked(s, s.cora, card, "Which one?")
    await s.jump(at("2026-11-30 12:00"))
    assert s.dm(s.cora) == []
    await s.sam.click(question, "words.answer")
    await s.sam.submit({"text": "The big one"})
    await s.settle()
    # Sixteen hours were left: four of Monday, eight of Tuesday, four of Wednesday.
    due = f"due <!date^{int(at('2026-12-02 12:00').timestamp())}^"
    assert due in s.only_card(s.content).text
    await s.jump(at("2026-12-02 07:59"))
    assert s.dm(s.cora) == []
    await s.jump(at("2026-12-02 08:01"))
    assert "Due soon" in s.dm(s.cora)[-1].text


async def test_what_was_put_off_and_what_is_scheduled_come_back_in_time(at_work: Scene) -> None:
    s = at_work
    card = await of_idea(s)
    await s.cora.click(card, "triage.more", "Snooze")
    await s.cora.submit({"until": "2026-12-01"})
    await s.settle()
    await s.jump(at("2026-12-01 07:59"))
    assert s.dm(s.cora) == []
    assert "put off until" in s.only_card(s.content).text
    await s.jump(at("2026-12-01 08:01"))
    (back,) = s.dm(s.cora)
    assert "Back on your desk" in back.text
    assert "put off until" not in s.only_card(s.content).text
    await s.tried(s.cora, s.only_card(s.content), "triage.accept")
    await s.cora.click(s.only_card(s.content), "triage.schedule")
    await s.cora.submit({"at": at("2026-12-03 10:00")})
    await s.jump(at("2026-12-03 09:59"))
    assert len(s.dm(s.cora)) == 1
    await s.jump(at("2026-12-03 10:01"))
    assert "To publish now" in s.dm(s.cora)[-1].text
    await s.jump(at("2026-12-18 12:00"))
    _, _, of_the_quarter = s.dm(s.cora)
    assert "How well is social integrated" in of_the_quarter.text

"""What is due is done once, however many processes reach for it in the same moment."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from runtime.compose import SocialDesk
from sandbox.model import Message
from sandbox.people import Person
from tests.journeys.test_absence import go_away
from tests.journeys.test_goals import set_goal
from tests.journeys.test_time import at, desk_of, with_role
from tests.support.databases import database_url, postgresql_url, sqlite_url
from tests.support.desk import Scene, compose, scene
from tests.support.processes import rows_of
from tests.support.words import hinted, now, of_idea

__all__ = ["database_url", "postgresql_url", "sqlite_url"]

OTHERS = ("second", "third")


@contextlib.asynccontextmanager
async def replicas(s: Scene, url: str) -> AsyncIterator[tuple[SocialDesk, ...]]:
    """The scene's desk, and two more on its database."""
    others = [await compose(s.ws, s.clock, url, owner=owner) for owner in OTHERS]
    try:
        yield (s.desk, *others)
    finally:
        for desk in others:
            await desk.close()


async def race(s: Scene, desks: tuple[SocialDesk, ...], when: datetime) -> None:
    """It is `when`, and every desk finds out at once, each in two ticks that overlap."""
    for desk in desks:
        desk.ticks.close()  # no alarm of one of them comes before the others
    await s.clock.jump_to(when)
    ticks = [desk.ticks for desk in desks for _ in "12"]
    await asyncio.gather(
        *(one.fire_timers() for one in ticks), *(one.fire_digests() for one in ticks)
    )
    for desk in desks:
        desk.ticks.close()
    await all_rest(s, desks)


async def all_rest(s: Scene, desks: tuple[SocialDesk, ...]) -> None:
    """Let everything happen that they have under way, and what comes a second later."""
    for _ in range(20):
        before = s.clock.now() + timedelta(seconds=7)
        for _ in "12":
            for desk in desks:
                await desk.rest()
            await s.ws.settled()
            await s.clock.advance(timedelta(seconds=2))
        if not any(desk.dispatcher.alarms_before(before) for desk in desks):
            return
    raise AssertionError("the desks do not come to rest")


def told(s: Scene, person: Person, word: str) -> int:
    """How many messages to somebody have a word in them."""
    return sum(word in message.text for message in s.dm(person))


def lines(s: Scene, card: Message, word: str) -> int:
    """How many lines below a card have a word in them."""
    return sum(word in line for line in s.story(card))


async def test_reminders_and_escalations_come_once(database_url: str) -> None:
    async with scene(database_url, start=at("2026-11-27 15:30")) as s:
        desk = with_role(desk_of(s), "lead_desk", backups=(s.ava.user.id,))
        await s.apply(with_role(desk, "social_lead", holders=(s.xena.user.id,)))
        async with replicas(s, database_url) as desks:
            cards = [await hinted(s) for _ in range(3)]
            before = len(s.story(cards[0]))
            await race(s, desks, at("2026-11-30 10:31"))
            assert told(s, s.lena, "Due soon") == 3
            await race(s, desks, at("2026-11-30 11:31"))
            assert told(s, s.ava, "*Overdue*") == 3
            await race(s, desks, at("2026-11-30 13:31"))
            assert told(s, s.xena, "*Overdue*") == 3
            assert told(s, s.lena, "Due soon") == 3
            assert told(s, s.ava, "*Overdue*") == 3
            assert [len(s.story(card)) - before for card in cards] == [3, 3, 3]
    verbs = [row["verb"] for row in rows_of(database_url, "history")]
    assert (verbs.count("remind"), verbs.count("escalate")) == (3, 6)


async def test_what_comes_back_and_what_is_to_be_published_comes_once(database_url: str) -> None:
    async with scene(database_url) as s, replicas(s, database_url) as desks:
        put_off, planned = await of_idea(s, "Later"), await of_idea(s, "Planned")
        await s.cora.click(put_off, "triage.more", "Snooze")
        await s.cora.submit({"until": "2026-12-01"})
        await s.tried(s.cora, planned, "triage.accept")
        await s.cora.click(now(s, planned), "triage.schedule")
        await s.cora.submit({"at": at("2026-12-01 08:00")})
        await s.settle()
        await race(s, desks, at("2026-12-01 08:01"))
        assert told(s, s.cora, "Back on your desk") == 1
        assert told(s, s.cora, "To publish now") == 1
        assert lines(s, put_off, "back") == 1


async def test_an_absence_ends_once_and_keepers_are_asked_once(database_url: str) -> None:
    async with scene(database_url) as s, replicas(s, database_url) as desks:
        card = await of_idea(s)
        await set_goal(s, s.cora, last_day="2026-11-29")
        await go_away(s, s.cora, "2026-11-30", s.ava)
        assert f"<@{s.ava.user.id}>" in now(s, card).text
        await race(s, desks, at("2026-11-30 08:01"))
        assert f"<@{s.cora.user.id}>" in now(s, card).text
        assert told(s, s.cora, "The period of") + told(s, s.ava, "The period of") == 1
        digests = s.cards(s.leadership)
        assert len(digests) == 1
    states = {row["state"] for row in rows_of(database_url, "outbox")}
    assert states <= {"sent", "superseded"}


async def test_a_digest_comes_once(database_url: str) -> None:
    monday = at("2026-11-23 08:00")
    async with scene(database_url) as s, replicas(s, database_url) as desks:
        await of_idea(s)
        for seconds in (-30, 0, 15, 3600):
            await race(s, desks, monday + timedelta(seconds=seconds))
            assert len(s.cards(s.leadership)) == (seconds >= 0)


async def test_who_keeps_a_goal_is_asked_where_it_stands_once(database_url: str) -> None:
    async with scene(database_url) as s, replicas(s, database_url) as desks:
        await set_goal(s, s.cora)
        fridays = [at("2026-11-20 08:01") + weeks * timedelta(days=7) for weeks in range(3)]
        for friday in fridays:
            await race(s, desks, friday)
            await race(s, desks, friday + timedelta(days=2, hours=23, minutes=50))
            await race(s, desks, friday + timedelta(days=3, hours=2))
        assert told(s, s.cora, "Where does") == 3
        assert told(s, s.cora, "is stale:") == 1
    assert len(rows_of(database_url, "check_in")) == 3

"""Slack's limits, met by the whole desk: what is too much waits; nothing is lost or repeated."""

from datetime import timedelta
from itertools import pairwise

from bot.delivery import Pace
from sandbox.transports.in_process import InProcess
from tests.support.databases import sqlite_url
from tests.support.desk import Scene, compose
from tests.support.posts import posts_of

__all__ = ["sqlite_url"]

POST = "chat.postMessage"


async def hand_in(s: Scene, title: str) -> None:
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit({"title": title})
    await s.desk.rest()


async def test_a_429_holds_back_the_other_conversations_too(at_work: Scene) -> None:
    s = at_work
    s.ws.fault(POST, "429", retry_after=30)
    began = s.clock.now()
    await hand_in(s, "One")
    (under_way,) = posts_of(s)  # card and receipt were tried together, one met the limit
    await s.cora.slash("/social-testimonial", "It works", channel=s.general)
    await s.cora.submit({"customer": "Acme", "person": "Pat"})
    await s.wait(seconds=25)
    assert posts_of(s) == [under_way]
    await s.wait(seconds=10)
    held = [at for at, _ in posts_of(s)[1:]]
    assert len(held) == 3
    assert min(held) >= began + timedelta(seconds=30)


async def test_the_limit_holds_for_who_starts_after_it(at_work: Scene, sqlite_url: str) -> None:
    s = at_work
    s.ws.fault(POST, "429", retry_after=600)
    began = s.clock.now()
    await hand_in(s, "One")
    (under_way,) = posts_of(s)
    await s.desk.close()
    s.desk = await compose(s.ws, s.clock, sqlite_url, owner="after")
    s.ws.connect(InProcess(s.ws, s.desk.app))
    await s.cora.slash("/social-testimonial", "It works", channel=s.general)
    await s.cora.submit({"customer": "Acme", "person": "Pat"})
    await s.wait(minutes=9)
    assert posts_of(s) == [under_way]
    await s.wait(minutes=2)
    assert len(posts_of(s)) == 4
    assert posts_of(s)[1][0] >= began + timedelta(minutes=10)


async def test_after_a_429_posts_keep_a_pace(at_work: Scene) -> None:
    s = at_work
    people = [s.sam, s.cora, s.adam, s.ava, s.lena, s.xena]
    s.ws.fault(POST, "429", retry_after=5)
    for person in people:
        await person.slash("/social-idea", "", channel=s.general)
        await person.submit({"title": f"From {person.user.name}"})
    await s.wait(seconds=30)
    times = sorted(at for at, _ in posts_of(s))
    assert len(times) == 2 * len(people)
    apart = timedelta(minutes=1) / Pace().posts_per_minute
    assert all(later - earlier >= apart * 0.99 for earlier, later in pairwise(times[1:]))

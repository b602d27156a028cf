"""What people do with digests is counted; what nobody reads asks whether to stop."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.configure import configure, current
from bot.desk import Desk, Subscription
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


async def set_up(s: Scene) -> Desk:
    found: Desk = await s.desk.database.read(
        s.desk.identity.workspace_id, current, None, s.clock.now()
    )
    return found


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


async def test_any_button_in_a_digest_or_its_thread_counts_and_none_elsewhere(
    at_work: Scene,
) -> None:
    s = at_work
    joint = s.ws.add_channel("joint", s.sam.user.id, s.cora.user.id).id
    s.ws.invite_bot(joint)
    await s.settle()
    here, now = s.desk.identity.workspace_id, s.clock.now()
    desk = await set_up(s)
    brief = Subscription(subscription_id="brief", channel_id=joint, audience="sales", tz="UTC")
    both = replace(desk, subscriptions=(*desk.subscriptions, brief))
    await s.desk.database.transact(here, configure, both, now)
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit({"title": "News"})
    await s.settle()
    await s.tried(s.cora, s.only_card(s.content), "triage.take")
    await s.jump(MONDAY + timedelta(hours=2))
    (screen,) = s.cards(joint)
    thread = [one for one in s.ws.messages[joint].values() if one.thread_ts == screen.ts != one.ts]
    (week,) = [one for one in thread if "decisions.new" in str(one.blocks)]
    for person in (s.sam, s.cora):
        await person.click(week, "decisions.new")
        await person.close_view()
    await s.settle()
    await s.jump(MONDAY + timedelta(days=6, hours=4))
    await s.desk.count_reach()
    told = await listed(s)
    assert "The last one: 2 buttons pressed." in told
    assert "The last one: no reaction, no answer." in told, "leadership's"


async def test_a_digest_of_another_name_keeps_what_was_counted(at_work: Scene) -> None:
    s = at_work
    await weeks(s, 2)
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit({"title": "News"})
    await s.jump(MONDAY + timedelta(days=14, minutes=1))
    desk = await set_up(s)
    renamed = tuple(replace(one, subscription_id="heads") for one in desk.subscriptions)
    here = s.desk.identity.workspace_id
    await s.desk.database.transact(
        here, configure, replace(desk, subscriptions=renamed), s.clock.now()
    )
    assert "The last 2: no reaction, no answer." in await listed(s)
    s.xena.react(s.cards(s.leadership)[-1], "eyes")
    await s.jump(MONDAY + timedelta(days=20, hours=2))
    await s.desk.count_reach()
    assert "The last 3: 1 reaction." in await listed(s), "posted under the name that it had"
    await s.sam.slash("/social-idea", "", channel=s.general)
    await s.sam.submit({"title": "More"})
    before = len(s.cards(s.leadership))
    await s.jump(MONDAY + timedelta(days=21, minutes=1))
    assert len(s.cards(s.leadership)) == before + 1

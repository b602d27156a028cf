"""Asks of digests: one for each period, answered once."""

from bot.ask import Reply
from bot.digest_rules import AskKind
from tests.support.storage_examples import DAY, NOW, Workspace, make_ask


async def test_a_period_has_one_ask(here: Workspace) -> None:
    assert await here.write(lambda tx: tx.asks.add(make_ask()))
    assert not await here.write(lambda tx: tx.asks.add(make_ask(count=9)))
    assert await here.read(lambda tx: tx.asks.get("s1", "w")) == make_ask()
    assert await here.read(lambda tx: tx.asks.get("s1", "v")) is None


async def test_the_newest_before_a_moment(here: Workspace) -> None:
    first, second = make_ask("w1"), make_ask("w2", at=NOW + 7 * DAY)
    await here.write(lambda tx: [tx.asks.add(one) for one in (first, second)])
    assert await here.read(lambda tx: tx.asks.newest("s1", NOW + 7 * DAY)) == first
    assert await here.read(lambda tx: tx.asks.newest("s1", NOW + 8 * DAY)) == second
    assert await here.read(lambda tx: tx.asks.newest("s1", NOW)) is None


async def test_those_asked_since_a_moment_with_what_they_asked(here: Workspace) -> None:
    old = make_ask("w1")
    drop = make_ask(
        "w2",
        at=NOW + 7 * DAY,
        kind=AskKind.DROP_PLATFORM,
        goal_id=None,
        platform="tiktok",
        sample=64,
    )
    other = make_ask("w2", subscription_id="s2", at=NOW + 7 * DAY)
    await here.write(lambda tx: [tx.asks.add(one) for one in (old, drop, other)])
    assert await here.read(lambda tx: tx.asks.since("s1", NOW + DAY)) == (drop,)
    assert await here.read(lambda tx: tx.asks.since("s1", NOW)) == (old, drop)


async def test_later_leaves_it_open_and_a_yes_settles_it(here: Workspace) -> None:
    await here.write(lambda tx: tx.asks.add(make_ask()))

    async def say(reply: Reply, by: str) -> bool:
        done: bool = await here.write(lambda tx: tx.asks.reply("s1", "w", reply, by, NOW + DAY))
        return done

    assert await say(Reply.LATER, "U1")
    assert await say(Reply.YES, "U2")
    assert not await say(Reply.NOT_NOW, "U3")
    found = await here.read(lambda tx: tx.asks.get("s1", "w"))
    assert found == make_ask(reply=Reply.YES, reply_by="U2", reply_at=NOW + DAY)

"""Lanes as an operator sees and settles them, on both databases."""

from datetime import timedelta

from bot.lane_store import DROPPED, RESTORED, OperatorNote
from bot.outbox import EffectKind, EffectState, Finish, Posted, Verdict
from storage.database import Database
from tests.support.storage_examples import MINUTE, NOW, SECOND, Workspace, make_effect


async def set_aside(here: Workspace, lane: str, error: str) -> None:
    claim = await here.claimed(lane)
    end = Finish(verdict=Verdict.DEAD, error=error)
    assert await here.write(lambda tx: tx.outbox.finish(claim, end, NOW))


async def test_lanes_are_shown_the_longest_waiting_first(
    here: Workspace, elsewhere: Workspace
) -> None:
    await elsewhere.enqueue(make_effect("card:9", target="C9"))
    await here.enqueue(make_effect("card:1", target="C1"), make_effect("card:2", target="C1"))
    await here.enqueue(make_effect("card:3", target="C2"), now=NOW - MINUTE)
    await here.enqueue(make_effect("card:4", target="C3"))
    await set_aside(here, "C3", "is_archived")
    await here.enqueue(make_effect("card:5", target="C4"))
    claim = await here.claimed("C4")
    sent = Finish(verdict=Verdict.SENT, posted=Posted("C4", "1.1"))
    await here.write(lambda tx: tx.outbox.finish(claim, sent, NOW))
    found = await here.read(lambda tx: tx.lanes.standings())
    assert [(one.lane, one.is_open, one.is_dead, one.since) for one in found] == [
        ("C2", 1, 0, NOW - MINUTE),
        ("C1", 2, 0, NOW),
        ("C3", 0, 1, NOW),
    ]
    assert found[1].head is not None
    assert found[1].head.effect.key == "card:1"
    assert found[2].head is None
    assert found[2].newest_dead is not None
    assert (found[2].newest_dead.error, found[2].newest_dead.is_set_aside) == ("is_archived", True)


async def test_an_effect_is_dropped_for_good_and_the_lane_goes_on(here: Workspace) -> None:
    await here.enqueue(make_effect("card:1", target="C1"), make_effect("card:2", target="C1"))
    await set_aside(here, "C1", "is_archived")
    assert await here.write(lambda tx: tx.lanes.drop("card:1", NOW))
    assert not await here.write(lambda tx: tx.lanes.drop("card:1", NOW))
    assert not await here.write(lambda tx: tx.outbox.revive("card:1", NOW))
    assert await here.read(lambda tx: tx.outbox.set_aside(limit=9)) == ()
    standing = await here.read(lambda tx: tx.lanes.standing("card:1"))
    assert standing is not None
    assert (standing.state, standing.error) == (EffectState.DEAD, DROPPED)
    shown = await here.read(lambda tx: tx.lanes.effects("C1", limit=9))
    assert [one.effect.key for one in shown] == ["card:2"]
    assert await here.write(lambda tx: tx.lanes.drop("card:2", NOW))
    assert await here.claim("C1", NOW + MINUTE) is None
    assert await here.read(lambda tx: tx.lanes.standings()) == ()
    assert not await here.write(lambda tx: tx.lanes.drop("card:7", NOW))


async def test_what_a_worker_is_at_is_left_to_it(here: Workspace) -> None:
    await here.enqueue(make_effect("card:1", target="C1"), make_effect("card:2", target="C1"))
    claim = await here.claimed("C1")
    assert not await here.write(lambda tx: tx.lanes.drop("card:1", NOW))
    assert await here.write(lambda tx: tx.lanes.drop("card:2", NOW))
    sent = Finish(verdict=Verdict.SENT, posted=Posted("C1", "1.1"))
    assert await here.write(lambda tx: tx.outbox.finish(claim, sent, NOW))
    assert not await here.write(lambda tx: tx.lanes.drop("card:1", NOW))
    assert await here.claim("C1", NOW + MINUTE) is None


async def test_what_died_with_its_worker_can_be_dropped(here: Workspace) -> None:
    await here.enqueue(make_effect("card:1", target="C1"))
    await here.claimed("C1")
    later = NOW + MINUTE + SECOND
    assert await here.write(lambda tx: tx.lanes.drop("card:1", later), later)
    assert await here.claim("C1", later) is None


async def test_after_a_restore_posts_are_looked_up_and_updates_repeated(
    here: Workspace, elsewhere: Workspace
) -> None:
    since = NOW - timedelta(hours=3)
    await elsewhere.enqueue(make_effect("card:9", target="C9"))
    await here.enqueue(
        make_effect("card:1", target="C1", expires_at=NOW - SECOND),
        make_effect("home:U1:1", target="U1", kind=EffectKind.HOME, payload={}),
    )
    await here.enqueue(make_effect("card:2", target="C2"))
    await here.claimed("C2")  # a lease of a process that is no more
    assert await here.write(lambda tx: tx.lanes.doubt(since, NOW)) == 2
    for lane in ("C1", "C2"):
        claim = await here.claimed(lane)
        tried = (claim.first_try_at, claim.last_try_at)
        assert (claim.was_tried, tried) == (True, (since, NOW))
    home = await here.claimed("home:U1")
    assert (home.was_tried, home.attempts) == (False, 1)
    other = await elsewhere.claimed("C9")
    assert not other.was_tried
    standing = await here.read(lambda tx: tx.lanes.standing("card:1"))
    assert standing is not None
    assert standing.error == RESTORED


async def test_what_an_operator_did_is_kept_in_order(here: Workspace, elsewhere: Workspace) -> None:
    first = OperatorNote(key="digest:a", at=NOW, what="retry", reason="one")
    second = OperatorNote(key="digest:a", at=NOW, what="drop", reason="two")
    for note in (first, second):
        await here.write(lambda tx, note=note: tx.lanes.note(note))  # type: ignore[misc]
    assert await here.read(lambda tx: tx.lanes.notes("digest:a")) == (first, second)
    assert await here.read(lambda tx: tx.lanes.notes("digest:b")) == ()
    assert await elsewhere.read(lambda tx: tx.lanes.notes("digest:a")) == ()


async def test_every_workspace_is_known(
    database: Database, here: Workspace, elsewhere: Workspace
) -> None:
    assert await database.workspaces() == ()
    for one in (elsewhere, here):
        await one.write(lambda tx: tx.submissions.next_number())
    assert await database.workspaces() == ("T1", "T2")

from dataclasses import replace

from bot.outbox import EffectKind, Finish, Posted, Verdict
from bot.ports import LaneRef
from storage.database import Database
from tests.support.storage_examples import DAY, NOW, Workspace, make_effect

CARD = make_effect("card:1", expires_at=NOW + DAY)
UPDATE = make_effect("update:1", kind=EffectKind.CARD_UPDATE, parent_key="card:1")
STORY = make_effect("story:1", kind=EffectKind.STORY, parent_key="card:1")
GRANDCHILD = make_effect("update:2", kind=EffectKind.CARD_UPDATE, parent_key="story:1")
OTHER = make_effect("card:2")


async def perform(here: Workspace, lane: str, verdict: Verdict = Verdict.SENT) -> str:
    claim = await here.claimed(lane)
    posted = Posted(lane, claim.effect.key) if verdict is Verdict.SENT else None
    end = Finish(verdict=verdict, posted=posted, error="no", again_at=NOW)
    assert await here.write(lambda tx: tx.outbox.finish(claim, end, NOW))
    return claim.effect.key


async def revive(here: Workspace, key: str, target: str | None = None) -> bool:
    return await here.write(lambda tx: tx.outbox.revive(key, NOW, target=target))


async def kill_the_family(here: Workspace) -> None:
    await here.enqueue(CARD, UPDATE, STORY, GRANDCHILD, OTHER)
    assert await perform(here, "C1", Verdict.DEAD) == "card:1"
    claim = await here.claimed("C1")  # sets the family aside on the way
    assert claim.effect == OTHER
    retry = Finish(verdict=Verdict.RETRY, again_at=NOW)
    assert await here.write(lambda tx: tx.outbox.finish(claim, retry, NOW))


async def test_only_what_is_dead_can_be_revived(here: Workspace) -> None:
    await here.enqueue(CARD)
    assert not await revive(here, "card:1")
    assert not await revive(here, "card:9")
    await perform(here, "C1")
    assert not await revive(here, "card:1")


async def test_the_family_comes_back_in_its_old_order(here: Workspace) -> None:
    await kill_the_family(here)
    assert await revive(here, "card:1")
    assert await here.read(lambda tx: tx.outbox.set_aside(limit=9)) == ()
    keys = [await perform(here, "C1") for _ in range(5)]
    assert keys == ["card:1", "update:1", "story:1", "update:2", "card:2"]


async def test_it_comes_back_untried_and_does_not_expire(here: Workspace) -> None:
    await here.enqueue(CARD)
    await perform(here, "C1", Verdict.UNKNOWN)
    await perform(here, "C1", Verdict.DEAD)
    await revive(here, "card:1")
    claim = await here.claimed("C1", NOW + 2 * DAY)
    assert claim.effect == replace(CARD, expires_at=None)
    assert (claim.attempts, claim.was_tried) == (1, False)
    assert claim.first_try_at == NOW + 2 * DAY


async def test_the_family_moves_to_another_place_in_order(here: Workspace) -> None:
    await kill_the_family(here)
    await here.enqueue(make_effect("card:3", target="C2"))
    assert await revive(here, "card:1", "C2")
    keys = [await perform(here, "C2") for _ in range(5)]
    assert keys == ["card:3", "card:1", "update:1", "story:1", "update:2"]
    found = await here.read(lambda tx: tx.outbox.find("update:2"))
    assert found == replace(GRANDCHILD, target="C2")
    assert await perform(here, "C1") == "card:2"


async def test_a_home_tab_moves_to_another_persons_lane(here: Workspace) -> None:
    await here.enqueue(make_effect("home", kind=EffectKind.HOME, target="U1"))
    await perform(here, "home:U1", Verdict.DEAD)
    assert await revive(here, "home", "U2")
    assert await perform(here, "home:U2") == "home"


async def test_the_lane_is_woken_and_told(here: Workspace, database_url: str) -> None:
    told: list[frozenset[LaneRef]] = []
    database = Database(database_url, on_effects=told.append)
    there = Workspace(database)
    await here.enqueue(CARD)
    await perform(here, "C1", Verdict.DEAD)
    assert await database.next_due() is None
    await revive(there, "card:1")
    assert told == [frozenset({LaneRef("T1", "C1")})]
    assert await database.next_due() == NOW
    await revive(there, "card:1")
    assert len(told) == 1
    await database.close()


async def test_reviving_does_not_disturb_a_try_in_progress(here: Workspace) -> None:
    await kill_the_family(here)
    claim = await here.claimed("C1")
    await revive(here, "card:1")
    posted = Finish(verdict=Verdict.SENT, posted=Posted("C1", "2"))
    assert await here.write(lambda tx: tx.outbox.finish(claim, posted, NOW))
    assert await perform(here, "C1") == "card:1"

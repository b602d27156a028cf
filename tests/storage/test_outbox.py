from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.outbox import Claim, EffectKind, Finish, NotBefore, Posted, SetAside, Verdict
from bot.ports import LaneRef
from storage.database import Database
from tests.support.storage_examples import DAY, MINUTE, NOW, SECOND, Workspace, make_effect

SENT = Finish(verdict=Verdict.SENT, posted=Posted("C1", "1.1"))
DEAD = Finish(verdict=Verdict.DEAD, error="is_archived")

CARD = make_effect("card:1")
UPDATE = make_effect(
    "update:1:2", kind=EffectKind.CARD_UPDATE, parent_key="card:1", collapse_key="update:1"
)
STORY = make_effect("story:1:2", kind=EffectKind.STORY, parent_key="card:1")


async def finish(here: Workspace, claim: Claim, end: Finish, now: datetime = NOW) -> bool:
    return await here.write(lambda tx: tx.outbox.finish(claim, end, now))


async def perform(here: Workspace, lane: str, end: Finish = SENT, now: datetime = NOW) -> str:
    """Claim the lane's head, end the try, and tell which effect it was."""
    claim = await here.claimed(lane, now)
    assert await finish(here, claim, end, now)
    return claim.effect.key


async def test_an_effect_comes_back_as_it_was_enqueued(here: Workspace) -> None:
    full = make_effect(
        "digest:s1:2026-W45",
        kind=EffectKind.DIGEST,
        payload={"subscription_id": "s1", "is_late": True, "number": 7},
        parent_key="card:1",
        collapse_key="digest",
        expires_at=NOW + DAY,
    )
    assert await here.enqueue(full, CARD) == [True, True]
    assert await here.read(lambda tx: tx.outbox.find(full.key)) == full
    assert await here.read(lambda tx: tx.outbox.find("card:2")) is None


async def test_the_same_cause_is_enqueued_once(here: Workspace, database: Database) -> None:
    assert await here.enqueue(CARD, replace(CARD, target="C2")) == [True, False]
    await perform(here, "C1")
    assert await here.enqueue(CARD) == [False]
    assert await here.claim("C1") is None
    assert await database.ready_lanes(NOW + DAY, limit=9) == ()
    assert await database.next_due() is None


async def test_a_lane_is_performed_in_order(here: Workspace) -> None:
    effects = [make_effect(f"card:{number}") for number in range(1, 6)]
    await here.enqueue(*effects)
    assert [await perform(here, "C1") for _ in effects] == [effect.key for effect in effects]
    assert await here.claim("C1") is None
    assert await here.claim("C9") is None


async def test_a_claim_tells_about_its_tries(here: Workspace) -> None:
    await here.enqueue(CARD)
    first = await here.claimed("C1")
    assert first == Claim(
        effect=CARD,
        effect_id=first.effect_id,
        epoch=1,
        lease_until=NOW + MINUTE,
        attempts=1,
        was_tried=False,
        first_try_at=NOW,
    )
    second = await here.claimed("C1", NOW + MINUTE)  # the lease has ended, nobody finished
    assert (second.attempts, second.was_tried, second.first_try_at) == (2, True, NOW)
    later = NOW + 2 * MINUTE
    await finish(here, second, Finish(verdict=Verdict.RETRY, again_at=later), later)
    third = await here.claimed("C1", later)
    assert (third.attempts, third.was_tried, third.first_try_at) == (3, False, NOW)
    await finish(here, third, Finish(verdict=Verdict.UNKNOWN, again_at=later), later)
    fourth = await here.claimed("C1", later)
    assert (fourth.attempts, fourth.was_tried, fourth.first_try_at) == (4, True, NOW)


async def test_a_leased_lane_is_left_alone(here: Workspace, database: Database) -> None:
    await here.enqueue(CARD, make_effect("card:2"))
    await here.claimed("C1")
    for owner in ("w1", "w2"):
        found = await here.claim("C1", NOW + MINUTE - SECOND, owner=owner)
        assert found == NotBefore(NOW + MINUTE)
    assert await database.ready_lanes(NOW + MINUTE - SECOND, limit=9) == ()
    assert await database.ready_lanes(NOW + MINUTE, limit=9) == (LaneRef("T1", "C1"),)
    assert await database.next_due() == NOW + MINUTE


async def test_the_end_of_a_lost_lease_is_refused_but_a_message_is_remembered(
    here: Workspace,
) -> None:
    await here.enqueue(CARD, make_effect("card:2"))
    lost = await here.claimed("C1")
    current = await here.claimed("C1", NOW + MINUTE)
    for end in (DEAD, Finish(verdict=Verdict.RETRY, again_at=NOW)):
        assert not await finish(here, lost, end, NOW + MINUTE)
    assert await here.read(lambda tx: tx.outbox.posted("card:1")) is None
    assert not await finish(here, lost, SENT, NOW + MINUTE)
    assert await here.read(lambda tx: tx.outbox.posted("card:1")) == Posted("C1", "1.1")
    # The other worker still holds the lane; whatever it reports does not undo what was sent.
    assert isinstance(await here.claim("C1", NOW + MINUTE), NotBefore)
    retry = Finish(verdict=Verdict.RETRY, again_at=NOW + DAY)
    assert await finish(here, current, retry, NOW + MINUTE)
    assert await perform(here, "C1", now=NOW + MINUTE) == "card:2"


async def test_a_message_that_became_known_late_ends_the_wait_of_its_lane(
    here: Workspace, database: Database
) -> None:
    await here.enqueue(CARD)
    lost = await here.claimed("C1")
    current = await here.claimed("C1", NOW + MINUTE)
    await finish(here, current, Finish(verdict=Verdict.UNKNOWN, again_at=NOW + DAY), NOW + MINUTE)
    assert not await finish(here, lost, SENT, NOW + MINUTE)
    assert await database.next_due() is None


async def test_the_first_known_place_of_a_message_stays(here: Workspace) -> None:
    await here.enqueue(CARD)
    lost = await here.claimed("C1")
    current = await here.claimed("C1", NOW + MINUTE)
    assert await finish(here, current, SENT)
    assert not await finish(here, lost, replace(SENT, posted=Posted("C1", "9.9")))
    assert await here.read(lambda tx: tx.outbox.posted("card:1")) == Posted("C1", "1.1")


async def test_back_off_holds_up_everything_in_the_lane(
    here: Workspace, database: Database
) -> None:
    await here.enqueue(CARD)
    again_at = NOW + 8 * SECOND
    await perform(here, "C1", Finish(verdict=Verdict.RETRY, again_at=again_at))
    await here.enqueue(replace(UPDATE, parent_key=None))
    assert await here.claim("C1") == NotBefore(again_at)
    assert await database.ready_lanes(NOW + 7 * SECOND, limit=9) == ()
    assert await perform(here, "C1", now=again_at) == "card:1"


async def test_the_gate_holds_up_posts_but_not_updates(here: Workspace, database: Database) -> None:
    gate = NOW + SECOND
    await here.enqueue(CARD, UPDATE, STORY)
    await perform(here, "C1", replace(SENT, gate_until=gate))
    assert await database.next_due() == NOW
    assert await perform(here, "C1") == UPDATE.key
    assert await here.claim("C1") == NotBefore(gate)
    assert await database.next_due() == gate
    assert await perform(here, "C1", now=gate) == STORY.key


async def test_the_gate_holds_for_what_is_enqueued_behind_it(
    here: Workspace, database: Database
) -> None:
    gate = NOW + SECOND
    await here.enqueue(CARD)
    await perform(here, "C1", replace(SENT, gate_until=gate))
    await here.enqueue(STORY)
    assert await here.claim("C1") == NotBefore(gate)
    assert await database.ready_lanes(NOW, limit=9) == ()
    assert await database.next_due() == gate


async def test_a_child_learns_where_its_parent_stands(here: Workspace) -> None:
    await here.enqueue(CARD, UPDATE)
    await perform(here, "C1")
    assert (await here.claimed("C1")).parent == Posted("C1", "1.1")


async def test_a_child_waits_for_a_parent_in_another_lane(
    here: Workspace, database: Database
) -> None:
    await here.enqueue(CARD, replace(STORY, target="U1"))
    assert await here.claim("U1") == NotBefore(NOW + 5 * SECOND)
    assert await database.ready_lanes(NOW, limit=9) == (LaneRef("T1", "C1"),)
    await perform(here, "C1")
    assert await perform(here, "U1", now=NOW + 5 * SECOND) == STORY.key


async def test_a_dead_parents_children_die_and_are_not_shown(here: Workspace) -> None:
    await here.enqueue(CARD, STORY, UPDATE, make_effect("card:2"))
    await perform(here, "C1", DEAD)
    assert await perform(here, "C1") == "card:2"
    aside = await here.read(lambda tx: tx.outbox.set_aside(limit=9))
    assert aside == (
        SetAside(
            key="card:1",
            kind=EffectKind.CARD,
            target="C1",
            error="is_archived",
            payload={"number": 1},
            at=NOW,
        ),
    )


async def test_a_child_without_parent_is_set_aside(here: Workspace) -> None:
    home = make_effect("home:U1", kind=EffectKind.HOME, target="U1", payload={"user_id": "U1"})
    await here.enqueue(home, replace(STORY, parent_key="home:U1"), STORY)
    await perform(here, "home:U1", Finish(verdict=Verdict.SENT))
    assert await here.claim("C1") is None
    aside = await here.read(lambda tx: tx.outbox.set_aside(limit=9))
    assert [(one.key, one.error) for one in aside] == [(STORY.key, "parent_missing")]


async def test_what_expired_untried_is_set_aside(here: Workspace) -> None:
    soon = make_effect("card:1", expires_at=NOW + SECOND)
    tried = make_effect("card:2", expires_at=NOW + SECOND)
    await here.enqueue(tried, soon)
    await perform(here, "C1", Finish(verdict=Verdict.UNKNOWN, again_at=NOW))
    assert await perform(here, "C1", now=NOW + SECOND) == "card:2"
    assert await here.claim("C1", NOW + SECOND) is None
    aside = await here.read(lambda tx: tx.outbox.set_aside(limit=9))
    assert [(one.key, one.error) for one in aside] == [("card:1", "expired")]


async def test_one_claim_sets_aside_a_hundred_at_most(here: Workspace) -> None:
    old = [make_effect(f"card:{number}", expires_at=NOW) for number in range(101)]
    await here.enqueue(*old, make_effect("card:new"))
    assert await here.claim("C1") == NotBefore(NOW)
    assert await perform(here, "C1") == "card:new"


async def test_a_newer_update_replaces_those_that_wait(here: Workspace) -> None:
    await here.enqueue(CARD, UPDATE, replace(UPDATE, key="other", collapse_key="update:2"))
    await perform(here, "C1")
    await here.enqueue(replace(UPDATE, key="update:1:3"))
    assert [await perform(here, "C1") for _ in range(2)] == ["other", "update:1:3"]
    assert await here.claim("C1") is None


async def test_an_update_that_is_being_tried_is_not_replaced(here: Workspace) -> None:
    await here.enqueue(CARD, UPDATE)
    await perform(here, "C1")
    claim = await here.claimed("C1")
    await here.enqueue(replace(UPDATE, key="update:1:3"))
    await finish(here, claim, Finish(verdict=Verdict.UNKNOWN, again_at=NOW))
    assert [await perform(here, "C1") for _ in range(2)] == [UPDATE.key, "update:1:3"]


async def test_set_aside_effects_newest_first(here: Workspace) -> None:
    for number in range(3):
        await here.enqueue(make_effect(f"card:{number}"))
        await perform(here, "C1", DEAD, NOW + number * MINUTE)
    aside = await here.read(lambda tx: tx.outbox.set_aside(limit=2))
    assert [one.key for one in aside] == ["card:2", "card:1"]


async def test_ready_lanes_longest_waiting_first(
    here: Workspace, elsewhere: Workspace, database: Database
) -> None:
    await here.enqueue(make_effect("b", target="C2"), now=NOW + MINUTE)
    await elsewhere.enqueue(make_effect("a", target="C1"), now=NOW)
    assert await database.ready_lanes(NOW + MINUTE, limit=9) == (
        LaneRef("T2", "C1"),
        LaneRef("T1", "C2"),
    )
    assert await database.ready_lanes(NOW + MINUTE, limit=1) == (LaneRef("T2", "C1"),)
    assert await database.ready_lanes(NOW, limit=9) == (LaneRef("T2", "C1"),)


@pytest.mark.parametrize("wait", [timedelta(), DAY])
async def test_a_woken_lane_is_ready_at_once(
    here: Workspace, database: Database, wait: timedelta
) -> None:
    await here.enqueue(CARD)
    await perform(here, "C1")
    await here.enqueue(STORY, now=NOW + wait)
    assert await database.next_due() == NOW + wait


async def test_a_lane_is_known_from_its_first_effect_on(
    here: Workspace, elsewhere: Workspace
) -> None:
    home = make_effect("home:U1:Ev1", kind=EffectKind.HOME, target="U1")

    async def known(workspace: Workspace, lane: str) -> bool:
        return await workspace.read(lambda tx: tx.outbox.knows_lane(lane))

    assert not await known(here, "home:U1")
    await here.enqueue(home)
    assert await known(here, "home:U1")
    assert not await known(here, "U1")
    assert not await known(elsewhere, "home:U1")


async def test_a_message_that_was_updated_is_still_the_one_that_was_posted(here: Workspace) -> None:
    update = make_effect("card:1:v2", kind=EffectKind.CARD_UPDATE, parent_key="card:1")
    await here.enqueue(make_effect("card:1"), update)
    sent = Finish(verdict=Verdict.SENT, posted=Posted("C1", "1.1"))
    for _ in range(2):
        claim = await here.claimed("C1")
        await here.write(lambda tx, c=claim: tx.outbox.finish(c, sent, NOW))  # type: ignore[misc]
    assert await here.read(lambda tx: tx.outbox.key_at("C1", "1.1")) == "card:1"

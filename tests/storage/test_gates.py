"""What a 429 holds back: every lane of the workspace that needs the method, in any process."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event

from bot.outbox import Claim, Effect, EffectKind, Finish, Limited, MethodGroup, NotBefore, Verdict
from storage.database import Database
from tests.support.storage_examples import MINUTE, NOW, SECOND, Workspace, make_effect

HALF_A_MINUTE = 30 * SECOND


async def hold_back(
    here: Workspace,
    lane: str = "C1",
    *,
    group: MethodGroup = MethodGroup.POST,
    after: timedelta = HALF_A_MINUTE,
    per_minute: int = 60,
    now: datetime = NOW,
    verdict: Verdict = Verdict.RETRY,
) -> None:
    """Try what is in a lane, and let Slack say 429."""
    claim = await here.claimed(lane, now)
    limited = Limited(group=group, until=now + after, per_minute=per_minute, tried_at=now)
    finish = Finish(verdict=verdict, error="ratelimited", again_at=now + after, limited=limited)
    await here.write(lambda tx: tx.outbox.finish(claim, finish, now), now)


async def turn_of(here: Workspace, lane: str, now: datetime = NOW) -> float | None:
    """In how many seconds a lane may try; None when it was claimed."""
    found = await here.claim(lane, now)
    if isinstance(found, Claim):
        return None
    assert isinstance(found, NotBefore)
    return (found.at - now) / SECOND


def card(channel: str) -> Effect:
    return make_effect(f"card:{channel}", target=channel)


async def test_a_429_holds_back_the_whole_workspace_and_no_other(
    here: Workspace, elsewhere: Workspace
) -> None:
    await here.enqueue(*(card(f"C{place}") for place in range(1, 4)))
    await elsewhere.enqueue(card("C2"))
    await hold_back(here)
    assert await turn_of(here, "C2") == 30
    assert await turn_of(elsewhere, "C2") is None
    assert await turn_of(here, "C1") == 30


async def test_other_methods_go_on(here: Workspace) -> None:
    home = make_effect("home:U1:1", kind=EffectKind.HOME, target="U1")
    update = make_effect("card:9:v2", kind=EffectKind.CARD_UPDATE, target="C2", parent_key=None)
    await here.enqueue(card("C1"), home, update)
    await hold_back(here)
    assert await turn_of(here, "home:U1") is None
    assert await turn_of(here, "C2") is None


async def test_it_holds_in_another_process_and_after_a_restart(
    here: Workspace, database_url: str
) -> None:
    await here.enqueue(card("C1"), card("C2"))
    await hold_back(here)
    other = Database(database_url)
    await other.start()
    try:
        assert await turn_of(Workspace(other), "C2", NOW + SECOND) == 29
        assert await turn_of(Workspace(other), "C2", NOW + HALF_A_MINUTE) is None
    finally:
        await other.close()


async def test_lanes_wait_in_line_and_go_at_the_pace(here: Workspace) -> None:
    """Each gets a turn of its own, so that a hundred don't come all at once, and takes it."""
    lanes = [f"C{place}" for place in range(1, 7)]
    await here.enqueue(*(card(name) for name in lanes))
    await hold_back(here, per_minute=60)
    turns = {name: await turn_of(here, name) for name in lanes[1:]}
    assert turns == {"C2": 30, "C3": 31, "C4": 32, "C5": 33, "C6": 34}
    for name, turn in turns.items():
        assert turn is not None
        assert await turn_of(here, name, NOW + turn * SECOND + SECOND / 10) is None


async def test_who_comes_between_waits(here: Workspace) -> None:
    await here.enqueue(card("C1"), card("C2"), card("C3"))
    await hold_back(here, per_minute=60)
    assert await turn_of(here, "C2", NOW + HALF_A_MINUTE) is None
    assert await turn_of(here, "C3", NOW + HALF_A_MINUTE) == 1


async def test_what_somebody_waits_for_does_not_stand_behind_digests(here: Workspace) -> None:
    digests = [
        make_effect(f"digest:{place}", kind=EffectKind.DIGEST, target=f"D{place}")
        for place in range(5)
    ]
    await here.enqueue(card("C1"), card("C2"), *digests)
    await hold_back(here, per_minute=60)
    assert [await turn_of(here, f"D{place}") for place in range(5)] == [30, 31, 32, 33, 34]
    assert await turn_of(here, "C2") == 30


async def test_a_look_waits_for_the_gate_of_what_it_calls(here: Workspace) -> None:
    await here.enqueue(card("C1"), card("C2"), card("C3"))
    unknown = Finish(verdict=Verdict.UNKNOWN, error="timeout", again_at=NOW)
    first, second = await here.claimed("C1"), await here.claimed("C2")
    await here.write(lambda tx: tx.outbox.finish(first, unknown, NOW))
    await here.write(lambda tx: tx.outbox.finish(second, unknown, NOW))
    await hold_back(
        here, group=MethodGroup.HISTORY, after=MINUTE, per_minute=1, verdict=Verdict.UNKNOWN
    )
    assert await turn_of(here, "C2") == 60
    assert await turn_of(here, "C3") is None
    assert await turn_of(here, "C2", NOW + MINUTE) is None
    assert await turn_of(here, "C1", NOW + MINUTE) == 60


async def test_a_quiet_workspace_is_free_again(here: Workspace) -> None:
    names = [f"C{place}" for place in range(1, 9)]
    await here.enqueue(*(card(name) for name in names))
    await hold_back(here, per_minute=60)
    later = NOW + 12 * MINUTE
    assert await turn_of(here, "C2", later) is None  # this one found it quiet for long
    assert [await turn_of(here, name, later) for name in names[2:]] == [None] * 6


async def test_a_try_that_lost_its_lease_still_tells_of_the_429(here: Workspace) -> None:
    await here.enqueue(card("C1"), card("C2"))
    old = await here.claimed("C1")
    await here.claimed("C1", NOW + 2 * MINUTE)
    at = NOW + 2 * MINUTE
    limited = Limited(group=MethodGroup.POST, until=at + HALF_A_MINUTE, per_minute=60, tried_at=NOW)
    finish = Finish(verdict=Verdict.RETRY, error="ratelimited", again_at=at, limited=limited)
    assert not await here.write(lambda tx: tx.outbox.finish(old, finish, at), at)
    assert await turn_of(here, "C2", at) == 30


@pytest.fixture
def counted(database: Database) -> Callable[[], int]:
    """How many statements a claim ran."""
    ran = [0]

    def note(*_args: object) -> None:
        ran[0] += 1

    event.listen(database._backend.writer, "before_cursor_execute", note)

    def take() -> int:
        found, ran[0] = ran[0], 0
        return found

    return take


async def test_an_open_gate_costs_a_claim_nothing(
    here: Workspace, counted: Callable[[], int]
) -> None:
    await here.enqueue(card("C1"), card("C2"), card("C3"))
    counted()
    await here.claimed("C2")
    before = counted()
    await hold_back(here)
    counted()
    await here.claimed("C3", NOW + 60 * MINUTE)
    counted()
    await here.enqueue(card("C4"))
    counted()
    await here.claimed("C4", NOW + 60 * MINUTE)
    assert counted() == before

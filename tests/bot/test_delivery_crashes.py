"""Leases, frozen workers, and processes that die in the middle."""

from datetime import timedelta
from itertools import product

import pytest

from bot.outbox import Posted
from bot.ports import NotSent, Outcome, Refused, Unclear
from tests.support.core import CONTENT, FORMS, Core
from tests.support.deliveries import (
    GAP,
    LEASE,
    LOST,
    PACE,
    SETTLE,
    Bench,
    CrashError,
    ScriptedMessenger,
    bench_of,
)


@pytest.fixture
def bench(core: Core) -> Bench:
    return bench_of(core)


async def test_a_try_is_not_begun_when_the_lease_is_nearly_over(bench: Bench) -> None:
    await bench.enqueue("a")
    bench.messenger.answers.append(Unclear("timeout"))
    await bench.drain()
    bench.core.clock.forward(seconds=SETTLE)
    slow = LEASE - PACE.margin.total_seconds() + 1
    bench.messenger.looks.append(lambda: bench.core.clock.forward(seconds=slow))
    assert await bench.drain() is None
    assert bench.messenger.performed == ["a", "a"]
    last = bench.messenger.claims[-1]
    assert last.attempts == 3
    assert last.lease_until - bench.messenger.times[-1] == PACE.lease
    assert bench.messenger.arrived("a") == 1


async def test_a_file_is_carried_over_with_most_of_the_lease_before_it(bench: Bench) -> None:
    idea = await bench.core.hand_in(fields={**FORMS["idea"], "files": ("F1 a.png",)})
    bench.messenger.answers.extend([None, Unclear("timeout")])
    await bench.drain()
    while bench.messenger.performed[-1] != f"file:{idea.number}:1":
        bench.core.clock.forward(seconds=GAP)
        await bench.drain()
    bench.core.clock.forward(seconds=SETTLE)
    slow = PACE.margin.total_seconds() + 1
    bench.messenger.looks.append(lambda: bench.core.clock.forward(seconds=slow))
    assert await bench.drain() is None
    last = bench.messenger.claims[-1]
    assert last.lease_until - bench.messenger.times[-1] == PACE.lease


async def test_a_lane_is_one_workers_until_the_lease_ends(core: Core) -> None:
    one = bench_of(core)
    other = bench_of(core, messenger=one.messenger, owner="w2")
    await one.enqueue("a")
    waits = []

    async def meanwhile() -> None:
        waits.append(await other.drain())

    one.messenger.answers.append(meanwhile)
    assert await one.drain() is None
    assert waits == [LEASE]
    assert one.messenger.performed == ["a"]


@pytest.mark.parametrize("arrives", ["before", "after"])
async def test_a_frozen_workers_lane_is_taken_over(core: Core, arrives: str) -> None:
    """The first worker sleeps longer than its lease, before or after Slack took the message."""
    one = bench_of(core)
    other = bench_of(core, messenger=one.messenger, owner="w2")
    await one.enqueue("a", "b")

    async def sleep() -> None:
        if arrives == "before":
            one.messenger.world.append(("a", Posted(CONTENT, "0.5")))
        core.clock.forward(seconds=LEASE)
        await other.drain_all(CONTENT)

    one.messenger.answers.append(sleep)
    assert await one.drain() is None
    assert one.messenger.looked == ["a"]
    taken_over = ["a", "b"] if arrives == "before" else ["a", "a", "b"]
    assert one.messenger.performed == taken_over
    posted = await core.read(lambda tx: tx.outbox.posted("a"))
    first = next(where for key, where in one.messenger.world if key == "a")
    assert posted == first  # the one that became known first stays
    assert one.outcome("a") == one.outcome("b") == ("sent", None)
    assert await one.drain() is None


async def test_the_late_answer_of_a_frozen_worker_does_not_undo(core: Core) -> None:
    one = bench_of(core)
    other = bench_of(core, messenger=one.messenger, owner="w2")
    await one.core.hand_in()

    async def freeze_then_refuse() -> Refused:
        core.clock.forward(seconds=LEASE)
        await other.drain_all(CONTENT)
        return Refused("is_archived")

    one.messenger.answers.append(freeze_then_refuse)
    assert await one.drain() is None
    assert one.outcome("card:1") == ("sent", None)
    assert one.messenger.arrived("card:1") == 1
    assert await one.notices() == []


POINTS = (
    "delivery.after_claim",
    "delivery.after_answer",
    "delivery.before_finish",
    "delivery.after_finish",
)


class DiesAt:
    """A checkpoint at which the process dies once."""

    def __init__(self) -> None:
        self.point: str | None = None

    def __call__(self, name: str) -> None:
        if name == self.point:
            self.point = None
            raise CrashError(name)


@pytest.mark.parametrize("point", POINTS)
async def test_a_crash_delays_and_repeats_nothing(core: Core, point: str) -> None:
    dies = DiesAt()
    bench = bench_of(core, checkpoint=dies)
    await bench.enqueue("a", "b")
    dies.point = point
    with pytest.raises(CrashError):
        await bench.drain()
    after = bench_of(core, messenger=bench.messenger, owner="w2")
    waits = await after.drain()
    assert waits == (GAP if point == "delivery.after_finish" else LEASE)
    await after.drain_all(CONTENT)
    assert [key for key, _ in bench.messenger.world] == ["a", "b"]
    assert after.outcome("a") == after.outcome("b") == ("sent", None)


FAULTS: tuple[Outcome | str, ...] = (
    LOST,
    Unclear("http_500"),
    NotSent("connection_refused"),
    NotSent("ratelimited", timedelta(seconds=20)),
    *POINTS,
)


async def test_after_any_two_faults_each_message_is_there_once_and_in_order(core: Core) -> None:
    dies = DiesAt()
    messenger = ScriptedMessenger(core)
    bench = bench_of(core, messenger=messenger, checkpoint=dies)
    for place, faults in enumerate(product(FAULTS, repeat=2)):
        keys = [f"{place}a", f"{place}b"]
        await bench.enqueue(*keys)
        for fault in faults:
            if isinstance(fault, str) and fault in POINTS:
                dies.point = fault
            else:
                messenger.answers.append(fault)
            try:
                wait = await bench.drain()
            except CrashError:
                wait = LEASE
            core.clock.forward(seconds=wait or 0)
        await bench.drain_all(CONTENT)
        assert [key for key, _ in messenger.world] == keys, faults
        assert {bench.outcome(key)[0] for key in keys} == {"sent"}, faults
        messenger.world.clear()
        messenger.answers.clear()
        core.clock.forward(seconds=10)

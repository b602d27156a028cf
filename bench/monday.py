"""`python -m bench.monday [--small]`: Monday, 09:00, and every digest of many workspaces is due.

The desk's own ticks, dispatchers, delivery and storage (SQLite) at a clock that jumps from event to
event, against a stand-in for Slack that answers after a while and keeps Slack's limits: one message
a second and channel, and so many a minute and workspace. The ticks `digests` and `sweep` come as
often as `serve` has them. A digest is there when its first message stands; the messages of its
thread are counted apart. Prints how long both took, by that clock, against the least time that the
limits and the number of calls at once allow.
"""

import argparse
import asyncio
import heapq
import random
import shutil
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import Any, cast

from typing_extensions import override

from bot.configure import configure
from bot.delivery import Delivery, Pace
from bot.desk import Subscription, default_desk
from bot.errors import StorageBusyError
from bot.material import Material
from bot.outbox import Claim, Effect, EffectKind, MethodGroup, Posted
from bot.ports import LaneRef, Messenger, NotSent, Outcome, Sent, Storage, Transaction
from runtime.clocks import Timer
from runtime.dispatcher import AT_ONCE, SHARE, Dispatcher
from runtime.reading import CareForOne
from runtime.ticks import Tick, Ticks
from storage.database import Database
from storage.migrate import upgrade
from tests.support.storage_examples import make_submission

FRIDAY = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LONGEST = 1.2
"""How long it may take at most, as a ratio to the least time."""

PLAYED = timedelta(hours=1)
"""For so long after nine the ticks come: what has not arrived by then never will."""

PLAYED_TICKS = frozenset({"digests", "sweep"})

PATIENCE = 120.0
"""Seconds. The clock stands still while this machine works, so that a slow one is no busy database;
`busy_each` says how often there is one."""

SETTLED = 20
"""After so many turns of the event loop in which nothing happened, nothing will."""


Arrived = dict[tuple[str, str], datetime]
"""When a message arrived, by its workspace and key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is simulated: digest channels by workspace, and the world that they go out into.

    `in_thread` messages hang on each digest. `answers_after` is how long Slack takes for a call.
    `per_minute` messages a workspace may post, and `burst` at once. Of so many transactions one
    finds the database busy, `busy_each`; none when that is 0.
    """

    channels: tuple[int, ...]
    in_thread: int = 2
    workers: int = 2
    answers_after: timedelta = timedelta(milliseconds=150)
    per_minute: int = 300
    burst: int = 300
    busy_each: int = 0

    @property
    def digests(self) -> int:
        """How many are due."""
        return sum(self.channels)

    @property
    def messages(self) -> int:
        """How many messages those are, with what hangs in their threads."""
        return self.digests * (1 + self.in_thread)


FULL = Plan(channels=(600, 200, *[10] * 920))
SMALL = Plan(channels=(120, 20, *[5] * 32), workers=1, burst=30)


class JumpingClock(Timer):
    """Jumps to the next thing that is to happen."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._calls: list[tuple[datetime, int, Callable[[], Awaitable[None]]]] = []
        self._numbers = count()
        self._running: set[asyncio.Future[None]] = set()

    @override
    def now(self) -> datetime:
        return self._now

    @override
    def at(self, when: datetime, call: Callable[[], Awaitable[None]]) -> object:
        heapq.heappush(self._calls, (max(when, self._now), next(self._numbers), call))
        return None

    async def sleep(self, length: timedelta) -> None:
        """Until so much later by this clock."""
        woken = asyncio.get_running_loop().create_future()

        async def wake() -> None:
            woken.set_result(None)

        self.at(self._now + length, wake)
        await woken

    def go_to(self, when: datetime) -> None:
        """Be there at once, before anything is to happen."""
        self._now = when

    def jump(self) -> bool:
        """Go to the next moment at which something is to happen, and begin all of it."""
        if not self._calls:
            return False
        self._now = max(self._now, self._calls[0][0])
        while self._calls and self._calls[0][0] <= self._now:
            _, _, call = heapq.heappop(self._calls)
            task = asyncio.ensure_future(call())
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return True


class Counting:
    """Passes everything on to a storage, and counts what it has not answered yet, and what it
    refused since it was busy. From `is_tried` on it refuses one transaction of `busy_each` itself.
    """

    def __init__(self, storage: Database, busy_each: int) -> None:
        self._storage = storage
        self._busy_each = busy_each
        self._transactions = count(1)
        self.is_tried = False
        self.open = 0
        self.done = 0
        self.refused = 0

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._storage, name)

        async def counted(*args: Any, **more: Any) -> Any:
            self.open += 1
            try:
                if name == "transact":
                    self._refuse_some()
                return await method(*args, **more)
            except StorageBusyError:
                self.refused += 1
                raise
            finally:
                self.open -= 1
                self.done += 1

        return counted

    def _refuse_some(self) -> None:
        if self._busy_each and self.is_tried and not next(self._transactions) % self._busy_each:
            raise StorageBusyError


@dataclass(slots=True)
class StandIn(Messenger):
    """Takes messages at Slack's limits, and remembers when each arrived: digests, and the parts of
    their threads.
    """

    clock: JumpingClock
    plan: Plan
    digests: Arrived = field(default_factory=dict)
    parts: Arrived = field(default_factory=dict)
    refused: int = 0
    _places: dict[tuple[str, str], Posted] = field(default_factory=dict)
    _buckets: dict[str, tuple[float, datetime]] = field(default_factory=dict)
    _last: dict[tuple[str, str], datetime] = field(default_factory=dict)

    @override
    async def perform(self, workspace_id: str, claim: Claim, material: Material) -> Outcome:
        await self.clock.sleep(self.plan.answers_after / 2)
        outcome = self._take(workspace_id, claim)
        await self.clock.sleep(self.plan.answers_after / 2)
        return outcome

    @override
    async def look(self, workspace_id: str, claim: Claim) -> Posted | None:
        """Every answer is clear, but a busy database may not have kept it."""
        await self.clock.sleep(self.plan.answers_after)
        return self._places.get((workspace_id, claim.effect.key))

    @property
    def arrived(self) -> int:
        """How many messages."""
        return len(self.digests) + len(self.parts)

    def _take(self, workspace_id: str, claim: Claim) -> Outcome:
        now, place = self.clock.now(), (workspace_id, claim.effect.target)
        tokens, filled = self._buckets.get(workspace_id, (float(self.plan.burst), now))
        tokens += (now - filled).total_seconds() * self.plan.per_minute / 60
        tokens = min(tokens, float(self.plan.burst))
        is_too_soon = place in self._last and now - self._last[place] < SECOND
        if tokens < 1 or is_too_soon:
            self._buckets[workspace_id] = (tokens, now)
            self.refused += 1
            return NotSent("ratelimited", SECOND, MethodGroup.POST)
        self._buckets[workspace_id] = (tokens - 1, now)
        self._last[place] = now
        self._note(workspace_id, claim.effect, now)
        posted = Posted(claim.effect.target, f"{self.arrived}.0")
        self._places[workspace_id, claim.effect.key] = posted
        return Sent(posted)

    def _note(self, workspace_id: str, effect: Effect, now: datetime) -> None:
        arrived = {EffectKind.DIGEST: self.digests, EffectKind.DIGEST_MORE: self.parts}[effect.kind]
        if (workspace_id, effect.key) in arrived:
            raise AssertionError(f"{effect.key} came twice")
        if effect.parent_key and (workspace_id, effect.parent_key) not in self.digests:
            raise AssertionError(f"{effect.key} came before what it hangs on")
        arrived[workspace_id, effect.key] = now


@dataclass(frozen=True, slots=True)
class Span:
    """How long something took by the simulation's clock, and the least that it can take."""

    what: str
    took: timedelta
    least: timedelta

    @property
    def ratio(self) -> float:
        """The one against the other."""
        return self.took / self.least


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How it went. `others` is the same without the workspaces that have more to say than Slack
    takes at once, but for what it does take of them. `refused` counts Slack's 429s, `busy` what the
    database refused. `worked` is how long this machine's processor and disk were at it, in seconds.
    """

    plan: Plan
    digests: int
    parts: int
    first: Span
    first_of_others: Span
    whole: Span
    whole_of_others: Span
    refused: int
    busy: int
    worked: float

    @property
    def spans(self) -> tuple[Span, ...]:
        """All that was timed."""
        return (self.first, self.first_of_others, self.whole, self.whole_of_others)

    @property
    def is_as_wanted(self) -> bool:
        """Whether everything came, and the last of it within a fifth of the least time."""
        is_all = self.digests == self.plan.digests
        is_all = is_all and self.digests + self.parts == self.plan.messages
        return is_all and max(self.first.ratio, self.whole.ratio) <= LONGEST


def least_time(plan: Plan, channels: tuple[int, ...], each: int = 1) -> timedelta:
    """The least in which so many channels can have `each` messages: no more calls at once than
    there are slots, no more messages of one workspace than it takes (what it may post grows while
    its first ones are under way), one a second and channel, also for the channel whose first one
    comes last.
    """
    slots = plan.workers * AT_ONCE
    sizes = [each * size for size in channels]
    through = -(-sum(sizes) // slots) * plan.answers_after
    in_the_last = -(-sum(channels) // slots) * plan.answers_after + (each - 1) * SECOND
    limits = [
        max(
            max(0, size - plan.burst) * timedelta(minutes=1) / plan.per_minute + plan.answers_after,
            -(-size // (plan.workers * SHARE)) * plan.answers_after,
        )
        for size in sizes
    ]
    return max(through, in_the_last, *limits)


async def simulate(plan: Plan, folder: Path) -> Result:
    """Set everything up on Friday, jump to Monday, and wait until nothing is to be done."""
    url = f"sqlite:///{folder / 'monday.db'}"
    await asyncio.to_thread(upgrade, url)
    clock = JumpingClock(FRIDAY)
    dispatchers: list[Dispatcher] = []

    def wake(lanes: frozenset[LaneRef]) -> None:
        for ref in lanes:  # as a queue would: to one worker each
            dispatchers[hash(ref) % len(dispatchers)].wake([ref])

    database = Database(url, on_effects=wake, patience=PATIENCE)
    await database.start()
    storage = Counting(database, plan.busy_each)
    slack = StandIn(clock, plan)
    ticks = []
    for worker in range(plan.workers):
        dispatchers.append(_dispatcher(storage, slack, clock, f"w{worker}"))
        nothing: Any = None
        ticks.append(
            Ticks(
                storage=cast("Storage", storage),
                dispatcher=dispatchers[-1],
                clock=clock,
                care=CareForOne(nothing, nothing, nothing),
            )
        )
    try:
        for place, size in enumerate(plan.channels):
            await database.transact(f"T{place:05}", _settle_in, size, FRIDAY)
        clock.go_to(MONDAY)
        storage.is_tried = True
        began = perf_counter()
        for one in ticks:
            _play(one, slack)
        while await _settled(storage) and clock.jump():
            pass
        worked = perf_counter() - began
    finally:
        await database.close()
    return _result(plan, slack, storage.refused, worked)


def _play(ticks: Ticks, slack: StandIn) -> None:
    """Have the ticks of one worker come as `serve` has them, until every message is there: from
    nine on, so that how long the first one may be away is left out, as in the least time.
    """
    clock = slack.clock

    def is_over() -> bool:
        is_all = slack.arrived == slack.plan.messages
        return is_all or clock.now() > MONDAY + PLAYED

    def begin(tick: Tick, at: datetime) -> None:
        async def ring() -> None:
            if is_over():
                return
            begin(tick, at + tick.every)
            with suppress(StorageBusyError):  # as in `serve`: it comes again
                await tick.run()

        clock.at(at, ring)

    for tick in ticks.table:
        if tick.name in PLAYED_TICKS:
            begin(tick, MONDAY)


def _dispatcher(storage: Counting, slack: StandIn, clock: JumpingClock, owner: str) -> Dispatcher:
    chance = random.Random(owner)  # noqa: S311  (spreads retries)
    delivery = Delivery(
        storage=cast("Storage", storage),
        messenger=slack,
        clock=clock,
        owner=owner,
        jitter=chance.random,
        pace=Pace(),
    )
    return Dispatcher(delivery=delivery, storage=cast("Storage", storage), timer=clock)


def _settle_in(tx: Transaction, channels: int, now: datetime) -> None:
    """A workspace with so many digest channels, and something to tell of."""
    subscriptions = tuple(
        Subscription(subscription_id=f"s{place:04}", channel_id=f"C{place:04}", tz="UTC")
        for place in range(channels)
    )
    desk = default_desk()
    configure(tx, replace(desk, subscriptions=subscriptions), now)
    tx.submissions.add(
        make_submission(1, created_at=now, updated_at=now, due_at=now + timedelta(days=2)),
        source_key="view:1",
        origin_key=None,
        personal={},
    )


async def _settled(storage: Counting) -> bool:
    """Wait until nothing happens any more at this moment of the clock."""
    quiet, seen = 0, -1
    while quiet < SETTLED:
        await asyncio.sleep(0 if not storage.open else 0.0002)
        is_quiet = not storage.open and storage.done == seen
        quiet, seen = (quiet + 1 if is_quiet else 0), storage.done
    return True


def _result(plan: Plan, slack: StandIn, busy: int, worked: float) -> Result:
    each = 1 + plan.in_thread
    is_large = [each * size > plan.burst for size in plan.channels]
    large = {f"T{place:05}" for place, is_one in enumerate(is_large) if is_one}
    # Of the large ones what Slack takes at once: it has a share in the slots, too.
    capped = tuple(min(size, plan.burst // each) for size in plan.channels)
    everything = slack.digests | slack.parts

    def span(what: str, arrived: Arrived, least: timedelta) -> Span:
        last = max(arrived.values(), default=MONDAY)
        return Span(what, last + plan.answers_after / 2 - MONDAY, least)

    def of_others(arrived: Arrived) -> Arrived:
        return {place: at for place, at in arrived.items() if place[0] not in large}

    return Result(
        plan=plan,
        digests=len(slack.digests),
        parts=len(slack.parts),
        first=span("digests", slack.digests, least_time(plan, plan.channels)),
        first_of_others=span(
            "digests of the others", of_others(slack.digests), least_time(plan, capped)
        ),
        whole=span("with their threads", everything, least_time(plan, plan.channels, each)),
        whole_of_others=span(
            "with their threads, of the others",
            of_others(everything),
            least_time(plan, capped, each),
        ),
        refused=slack.refused,
        busy=busy,
        worked=worked,
    )


def told(result: Result) -> str:
    """The result in lines."""
    plan = result.plan
    largest = ", ".join(str(size) for size in sorted(plan.channels, reverse=True)[:3])
    head = (
        f"{result.digests:,} of {plan.digests:,} digests, {result.digests + result.parts:,} of "
        f"{plan.messages:,} messages, in {len(plan.channels):,} workspaces "
        f"(the largest: {largest}), {plan.workers} workers, an answer in "
        f"{plan.answers_after / timedelta(milliseconds=1):.0f} ms, "
        f"{plan.per_minute} messages a minute and workspace"
    )
    lines = [
        f"{span.what}: {span.took / SECOND:.1f} s, at least {span.least / SECOND:.1f} s: "
        f"ratio {span.ratio:.2f}"
        for span in result.spans
    ]
    tail = (
        f"429s: {result.refused}; refused by a busy database: {result.busy}; "
        f"this machine worked {result.worked:.0f} s for it"
    )
    return "\n".join((head, *lines, tail))


def main() -> int:
    """The command line; 1 when it took longer than wanted."""
    parser = argparse.ArgumentParser(prog="python -m bench.monday", description=__doc__)
    parser.add_argument("--small", action="store_true", help="a few hundred, in seconds")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="monday-"))
    try:
        result = asyncio.run(simulate(SMALL if given.small else FULL, folder))
    finally:
        shutil.rmtree(folder)
    sys.stdout.write(told(result) + "\n")
    return int(not result.is_as_wanted)


if __name__ == "__main__":
    sys.exit(main())

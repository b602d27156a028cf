"""Delivery over a real database, with a messenger that answers by a script."""

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from typing_extensions import override

from bot.delivery import Checkpoint, Delivery, Pace
from bot.material import Material, NoticeMaterial
from bot.outbox import Claim, Effect, EffectKind, Posted
from bot.ports import CannotLook, LaneRef, Messenger, NotSent, Outcome, Sent, Unclear
from tests.support.core import ADA, CONTENT, Core

Answer = Outcome | str | None
"""What comes of a try; None for a message that arrives and is confirmed."""

Found = Posted | CannotLook | NotSent | None

PACE = Pace()
GAP = PACE.gap.total_seconds()
SETTLE = PACE.settle.total_seconds()
LEASE = PACE.lease.total_seconds()


class CrashError(Exception):
    """The process dies here."""


LOST = "lost"
"""Slack took the message, its answer was lost."""


@dataclass(slots=True)
class ScriptedMessenger(Messenger):
    """Performs as `answers` says, then always well. Remembers what arrived, and looks there.

    An answer may be called instead: what it does is done while Slack is asked, and what it returns
    is the answer.
    """

    core: Core
    answers: deque[Answer | Callable[[], Awaitable[Answer]]] = field(default_factory=deque)
    looks: deque[Found | Callable[[], object]] = field(default_factory=deque)
    performed: list[str] = field(default_factory=list)
    looked: list[str] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    materials: list[Material] = field(default_factory=list)
    times: list[datetime] = field(default_factory=list)
    world: list[tuple[str, Posted]] = field(default_factory=list)

    @override
    async def perform(self, workspace_id: str, claim: Claim, material: Material) -> Outcome:
        self.performed.append(claim.effect.key)
        self.claims.append(claim)
        self.materials.append(material)
        self.times.append(self.core.clock.now())
        answer = self.answers.popleft() if self.answers else None
        if callable(answer):
            answer = await answer()
        if answer is not None and not isinstance(answer, str):
            return answer
        posted = Posted(claim.effect.target, f"{len(self.world) + 1}.0")
        self.world.append((claim.effect.key, posted))
        return Unclear("timeout") if answer == LOST else Sent(posted)

    @override
    async def look(self, workspace_id: str, claim: Claim) -> Found:
        self.looked.append(claim.effect.key)
        if self.looks:
            answer = self.looks.popleft()
            if not callable(answer):
                return answer
            answer()
        return next((posted for key, posted in self.world if key == claim.effect.key), None)

    def arrived(self, key: str) -> int:
        """How many messages people see of this effect."""
        return sum(one == key for one, _ in self.world)


@dataclass(slots=True)
class Bench:
    """A worker, the messenger that it uses, and the core that it serves."""

    core: Core
    messenger: ScriptedMessenger
    delivery: Delivery

    async def drain(self, lane: str = CONTENT) -> float | None:
        """Drain a lane; in how many seconds it wants to be looked at again, None when empty."""
        started = self.core.clock.now()
        again = await self.delivery.drain(LaneRef(self.core.workspace_id, lane))
        return None if again is None else (again - started).total_seconds()

    async def drain_all(self, *lanes: str, tries: int = 60) -> None:
        """Drain lanes, moving the clock to when they want it, until all are empty."""
        for _ in range(tries):
            waits = [wait for lane in lanes if (wait := await self.drain(lane)) is not None]
            if not waits:
                return
            self.core.clock.forward(seconds=min(waits))
        raise AssertionError(f"{lanes} do not come to rest")

    async def notices(self) -> list[NoticeMaterial]:
        """What the admin is told now."""
        seen = len(self.messenger.materials)
        await self.drain_all(ADA)
        return [one for one in self.messenger.materials[seen:] if isinstance(one, NoticeMaterial)]

    async def enqueue(self, *keys: str, kind: EffectKind = EffectKind.NOTICE) -> None:
        """Put effects of no submission into the content channel's lane."""
        now = self.core.clock.now()
        effects = [
            Effect(key=key, kind=kind, target=CONTENT, payload={"sentence": key}) for key in keys
        ]
        await self.core.write(lambda tx: [tx.outbox.add(one, now) for one in effects])

    def outcome(self, key: str) -> tuple[str, str | None]:
        """An effect's state and error, as stored."""
        (row,) = (row for row in self.core.rows("outbox") if row["key"] == key)
        return row["state"], row["error"]


def bench_of(
    core: Core,
    *,
    messenger: ScriptedMessenger | None = None,
    owner: str = "w1",
    jitter: float = 0.0,
    checkpoint: Checkpoint = lambda _: None,
) -> Bench:
    """A worker over `core`; two of them may share a messenger."""
    messenger = messenger or ScriptedMessenger(core)
    delivery = Delivery(
        storage=core.database,
        messenger=messenger,
        clock=core.clock,
        owner=owner,
        jitter=lambda: jitter,
        checkpoint=checkpoint,
    )
    return Bench(core, messenger, delivery)

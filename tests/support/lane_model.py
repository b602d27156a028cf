"""What lanes of effects should do, said as simply as possible: lists, and no database."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.gates import Gate, closed, passed
from bot.outbox import (
    IDEMPOTENT,
    Claim,
    Crowded,
    Effect,
    EffectKind,
    EffectState,
    Finish,
    Posted,
    Verdict,
)
from tests.support.storage_examples import SECOND

LEASE = 60 * SECOND
APART = 5 * SECOND
LANES = ("C1", "C2")
OPEN = {EffectState.PENDING, EffectState.SENDING, EffectState.UNKNOWN}
STATES = {
    Verdict.SENT: EffectState.SENT,
    Verdict.DEAD: EffectState.DEAD,
    Verdict.RETRY: EffectState.PENDING,
    Verdict.UNKNOWN: EffectState.UNKNOWN,
}


@dataclass
class Row:
    effect: Effect
    state: EffectState = EffectState.PENDING
    attempts: int = 0
    error: str | None = None
    posted: Posted | None = None


@dataclass
class Lane:
    rows: list[Row] = field(default_factory=list)
    epoch: int = 0
    lease_until: datetime | None = None
    next_at: datetime | None = None
    gate_at: datetime | None = None
    crowd_at: datetime | None = None

    def open(self) -> list[Row]:
        return [row for row in self.rows if row.state in OPEN]


@dataclass(frozen=True)
class Turn:
    """The workspace's gate for posts is not open: not before `earliest`."""

    earliest: datetime


@dataclass
class Model:
    """The lanes of one workspace, and its gate for posts."""

    lanes: dict[str, Lane] = field(default_factory=lambda: {name: Lane() for name in LANES})
    gate: Gate | None = None

    def rows(self) -> dict[str, Row]:
        return {row.effect.key: row for lane in self.lanes.values() for row in lane.rows}

    def add(self, effect: Effect) -> bool:
        parent = self.rows().get(effect.parent_key or "")
        if parent is not None and parent.state is EffectState.FOLDED:
            if effect.kind is EffectKind.CARD_UPDATE:
                return False
            self.unfold(parent.effect.key)
        for row in self.rows().values():
            is_older = row.effect.collapse_key == effect.collapse_key is not None
            if is_older and row.state is EffectState.PENDING:
                row.state = EffectState.SUPERSEDED
        self.lanes[effect.target].rows.append(Row(effect))
        return True

    def foldable(self, name: str) -> list[Row]:
        parents = {row.effect.parent_key for row in self.rows().values()}
        return [
            row
            for row in self.lanes[name].rows
            if row.state is EffectState.PENDING
            and row.effect.kind is EffectKind.CARD
            and row.effect.key not in parents
        ]

    def fold(self, name: str, now: datetime) -> int:
        self.lanes[name].crowd_at = now + APART
        found = self.foldable(name)
        for row in found:
            row.state = EffectState.FOLDED
        return len(found)

    def unfold(self, key: str) -> bool:
        row = self.rows().get(key)
        if row is None or row.state is not EffectState.FOLDED:
            return False
        lane = self.lanes[row.effect.target]
        lane.rows.remove(row)
        lane.rows.append(Row(_without_expiry(row.effect)))
        return True

    def claim(
        self, name: str, now: datetime, crowd: int = 0
    ) -> Row | datetime | Turn | Crowded | None:
        lane = self.lanes[name]
        if lane.lease_until is not None and lane.lease_until > now:
            return lane.lease_until
        if lane.next_at is not None and lane.next_at > now and lane.open():
            return lane.next_at
        for row in lane.open():
            error = self._hopeless(row, now)
            if error is None:
                return self._try(name, row, now, crowd)
            row.state, row.error = EffectState.DEAD, error
        return None

    def finish(self, claim: Claim, finish: Finish, now: datetime) -> bool:
        if finish.limited is not None:
            self.gate = closed(self.gate, finish.limited, now)
        lane = self.lanes[claim.effect.target]
        row = self.rows()[claim.effect.key]
        is_ours = lane.epoch == claim.epoch
        if finish.verdict is Verdict.SENT:
            row.state, row.posted = EffectState.SENT, row.posted or finish.posted
        if not is_ours:
            return False
        if row.state in OPEN:
            row.state, row.error = STATES[finish.verdict], finish.error
        lane.lease_until = None
        lane.next_at = finish.again_at if row.state in OPEN else None
        if finish.gate_until is not None:
            lane.gate_at = max(finish.gate_until, lane.gate_at or finish.gate_until)
        return True

    def revive(self, key: str) -> bool:
        row = self.rows()[key]
        if row.state is not EffectState.DEAD:
            return False
        row.state, row.attempts, row.error = EffectState.PENDING, 0, None
        row.effect = _without_expiry(row.effect)
        for child in self.rows().values():
            if child.effect.parent_key == key and child.error == "parent_dead":
                self.revive(child.effect.key)
        return True

    def _hopeless(self, row: Row, now: datetime) -> str | None:
        expires_at = row.effect.expires_at
        if row.attempts == 0 and expires_at is not None and expires_at <= now:
            return "expired"
        parent = self.rows().get(row.effect.parent_key or "")
        if parent is None or parent.posted is not None or parent.state in OPEN:
            return None
        return "parent_dead" if parent.state is EffectState.DEAD else "parent_missing"

    def _try(
        self, name: str, row: Row, now: datetime, crowd: int
    ) -> Row | datetime | Turn | Crowded:
        lane = self.lanes[name]
        parent = self.rows().get(row.effect.parent_key or "")
        if parent is not None and parent.posted is None:
            return now + 5 * SECOND
        is_post = row.effect.kind not in IDEMPOTENT
        if is_post and lane.gate_at is not None and lane.gate_at > now:
            return lane.gate_at
        is_waiting_card = row.effect.kind is EffectKind.CARD and row.state is EffectState.PENDING
        if crowd and is_waiting_card and len(self.foldable(name)) > crowd:
            return lane.crowd_at if lane.crowd_at and lane.crowd_at > now else Crowded()
        if is_post and self.gate is not None:
            if self.gate.next_at > now:
                return Turn(self.gate.next_at)
            self.gate = passed(self.gate, now) if self.gate.per_minute else self.gate
        lane.epoch += 1
        lane.lease_until, lane.next_at = now + LEASE, None
        row.state, row.attempts = EffectState.SENDING, row.attempts + 1
        return row


def _without_expiry(effect: Effect) -> Effect:
    return Effect(
        key=effect.key,
        kind=effect.kind,
        target=effect.target,
        payload=effect.payload,
        parent_key=effect.parent_key,
        collapse_key=effect.collapse_key,
    )

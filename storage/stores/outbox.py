"""Effects: enqueued with their cause, leased to one worker at a time, settled for good."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, assert_never

from sqlalchemy import Integer, bindparam, select, update
from typing_extensions import override

from bot.outbox import (
    IDEMPOTENT,
    Claim,
    Crowded,
    Effect,
    EffectKind,
    EffectState,
    Finish,
    NotBefore,
    Posted,
    SetAside,
    Verdict,
)
from bot.ports import OutboxStore
from bot.trail import here
from storage.prepared import Prepared, Record
from storage.stores.claims import Asking, Claims
from storage.stores.folding import FoldedRows
from storage.stores.gates import GateRows
from storage.stores.lanes import (
    LaneRows,
    rank_of,
    to_effect,
)
from storage.stores.revival import revive
from storage.tables import outbox, posting
from storage.unit import Unit

_c = outbox.c

_BY_KEY = Prepared(
    select(outbox).where(
        _c.workspace_id == bindparam("in_workspace"), _c.key == bindparam("of_key")
    )
)
_SUPERSEDE = Prepared(
    update(outbox).where(
        _c.workspace_id == bindparam("in_workspace"),
        _c.collapse_key == bindparam("of_collapse"),
        _c.done_at.is_(None),
        _c.state == EffectState.PENDING.value,
        _c.key != bindparam("newest"),
    )
)
_SET_ASIDE = Prepared(
    select(_c.key, _c.kind, _c.target, _c.error, _c.payload, _c.set_aside_at)
    .where(_c.workspace_id == bindparam("in_workspace"), _c.set_aside_at.is_not(None))
    .order_by(_c.set_aside_at.desc(), _c.lane.desc(), _c.id.desc())
    .limit(bindparam("most", type_=Integer))
)


class SqlOutboxStore(OutboxStore):
    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._lanes = LaneRows(unit)
        self._gates = GateRows(unit)
        self._folding = FoldedRows(unit, self._lanes)
        self._claims = Claims(self._lanes, self._gates, self._folding)

    @override
    def add(self, effect: Effect, now: datetime) -> bool:
        effect_id, is_ready = self._lanes.next_id(effect.lane, now, rank_of(effect))
        if effect.parent_key is not None and self._lanes.is_folded(effect.parent_key):
            if effect.kind in IDEMPOTENT:
                self._lanes.refresh(effect.lane, now)
                return False
            self._folding.unfold(effect.parent_key, now)
            effect_id, _ = self._lanes.next_id(effect.lane, now, rank_of(effect))
        is_new = self._unit.insert_new(outbox, _new_row(effect, effect_id, now))
        if not is_new:
            self._lanes.refresh(effect.lane, now)
            return False
        if effect.collapse_key is not None:
            self._supersede(effect.collapse_key, effect.key, now)
        if is_ready:
            self._unit.wake(effect.lane, is_urgent=effect.is_urgent)
        return True

    @override
    def knows_lane(self, lane: str) -> bool:
        return self._lanes.is_known(lane)

    @override
    def find(self, key: str) -> Effect | None:
        row = self._row(key)
        return None if row is None else to_effect(row)

    @override
    def posted(self, key: str) -> Posted | None:
        return self._lanes.posted(key)

    @override
    def key_at(self, channel_id: str, ts: str) -> str | None:
        rows = self._unit.connection.execute(
            select(posting.c.posted_at, posting.c.key).where(
                self._unit.here(posting), posting.c.channel_id == channel_id, posting.c.ts == ts
            )
        ).all()
        # A card's updates stand where it stands: the first is the message itself.
        return min(((row.posted_at, row.key) for row in rows), default=(None, None))[1]

    @override
    def claim(
        self, lane: str, *, owner: str, now: datetime, lease: timedelta, crowd: int = 0
    ) -> Claim | NotBefore | Crowded | None:
        return self._claims.claim(lane, Asking(owner, now + lease, crowd), now)

    @override
    def finish(self, claim: Claim, finish: Finish, now: datetime) -> bool:
        lanes, effect = self._lanes, claim.effect
        row = lanes.lock(effect.lane)
        if finish.limited is not None:
            self._gates.close(finish.limited, now)
        if row is None or row.epoch != claim.epoch:
            if finish.verdict is Verdict.SENT:
                lanes.record_sent(effect.lane, claim.effect_id, effect.key, finish.posted, now)
                lanes.refresh(effect.lane, now)
            return False
        is_open = self._settle(claim, finish, now)
        next_at = finish.again_at if is_open else None
        gate_at = _later(row.gate_at, finish.gate_until)
        lanes.change(
            effect.lane,
            lease_until=None,
            owner=None,
            next_at=next_at,
            gate_at=gate_at,
            ready_at=lanes.ready_at(effect.lane, now, next_at=next_at, gate_at=gate_at),
        )
        return True

    @override
    def fold(self, lane: str, now: datetime, *, limit: int, next_at: datetime) -> int:
        self._lanes.lock(lane)
        folded = self._folding.fold(lane, now, limit)
        self._lanes.change(lane, crowd_at=next_at)
        self._lanes.refresh(lane, now)
        return folded

    @override
    def unfold(self, key: str, now: datetime) -> bool:
        return self._folding.unfold(key, now)

    @override
    def set_aside(self, *, limit: int) -> tuple[SetAside, ...]:
        rows = _SET_ASIDE.all(
            self._unit.connection, {"in_workspace": self._unit.workspace_id, "most": limit}
        )
        return tuple(
            SetAside(
                key=row.key,
                kind=EffectKind(row.kind),
                target=row.target,
                error=row.error or "",
                payload=row.payload,
                at=row.set_aside_at,
            )
            for row in rows
        )

    @override
    def revive(self, key: str, now: datetime, *, target: str | None = None) -> bool:
        return revive(self._unit, self._lanes, key, now, target)

    def _row(self, key: str) -> Record | None:
        return _BY_KEY.first(
            self._unit.connection, {"in_workspace": self._unit.workspace_id, "of_key": key}
        )

    def _supersede(self, collapse_key: str, newest: str, now: datetime) -> None:
        _SUPERSEDE.write(
            self._unit.connection,
            {
                "in_workspace": self._unit.workspace_id,
                "of_collapse": collapse_key,
                "newest": newest,
                "state": EffectState.SUPERSEDED.value,
                "done_at": now,
            },
        )

    def _settle(self, claim: Claim, finish: Finish, now: datetime) -> bool:
        """Write the verdict into the effect's row; tells whether the effect is still open."""
        name, effect_id = claim.effect.lane, claim.effect_id
        match finish.verdict:
            case Verdict.SENT:
                self._lanes.record_sent(name, effect_id, claim.effect.key, finish.posted, now)
                return False
            case Verdict.DEAD:
                self._lanes.close(name, effect_id, EffectState.DEAD, finish.error, now)
                return False
            case Verdict.RETRY:
                state = EffectState.PENDING
            case Verdict.UNKNOWN:
                state = EffectState.UNKNOWN
            case _:
                assert_never(finish.verdict)
        changes: dict[str, Any] = {"state": state.value, "error": finish.error}
        if finish.only_looked:
            changes["last_try_at"] = claim.last_try_at
        return self._lanes.change_open(name, effect_id, **changes)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((moment for moment in (one, other) if moment is not None), default=None)


def _new_row(effect: Effect, effect_id: int, now: datetime) -> Mapping[str, Any]:
    trail = here()
    trace = None if trail is None else trail.trace
    return {
        **({} if trace is None else {"trace": trace}),
        "lane": effect.lane,
        "id": effect_id,
        "key": effect.key,
        "kind": effect.kind.value,
        "target": effect.target,
        "payload": dict(effect.payload),
        "parent_key": effect.parent_key,
        "collapse_key": effect.collapse_key,
        "state": EffectState.PENDING.value,
        "attempts": 0,
        "expires_at": effect.expires_at,
        "created_at": now,
    }

"""Effects: enqueued with their cause, leased to one worker at a time, settled for good."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, assert_never

from sqlalchemy import Integer, bindparam, select, update
from typing_extensions import override

from bot.outbox import (
    Claim,
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
from storage.prepared import Prepared, Record
from storage.stores.gates import GateRows
from storage.stores.lanes import (
    PARENT_WAIT,
    Hopeless,
    LaneRows,
    ParentOpen,
    Prospect,
    Ready,
    is_gated,
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
_SET_ASIDE = Prepared(
    select(_c.key, _c.kind, _c.target, _c.error, _c.payload, _c.set_aside_at)
    .where(_c.workspace_id == bindparam("in_workspace"), _c.set_aside_at.is_not(None))
    .order_by(_c.set_aside_at.desc(), _c.lane.desc(), _c.id.desc())
    .limit(bindparam("most", type_=Integer))
)

_SWEEP = 100
"""How many hopeless effects one claim sets aside at most, so that its transaction stays short."""


class SqlOutboxStore(OutboxStore):
    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._lanes = LaneRows(unit)
        self._gates = GateRows(unit)

    @override
    def add(self, effect: Effect, now: datetime) -> bool:
        effect_id, is_ready = self._lanes.next_id(effect.lane, now, rank_of(effect))
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
        return self._unit.connection.execute(
            select(posting.c.key).where(
                self._unit.here(posting), posting.c.channel_id == channel_id, posting.c.ts == ts
            )
        ).scalar_one_or_none()

    @override
    def claim(
        self, lane: str, *, owner: str, now: datetime, lease: timedelta
    ) -> Claim | NotBefore | None:
        row = self._lanes.lock_to_claim(lane, now)
        if row is None:
            return None
        if row.lease_until is not None and row.lease_until > now:
            return NotBefore(row.lease_until)
        if row.next_at is not None and row.next_at > now:
            return self._wait(row, row.next_at)
        return self._claim_head(row, owner, now, now + lease)

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
        self._unit.connection.execute(
            update(outbox)
            .where(
                self._unit.here(outbox),
                _c.collapse_key == collapse_key,
                _c.done_at.is_(None),
                _c.state == EffectState.PENDING.value,
                _c.key != newest,
            )
            .values(state=EffectState.SUPERSEDED.value, done_at=now)
        )

    def _claim_head(
        self, row: Record, owner: str, now: datetime, until: datetime
    ) -> Claim | NotBefore | None:
        found = self._first_hopeful(row.lane, now)
        if found is None:
            self._lanes.change(row.lane, ready_at=None, lease_until=None, owner=None)
            return None
        head, prospect = found
        match prospect:
            case Hopeless():
                return self._wait(row, now)  # more than one claim's share: come back at once
            case ParentOpen():
                return self._wait(row, now + PARENT_WAIT)
            case Ready(parent):
                if is_gated(head.kind) and row.gate_at is not None and row.gate_at > now:
                    return self._wait(row, row.gate_at)
                turn = self._turn(row, head, now)
                if turn is not None:
                    return self._wait(row, turn)
                return self._lease(row, head, parent, owner, now, until)
            case _:
                assert_never(prospect)

    def _turn(self, row: Record, head: Record, now: datetime) -> datetime | None:
        """When the lane may call Slack, as far as the workspace's gates say; None for now."""
        if not row.is_held:
            return None
        return self._gates.wait(to_effect(head), now, was_tried=_was_tried(head))

    def _wait(self, row: Record, at: datetime) -> NotBefore:
        """Leave the lane alone until `at`, and see that it is looked at then."""
        if row.ready_at != at or row.lease_until is not None:
            self._lanes.change(row.lane, ready_at=at, lease_until=None, owner=None)
        return NotBefore(at)

    def _first_hopeful(self, lane: str, now: datetime) -> tuple[Record, Prospect] | None:
        """The head of the lane, after what is hopeless was set aside; None when nothing is open."""
        for _ in range(_SWEEP):
            head = self._lanes.head(lane)
            if head is None:
                return None
            prospect = self._lanes.prospect(head, now)
            if not isinstance(prospect, Hopeless):
                return head, prospect
            self._lanes.close(lane, head.id, EffectState.DEAD, prospect.error, now)
        head = self._lanes.head(lane)
        return None if head is None else (head, self._lanes.prospect(head, now))

    def _lease(
        self,
        row: Record,
        head: Record,
        parent: Posted | None,
        owner: str,
        now: datetime,
        until: datetime,
    ) -> Claim:
        epoch = row.epoch + 1
        first_try_at = head.first_try_at or now
        self._lanes.change(
            row.lane, epoch=epoch, owner=owner, lease_until=until, ready_at=until, next_at=None
        )
        self._lanes.change_open(
            row.lane,
            head.id,
            state=EffectState.SENDING.value,
            attempts=head.attempts + 1,
            first_try_at=first_try_at,
            last_try_at=now,
        )
        return Claim(
            effect=to_effect(head),
            effect_id=head.id,
            epoch=epoch,
            lease_until=until,
            attempts=head.attempts + 1,
            was_tried=_was_tried(head),
            first_try_at=first_try_at,
            parent=parent,
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
        return self._lanes.change_open(name, effect_id, state=state.value, error=finish.error)


def _was_tried(head: Record) -> bool:
    """Whether an earlier try may have reached Slack."""
    return head.state in {EffectState.SENDING.value, EffectState.UNKNOWN.value}


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((moment for moment in (one, other) if moment is not None), default=None)


def _new_row(effect: Effect, effect_id: int, now: datetime) -> Mapping[str, Any]:
    return {
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

"""Lanes as an operator sees them, and what an operator does to their effects."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, case, func, or_, select, update
from typing_extensions import override

from bot.lane_store import (
    DROPPED,
    RESTORED,
    EffectStanding,
    LaneStanding,
    LaneStore,
    OperatorNote,
)
from bot.outbox import IDEMPOTENT, EffectState
from storage.stores.lanes import LaneRows, to_effect
from storage.tables import lane, operator_note, outbox
from storage.unit import Unit

_c = outbox.c
_OPEN = _c.done_at.is_(None)
_SET_ASIDE = _c.set_aside_at.is_not(None)


@dataclass(frozen=True, slots=True)
class _Share:
    """How much of a lane is open, or set aside, and the moment that matters."""

    count: int
    at: datetime


class SqlLaneStore(LaneStore):
    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._lanes = LaneRows(unit)

    @override
    def standings(self) -> tuple[LaneStanding, ...]:
        waiting = self._by_lane(_OPEN, func.min(_c.created_at))
        dead = self._by_lane(_SET_ASIDE, func.max(_c.set_aside_at))
        rows = {
            row.lane: row
            for row in self._unit.connection.execute(
                select(lane).where(self._unit.here(lane), lane.c.lane.in_({*waiting, *dead}))
            )
        }
        found = [
            self._standing_of(row, waiting.get(name), dead.get(name)) for name, row in rows.items()
        ]
        return tuple(sorted(found, key=lambda one: (one.head is None, one.since, one.lane)))

    def _by_lane(self, condition: Any, moment: Any) -> Mapping[str, _Share]:
        """How many there are in each lane, and the moment that matters."""
        rows = self._unit.connection.execute(
            select(_c.lane, func.count(), moment)
            .where(self._unit.here(outbox), condition)
            .group_by(_c.lane)
        )
        return {name: _Share(count, at) for name, count, at in rows}

    def _standing_of(
        self,
        row: Row[Any],
        waiting: _Share | None,
        dead: _Share | None,
    ) -> LaneStanding:
        head = None if waiting is None else self._lanes.head(row.lane)
        return LaneStanding(
            lane=row.lane,
            is_open=0 if waiting is None else waiting.count,
            since=next(share.at for share in (waiting, dead) if share is not None),
            head=None if head is None else _standing(head),
            is_dead=0 if dead is None else dead.count,
            newest_dead=None if dead is None else self._newest_dead(row.lane),
            wants_at=row.ready_at,
            lease_until=row.lease_until,
        )

    def _newest_dead(self, name: str) -> EffectStanding | None:
        row = self._unit.connection.execute(
            select(outbox)
            .where(self._unit.here(outbox), _c.lane == name, _SET_ASIDE)
            .order_by(_c.set_aside_at.desc(), _c.id.desc())
            .limit(1)
        ).first()
        return None if row is None else _standing(row)

    @override
    def effects(self, lane: str, *, limit: int) -> tuple[EffectStanding, ...]:
        is_dead = (_c.state == EffectState.DEAD.value) & (_c.error != DROPPED)
        rows = self._unit.connection.execute(
            select(outbox)
            .where(self._unit.here(outbox), _c.lane == lane, or_(_OPEN, is_dead))
            .order_by(_c.id)
            .limit(limit)
        )
        return tuple(_standing(row) for row in rows)

    @override
    def standing(self, key: str) -> EffectStanding | None:
        row = self._row(key)
        return None if row is None else _standing(row)

    def _row(self, key: str) -> Row[Any] | None:
        return self._unit.connection.execute(
            select(outbox).where(self._unit.here(outbox), _c.key == key)
        ).first()

    @override
    def drop(self, key: str, now: datetime) -> bool:
        known = self._row(key)
        if known is None:
            return False
        place = self._lanes.lock(known.lane)
        row = self._row(key)  # as it is now that the lane is ours
        if place is None or row is None or row.lane != known.lane or row.error == DROPPED:
            return False
        is_leased = place.lease_until is not None and place.lease_until > now
        if row.state == EffectState.SENDING.value and is_leased:
            return False
        if row.done_at is not None and row.state != EffectState.DEAD.value:
            return False
        self._unit.connection.execute(
            update(outbox)
            .where(self._unit.here(outbox), _c.key == key)
            .values(
                state=EffectState.DEAD.value,
                error=DROPPED,
                done_at=row.done_at or now,
                set_aside_at=None,
            )
        )
        self._lanes.refresh(row.lane, now)
        self._unit.wake(row.lane)
        return True

    @override
    def doubt(self, since: datetime, now: datetime) -> int:
        may_be_there = (
            self._unit.here(outbox),
            _OPEN,
            _c.kind.not_in([kind.value for kind in IDEMPOTENT]),
        )
        begun = func.coalesce(_c.first_try_at, since)
        found = self._unit.connection.execute(
            update(outbox)
            .where(*may_be_there)
            .values(
                state=EffectState.UNKNOWN.value,
                error=RESTORED,
                attempts=case((_c.attempts < 1, 1), else_=_c.attempts),
                first_try_at=case((begun < since, begun), else_=since),
                last_try_at=now,
            )
            .returning(_c.lane)
        ).all()
        busy = select(_c.lane).where(self._unit.here(outbox), _OPEN)
        self._unit.connection.execute(
            update(lane)
            .where(self._unit.here(lane), lane.c.lane.in_(busy))
            .values(
                epoch=lane.c.epoch + 1, lease_until=None, owner=None, next_at=None, ready_at=now
            )
        )
        return len(found)

    @override
    def note(self, note: OperatorNote) -> None:
        row = {"key": note.key, "at": note.at, "what": note.what, "reason": note.reason}
        self._unit.insert_all(operator_note, [{**row, "seq": len(self.notes(note.key)) + 1}])

    @override
    def notes(self, key: str) -> tuple[OperatorNote, ...]:
        rows = self._unit.connection.execute(
            select(operator_note)
            .where(self._unit.here(operator_note), operator_note.c.key == key)
            .order_by(operator_note.c.seq)
        )
        return tuple(
            OperatorNote(key=row.key, at=row.at, what=row.what, reason=row.reason) for row in rows
        )


def _standing(row: Any) -> EffectStanding:
    return EffectStanding(
        effect=to_effect(row),
        state=EffectState(row.state),
        attempts=row.attempts,
        error=row.error,
        created_at=row.created_at,
        last_try_at=row.last_try_at,
        done_at=row.done_at,
        is_set_aside=row.set_aside_at is not None,
    )

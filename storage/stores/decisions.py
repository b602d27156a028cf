"""Decisions of meetings."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from typing_extensions import override

from bot.decision import Decision
from bot.decision_store import DecisionStore
from storage.tables import decision
from storage.unit import Unit

_c = decision.c


class SqlDecisionStore(DecisionStore):
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    @override
    def add(self, new: Decision) -> bool:
        row = {
            "decision_id": new.decision_id,
            "text": new.text,
            "owner_id": new.owner_id,
            "due": new.due,
            "made_at": new.made_at,
            "made_by": new.made_by,
            "outcome": new.outcome,
        }
        return self._unit.insert_new(decision, row)

    @override
    def get(self, decision_id: str) -> Decision | None:
        query = select(decision).where(self._unit.here(decision), _c.decision_id == decision_id)
        row = self._unit.connection.execute(query).first()
        return None if row is None else _decision(row)

    @override
    def open(self, *, limit: int) -> tuple[Decision, ...]:
        rows = self._unit.connection.execute(
            select(decision)
            .where(self._unit.here(decision), _c.closed_at.is_(None))
            .order_by(_c.made_at, _c.decision_id)
            .limit(limit)
        )
        return tuple(_decision(row) for row in rows)

    @override
    def closed_between(self, since: datetime, until: datetime) -> tuple[Decision, ...]:
        rows = self._unit.connection.execute(
            select(decision)
            .where(self._unit.here(decision), _c.closed_at >= since, _c.closed_at < until)
            .order_by(_c.closed_at, _c.decision_id)
        )
        return tuple(_decision(row) for row in rows)

    @override
    def close(self, decision_id: str, by: str, at: datetime, outcome: str) -> bool:
        done = self._unit.connection.execute(
            update(decision)
            .where(
                self._unit.here(decision),
                _c.decision_id == decision_id,
                _c.closed_at.is_(None),
            )
            .values(closed_at=at, closed_by=by, outcome=outcome)
        )
        return done.rowcount == 1


def _decision(row: Row[Any]) -> Decision:
    return Decision(
        decision_id=row.decision_id,
        text=row.text,
        owner_id=row.owner_id,
        due=row.due,
        made_at=row.made_at,
        made_by=row.made_by,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
        outcome=row.outcome,
    )

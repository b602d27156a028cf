"""Decisions of meetings."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Integer, Row, bindparam, select, update
from typing_extensions import override

from bot.decision import Decision
from bot.decision_store import DecisionStore
from storage.prepared import Prepared, Record
from storage.tables import decision
from storage.unit import Unit

_c = decision.c

_HERE = _c.workspace_id == bindparam("in_workspace")


@cache
def _open() -> Prepared:
    first = (_c.made_at, _c.decision_id)
    found = select(decision).where(_HERE, _c.closed_at.is_(None)).order_by(*first)
    return Prepared(found.limit(bindparam("most", type_=Integer())))


@cache
def _closed_between() -> Prepared:
    since, until = (bindparam(name, type_=_c.closed_at.type) for name in ("since", "until"))
    closed = (_c.closed_at >= since, _c.closed_at < until)
    found = select(decision).where(_HERE, *closed)
    return Prepared(found.order_by(_c.closed_at, _c.decision_id))


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
        values = {"in_workspace": self._unit.workspace_id, "most": limit}
        return tuple(_decision(row) for row in _open().all(self._unit.connection, values))

    @override
    def closed_between(self, since: datetime, until: datetime) -> tuple[Decision, ...]:
        values = {"in_workspace": self._unit.workspace_id, "since": since, "until": until}
        return tuple(_decision(row) for row in _closed_between().all(self._unit.connection, values))

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


def _decision(row: Row[Any] | Record) -> Decision:
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

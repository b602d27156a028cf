"""The quarterly question."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Integer, Row, bindparam, select, update
from typing_extensions import override

from bot.learning_store import PulseStore
from bot.pulse import Pulse
from storage.prepared import Prepared, Record
from storage.tables import pulse
from storage.unit import Unit

_c = pulse.c


@cache
def _newest() -> Prepared:
    here = select(pulse).where(_c.workspace_id == bindparam("in_workspace"))
    return Prepared(here.order_by(_c.quarter.desc()).limit(bindparam("most", type_=Integer())))


class SqlPulseStore(PulseStore):
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    @override
    def add(self, planned: Pulse) -> bool:
        return self._unit.insert_new(
            pulse,
            {
                "quarter": planned.quarter,
                "ask_at": planned.ask_at,
                "asked": planned.asked,
                **_answers(planned),
            },
        )

    @override
    def get(self, quarter: str) -> Pulse | None:
        query = select(pulse).where(self._unit.here(pulse), _c.quarter == quarter)
        if self._unit.is_writing:
            query = query.with_for_update()
        row = self._unit.connection.execute(query).first()
        return _pulse(row) if row else None

    @override
    def marks(self, quarter: str, user_id: str) -> tuple[str, ...]:
        return self._unit.vault.marks(f"pulse\n{self._unit.workspace_id}\n{quarter}\n{user_id}")

    @override
    def plan(self, quarter: str, ask_at: datetime) -> None:
        self._change(quarter, {"ask_at": ask_at})

    @override
    def asked(self, quarter: str, count: int) -> None:
        self._change(quarter, {"ask_at": None, "asked": count})

    @override
    def save_answers(self, changed: Pulse) -> None:
        self._change(changed.quarter, _answers(changed))

    def _change(self, quarter: str, values: dict[str, Any]) -> None:
        self._unit.connection.execute(
            update(pulse).where(self._unit.here(pulse), _c.quarter == quarter).values(values)
        )

    @override
    def newest(self, *, limit: int) -> tuple[Pulse, ...]:
        values = {"in_workspace": self._unit.workspace_id, "most": limit}
        return tuple(_pulse(row) for row in _newest().all(self._unit.connection, values))


def _answers(one: Pulse) -> dict[str, Any]:
    counts = {str(value): count for value, count in sorted(one.counts.items())}
    return {"answered": list(one.answered), "counts": counts}


def _pulse(row: Row[Any] | Record) -> Pulse:
    ask_at: datetime | None = row.ask_at
    return Pulse(
        quarter=row.quarter,
        ask_at=ask_at,
        asked=row.asked,
        answered=tuple(row.answered),
        counts={int(value): count for value, count in row.counts.items()},
    )

"""The readings of goals: the part of the store of goals that is about them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Row,
    Select,
    and_,
    bindparam,
    literal_column,
    select,
)

from bot.goal import Confidence, Reading, ReadingSource
from storage.prepared import Prepared, Record
from storage.tables import goal, reading
from storage.unit import Unit, among, spread

_c = goal.c
_READ = (
    "goal_id",
    "seq",
    "at",
    "value",
    "actor_id",
    "external_id",
    "entered_at",
    "corrects",
)

_READING = reading  # the name is also an argument below
_last = reading.alias("last")


def _readings(table: FromClause, *of: ColumnElement[bool]) -> Select[Any]:
    """Readings, the latest moment first, and of one moment what came last."""
    return select(table).where(*of).order_by(table.c.at.desc(), table.c.seq.desc())


@cache
def _newest(goals: int) -> Prepared:
    """The newest readings of so many goals."""
    here = bindparam("in_workspace", type_=_c.workspace_id.type)
    by = bindparam("by", type_=_last.c.at.type)
    of = (_last.c.workspace_id == here, _last.c.goal_id == _c.goal_id, _last.c.at <= by)
    last = _readings(_last, *of).with_only_columns(_last.c.seq).limit(literal_column("1"))
    is_of = and_(
        reading.c.workspace_id == _c.workspace_id,
        reading.c.goal_id == _c.goal_id,
        reading.c.seq == last.scalar_subquery(),
    )
    found = select(reading).select_from(goal.join(reading, is_of))
    return Prepared(found.where(_c.workspace_id == here, among(_c.goal_id, "goal", goals)))


@cache
def _trail() -> Prepared:
    r = reading.c
    of = (r.workspace_id == bindparam("in_workspace"), r.goal_id == bindparam("goal"))
    most = bindparam("most", type_=Integer())
    return Prepared(select(reading).where(*of).order_by(r.seq.desc()).limit(most))


class ReadingRows:
    """Reads and writes readings; `bot.goal_store.GoalStore` says what each method does."""

    _unit: Unit

    def add_reading(self, reading: Reading) -> bool:
        row = {name: getattr(reading, name) for name in _READ}
        confidence = reading.confidence.value if reading.confidence else None
        said = {"confidence": confidence, "source": reading.source.value}
        return self._unit.insert_new(_READING, {**row, **said})

    def newest_readings(self, goal_ids: Iterable[str], by: datetime) -> Mapping[str, Reading]:
        wanted = spread("goal", list(goal_ids))
        if not wanted:
            return {}
        values = {"in_workspace": self._unit.workspace_id, "by": by, **wanted}
        rows = _newest(len(wanted)).all(self._unit.connection, values)
        return {row.goal_id: _reading(row) for row in rows}

    def trail(self, goal_id: str, *, limit: int) -> tuple[Reading, ...]:
        values = {"in_workspace": self._unit.workspace_id, "goal": goal_id, "most": limit}
        return tuple(_reading(row) for row in _trail().all(self._unit.connection, values))

    def reading_between(self, goal_id: str, since: datetime, until: datetime) -> Reading | None:
        is_within = (reading.c.at >= since, reading.c.at < until)
        row = self._unit.connection.execute(
            _readings(
                reading, self._unit.here(reading), reading.c.goal_id == goal_id, *is_within
            ).limit(1)
        ).first()
        return _reading(row) if row else None

    def reading_from(self, source: ReadingSource, external_id: str) -> Reading | None:
        row = self._unit.connection.execute(
            select(reading).where(
                self._unit.here(reading),
                reading.c.source == source.value,
                reading.c.external_id == external_id,
            )
        ).first()
        return _reading(row) if row else None


def _reading(row: Row[Any] | Record) -> Reading:
    return Reading(
        **{name: getattr(row, name) for name in _READ},
        confidence=Confidence(row.confidence) if row.confidence else None,
        source=ReadingSource(row.source),
    )

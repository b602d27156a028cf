"""The readings of goals: the part of the store of goals that is about them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, Select, and_, select

from bot.goal import Confidence, Reading, ReadingSource
from storage.tables import goal, reading
from storage.unit import Unit

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


class ReadingRows:
    """Reads and writes readings; `bot.goal_store.GoalStore` says what each method does."""

    _unit: Unit

    def add_reading(self, reading: Reading) -> bool:
        row = {name: getattr(reading, name) for name in _READ}
        confidence = reading.confidence.value if reading.confidence else None
        said = {"confidence": confidence, "source": reading.source.value}
        return self._unit.insert_new(_READING, {**row, **said})

    def newest_readings(self, goal_ids: Iterable[str], by: datetime) -> Mapping[str, Reading]:
        wanted = list(goal_ids)
        if not wanted:
            return {}
        last = (
            self._readings(_last, _last.c.goal_id == _c.goal_id, _last.c.at <= by)
            .with_only_columns(_last.c.seq)
            .limit(1)
            .scalar_subquery()
        )
        is_of = and_(
            reading.c.workspace_id == _c.workspace_id,
            reading.c.goal_id == _c.goal_id,
            reading.c.seq == last,
        )
        rows = self._unit.connection.execute(
            select(reading)
            .select_from(goal.join(reading, is_of))
            .where(self._unit.here(goal), _c.goal_id.in_(wanted))
        )
        return {row.goal_id: _reading(row) for row in rows}

    def trail(self, goal_id: str, *, limit: int) -> tuple[Reading, ...]:
        rows = self._unit.connection.execute(
            select(reading)
            .where(self._unit.here(reading), reading.c.goal_id == goal_id)
            .order_by(reading.c.seq.desc())
            .limit(limit)
        )
        return tuple(_reading(row) for row in rows)

    def reading_between(self, goal_id: str, since: datetime, until: datetime) -> Reading | None:
        is_within = (reading.c.at >= since, reading.c.at < until)
        row = self._unit.connection.execute(
            self._readings(reading, reading.c.goal_id == goal_id, *is_within).limit(1)
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

    def _readings(self, table: FromClause, *of: ColumnElement[bool]) -> Select[Any]:
        """Readings, the latest moment first, and of one moment what came last."""
        here = table.c.workspace_id == self._unit.workspace_id
        return select(table).where(here, *of).order_by(table.c.at.desc(), table.c.seq.desc())


def _reading(row: Row[Any]) -> Reading:
    return Reading(
        **{name: getattr(row, name) for name in _READ},
        confidence=Confidence(row.confidence) if row.confidence else None,
        source=ReadingSource(row.source),
    )

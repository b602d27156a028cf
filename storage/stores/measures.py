"""The desk's own measures, counted by the database."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from operator import add, sub
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    Select,
    and_,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    type_coerce,
)
from sqlalchemy import case as when
from typing_extensions import override

from bot.goal import Measure, Measured, Sample, WonLead
from bot.goal_store import MeasureStore
from bot.lifecycle import NOT_COUNTED, State
from storage.prepared import Prepared
from storage.sample_cache import LARGE, LONG, MARGIN, Base, Parts
from storage.tables import conversion, submission
from storage.unit import Unit

_c = submission.c
_DECISION = and_(*(_c.state != state.value for state in sorted(NOT_COUNTED)))
_AT: Mapping[Measure, ColumnElement[Any]] = {
    Measure.HANDED_IN: _c.created_at,
    Measure.ACCEPTED: _c.decided_at,
    Measure.PUBLISHED: _c.published_at,
    Measure.LEADS_WON: _c.ended_at,
    Measure.IN_TIME: _c.decided_at,
    Measure.TIME_TO_DECISION: _c.decided_at,
}
"""When what counts for a measure happened."""

_ONLY: Mapping[Measure, ColumnElement[bool]] = {
    Measure.ACCEPTED: and_(_DECISION, _c.state != State.DECLINED.value),
    # `is_won`, which the index asks for, as a prepared statement can have it.
    Measure.LEADS_WON: _c.state == literal_column(f"'{State.WON.value}'"),
    Measure.IN_TIME: _DECISION,
    Measure.TIME_TO_DECISION: _DECISION,
}
"""What counts for it, where not everything does."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a statement about a measure depends on, beside its values."""

    measure: Measure
    by_kind: bool
    by_department: bool

    def span(self, at: ColumnElement[Any]) -> ColumnElement[bool]:
        """The submissions in question whose moment `at` lies in the span."""
        return and_(
            _c.workspace_id == bindparam("in_workspace"),
            at >= bindparam("since", type_=at.type),
            at < bindparam("until", type_=at.type),
            *([_c.kind_key == bindparam("of_kind")] if self.by_kind else []),
            *([_c.department == bindparam("of_department")] if self.by_department else []),
        )

    @property
    def counted(self) -> ColumnElement[bool]:
        """Those that count."""
        only = _ONLY.get(self.measure)
        span = self.span(_AT[self.measure])
        return span if only is None else and_(span, only)


# Put together once: with a dozen goals that takes longer than to count for them.


@cache
def _sums(shape: _Shape) -> Prepared:
    sums = [func.count().label("total")]
    if shape.measure is Measure.IN_TIME:
        sums.append(func.sum(when((_c.decided_at <= _c.due_at, 1), else_=0)).label("in_time"))
    found: Any = select(*sums).select_from(submission).where(shape.counted)
    return Prepared(found)


_NEWEST = Prepared(
    select(_c.number)
    .where(_c.workspace_id == bindparam("in_workspace"))
    .order_by(_c.number.desc())
    .limit(1)
)


@cache
def _overdue(shape: _Shape) -> Prepared:
    waits = and_(shape.span(_c.due_at), _c.decided_at.is_(None), _c.paused_at.is_(None))
    return Prepared(select(func.count().label("total")).select_from(submission).where(waits))


def conversions_of(*, has_type: bool) -> Select[Any]:
    """The sum of those of a type in a span, or of all types."""
    at, type_key = conversion.c.occurred_at, conversion.c.type_key
    return select(func.sum(conversion.c.count).label("total")).where(
        conversion.c.workspace_id == bindparam("in_workspace"),
        at >= bindparam("since", type_=at.type),
        at < bindparam("until", type_=at.type),
        conversion.c.undone_at.is_(None),
        *([type_key == bindparam("of_type")] if has_type else []),
    )


@cache
def _conversions(*, has_type: bool) -> Prepared:
    return Prepared(conversions_of(has_type=has_type))


@cache
def _middle(shape: _Shape, dialect: str) -> Prepared:
    """The one or two in the middle, by the hours until they were decided."""
    hours = _hours(dialect, _c.decided_at, _c.created_at).label("hours")
    ordered = select(hours).where(shape.counted).order_by(hours)
    return Prepared(ordered.offset(bindparam("skipped")).limit(bindparam("taken")))


@cache
def _won() -> Prepared:
    """The newest lead that was won in a span."""
    won = _Shape(Measure.LEADS_WON, by_kind=False, by_department=False).counted
    found = select(_c.number, _c.submitter_id, _c.department, _c.created_at, _c.ended_at)
    return Prepared(found.where(won).order_by(_c.ended_at.desc()).limit(literal_column("1")))


def _hours(dialect: str, end: ColumnElement[Any], start: ColumnElement[Any]) -> ColumnElement[Any]:
    if dialect == "postgresql":
        return type_coerce(cast(func.extract("epoch", end - start), Float) / 3600, Float)
    days = func.julianday(end, type_=Float) - func.julianday(start, type_=Float)
    return type_coerce(days * 24, Float)


def is_worth_keeping(unit: Unit, size: int) -> bool:
    """Whether a count took long: of many, or of a few among many. What a transaction counts that
    writes is never kept: it may be rolled back.
    """
    if unit.is_writing:
        return False
    here = {"in_workspace": unit.workspace_id}
    return size >= LARGE or (_NEWEST.scalar(unit.connection, here) or 0) >= LONG


class SqlMeasureStore(MeasureStore):
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    @override
    def sample(self, asked: Measured) -> Sample:
        shape = _Shape(asked.measure, asked.kind_key is not None, asked.department is not None)
        match asked.measure:
            case Measure.IN_TIME:
                return self._in_time(shape, asked)
            case Measure.TIME_TO_DECISION:
                return self._time_to_decision(shape, asked)
            case Measure.CONVERSIONS:
                return self._conversions(asked)
            case Measure.HAND:
                raise ValueError("What is entered by hand is not measured.")
            case _:
                (total,) = self._summed(shape, asked)
                return Sample(total, int(total))

    def _conversions(self, asked: Measured) -> Sample:
        """How many people did it, by the type that stands in the place of the kind; of all types
        without one.
        """
        values = {
            "in_workspace": self._unit.workspace_id,
            "since": asked.since,
            "until": asked.until,
            "of_type": asked.kind_key,
        }
        total = _conversions(has_type=asked.kind_key is not None).scalar(
            self._unit.connection, {name: one for name, one in values.items() if one is not None}
        )
        return Sample(float(total or 0), int(total or 0))

    def _values(self, asked: Measured) -> dict[str, Any]:
        given = {
            "in_workspace": self._unit.workspace_id,
            "since": asked.since,
            "until": asked.until,
            "of_kind": asked.kind_key,
            "of_department": asked.department,
        }
        return {name: value for name, value in given.items() if value is not None}

    def _read(self, shape: _Shape, asked: Measured) -> Parts:
        (row,) = _sums(shape).all(self._unit.connection, self._values(asked))
        return tuple(float(value or 0) for value in row._asdict().values())

    def _summed(self, shape: _Shape, asked: Measured) -> Parts:
        """The sums over a span; of a large one only what came since it was last summed up."""
        samples, here = self._unit.samples, self._unit.workspace_id
        base = samples.find(here, asked)
        if base is not None:
            since = self._read(shape, replace(asked, since=base.cut))
            return tuple(map(add, base.parts, since))
        whole = self._read(shape, asked)
        if is_worth_keeping(self._unit, int(whole[0])):
            cut = max(asked.since, asked.until - MARGIN)
            young = self._read(shape, replace(asked, since=cut))
            samples.keep(here, asked, Base(cut, tuple(map(sub, whole, young))))
        return whole

    def _in_time(self, shape: _Shape, asked: Measured) -> Sample:
        """Of what was decided in the span, and of what was due in it and still waits: what waits
        too long must not look better than what was decided late.
        """
        decided, good = self._summed(shape, asked)
        waits = _overdue(shape).scalar(self._unit.connection, self._values(asked))
        size = int(decided) + waits
        return Sample(100 * good / size if size else None, size)

    def _time_to_decision(self, shape: _Shape, asked: Measured) -> Sample:
        """The median in hours as clocks go; nights and weekends are in it. That of many moves too
        little within minutes to be looked for each time.
        """
        samples, here = self._unit.samples, self._unit.workspace_id
        base = samples.find(here, asked)
        if base is not None:
            hours, size = base.parts
            return Sample(hours if size else None, int(size))
        found = self._median(shape, asked)
        if is_worth_keeping(self._unit, found.size):
            samples.keep(here, asked, Base(asked.until, (found.value or 0.0, found.size)))
        return found

    def _median(self, shape: _Shape, asked: Measured) -> Sample:
        (total,) = self._read(shape, asked)
        size = int(total)
        if not size:
            return Sample(None, 0)
        place = {"skipped": (size - 1) // 2, "taken": 2 - size % 2}
        connection = self._unit.connection
        rows = _middle(shape, self._unit.dialect).all(connection, self._values(asked) | place)
        return Sample(sum(row.hours for row in rows) / len(rows), size)

    @override
    def won(self, since: datetime, until: datetime) -> WonLead | None:
        values = {"in_workspace": self._unit.workspace_id, "since": since, "until": until}
        row = _won().first(self._unit.connection, values)
        if row is None:
            return None
        return WonLead(
            number=row.number,
            submitter_id=row.submitter_id,
            department=row.department,
            created_at=row.created_at,
            ended_at=row.ended_at,
        )

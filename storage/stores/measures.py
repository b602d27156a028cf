"""The desk's own measures, counted by the database."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Float, and_, cast, func, select, type_coerce
from sqlalchemy import case as when
from typing_extensions import override

from bot.goal import Measure, Measured, Sample, WonLead
from bot.goal_store import MeasureStore
from bot.lifecycle import NOT_COUNTED, State
from storage.tables import submission
from storage.unit import Unit

_c = submission.c
_NO_DECISION = sorted(state.value for state in NOT_COUNTED)
_NOT_ACCEPTED = sorted({*_NO_DECISION, State.DECLINED.value})


class SqlMeasureStore(MeasureStore):
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    @override
    def sample(self, asked: Measured) -> Sample:
        match asked.measure:
            case Measure.HANDED_IN:
                return self._count(asked, _c.created_at)
            case Measure.ACCEPTED:
                return self._count(asked, _c.decided_at, _c.state.not_in(_NOT_ACCEPTED))
            case Measure.PUBLISHED:
                return self._count(asked, _c.published_at)
            case Measure.LEADS_WON:
                return self._count(asked, _c.ended_at, _c.state == State.WON.value)
            case Measure.IN_TIME:
                return self._in_time(asked)
            case Measure.TIME_TO_DECISION:
                return self._time_to_decision(asked)
            case Measure.HAND:
                raise ValueError("What is entered by hand is not measured.")

    def _span(self, asked: Measured, at: ColumnElement[Any]) -> ColumnElement[bool]:
        here = and_(self._unit.here(submission), at >= asked.since, at < asked.until)
        if asked.kind_key is not None:
            here = and_(here, _c.kind_key == asked.kind_key)
        if asked.department is not None:
            here = and_(here, _c.department == asked.department)
        return here

    def _count(self, asked: Measured, at: ColumnElement[Any], *more: ColumnElement[bool]) -> Sample:
        found = self._unit.connection.execute(
            select(func.count()).select_from(submission).where(self._span(asked, at), *more)
        ).scalar_one()
        return Sample(float(found), found)

    def _in_time(self, asked: Measured) -> Sample:
        """Of what was decided in the span, and of what was due in it and still waits: what waits
        too long must not look better than what was decided late.
        """
        decided = self._unit.connection.execute(
            select(
                func.count().label("total"),
                func.coalesce(func.sum(when((_c.decided_at <= _c.due_at, 1), else_=0)), 0).label(
                    "in_time"
                ),
            ).where(self._span(asked, _c.decided_at), _c.state.not_in(_NO_DECISION))
        ).one()
        waits = self._unit.connection.execute(
            select(func.count()).where(
                self._span(asked, _c.due_at), _c.decided_at.is_(None), _c.paused_at.is_(None)
            )
        ).scalar_one()
        size = decided.total + waits
        return Sample(100 * decided.in_time / size if size else None, size)

    def _time_to_decision(self, asked: Measured) -> Sample:
        """The median in hours as clocks go; nights and weekends are in it."""
        here = and_(self._span(asked, _c.decided_at), _c.state.not_in(_NO_DECISION))
        size = self._count(asked, _c.decided_at, _c.state.not_in(_NO_DECISION)).size
        if not size:
            return Sample(None, 0)
        hours = self._hours(_c.decided_at, _c.created_at).label("hours")
        middle = self._unit.connection.execute(
            select(hours).where(here).order_by(hours).offset((size - 1) // 2).limit(2 - size % 2)
        ).scalars()
        values = list(middle)
        return Sample(sum(values) / len(values), size)

    def _hours(self, end: ColumnElement[Any], start: ColumnElement[Any]) -> ColumnElement[float]:
        if self._unit.dialect == "postgresql":
            return type_coerce(cast(func.extract("epoch", end - start), Float) / 3600, Float)
        days = func.julianday(end, type_=Float) - func.julianday(start, type_=Float)
        return type_coerce(days * 24, Float)

    @override
    def won(self, since: datetime, until: datetime) -> WonLead | None:
        row = self._unit.connection.execute(
            select(_c.number, _c.submitter_id, _c.department, _c.created_at, _c.ended_at)
            .where(
                self._unit.here(submission),
                _c.ended_at >= since,
                _c.ended_at < until,
                _c.state == State.WON.value,
            )
            .order_by(_c.ended_at.desc())
            .limit(1)
        ).first()
        if row is None:
            return None
        return WonLead(
            number=row.number,
            submitter_id=row.submitter_id,
            department=row.department,
            created_at=row.created_at,
            ended_at=row.ended_at,
        )

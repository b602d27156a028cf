"""The desk's own measures, counted by the database."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from operator import add, sub
from typing import Any

from sqlalchemy import ColumnElement, Float, and_, cast, func, select, type_coerce
from sqlalchemy import case as when
from typing_extensions import override

from bot.goal import Measure, Measured, Sample, WonLead
from bot.goal_store import MeasureStore
from bot.lifecycle import NOT_COUNTED, State
from storage.sample_cache import LARGE, MARGIN, Base, Parts
from storage.tables import is_won, submission
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
                return self._count(asked, _c.ended_at, is_won)
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
        (total,) = self._summed(asked, at, (func.count(),), more)
        return Sample(total, int(total))

    def _summed(
        self,
        asked: Measured,
        at: ColumnElement[Any],
        sums: Sequence[ColumnElement[Any]],
        more: Sequence[ColumnElement[bool]] = (),
    ) -> Parts:
        """The sums over a span; of a large one only what came since it was last summed up."""
        samples, here = self._unit.samples, self._unit.workspace_id

        def read(span: Measured) -> Parts:
            row = self._unit.connection.execute(
                select(*sums).select_from(submission).where(self._span(span, at), *more)
            ).one()
            return tuple(float(value or 0) for value in row)

        base = samples.find(here, asked)
        if base is not None:
            since = read(replace(asked, since=base.cut))
            return tuple(map(add, base.parts, since))
        whole = read(asked)
        if whole[0] >= LARGE and not self._unit.is_writing:
            cut = max(asked.since, asked.until - MARGIN)
            young = read(replace(asked, since=cut))
            samples.keep(here, asked, Base(cut, tuple(map(sub, whole, young))))
        return whole

    def _in_time(self, asked: Measured) -> Sample:
        """Of what was decided in the span, and of what was due in it and still waits: what waits
        too long must not look better than what was decided late.
        """
        in_time = func.sum(when((_c.decided_at <= _c.due_at, 1), else_=0))
        decided, good = self._summed(
            asked, _c.decided_at, (func.count(), in_time), (_c.state.not_in(_NO_DECISION),)
        )
        waits = self._unit.connection.execute(
            select(func.count()).where(
                self._span(asked, _c.due_at), _c.decided_at.is_(None), _c.paused_at.is_(None)
            )
        ).scalar_one()
        size = int(decided) + waits
        return Sample(100 * good / size if size else None, size)

    def _time_to_decision(self, asked: Measured) -> Sample:
        """The median in hours as clocks go; nights and weekends are in it. That of many moves too
        little within minutes to be looked for each time.
        """
        samples, here = self._unit.samples, self._unit.workspace_id
        base = samples.find(here, asked)
        if base is not None:
            hours, size = base.parts
            return Sample(hours, int(size))
        found = self._median(asked)
        if found.value is not None and found.size >= LARGE and not self._unit.is_writing:
            samples.keep(here, asked, Base(asked.until, (found.value, found.size)))
        return found

    def _median(self, asked: Measured) -> Sample:
        decided = and_(self._span(asked, _c.decided_at), _c.state.not_in(_NO_DECISION))
        size = self._unit.connection.execute(
            select(func.count()).select_from(submission).where(decided)
        ).scalar_one()
        if not size:
            return Sample(None, 0)
        hours = self._hours(_c.decided_at, _c.created_at).label("hours")
        ordered = select(hours).where(decided).order_by(hours)
        middle = ordered.offset((size - 1) // 2).limit(2 - size % 2)
        values = list(self._unit.connection.execute(middle).scalars())
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
                is_won,
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

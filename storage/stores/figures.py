"""The digest's numbers, counted by the database."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, select, union_all
from typing_extensions import override

from bot.figures import Counts, PublishedItem, Waiting
from bot.lifecycle import NOT_COUNTED, State
from bot.ports import FigureStore
from storage.tables import submission
from storage.unit import Unit

_c = submission.c
_NOT_COUNTED = sorted(state.value for state in NOT_COUNTED)


class SqlFigureStore(FigureStore):
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    @override
    def counts(self, bounds: Sequence[datetime]) -> tuple[Counts, ...]:
        if len(bounds) < 2:
            return ()
        handed_in = {row.span: row.total for row in self._per_span(_c.created_at, bounds)}
        declined_ones = func.sum(case((_c.state == State.DECLINED.value, 1), else_=0))
        others = func.sum(case((_c.state.in_(_NOT_COUNTED), 1), else_=0))
        decided = {
            row.span: (row.total - row.declined - row.others, row.declined)
            for row in self._per_span(
                _c.decided_at, bounds, declined_ones.label("declined"), others.label("others")
            )
        }
        published = {row.span: row.total for row in self._per_span(_c.published_at, bounds)}
        return tuple(
            Counts(
                handed_in=handed_in.get(span, 0),
                accepted=decided.get(span, (0, 0))[0],
                declined=decided.get(span, (0, 0))[1],
                published=published.get(span, 0),
            )
            for span in range(len(bounds) - 1)
        )

    @override
    def waiting(self, at: datetime, *, late_by: datetime | None = None) -> Waiting:
        # Two halves, each with its index: still undecided, and decided since. Both are small; with
        # `created_at < at` as a condition, SQLite would rather read all that was handed in before.
        columns = (_c.role_id, _c.due_at, _c.created_at, _c.paused_at)
        undecided = union_all(
            select(*columns).where(
                self._unit.here(submission), _c.decided_at.is_(None), _c.paused_at.is_(None)
            ),
            select(*columns).where(
                self._unit.here(submission), _c.decided_at.is_(None), _c.paused_at.is_not(None)
            ),
            select(*columns).where(self._unit.here(submission), _c.decided_at >= at),
        ).subquery("undecided")
        was_there = undecided.c.created_at < at
        was_late = and_(
            was_there, undecided.c.due_at < (late_by or at), undecided.c.paused_at.is_(None)
        )
        rows = self._unit.connection.execute(
            select(
                undecided.c.role_id,
                func.sum(case((was_there, 1), else_=0)).label("total"),
                func.sum(case((was_late, 1), else_=0)).label("overdue"),
                func.min(case((was_there, undecided.c.created_at))).label("oldest_at"),
            )
            .group_by(undecided.c.role_id)
            .order_by(undecided.c.role_id)
        )
        found = [row for row in rows if row.total]
        return Waiting(
            by_role={row.role_id: row.total for row in found},
            overdue=sum(row.overdue for row in found),
            oldest_at=min((row.oldest_at for row in found), default=None),
        )

    @override
    def unpublished(
        self, at: datetime, *, kinds: Collection[str] | None = None
    ) -> Mapping[str, int]:
        # As above: still open, and ended since.
        columns = (_c.role_id, _c.decided_at)
        here = self._unit.here(submission)
        if kinds is not None:
            here = and_(here, _c.kind_key.in_(sorted(kinds)))
        decided = union_all(
            select(*columns).where(here, _c.decided_at.is_not(None), _c.ended_at.is_(None)),
            select(*columns).where(here, _c.ended_at >= at),
        ).subquery("decided")
        was_there = func.sum(case((decided.c.decided_at < at, 1), else_=0))
        rows = self._unit.connection.execute(
            select(decided.c.role_id, was_there.label("total"))
            .group_by(decided.c.role_id)
            .order_by(decided.c.role_id)
        )
        return {row.role_id: row.total for row in rows if row.total}

    @override
    def submitters(self, since: datetime, until: datetime) -> tuple[str, ...]:
        found = self._unit.connection.execute(
            select(_c.submitter_id)
            .where(self._unit.here(submission), _c.created_at >= since, _c.created_at < until)
            .distinct()
        )
        return tuple(sorted(found.scalars()))

    @override
    def contributions(self, since: datetime, until: datetime) -> Mapping[str | None, int]:
        rows = self._unit.connection.execute(
            select(_c.department, func.count().label("total"))
            .where(self._unit.here(submission), _c.created_at >= since, _c.created_at < until)
            .group_by(_c.department)
        )
        return {row.department: row.total for row in rows}

    @override
    def published(
        self, since: datetime, until: datetime, *, limit: int
    ) -> tuple[PublishedItem, ...]:
        rows = self._unit.connection.execute(
            select(
                _c.number,
                _c.kind_key,
                _c.title,
                _c.submitter_id,
                _c.department,
                _c.published_url,
                _c.created_at,
                _c.published_at,
            )
            .where(
                self._unit.here(submission),
                _c.published_at >= since,
                _c.published_at < until,
                _c.consent["withdrawn_at"].as_string().is_(None),
            )
            .order_by(_c.published_at, _c.number)
            .limit(limit)
        )
        return tuple(
            PublishedItem(
                number=row.number,
                kind_key=row.kind_key,
                title=row.title,
                submitter_id=row.submitter_id,
                department=row.department,
                url=row.published_url,
                created_at=row.created_at,
                published_at=row.published_at,
            )
            for row in rows
        )

    def _per_span(
        self, at: ColumnElement[Any], bounds: Sequence[datetime], *more: ColumnElement[Any]
    ) -> Sequence[Row[Any]]:
        """Count the rows whose moment `at` lies in each span; empty spans have no row."""
        ends = enumerate(end for _, end in pairwise(bounds))
        span = case(*((at < end, place) for place, end in ends)).label("span")
        return self._unit.connection.execute(
            select(span, func.count().label("total"), *more)
            .where(self._unit.here(submission), at >= bounds[0], at < bounds[-1])
            .group_by("span")  # by name: PostgreSQL would not know the bound copies as equal
        ).all()

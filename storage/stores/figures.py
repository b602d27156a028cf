"""The digest's numbers, counted by the database."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    not_,
    or_,
    select,
    union_all,
)
from typing_extensions import override

from bot.figures import Counts, PublishedItem, Unsigned, Waiting
from bot.kinds import KINDS
from bot.lifecycle import NOT_COUNTED, State
from bot.ports import FigureStore
from storage.prepared import Prepared, Record
from storage.stores.documents import consent_of
from storage.tables import submission
from storage.unit import Unit

_c = submission.c
_SIGNED = tuple(sorted(key for key, kind in KINDS.items() if kind.needs_consent))
_NOT_COUNTED = tuple(sorted(state.value for state in NOT_COUNTED))


class _Moment(Enum):
    """What is counted by when it happened."""

    HANDED_IN = "created_at"
    DECIDED = "decided_at"
    PUBLISHED = "published_at"


@cache
def _spans(moment: _Moment, count: int) -> Prepared:
    """How many in each of `count` spans that follow on each other.

    A range of the index for each: to find out row by row which span it lies in takes ten times as
    long. Put together once, since that takes longer than to count.
    """
    at = _c[moment.value]
    counted = [func.count().label("total")]
    if moment is _Moment.DECIDED:
        counted += [
            _of_state(State.DECLINED.value).label("declined"),
            _of_state(*_NOT_COUNTED).label("others"),
        ]
    spans = [
        select(literal_column(str(place), Integer).label("span"), *counted).where(
            _c.workspace_id == bindparam("in_workspace"),
            at >= bindparam(f"bound_{place}", type_=at.type),
            at < bindparam(f"bound_{place + 1}", type_=at.type),
        )
        for place in range(count)
    ]
    found: Any = union_all(*spans)
    return Prepared(found)


def _of_state(*states: str) -> ColumnElement[int]:
    # One by one, and in the statement's text: a list would be looked up for each row.
    found = (_c.state == literal_column(f"'{state}'") for state in states)
    return func.count(case(*((one, 1) for one in found)))


class SqlFigureStore(FigureStore):
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    @override
    def counts(self, bounds: Sequence[datetime]) -> tuple[Counts, ...]:
        if len(bounds) < 2:
            return ()
        rows = zip(*(self._per_span(moment, bounds) for moment in _Moment), strict=True)
        return tuple(
            Counts(
                handed_in=handed_in.total,
                accepted=decided.total - decided.declined - decided.others,
                declined=decided.declined,
                published=published.total,
            )
            for handed_in, decided, published in rows
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
    def unsigned(self, at: datetime, today: date) -> Mapping[str, Unsigned]:
        has_ended = _c.consent["until"].as_string() < today.isoformat()
        is_withdrawn = _c.consent["withdrawn_at"].as_string().is_not(None)
        is_missing = or_(_c.consent.is_(None), and_(not_(is_withdrawn), has_ended))
        # As above: with `decided_at < at` as a condition, SQLite would rather read all that was
        # decided before.
        was_there = _c.decided_at < at
        rows = self._unit.connection.execute(
            select(
                _c.role_id,
                func.sum(case((and_(was_there, is_missing), 1), else_=0)).label("missing"),
                func.sum(case((and_(was_there, is_withdrawn), 1), else_=0)).label("withdrawn"),
            )
            .where(
                self._unit.here(submission),
                _c.decided_at.is_not(None),
                _c.ended_at.is_(None),
                _c.kind_key.in_(_SIGNED),
            )
            .group_by(_c.role_id)
            .order_by(_c.role_id)
        )
        return {
            row.role_id: Unsigned(int(row.missing), int(row.withdrawn))
            for row in rows
            if row.missing or row.withdrawn
        }

    @override
    def submitters(self, since: datetime, until: datetime) -> tuple[str, ...]:
        found = self._unit.connection.execute(
            select(_c.submitter_id)
            .where(self._unit.here(submission), _c.created_at >= since, _c.created_at < until)
            .distinct()
        )
        return tuple(sorted(found.scalars()))

    @override
    def handed_in_by(self, user_ids: Collection[str], since: datetime, until: datetime) -> int:
        # As above: what these few handed in is less than what everybody did in a quarter.
        is_in_span = and_(_c.created_at >= since, _c.created_at < until)
        found = self._unit.connection.execute(
            select(func.count(case((is_in_span, 1)))).where(
                self._unit.here(submission), _c.submitter_id.in_(sorted(user_ids))
            )
        )
        return int(found.scalar_one())

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
                _c.consent,
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
                consent=consent_of(row.consent) if row.consent else None,
            )
            for row in rows
        )

    def _per_span(self, moment: _Moment, bounds: Sequence[datetime]) -> list[Record]:
        """The counts of each span, in their order."""
        values = {"in_workspace": self._unit.workspace_id} | {
            f"bound_{place}": at for place, at in enumerate(bounds)
        }
        rows = _spans(moment, len(bounds) - 1).all(self._unit.connection, values)
        return sorted(rows, key=lambda row: int(row.span))

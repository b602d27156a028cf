"""The digest's numbers, counted by the database."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    String,
    and_,
    bindparam,
    case,
    func,
    not_,
    or_,
    select,
    union_all,
)
from typing_extensions import override

from bot.figures import Counts, PublishedItem, Unsigned, Waiting
from bot.kinds import KINDS
from bot.ports import FigureStore
from storage.prepared import Prepared, Record
from storage.stores.documents import consent_of
from storage.stores.spans import Moment, counted
from storage.tables import submission
from storage.unit import Unit, among, room_for, spread

_c = submission.c
_SIGNED = tuple(sorted(key for key, kind in KINDS.items() if kind.needs_consent))


# Put together once each: that takes longer than to run them.


def _between(at: ColumnElement[Any]) -> ColumnElement[bool]:
    """The workspace's submissions whose moment `at` lies in the span."""
    return and_(
        _c.workspace_id == bindparam("in_workspace"),
        at >= bindparam("since", type_=at.type),
        at < bindparam("until", type_=at.type),
    )


_HERE = _c.workspace_id == bindparam("in_workspace")
_AT = bindparam("at", type_=_c.created_at.type)


@cache
def _waiting() -> Prepared:
    # Two halves, each with its index: still undecided, and decided since. Both are small; with
    # `created_at < at` as a condition, SQLite would rather read all that was handed in before.
    columns = (_c.role_id, _c.due_at, _c.created_at, _c.paused_at)
    undecided = union_all(
        select(*columns).where(_HERE, _c.decided_at.is_(None), _c.paused_at.is_(None)),
        select(*columns).where(_HERE, _c.decided_at.is_(None), _c.paused_at.is_not(None)),
        select(*columns).where(_HERE, _c.decided_at >= _AT),
    ).subquery("undecided")
    of = undecided.c
    was_there = of.created_at < _AT
    is_due = of.due_at < bindparam("late_by", type_=_c.due_at.type)
    was_late = and_(was_there, is_due, of.paused_at.is_(None))
    return Prepared(
        select(
            of.role_id,
            func.sum(case((was_there, 1), else_=0)).label("total"),
            func.sum(case((was_late, 1), else_=0)).label("overdue"),
            func.min(case((was_there, of.created_at))).label("oldest_at"),
        )
        .group_by(of.role_id)
        .order_by(of.role_id)
    )


@cache
def _unpublished(kinds: int | None) -> Prepared:
    """Of so many kinds, or of all."""
    # As above: still open, and ended since.
    columns = (_c.role_id, _c.decided_at)
    here = _HERE if kinds is None else and_(_HERE, among(_c.kind_key, "kind", kinds))
    decided = union_all(
        select(*columns).where(here, _c.decided_at.is_not(None), _c.ended_at.is_(None)),
        select(*columns).where(here, _c.ended_at >= _AT),
    ).subquery("decided")
    was_there = func.sum(case((decided.c.decided_at < _AT, 1), else_=0))
    return Prepared(
        select(decided.c.role_id, was_there.label("total"))
        .group_by(decided.c.role_id)
        .order_by(decided.c.role_id)
    )


@cache
def _unsigned() -> Prepared:
    has_ended = _c.consent["until"].as_string() < bindparam("today", type_=String())
    is_withdrawn = _c.consent["withdrawn_at"].as_string().is_not(None)
    is_missing = or_(_c.consent.is_(None), and_(not_(is_withdrawn), has_ended))
    # As above: with `decided_at < at` as a condition, SQLite would rather read all that was
    # decided before.
    was_there = _c.decided_at < _AT
    return Prepared(
        select(
            _c.role_id,
            func.sum(case((and_(was_there, is_missing), 1), else_=0)).label("missing"),
            func.sum(case((and_(was_there, is_withdrawn), 1), else_=0)).label("withdrawn"),
        )
        .where(
            _HERE,
            _c.decided_at.is_not(None),
            _c.ended_at.is_(None),
            among(_c.kind_key, "kind", room_for(len(_SIGNED))),
        )
        .group_by(_c.role_id)
        .order_by(_c.role_id)
    )


@cache
def _submitters() -> Prepared:
    return Prepared(select(_c.submitter_id).where(_between(_c.created_at)).distinct())


@cache
def _handed_in_by(people: int) -> Prepared:
    # As above: what these few handed in is less than what everybody did in a quarter.
    is_in_span = and_(
        _c.created_at >= bindparam("since", type_=_c.created_at.type),
        _c.created_at < bindparam("until", type_=_c.created_at.type),
    )
    found = select(func.count(case((is_in_span, 1))).label("total"))
    return Prepared(found.where(_HERE, among(_c.submitter_id, "person", people)))


@cache
def _contributions() -> Prepared:
    return Prepared(
        select(_c.department, func.count().label("total"))
        .where(_between(_c.created_at))
        .group_by(_c.department)
    )


@cache
def _published() -> Prepared:
    return Prepared(
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
        .where(_between(_c.published_at), _c.consent["withdrawn_at"].as_string().is_(None))
        .order_by(_c.published_at, _c.number)
        .limit(bindparam("most", type_=Integer()))
    )


class SqlFigureStore(FigureStore):
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    @override
    def counts(
        self, bounds: Sequence[datetime], *, now: datetime | None = None
    ) -> tuple[Counts, ...]:
        if len(bounds) < 2:
            return ()
        every = [counted(self._unit, moment, bounds, now) for moment in Moment]
        return tuple(
            Counts(
                handed_in=int(handed_in),
                accepted=int(decided - declined - others),
                declined=int(declined),
                published=int(published),
            )
            for (handed_in,), (decided, declined, others), (published,) in zip(*every, strict=True)
        )

    @override
    def flows(self, bounds: Sequence[datetime], now: datetime) -> tuple[tuple[int, int], ...]:
        every = [
            counted(self._unit, moment, bounds, now)
            for moment in (Moment.HANDED_IN, Moment.PUBLISHED)
        ]
        return tuple(
            (int(handed_in), int(published))
            for (handed_in,), (published,) in zip(*every, strict=True)
        )

    @override
    def waiting(self, at: datetime, *, late_by: datetime | None = None) -> Waiting:
        rows = self._found(_waiting(), {"at": at, "late_by": late_by or at})
        found = [row for row in rows if row.total]
        return Waiting(
            by_role={row.role_id: int(row.total) for row in found},
            overdue=sum(int(row.overdue) for row in found),
            oldest_at=min((row.oldest_at for row in found), default=None),
        )

    @override
    def unpublished(
        self, at: datetime, *, kinds: Collection[str] | None = None
    ) -> Mapping[str, int]:
        if kinds is None:
            rows = self._found(_unpublished(None), {"at": at})
        else:
            listed = spread("kind", sorted(kinds))
            rows = self._found(_unpublished(len(listed)), {"at": at, **listed})
        return {row.role_id: row.total for row in rows if row.total}

    @override
    def unsigned(self, at: datetime, today: date) -> Mapping[str, Unsigned]:
        kinds = spread("kind", _SIGNED)
        rows = self._found(_unsigned(), {"at": at, "today": today.isoformat(), **kinds})
        return {
            row.role_id: Unsigned(int(row.missing), int(row.withdrawn))
            for row in rows
            if row.missing or row.withdrawn
        }

    @override
    def submitters(self, since: datetime, until: datetime) -> tuple[str, ...]:
        rows = self._found(_submitters(), {"since": since, "until": until})
        return tuple(sorted(row.submitter_id for row in rows))

    @override
    def handed_in_by(self, user_ids: Collection[str], since: datetime, until: datetime) -> int:
        people = spread("person", sorted(user_ids))
        if not people:
            return 0
        values = {"since": since, "until": until, **people}
        (row,) = self._found(_handed_in_by(len(people)), values)
        return int(row.total)

    @override
    def contributions(self, since: datetime, until: datetime) -> Mapping[str | None, int]:
        rows = self._found(_contributions(), {"since": since, "until": until})
        return {row.department: row.total for row in rows}

    @override
    def published(
        self, since: datetime, until: datetime, *, limit: int
    ) -> tuple[PublishedItem, ...]:
        rows = self._found(_published(), {"since": since, "until": until, "most": limit})
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

    def _found(self, statement: Prepared, values: Mapping[str, Any]) -> list[Record]:
        here = {"in_workspace": self._unit.workspace_id}
        return statement.all(self._unit.connection, {**here, **values})

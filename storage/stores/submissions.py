"""Submissions and their personal fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, func, or_, select, update
from typing_extensions import override

from bot.ports import NO_CALLS, Folded, SubmissionStore
from bot.submission import Submission
from storage.prepared import Prepared
from storage.stores.folding import FoldedNumbers
from storage.stores.personal import PersonalRows
from storage.stores.submission_rows import COLUMNS, from_row, to_row
from storage.tables import submission, workspace
from storage.unit import Unit, insert_into

_TABLE = submission  # the name is also an argument below
_c = _TABLE.c
_FIXED = frozenset({"number", "kind_key", "submitter_id", "created_at"})
"""What no change of a submission touches, beside its keys."""


# Put together once: on SQLite that takes longer than to run them.

_HERE = _c.workspace_id == bindparam("in_workspace")
_OF_NUMBER = select(*COLUMNS).where(_HERE, _c.number == bindparam("of_key"))
_BY_NUMBER = Prepared(_OF_NUMBER)
_LOCKED = Prepared(_OF_NUMBER.with_for_update())
_BY_SOURCE = Prepared(select(*COLUMNS).where(_HERE, _c.source_key == bindparam("of_key")))
_BY_ORIGIN = Prepared(select(*COLUMNS).where(_HERE, _c.origin_key == bindparam("of_key")))
_UPDATE = update(_TABLE).where(
    _HERE, _c.number == bindparam("of_number"), _c.version == bindparam("at_version")
)


@cache
def _unserved() -> tuple[Prepared, Prepared]:
    """How much serves no goal, and the first of it."""
    is_it = (_HERE, _c.decided_at.is_not(None), _c.ended_at.is_(None), _c.goal_id.is_(None))
    first = select(*COLUMNS).where(*is_it).order_by(_c.decided_at, _c.number)
    counted = select(func.count().label("total")).select_from(_TABLE).where(*is_it)
    return Prepared(counted), Prepared(first.limit(bindparam("most", type_=Integer())))


_UNDECIDED = (_c.decided_at.is_(None), _c.paused_at.is_(None))


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is wanted, in which order."""

    limit: int
    offset: int
    order: tuple[ColumnElement[Any], ...]


@cache
def _count_up(dialect: str) -> Prepared:
    """One statement, so that the row's lock keeps the count gapless on PostgreSQL too."""
    return Prepared(
        insert_into(dialect, workspace)
        .on_conflict_do_update(
            index_elements=["workspace_id"], set_={"last_number": workspace.c.last_number + 1}
        )
        .returning(workspace.c.last_number)
    )


class SqlSubmissionStore(SubmissionStore):
    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._personal = PersonalRows(unit)

    @override
    def next_number(self) -> int:
        unit = self._unit
        row = {"workspace_id": unit.workspace_id, "last_number": 1, "config_version": 0}
        number: int = _count_up(unit.dialect).scalar(unit.connection, row)
        return number

    @override
    def skip_numbers(self, gap: int) -> int:
        last = workspace.c.last_number
        skipped: int | None = self._unit.connection.execute(
            update(workspace)
            .where(self._unit.here(workspace), last > 0)
            .values(last_number=last - last % gap + gap)
            .returning(last)
        ).scalar()
        return skipped or 0

    @override
    def add(
        self,
        submission: Submission,
        *,
        source_key: str,
        origin_key: str | None,
        personal: Mapping[str, str],
    ) -> None:
        row = {**to_row(submission), "source_key": source_key, "origin_key": origin_key}
        self._unit.insert_all(_TABLE, [row])
        self._personal.add(submission.number, personal)

    @override
    def get(self, number: int) -> Submission | None:
        return self._one(_LOCKED if self._unit.is_writing else _BY_NUMBER, number)

    @override
    def by_source_key(self, source_key: str) -> Submission | None:
        return self._one(_BY_SOURCE, source_key)

    @override
    def by_origin_key(self, origin_key: str) -> Submission | None:
        return self._one(_BY_ORIGIN, origin_key)

    @override
    def personal(self, number: int) -> Mapping[str, str]:
        return self._personal.of(number)

    @override
    def has_personal(self, number: int) -> bool:
        return self._personal.exist(number)

    @override
    def folded_in(self, lane: str, *, limit: int, shown: int) -> Folded:
        rows, total = FoldedNumbers(self._unit).undecided(lane, limit=limit)
        first = (self._one(_BY_NUMBER, row.number) for row in rows[:shown])
        return Folded(
            first=tuple(one for one in first if one is not None),
            total=total,
            kinds=frozenset(row.kind_key for row in rows),
            role_ids=frozenset(row.role_id for row in rows),
        )

    @override
    def update(self, submission: Submission, *, expected_version: int) -> bool:
        values = {k: v for k, v in to_row(submission).items() if k not in _FIXED}
        done = self._unit.connection.execute(
            _UPDATE,
            {
                "in_workspace": self._unit.workspace_id,
                "of_number": submission.number,
                "at_version": expected_version,
                **values,
            },
        )
        return done.rowcount == 1

    @override
    def replace_personal(self, number: int, personal: Mapping[str, str]) -> None:
        self._personal.erase(number)
        self._personal.add(number, personal)

    @override
    def of_submitter(
        self, user_id: str, *, limit: int, offset: int = 0, without: Sequence[int] = ()
    ) -> tuple[tuple[Submission, ...], int]:
        page = Page(limit, offset, (_c.number.desc(),))
        others = (_c.number.not_in(list(without)),) if without else ()
        return self._page(page, _c.submitter_id == user_id, *others)

    @override
    def undecided_of_roles(
        self,
        role_ids: Sequence[str],
        *,
        limit: int,
        offset: int = 0,
        calls: Mapping[str, int] = NO_CALLS,
    ) -> tuple[tuple[Submission, ...], int]:
        if not role_ids and not calls:
            return (), 0
        page = Page(limit, offset, (_c.due_at, _c.number))
        return self._page(page, _to_decide(role_ids, calls), *_UNDECIDED)

    @override
    def overdue_of_roles(
        self, role_ids: Sequence[str], now: datetime, calls: Mapping[str, int] = NO_CALLS
    ) -> int:
        found: int = self._unit.connection.execute(
            select(func.count())
            .select_from(_TABLE)
            .where(
                self._unit.here(_TABLE),
                _to_decide(role_ids, calls),
                *_UNDECIDED,
                _c.due_at < now,
            )
        ).scalar_one()
        return found

    @override
    def paused_of_roles(
        self, role_ids: Sequence[str], *, limit: int
    ) -> tuple[tuple[Submission, ...], int]:
        page = Page(limit, 0, (_c.paused_at, _c.number))
        return self._of_roles(page, role_ids, _c.decided_at.is_(None), _c.paused_at.is_not(None))

    @override
    def paused_of_submitter(
        self, user_id: str, *, limit: int
    ) -> tuple[tuple[Submission, ...], int]:
        page = Page(limit, 0, (_c.paused_at, _c.number))
        return self._page(
            page, _c.submitter_id == user_id, _c.decided_at.is_(None), _c.paused_at.is_not(None)
        )

    @override
    def unpublished_of_roles(
        self, role_ids: Sequence[str], *, limit: int, offset: int = 0
    ) -> tuple[tuple[Submission, ...], int]:
        page = Page(limit, offset, (_c.decided_at, _c.number))
        return self._of_roles(page, role_ids, _c.decided_at.is_not(None), _c.ended_at.is_(None))

    @override
    def unserved(self, *, limit: int) -> tuple[tuple[Submission, ...], int]:
        counted, first = _unserved()
        here = {"in_workspace": self._unit.workspace_id}
        total: int = counted.scalar(self._unit.connection, here)
        rows = first.all(self._unit.connection, {**here, "most": limit}) if total and limit else ()
        return tuple(from_row(row._asdict()) for row in rows), total

    @override
    def duplicates_of(self, number: int) -> tuple[Submission, ...]:
        return self._found(self._all(_c.duplicate_of == number).order_by(_c.number))

    @override
    def after(self, number: int, *, limit: int) -> tuple[Submission, ...]:
        return self._found(self._all(_c.number > number).order_by(_c.number).limit(limit))

    @override
    def find(
        self, words: Sequence[str], *, role_ids: Sequence[str] | None, user_id: str, limit: int
    ) -> tuple[Submission, ...]:
        seen = () if role_ids is None else (_may_see(role_ids, user_id),)
        said = (_c.words.contains(word, autoescape=True) for word in words)
        return self._found(self._all(*seen, *said).order_by(_c.number.desc()).limit(limit))

    def _all(self, *conditions: ColumnElement[bool]) -> Select[Any]:
        return select(*COLUMNS).where(self._unit.here(_TABLE), *conditions)

    def _found(self, query: Select[Any]) -> tuple[Submission, ...]:
        rows = self._unit.connection.execute(query)
        return tuple(from_row(row._asdict()) for row in rows)

    def _of_roles(
        self, page: Page, role_ids: Sequence[str], *conditions: ColumnElement[bool]
    ) -> tuple[tuple[Submission, ...], int]:
        if not role_ids:
            return (), 0
        return self._page(page, _c.role_id.in_(list(role_ids)), *conditions)

    def _one(self, query: Prepared, key: int | str) -> Submission | None:
        parameters = {"in_workspace": self._unit.workspace_id, "of_key": key}
        row = query.first(self._unit.connection, parameters)
        return None if row is None else from_row(row._asdict())

    def _page(
        self, page: Page, *conditions: ColumnElement[bool]
    ) -> tuple[tuple[Submission, ...], int]:
        where = (self._unit.here(submission), *conditions)
        found = select(*COLUMNS).where(*where).order_by(*page.order)
        shown = self._found(found.limit(page.limit).offset(page.offset))
        if page.offset == 0 and len(shown) < page.limit:
            return shown, len(shown)
        total = self._unit.connection.execute(
            select(func.count()).select_from(submission).where(*where)
        ).scalar_one()
        return shown, total


def _to_decide(role_ids: Sequence[str], calls: Mapping[str, int]) -> ColumnElement[bool]:
    """Of these roles, or of those in `calls` having called for help at least so far."""
    called = (and_(_c.role_id == role, _c.escalation >= stage) for role, stage in calls.items())
    return or_(_c.role_id.in_(list(role_ids)), *called)


def _may_see(role_ids: Sequence[str], user_id: str) -> ColumnElement[bool]:
    return or_(_c.submitter_id == user_id, _c.role_id.in_(list(role_ids)))

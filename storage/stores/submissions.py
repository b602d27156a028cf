"""Submissions and their personal fields."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, bindparam, func, select, update
from sqlalchemy.sql.dml import ReturningInsert
from typing_extensions import override

from bot.lifecycle import State
from bot.ports import SubmissionStore
from bot.submission import FieldValue, Origin, Submission
from storage.tables import submission, submission_personal, workspace
from storage.unit import Unit, insert_into

_TABLE = submission  # the name is also an argument below
_c = _TABLE.c
_COLUMNS = tuple(
    column for column in _c if column.name not in {"workspace_id", "source_key", "origin_key"}
)
_PLAIN = tuple(
    column.name for column in _COLUMNS if column.name not in {"state", "fields", "origin"}
)
_FIXED = frozenset({"number", "kind_key", "submitter_id", "created_at"})
"""What no change of a submission touches, beside its keys."""


# Put together once: on SQLite that takes longer than to run them.

_HERE = _c.workspace_id == bindparam("in_workspace")
_BY_NUMBER = select(*_COLUMNS).where(_HERE, _c.number == bindparam("of_key"))
_BY_SOURCE = select(*_COLUMNS).where(_HERE, _c.source_key == bindparam("of_key"))
_BY_ORIGIN = select(*_COLUMNS).where(_HERE, _c.origin_key == bindparam("of_key"))
_PERSONAL = select(submission_personal.c.name, submission_personal.c.value).where(
    submission_personal.c.workspace_id == bindparam("in_workspace"),
    submission_personal.c.number == bindparam("of_key"),
)
_UPDATE = update(_TABLE).where(
    _HERE, _c.number == bindparam("of_number"), _c.version == bindparam("at_version")
)


@cache
def _count_up(dialect: str) -> ReturningInsert[Any]:
    """One statement, so that the row's lock keeps the count gapless on PostgreSQL too."""
    return (
        insert_into(dialect, workspace)
        .on_conflict_do_update(
            index_elements=["workspace_id"], set_={"last_number": workspace.c.last_number + 1}
        )
        .returning(workspace.c.last_number)
    )


class SqlSubmissionStore(SubmissionStore):
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    @override
    def next_number(self) -> int:
        row = {"workspace_id": self._unit.workspace_id, "last_number": 1}
        number: int = self._unit.connection.execute(_count_up(self._unit.dialect), row).scalar_one()
        return number

    @override
    def add(
        self,
        submission: Submission,
        *,
        source_key: str,
        origin_key: str | None,
        personal: Mapping[str, str],
    ) -> None:
        row = {**_to_row(submission), "source_key": source_key, "origin_key": origin_key}
        self._unit.insert_all(_TABLE, [row])
        self._unit.insert_all(
            submission_personal,
            [
                {"number": submission.number, "name": name, "value": value}
                for name, value in personal.items()
            ],
        )

    @override
    def get(self, number: int) -> Submission | None:
        return self._one(_BY_NUMBER, number)

    @override
    def by_source_key(self, source_key: str) -> Submission | None:
        return self._one(_BY_SOURCE, source_key)

    @override
    def by_origin_key(self, origin_key: str) -> Submission | None:
        return self._one(_BY_ORIGIN, origin_key)

    @override
    def personal(self, number: int) -> Mapping[str, str]:
        rows = self._unit.connection.execute(
            _PERSONAL, {"in_workspace": self._unit.workspace_id, "of_key": number}
        )
        return {row.name: row.value for row in rows}

    @override
    def update(self, submission: Submission, *, expected_version: int) -> bool:
        values = {k: v for k, v in _to_row(submission).items() if k not in _FIXED}
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
    def of_submitter(self, user_id: str, *, limit: int) -> tuple[tuple[Submission, ...], int]:
        return self._page(_c.submitter_id == user_id, order=(_c.number.desc(),), limit=limit)

    @override
    def undecided_of_roles(
        self, role_ids: Sequence[str], *, limit: int
    ) -> tuple[tuple[Submission, ...], int]:
        if not role_ids:
            return (), 0
        return self._page(
            _c.role_id.in_(list(role_ids)),
            _c.decided_at.is_(None),
            order=(_c.due_at, _c.number),
            limit=limit,
        )

    @override
    def unpublished_of_roles(
        self, role_ids: Sequence[str], *, limit: int
    ) -> tuple[tuple[Submission, ...], int]:
        if not role_ids:
            return (), 0
        return self._page(
            _c.role_id.in_(list(role_ids)),
            _c.decided_at.is_not(None),
            _c.ended_at.is_(None),
            order=(_c.decided_at, _c.number),
            limit=limit,
        )

    def _one(self, query: Select[Any], key: int | str) -> Submission | None:
        parameters = {"in_workspace": self._unit.workspace_id, "of_key": key}
        row = self._unit.connection.execute(query, parameters).mappings().first()
        return None if row is None else _from_row(row)

    def _page(
        self,
        *conditions: ColumnElement[bool],
        order: tuple[ColumnElement[Any], ...],
        limit: int,
    ) -> tuple[tuple[Submission, ...], int]:
        where = (self._unit.here(submission), *conditions)
        rows = (
            self._unit.connection.execute(
                select(*_COLUMNS).where(*where).order_by(*order).limit(limit)
            )
            .mappings()
            .all()
        )
        if len(rows) < limit:
            return tuple(_from_row(row) for row in rows), len(rows)
        total = self._unit.connection.execute(
            select(func.count()).select_from(submission).where(*where)
        ).scalar_one()
        return tuple(_from_row(row) for row in rows), total


def _to_row(one: Submission) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(one, name) for name in _PLAIN}
    row["state"] = one.state.value
    row["fields"] = {
        name: value if isinstance(value, str) else list(value) for name, value in one.fields.items()
    }
    row["origin"] = None if one.origin is None else asdict(one.origin)
    return row


def _from_row(row: RowMapping) -> Submission:
    plain = {name: row[name] for name in _PLAIN}
    origin = row["origin"]
    return Submission(
        state=State(row["state"]),
        fields={name: _field_value(value) for name, value in row["fields"].items()},
        origin=None if origin is None else Origin(**origin),
        **plain,
    )


def _field_value(value: Any) -> FieldValue:
    return value if isinstance(value, str) else tuple(value)

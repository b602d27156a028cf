"""Conversions, counted by the database."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, String, and_, cast, func, literal, select, update
from sqlalchemy import case as when
from typing_extensions import override

from bot.amount import Amount, amounts_of
from bot.conversion import Conversion, Credit, Dimension, Lens, Total, Touch
from bot.conversion_store import ConversionStore
from storage.tables import conversion, conversion_touch, submission
from storage.unit import Unit

_c, _t = conversion.c, conversion_touch.c
_SAME = (
    "type_key",
    "occurred_at",
    "source",
    "external_id",
    "recorded_at",
    "recorded_by",
    "count",
    "replaces",
    "undone_at",
    "undone_by",
)
"""The columns that are fields of a conversion by the same name."""


class SqlConversionStore(ConversionStore):
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    @override
    def add(self, conversion: Conversion) -> bool:
        amount, conversion_id = conversion.amount, conversion.conversion_id
        row = {
            **{name: getattr(conversion, name) for name in _SAME},
            "conversion_id": conversion_id,
            "thousandths": amount.thousandths if amount else None,
            "currency": amount.currency if amount else None,
        }
        if not self._unit.insert_new(_CONVERSION, row):
            return False
        touches = [
            {
                "conversion_id": conversion_id,
                "position": place,
                "lens": touch.lens.value,
                "number": touch.post,
                "platform": touch.platform,
                "campaign": touch.campaign,
                "is_paid": touch.is_paid,
            }
            for place, touch in enumerate(conversion.touches)
        ]
        self._unit.insert_all(conversion_touch, touches)
        return True

    @override
    def get(self, conversion_id: str) -> Conversion | None:
        row = self._unit.connection.execute(
            select(_CONVERSION).where(
                self._unit.here(_CONVERSION), _c.conversion_id == conversion_id
            )
        ).first()
        return None if row is None else _conversion(row, self._touches([conversion_id]))

    @override
    def came_at(self, conversion_id: str) -> datetime | None:
        found: datetime | None = self._unit.connection.execute(
            select(_c.recorded_at).where(
                self._unit.here(_CONVERSION), _c.conversion_id == conversion_id
            )
        ).scalar()
        return found

    @override
    def undo(self, conversion_id: str, now: datetime, actor_id: str) -> bool:
        done = self._unit.connection.execute(
            update(_CONVERSION)
            .where(
                self._unit.here(_CONVERSION),
                _c.conversion_id == conversion_id,
                _c.undone_at.is_(None),
            )
            .values(undone_at=now, undone_by=actor_id)
        )
        return done.rowcount == 1

    @override
    def entered(self, *, limit: int) -> tuple[Conversion, ...]:
        rows = self._unit.connection.execute(
            select(_CONVERSION)
            .where(self._unit.here(_CONVERSION), _c.recorded_by.is_not(None))
            .order_by(_c.recorded_at.desc(), _c.conversion_id.desc())
            .limit(limit)
        ).all()
        touches = self._touches([row.conversion_id for row in rows])
        return tuple(_conversion(row, touches) for row in rows)

    @override
    def entered_by(self, user_id: str) -> tuple[Conversion, ...]:
        rows = self._unit.connection.execute(
            select(_CONVERSION)
            .where(
                self._unit.here(_CONVERSION),
                _c.recorded_by.is_not(None),
                _c.recorded_by == user_id,
            )
            .order_by(_c.recorded_at, _c.conversion_id)
        ).all()
        return tuple(_conversion(row, ()) for row in rows)

    def _touches(self, ids: Sequence[str]) -> list[Row[Any]]:
        if not ids:
            return []
        found = self._unit.connection.execute(
            select(conversion_touch)
            .where(self._unit.here(conversion_touch), _t.conversion_id.in_(ids))
            .order_by(_t.conversion_id, _t.position)
        )
        return list(found)

    @override
    def post_at(self, links: Sequence[str]) -> int | None:
        if not links:
            return None
        found: int | None = self._unit.connection.execute(
            select(func.max(submission.c.number)).where(
                self._unit.here(submission), submission.c.published_url.in_(links)
            )
        ).scalar_one()
        return found

    def _span(self, since: datetime, until: datetime) -> ColumnElement[bool]:
        return and_(
            self._unit.here(_CONVERSION),
            _c.occurred_at >= since,
            _c.occurred_at < until,
            _c.undone_at.is_(None),
        )

    @override
    def totals(self, since: datetime, until: datetime) -> tuple[Total, ...]:
        rows = self._unit.connection.execute(
            select(
                _c.type_key,
                _c.currency,
                func.sum(_c.count).label("total"),
                func.count().label("entries"),
                func.sum(_c.thousandths).label("thousandths"),
            )
            .where(self._span(since, until))
            .group_by(_c.type_key, _c.currency)
        ).all()
        return tuple(
            _total(key, [row for row in rows if row.type_key == key])
            for key in sorted({row.type_key for row in rows})
        )

    @override
    def sources(self, type_key: str, since: datetime, until: datetime) -> Mapping[str, int]:
        rows = self._unit.connection.execute(
            select(_c.source, func.sum(_c.count).label("total"))
            .where(self._span(since, until), _c.type_key == type_key)
            .group_by(_c.source)
        )
        return {row.source: int(row.total) for row in rows}

    @override
    def credits(self, dimension: Dimension, since: datetime, until: datetime) -> tuple[Credit, ...]:
        return self._credits(_KEYS[dimension], self._span(since, until))

    @override
    def of_post(self, number: int) -> tuple[Credit, ...]:
        here = self._unit.here(conversion_touch)
        found = self._credits(
            _KEYS[Dimension.POST], and_(here, _t.number == number, _c.undone_at.is_(None))
        )
        return tuple(one for one in found if one.key is not None)

    def _credits(self, key: ColumnElement[Any], only: ColumnElement[bool]) -> tuple[Credit, ...]:
        """Each conversion once per key, and once more for any key at all."""
        once = (
            select(_t.lens, _c.type_key, key.label("key"), _c.conversion_id, _c.count)
            .join_from(_CONVERSION, conversion_touch, _IS_ITS)
            .where(only, key.is_not(None))
            .distinct()
        )
        if any(key is one for one in _OF_SUBMISSION):
            once = once.join(submission, _IS_OF_POST)
        by_key = once.subquery("by_key")
        at_all = (
            select(by_key.c.lens, by_key.c.type_key, by_key.c.conversion_id, by_key.c.count)
            .distinct()
            .subquery("at_all")
        )
        found = []
        for each, has_key in ((by_key, True), (at_all, False)):
            groups = [each.c.lens, each.c.type_key, *([each.c.key] if has_key else [])]
            rows = self._unit.connection.execute(
                select(
                    *groups,
                    func.sum(each.c.count).label("total"),
                    func.count().label("entries"),
                ).group_by(*groups)
            )
            found += [
                Credit(
                    lens=Lens(row.lens),
                    type_key=row.type_key,
                    key=row.key if has_key else None,
                    count=int(row.total),
                    entries=row.entries,
                )
                for row in rows
            ]
        return tuple(found)


_CONVERSION = conversion  # the name is also an argument above
_IS_ITS = and_(_t.workspace_id == _c.workspace_id, _t.conversion_id == _c.conversion_id)
_IS_OF_POST = and_(submission.c.workspace_id == _t.workspace_id, submission.c.number == _t.number)
_CONTENT_TYPE: ColumnElement[Any] = submission.c.fields["content_type"].as_string()
_OF_SUBMISSION = (_CONTENT_TYPE, submission.c.goal_id)
"""What is asked of the post's row."""

_KEYS: dict[Dimension, ColumnElement[Any]] = {
    Dimension.POST: cast(_t.number, String),
    Dimension.PLATFORM: _t.platform,
    Dimension.CONTENT_TYPE: _CONTENT_TYPE,
    Dimension.GOAL: submission.c.goal_id,
    Dimension.CAMPAIGN: _t.campaign,
    Dimension.PAID: when((_t.is_paid, literal("paid")), else_=literal("organic")),
}


def _total(key: str, rows: Sequence[Row[Any]]) -> Total:
    return Total(
        type_key=key,
        count=sum(int(row.total) for row in rows),
        entries=sum(row.entries for row in rows),
        amounts=amounts_of({row.currency: int(row.thousandths) for row in rows if row.currency}),
    )


def _conversion(row: Row[Any], touches: Sequence[Row[Any]]) -> Conversion:
    return Conversion(
        **{name: getattr(row, name) for name in _SAME},
        amount=None if row.currency is None else Amount(row.thousandths, row.currency),
        touches=tuple(
            Touch(
                lens=Lens(one.lens),
                post=one.number,
                platform=one.platform,
                campaign=one.campaign,
                is_paid=one.is_paid,
            )
            for one in touches
            if one.conversion_id == row.conversion_id
        ),
    )

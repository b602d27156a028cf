"""Conversions, counted by the database."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update
from typing_extensions import override

from bot.amount import Amount
from bot.conversion import Conversion, Credit, Dimension, Lens, Total, Touch
from bot.conversion_store import ConversionStore
from storage.stores.conversion_counts import has_uncounted, sum_up
from storage.stores.conversion_statements import in_span
from storage.stores.conversion_sums import Sums
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
        self._sums = Sums(unit)

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

    @override
    def totals(self, since: datetime, until: datetime) -> tuple[Total, ...]:
        return self._sums.totals(since, until)

    @override
    def sources(self, type_key: str, since: datetime, until: datetime) -> Mapping[str, int]:
        rows = self._unit.connection.execute(
            select(_c.source, func.sum(_c.count).label("total"))
            .where(self._unit.here(conversion), in_span(since, until), _c.type_key == type_key)
            .group_by(_c.source)
        )
        return {row.source: int(row.total) for row in rows}

    @override
    def credits(self, dimension: Dimension, since: datetime, until: datetime) -> tuple[Credit, ...]:
        return self._sums.credits(dimension, since, until)

    @override
    def of_post(self, number: int) -> tuple[Credit, ...]:
        return self._sums.of_post(number)

    @override
    def has_uncounted(self, least: int) -> bool:
        return has_uncounted(self._unit, least)

    @override
    def sum_up(self, *, limit: int) -> int:
        return sum_up(self._unit, limit)


_CONVERSION = conversion  # the name is also an argument above


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

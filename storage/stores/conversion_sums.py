"""What conversions add up to in a span: whole days as they were counted, the rest row by row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Subquery,
    and_,
    cast,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy import case as when

from bot.amount import amounts_of
from bot.conversion import Credit, Dimension, Lens, Total
from storage.tables import conversion, conversion_count, conversion_touch, submission, uncounted
from storage.unit import Unit

_c, _t, _n = conversion.c, conversion_touch.c, conversion_count.c

TOTAL, POSTS, ANY = "total", "posts", ""

FEW_DAYS = timedelta(days=3)
"""In fewer whole days than these there is nothing to win."""

AT_ONCE = 500
"""How many posts are asked for in one statement."""

_IS_ITS = and_(_t.workspace_id == _c.workspace_id, _t.conversion_id == _c.conversion_id)
_OF_SUBMISSION: Mapping[Dimension, ColumnElement[Any]] = {
    Dimension.CONTENT_TYPE: submission.c.fields["content_type"].as_string(),
    Dimension.GOAL: submission.c.goal_id,
}
"""What is asked of the post's row, and may change: counts know posts, and nothing of this."""


def _of_post(asked: ColumnElement[Any]) -> ColumnElement[Any]:
    """Not joined: SQLite would begin with all posts, and go through all that they ever brought."""
    is_it = and_(submission.c.workspace_id == _t.workspace_id, submission.c.number == _t.number)
    return select(asked).where(is_it).correlate(conversion_touch).scalar_subquery()


_KEYS: Mapping[Dimension, ColumnElement[Any]] = {
    Dimension.POST: cast(_t.number, String),
    Dimension.PLATFORM: _t.platform,
    Dimension.CAMPAIGN: _t.campaign,
    Dimension.PAID: when((_t.is_paid, literal("paid")), else_=literal("organic")),
    **{dimension: _of_post(asked) for dimension, asked in _OF_SUBMISSION.items()},
}

_Part = tuple[int, ColumnElement[bool]]
"""Rows that are to be read, and whether they count or are taken off: 1 or -1."""


@dataclass(frozen=True, slots=True)
class _Days:
    """The whole days in UTC that are nearest to a span: from `first` up to and without `after`."""

    first: datetime
    after: datetime

    @property
    def counted(self) -> ColumnElement[bool]:
        """The counts of these days."""
        return and_(_n.day >= self.first.date(), _n.day < self.after.date())


class _Adding:
    """Adds up counts and entries under keys."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str | None], list[int]] = {}

    def add(self, lens: str, type_key: str, key: str | None, count: int, entries: int) -> None:
        sums = self._found.setdefault((lens, type_key, key), [0, 0])
        sums[0] += int(count)
        sums[1] += int(entries)

    def credits(self) -> tuple[Credit, ...]:
        """All of which there is any."""
        return tuple(
            Credit(lens=Lens(lens), type_key=type_key, key=key, count=count, entries=entries)
            for (lens, type_key, key), (count, entries) in self._found.items()
            if entries
        )


class Sums:
    """Reads them for one transaction."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def span(self, since: datetime, until: datetime) -> ColumnElement[bool]:
        """What happened in [since, until) and counts."""
        return and_(
            self._unit.here(conversion),
            _c.occurred_at >= since,
            _c.occurred_at < until,
            _c.undone_at.is_(None),
        )

    def totals(self, since: datetime, until: datetime) -> tuple[Total, ...]:
        """All of it, by type."""
        days = self._days(since, until)
        sums: dict[str, dict[str, list[int]]] = {}
        rows = [] if days is None else list(self._counted(TOTAL, days))
        for row in [*rows, *self._rows(self._parts(since, until, days))]:
            of_type = sums.setdefault(row.type_key, {}).setdefault(row.key or "", [0, 0, 0])
            for place, value in enumerate((row.total, row.entries, row.thousandths)):
                of_type[place] += int(value or 0)
        found = (_total(key, by_currency) for key, by_currency in sorted(sums.items()))
        return tuple(total for total in found if total.entries)

    def credits(self, dimension: Dimension, since: datetime, until: datetime) -> tuple[Credit, ...]:
        """What it is put down to."""
        days, adding = self._days(since, until), _Adding()
        if days is not None:
            of_posts = dimension is Dimension.POST or dimension in _OF_SUBMISSION
            counted = self._counted(POSTS if of_posts else dimension.value, days)
            for row in self._by_post(dimension, counted) if of_posts else counted:
                adding.add(
                    row.lens, row.type_key, row.key or None, int(row.total), int(row.entries)
                )
        self._read(dimension, self._parts(since, until, days), adding)
        return adding.credits()

    def of_post(self, number: int) -> tuple[Credit, ...]:
        """What was ever put down to one post."""
        here, adding = self._unit.here(conversion_touch), _Adding()
        only = and_(here, _t.number == number, _c.undone_at.is_(None))
        self._read(Dimension.POST, [(1, only)], adding)
        return tuple(one for one in adding.credits() if one.key is not None)

    def _days(self, since: datetime, until: datetime) -> _Days | None:
        """None where nothing of the span was counted, or it is too short."""
        days = _Days(_midnight(since), _midnight(until))
        if days.after - days.first < FEW_DAYS:
            return None
        is_any = self._unit.connection.execute(
            select(literal(1))
            .where(self._unit.here(conversion_count), _n.dimension == TOTAL, days.counted)
            .limit(1)
        ).first()
        return days if is_any else None

    def _parts(self, since: datetime, until: datetime, days: _Days | None) -> list[_Part]:
        """What has to be read row by row beside the days."""
        if days is None:
            return [(1, self.span(since, until))]
        first, after = days.first, days.after
        edges = ((1, since, first), (-1, first, since), (1, after, until), (-1, until, after))
        found = [(sign, self.span(start, end)) for sign, start, end in edges if start < end]
        inside = and_(
            self._unit.here(conversion), _c.occurred_at >= first, _c.occurred_at < after, uncounted
        )
        # `is_counted` says it alone: with `undone_at`, SQLite would go through all of the days.
        return [
            *found,
            (1, and_(inside, _c.is_counted.is_(False))),
            (-1, and_(inside, _c.is_counted.is_(True))),
        ]

    def _counted(self, dimension: str, days: _Days) -> Sequence[Any]:
        return self._unit.connection.execute(
            select(
                _n.lens,
                _n.type_key,
                _n.key,
                func.sum(_n.count).label("total"),
                func.sum(_n.entries).label("entries"),
                func.sum(_n.thousandths).label("thousandths"),
            )
            .where(self._unit.here(conversion_count), _n.dimension == dimension, days.counted)
            .group_by(_n.lens, _n.type_key, _n.key)
        ).all()

    def _by_post(self, dimension: Dimension, counted: Sequence[Any]) -> Iterable[Any]:
        """The counts of sets of posts, as those of what each set stands for."""
        numbers = sorted({int(one) for row in counted for one in row.key.split(",")})
        names = self._names(dimension, numbers)
        for row in counted:
            keys = {names.get(int(one)) for one in row.key.split(",")} - {None}
            for key in (*keys, *([None] if keys else [])):
                yield _Counted(row.lens, row.type_key, key, row.total, row.entries)

    def _names(self, dimension: Dimension, numbers: Sequence[int]) -> Mapping[int, str | None]:
        """What each post stands for."""
        if dimension is Dimension.POST:
            return {number: str(number) for number in numbers}
        found: dict[int, str | None] = {}
        for start in range(0, len(numbers), AT_ONCE):
            rows = self._unit.connection.execute(
                select(submission.c.number, _OF_SUBMISSION[dimension].label("key")).where(
                    self._unit.here(submission),
                    submission.c.number.in_(numbers[start : start + AT_ONCE]),
                )
            )
            found |= {row.number: row.key for row in rows}
        return found

    def _rows(self, parts: Sequence[_Part]) -> Sequence[Any]:
        """The totals of what is read row by row."""
        every = _together(
            select(literal(sign).label("sign"), _c.type_key, _c.currency, _c.count, _c.thousandths)
            .select_from(conversion)
            .where(only)
            for sign, only in parts
        ).subquery("by_key")
        sign, of = every.c.sign, every.c
        return self._unit.connection.execute(
            select(
                of.type_key,
                of.currency.label("key"),
                func.sum(sign * of.count).label("total"),
                func.sum(sign).label("entries"),
                func.sum(sign * of.thousandths).label("thousandths"),
            ).group_by(of.type_key, of.currency)
        ).all()

    def _read(self, dimension: Dimension, parts: Sequence[_Part], adding: _Adding) -> None:
        """Row by row: each conversion once per key, and once more for any key at all."""
        by_key = _together(_once(dimension, *part) for part in parts).subquery("by_key")
        of = by_key.c
        at_all = (
            select(of.sign, of.lens, of.type_key, of.conversion_id, of.count)
            .where(of.key.is_not(None))
            .distinct()
            .subquery("at_all")
        )
        for row in self._unit.connection.execute(
            _summed(by_key, of.key).where(of.key.is_not(None))
        ):
            adding.add(row.lens, row.type_key, row.key, row.total, row.entries)
        for row in self._unit.connection.execute(_summed(at_all)):
            adding.add(row.lens, row.type_key, None, row.total, row.entries)


@dataclass(frozen=True, slots=True)
class _Counted:
    lens: str
    type_key: str
    key: str | None
    total: int
    entries: int


def _midnight(moment: datetime) -> datetime:
    """The nearest in UTC."""
    later = moment.astimezone(UTC) + timedelta(hours=12)
    return datetime(later.year, later.month, later.day, tzinfo=UTC)


def _together(parts: Iterable[Select[Any]]) -> Any:
    every = list(parts)
    return every[0] if len(every) == 1 else union_all(*every)


def _once(dimension: Dimension, sign: int, only: ColumnElement[bool]) -> Select[Any]:
    return (
        select(
            literal(sign).label("sign"),
            _t.lens,
            _c.type_key,
            _KEYS[dimension].label("key"),
            _c.conversion_id,
            _c.count,
        )
        .join_from(conversion, conversion_touch, _IS_ITS)
        .where(only)
        .distinct()
    )


def _summed(each: Subquery, *key: ColumnElement[Any]) -> Select[Any]:
    groups = [each.c.lens, each.c.type_key, *key]
    return select(
        *groups,
        func.sum(each.c.sign * each.c.count).label("total"),
        func.sum(each.c.sign).label("entries"),
    ).group_by(*groups)


def _total(type_key: str, by_currency: Mapping[str, Sequence[int]]) -> Total:
    return Total(
        type_key=type_key,
        count=sum(sums[0] for sums in by_currency.values()),
        entries=sum(sums[1] for sums in by_currency.values()),
        amounts=amounts_of(
            {currency: sums[2] for currency, sums in by_currency.items() if currency and sums[1]}
        ),
    )

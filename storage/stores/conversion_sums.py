"""What conversions add up to in a span: whole days as they were counted, the rest row by row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.amount import amounts_of
from bot.conversion import Credit, Dimension, Lens, Total
from storage.prepared import Prepared, Record
from storage.stores.conversion_statements import (
    OF_SUBMISSION,
    TOTAL,
    Of,
    Shape,
    counted_days,
    has_counted,
    names_of_posts,
    totals,
    touched,
)
from storage.unit import Unit, spread

POSTS, ANY = "posts", ""

FEW_DAYS = timedelta(days=3)
"""In fewer whole days than these there is nothing to win."""

AT_ONCE = 500
"""How many posts are asked for in one statement."""


@dataclass(frozen=True, slots=True)
class _Parts:
    """What is read row by row, and the values that say where it begins and ends."""

    shape: Shape
    values: Mapping[str, Any]


def _in_spans(*spans: tuple[int, Of, datetime, datetime]) -> _Parts:
    values: dict[str, datetime] = {}
    for place, (_, _, since, until) in enumerate(spans):
        values |= {f"since_{place}": since, f"until_{place}": until}
    return _Parts(tuple((sign, of) for sign, of, _, _ in spans), values)


@dataclass(frozen=True, slots=True)
class _Days:
    """The whole days in UTC that are nearest to a span: from `first` up to and without `after`."""

    first: datetime
    after: datetime

    @property
    def values(self) -> Mapping[str, Any]:
        """For statements about the counts of these days."""
        return {"first_day": self.first.date(), "after_day": self.after.date()}


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

    def totals(self, since: datetime, until: datetime) -> tuple[Total, ...]:
        """All of it, by type."""
        days = self._days(since, until)
        sums: dict[str, dict[str, list[int]]] = {}
        rows = [] if days is None else list(self._counted(TOTAL, days))
        parts = self._parts(since, until, days)
        for row in [*rows, *self._found(totals(parts.shape), parts.values)]:
            of_type = sums.setdefault(row.type_key, {}).setdefault(row.key or "", [0, 0, 0])
            for place, value in enumerate((row.total, row.entries, row.thousandths)):
                of_type[place] += int(value or 0)
        found = (_total(key, by_currency) for key, by_currency in sorted(sums.items()))
        return tuple(total for total in found if total.entries)

    def credits(self, dimension: Dimension, since: datetime, until: datetime) -> tuple[Credit, ...]:
        """What it is put down to."""
        days, adding = self._days(since, until), _Adding()
        if days is not None:
            of_posts = dimension is Dimension.POST or dimension in OF_SUBMISSION
            counted = self._counted(POSTS if of_posts else dimension.value, days)
            for row in self._by_post(dimension, counted) if of_posts else counted:
                adding.add(
                    row.lens, row.type_key, row.key or None, int(row.total), int(row.entries)
                )
        self._read(dimension, self._parts(since, until, days), adding)
        return adding.credits()

    def of_post(self, number: int) -> tuple[Credit, ...]:
        """What was ever put down to one post."""
        adding = _Adding()
        self._read(Dimension.POST, _Parts(((1, Of.POST),), {"number": number}), adding)
        return tuple(one for one in adding.credits() if one.key is not None)

    def _days(self, since: datetime, until: datetime) -> _Days | None:
        """None where nothing of the span was counted, or it is too short."""
        days = _Days(_midnight(since), _midnight(until))
        if days.after - days.first < FEW_DAYS:
            return None
        return days if self._found(has_counted(), days.values) else None

    def _parts(self, since: datetime, until: datetime, days: _Days | None) -> _Parts:
        """What has to be read row by row beside the days."""
        if days is None:
            return _in_spans((1, Of.SPAN, since, until))
        first, after = days.first, days.after
        edges = ((1, since, first), (-1, first, since), (1, after, until), (-1, until, after))
        return _in_spans(
            *((sign, Of.SPAN, start, end) for sign, start, end in edges if start < end),
            (1, Of.NEW, first, after),
            (-1, Of.UNDONE, first, after),
        )

    def _counted(self, dimension: str, days: _Days) -> Sequence[Any]:
        return self._found(counted_days(), {"of_dimension": dimension, **days.values})

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
            listed = spread("number", numbers[start : start + AT_ONCE])
            rows = self._found(names_of_posts(dimension, len(listed)), listed)
            found |= {row.number: row.key for row in rows}
        return found

    def _read(self, dimension: Dimension, parts: _Parts, adding: _Adding) -> None:
        each, at_all = touched(dimension, parts.shape)
        for row in self._found(each, parts.values):
            adding.add(row.lens, row.type_key, row.key, row.total, row.entries)
        for row in self._found(at_all, parts.values):
            adding.add(row.lens, row.type_key, None, row.total, row.entries)

    def _found(self, statement: Prepared, values: Mapping[str, Any]) -> list[Record]:
        here = {"in_workspace": self._unit.workspace_id}
        return statement.all(self._unit.connection, {**here, **values})


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


def _total(type_key: str, by_currency: Mapping[str, Sequence[int]]) -> Total:
    return Total(
        type_key=type_key,
        count=sum(sums[0] for sums in by_currency.values()),
        entries=sum(sums[1] for sums in by_currency.values()),
        amounts=amounts_of(
            {currency: sums[2] for currency, sums in by_currency.items() if currency and sums[1]}
        ),
    )

"""Numbers and days as people and programs write them into files, read without guessing.

“1,234” is one number in Vienna and another one in Boston, and so is 3/4/2026 a day. What a file
leaves no doubt about elsewhere decides; where nothing does, the cell is refused.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum
from typing import TypeVar

from bot.periods import instant
from bot.text import clean

Cell = str | float
"""A text, or a number where the file knows that it is one."""

T = TypeVar("T")
K = TypeVar("K", bound=StrEnum)


class Mark(StrEnum):
    """What stands before the decimals."""

    POINT = "."
    COMMA = ","


class Order(StrEnum):
    """What comes first in 3/4/2026."""

    DAY_FIRST = "day"
    MONTH_FIRST = "month"


@dataclass(frozen=True, slots=True)
class Habits:
    """How a file writes; None where it does not tell, or tells both."""

    mark: Mark | None = None
    order: Order | None = None


@dataclass(frozen=True, slots=True)
class Wall:
    """A day, the time `at` on it if one is said, and how far `ahead` of UTC that is, if said."""

    day: date
    at: time | None = None
    ahead: timedelta | None = None


YEARS = range(1970, 2200)
"""Days of other years are slips."""


class DoubtError(Exception):
    """A cell that is none of what is wanted, or could be two things. The text says so, and goes on
    behind “This …”.
    """


_SPACES = " \u00a0\u2009\u202f'’"
"""What parts thousands in many countries and is never a decimal mark."""

_GROUPED = re.compile(rf"([1-9]\d{{0,2}})((?:[{_SPACES}]\d{{3}})+)(?=$|[.,])")


def _numbers(text: str) -> Mapping[Mark, float]:
    """What a text means as a number, by the mark that it would be written with."""
    text = clean(text).replace("\u2212", "-")
    sign, digits = (text[0], text[1:]) if text[:1] in {"+", "-"} else ("", text)
    digits = _GROUPED.sub(lambda m: m[1] + re.sub(rf"[{_SPACES}]", "", m[2]), digits)
    found: dict[Mark, float] = {}
    for mark, other in ((Mark.POINT, ","), (Mark.COMMA, ".")):
        shape = rf"(?:\d+|[1-9]\d{{0,2}}(?:\{other}\d{{3}})+)(?:\{mark}\d+)?"
        if len(digits) <= 40 and digits.isascii() and re.fullmatch(shape, digits):
            found[mark] = float(sign + digits.replace(other, "").replace(mark, "."))
    return found


_DATE = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s?(Z|UTC|[+-]\d{2}:?\d{2})?")


def _days(text: str) -> Mapping[Order, date]:
    """What a text means as a day, by what it would begin with."""
    match = _DATE.fullmatch(text)
    if match is None or not text.isascii():
        return {}
    first, sign, middle, last = match.groups()
    if len(first) == 4:
        orders = dict.fromkeys(Order, (first, middle, last))
    elif sign == ".":  # nobody who writes dots begins with the month
        orders = {Order.DAY_FIRST: (last, middle, first)}
    else:
        orders = {Order.DAY_FIRST: (last, middle, first), Order.MONTH_FIRST: (last, first, middle)}
    found = {order: _day(*parts) for order, parts in orders.items()}
    return {order: day for order, day in found.items() if day is not None}


def _day(year: str, month: str, day: str) -> date | None:
    if len(year) not in {2, 4} or len(day) > 2:
        return None
    try:
        found = date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except ValueError:
        return None
    return found if found.year in YEARS else None


def _split(text: str) -> tuple[str, str]:
    """The day and the time in a text."""
    day, _, time_of_day = clean(text).replace("T", " ", 1).partition(" ")
    return day.rstrip(","), time_of_day.strip()


def habits_of(numbers: Iterable[Cell], days: Iterable[Cell]) -> Habits:
    """How a file writes, by those of its cells that can be read in one way alone."""
    marks = (_numbers(cell) for cell in numbers if isinstance(cell, str))
    orders = (_days(_split(cell)[0]) for cell in days if isinstance(cell, str))
    return Habits(_told(marks), _told(orders))


def _told(found: Iterable[Mapping[K, object]]) -> K | None:
    """The one that all agree on who can be read in one way alone."""
    sure = {next(iter(one)) for one in found if len(one) == 1}
    return sure.pop() if len(sure) == 1 else None


def number_in(cell: Cell, habits: Habits) -> float:
    """The number in a cell; raises DoubtError."""
    if not isinstance(cell, str):
        return cell
    found = _numbers(cell)
    if not found:
        raise DoubtError("is no number, like 1234.5")
    values = set(found.values())
    if len(values) == 1:
        return values.pop()
    if habits.mark is None:
        raise DoubtError(f"may be {found[Mark.POINT]:.15g} or {found[Mark.COMMA]:.15g}")
    return found[habits.mark]


def wall_in(cell: Cell, habits: Habits) -> Wall:
    """The day in a cell, with its time if one is there; raises DoubtError."""
    if not isinstance(cell, str):
        raise DoubtError("is a number, and no day like 2026-11-30")
    day_text, time_text = _split(cell)
    found = _days(day_text)
    days = set(found.values())
    if not days:
        raise DoubtError("is no day, like 2026-11-30")
    if len(days) == 1:
        day = days.pop()
    elif habits.order is None:
        may_be = " or ".join(day.isoformat() for day in sorted(days))
        raise DoubtError(f"may be {may_be}")
    else:
        day = found[habits.order]
    if not time_text:
        return Wall(day)
    return _with_time(day, time_text)


def _with_time(day: date, text: str) -> Wall:
    match = _TIME.fullmatch(text)
    if match is None or not text.isascii():
        raise DoubtError("has a time that can't be read; 14:30 can")
    hour, minute, second, zone = match.groups()
    try:
        at = time(int(hour), int(minute), int(second or 0))
        ahead = None if zone is None else _ahead(zone)
    except ValueError:
        raise DoubtError("has a time that no day has") from None
    return Wall(day, at, ahead)


def _ahead(zone: str) -> timedelta:
    """How far a zone like "+01:00" is ahead of UTC; raises ValueError for more than a day."""
    if zone in {"Z", "UTC"}:
        return timedelta()
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    ahead = timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)
    timezone(ahead)
    return ahead


def moment_of(wall: Wall, missing: time, tz: str) -> datetime:
    """The moment of `wall`, in UTC: at `missing` where it has no time, in `tz` where no zone."""
    at = wall.at or missing
    if wall.ahead is None:
        return instant(wall.day, at, tz)
    return datetime.combine(wall.day, at, tzinfo=timezone(wall.ahead)).astimezone(UTC)

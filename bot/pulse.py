"""The pulse: once a quarter one question, how well social is integrated, from 1 to 7 (P29).

**Anonymous, for who has the database too.** A quarter is one row. It holds a mark for each who has
answered, in the order of the marks, and how often each answer was given. A mark is a keyed hash,
and the key is no part of the database: neither the row, nor an older version of it, nor two backups
around one answer tell whose answer that was. No answer has a time, and nothing else is written
beside it, not even that somebody's Home tab is to be shown anew. Who runs the process could find
out, as they could change what it does.

Fewer than five are not asked, since their numbers would never be shown. Numbers are shown once no
answer can come any more, and from five on: as long as they move, a look before and one after would
give an answer away. Where all gave the same answer, the average says so; no counting can hide that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

SURVEY = 3.9
"""The average that marketers gave themselves in a published survey: a self-assessment, no norm."""

SCALE = range(1, 8)
LEAST = 5
"""Of fewer answers nothing is shown: they could be guessed. Fewer people are not asked."""

ASKED_ON_DAY = 10
"""The day of a quarter's last month on which it is asked, or the next one that is worked."""

MARGIN = timedelta(hours=12)
"""So long after midnight in UTC a quarter is over everywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """One quarter, as "2026-Q4". `ask_at` is when it is asked, None once it was; `asked` how many
    were. `answered` are marks of those who have answered, `counts` how often each answer was
    given.
    """

    quarter: str
    ask_at: datetime | None = None
    asked: int = 0
    answered: tuple[str, ...] = ()
    counts: Mapping[int, int] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many answers there are."""
        return sum(self.counts.values())

    @property
    def mean(self) -> float:
        """Their average; raises ZeroDivisionError without any."""
        return sum(value * count for value, count in self.counts.items()) / self.size


@dataclass(frozen=True, slots=True, kw_only=True)
class PulseQuestion:
    """The question of a quarter, for one person; answers are taken up to `until`, a day."""

    quarter: str
    until: date


def quarter_of(day: date) -> str:
    """The quarter of a day: "2026-Q4"."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def next_quarter(quarter: str) -> str:
    """The one that follows."""
    return quarter_of(end_of(quarter))


def end_of(quarter: str) -> date:
    """The first day after a quarter."""
    year, number = _parts(quarter)
    return date(year + number // 4, number % 4 * 3 + 1, 1)


def ask_day(quarter: str) -> date:
    """The day on which it is asked, if that is worked."""
    year, number = _parts(quarter)
    return date(year, number * 3, ASKED_ON_DAY)


def is_open(quarter: str, now: datetime) -> bool:
    """Whether answers are still taken."""
    return now < datetime.combine(end_of(quarter), time.min, UTC) + MARGIN


def is_shown(pulse: Pulse, now: datetime) -> bool:
    """Whether its numbers may be seen: no answer can come any more, and there are enough."""
    return not is_open(pulse.quarter, now) and pulse.size >= LEAST


def has_answered(pulse: Pulse, marks: Sequence[str]) -> bool:
    """Whether one of somebody's marks is among those who have answered."""
    return any(mark in pulse.answered for mark in marks)


def with_answer(pulse: Pulse, marks: Sequence[str], value: int) -> Pulse | None:
    """The quarter with one more answer, by whom these marks stand for, the newest first; None for
    who has answered before.
    """
    if has_answered(pulse, marks):
        return None
    counts = {one: pulse.counts.get(one, 0) + (one == value) for one in SCALE}
    return replace(pulse, answered=tuple(sorted((*pulse.answered, marks[0]))), counts=counts)


def trend(shown: Sequence[Pulse]) -> float | None:
    """How much the newest of these, the newest first, differs from the one before; None without."""
    return shown[0].mean - shown[1].mean if len(shown) > 1 else None


def _parts(quarter: str) -> tuple[int, int]:
    year, _, number = quarter.partition("-Q")
    return int(year), int(number)

"""The pulse: once a quarter one question, how well social is integrated, from 1 to 7 (P29).

**Anonymous, for the operator too.** A quarter is one row. It holds who has answered, as hashes in
the order of the hashes, and how often each answer was given. No answer stands beside a person, none
has a time, and each one rewrites the whole row: neither the order of rows nor a database's own row
versions tell which came with which. That somebody has answered can be worked out by who has the
database and their id; what they answered can't. Numbers are shown once no answer can come any more,
and from five on: as long as they move, a look before and one after would give an answer away. What
is left is a copy of the database before and one after a single answer; nothing that counts each
person once could keep that secret from somebody who takes both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from hashlib import blake2b

SURVEY = 3.9
"""The average that marketers gave themselves in a published survey: a self-assessment, no norm."""

SCALE = range(1, 8)
LEAST = 5
"""Of fewer answers nothing is shown: they could be guessed."""

ASKED_ON_DAY = 10
"""The day of a quarter's last month on which it is asked, or the next one that is worked."""

MARGIN = timedelta(hours=12)
"""So long after midnight in UTC a quarter is over everywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """One quarter, as "2026-Q4". `ask_at` is when it is asked, None once it was; `asked` how many
    were. `answered` are hashes of those who have answered, `counts` how often each answer was
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


def with_answer(pulse: Pulse, user_id: str, value: int) -> Pulse | None:
    """The quarter with one more answer; None for who has answered before."""
    mark = mark_of(pulse.quarter, user_id)
    if mark in pulse.answered:
        return None
    counts = {one: pulse.counts.get(one, 0) + (one == value) for one in SCALE}
    return replace(pulse, answered=tuple(sorted((*pulse.answered, mark))), counts=counts)


def mark_of(quarter: str, user_id: str) -> str:
    """What stands for somebody among those who have answered, another each quarter."""
    return blake2b(user_id.encode(), key=quarter.encode(), digest_size=16).hexdigest()


def trend(shown: Sequence[Pulse]) -> float | None:
    """How much the newest of these, the newest first, differs from the one before; None without."""
    return shown[0].mean - shown[1].mean if len(shown) > 1 else None


def _parts(quarter: str) -> tuple[int, int]:
    year, _, number = quarter.partition("-Q")
    return int(year), int(number)

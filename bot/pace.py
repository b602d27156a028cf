"""How a goal stands against its target and against linear pace, rising or falling.

Linear pace: a period of 90 days brings a 90th of the way each day; what counts are the days that
are over, so a goal has until the end of its last day.
"""

import math
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """From `baseline` to `target` within the days from `first_day` to `last_day`, both included.

    The target may lie below the baseline.
    """

    baseline: float
    target: float
    first_day: date
    last_day: date

    @property
    def days(self) -> int:
        """How many days the period has."""
        return (self.last_day - self.first_day).days + 1


class Verdict(StrEnum):
    """How a goal stands. STALE is what nobody has kept up to date, which its course can't tell."""

    NOT_STARTED = "not_started"
    UNKNOWN = "unknown"
    STALE = "stale"
    BEHIND = "behind"
    ON_PACE = "on_pace"
    REACHED = "reached"
    MISSED = "missed"


def elapsed(course: Course, on: date) -> Fraction:
    """The share of the period that is over when the day `on` begins, from 0 to 1."""
    over = min(max((on - course.first_day).days, 0), course.days)
    return Fraction(over, course.days)


def expected(course: Course, on: date) -> float:
    """Where linear pace is when the day `on` begins, as it is shown: between whole
    numbers whole steps that are over, else two decimals.
    """
    baseline, way = Fraction(course.baseline), Fraction(course.target) - Fraction(course.baseline)
    gone = way * elapsed(course, on)
    if _is_whole(course.baseline) and _is_whole(course.target):
        return float(baseline + math.trunc(gone))
    return round(float(baseline + gone), 2)


def _is_whole(value: float) -> bool:
    return float(value).is_integer()


def is_at_least(course: Course, value: float, mark: float) -> bool:
    """Whether `value` is as far as `mark` in the direction of the target."""
    return value >= mark if course.target >= course.baseline else value <= mark


def gap(course: Course, value: float, on: date) -> float:
    """How far `value` is behind linear pace, as a share of the whole way; negative when ahead."""
    return (expected(course, on) - value) / (course.target - course.baseline)


def verdict(course: Course, value: float | None, on: date) -> Verdict:
    """How a goal stands when the day `on` begins; `value` is None while nobody knows it."""
    if on < course.first_day:
        return Verdict.NOT_STARTED
    is_over = on > course.last_day
    if value is None:
        return Verdict.MISSED if is_over else Verdict.UNKNOWN
    if is_at_least(course, value, course.target):
        return Verdict.REACHED
    if is_over:
        return Verdict.MISSED
    on_pace = is_at_least(course, value, expected(course, on))
    return Verdict.ON_PACE if on_pace else Verdict.BEHIND

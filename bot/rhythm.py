"""How often who keeps a goal is asked where it stands, and when: a day before a digest tells of it,
in working time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.periods import instant, local_date
from bot.working_time import WorkingHours

AHEAD = timedelta(days=1)
"""How long before a digest its goals are asked about."""

LAST_CALL = timedelta(minutes=15)
"""So long before the digest a question counts as not answered, so that the digest can say so."""

OPEN_FOR = timedelta(days=3)
"""How long a question stands that comes before no digest."""

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_FRIDAY, _TEN = 4, time(10)


class Rhythm(StrEnum):
    """When the keeper of a goal is asked."""

    DIGEST = "digest"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Asking:
    """A question at the moment `at`, which counts as not answered from `until` on."""

    at: datetime
    until: datetime


def before_digest(due: datetime, hours: WorkingHours) -> Asking:
    """The question before the digest that is due then."""
    return Asking(working_day(due - AHEAD, hours), due - LAST_CALL)


def by_calendar(rhythm: Rhythm, after: datetime, tz: str, hours: WorkingHours) -> Asking:
    """The first question after `after` that goes by the calendar in `tz`: on Fridays at ten, or at
    ten on the last weekday of a month.
    """
    day = local_date(after, tz)
    while True:
        if _is_its_day(rhythm, day):
            at = working_day(instant(day, _TEN, tz), hours)
            if at > after:
                return Asking(at, at + OPEN_FOR)
        day += _DAY


def _is_its_day(rhythm: Rhythm, day: date) -> bool:
    if rhythm is not Rhythm.MONTHLY:
        return day.weekday() == _FRIDAY
    return day.weekday() <= _FRIDAY and (day + _to_weekday(day)).month != day.month


def _to_weekday(day: date) -> timedelta:
    """How long it is to the next day from Monday to Friday."""
    return timedelta(days=max(1, 7 - day.weekday() if day.weekday() >= _FRIDAY else 1))


def working_day(moment: datetime, hours: WorkingHours) -> datetime:
    """The same time on the last working day up to `moment`, within its working time."""
    local = moment.astimezone(ZoneInfo(hours.tz))
    day, wall = local.date(), local.time().replace(tzinfo=None)
    while day.weekday() not in hours.weekdays:
        day -= _DAY
    if wall < hours.start:
        wall = hours.start
    elif wall >= hours.end:
        latest = datetime.combine(day, hours.end) - _HOUR
        wall = max(hours.start, latest.time()) if latest.date() == day else hours.start
    return instant(day, wall, hours.tz)


def period_of(rhythm: Rhythm, at: datetime, tz: str) -> str:
    """The period that a question at `at` is for: a goal is asked about once a week at most, however
    many digests there are.
    """
    day = local_date(at, tz)
    if rhythm is Rhythm.MONTHLY:
        return f"{day:%Y-%m}"
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def first_of(askings: Sequence[Asking], after: datetime) -> Asking | None:
    """The first that is still to come."""
    return min((one for one in askings if one.at > after), key=lambda one: one.at, default=None)

"""Working time: when somebody with working hours in a zone is due, and how long they had.

Hours are local wall times, moments are UTC. A working day begins at the first moment at which
clocks show its start or later, and ends at the first at which they show its end or later. So what
a day skips is not worked (02:00 to 05:00 is two hours in spring), what it has twice counts twice
(and is four in autumn), and a day that a zone left out has no working time.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache, partial
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LONGEST_AHEAD = timedelta(days=366)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingHours:
    """From `start` to `end`, local wall times of the same day, on `weekdays` (0 is Monday), in the
    IANA zone `tz`. Raises ValueError with a sentence for hours that nobody can work.
    """

    start: time = time(9)
    end: time = time(17)
    weekdays: frozenset[int] = frozenset(range(5))
    tz: str = "UTC"

    def __post_init__(self) -> None:
        if self.start.tzinfo or self.end.tzinfo:
            raise ValueError("Working hours are local times; the zone stands beside them.")
        if self.start >= self.end:
            raise ValueError(
                f"Working hours must start before they end, on the same day: {self.start:%H:%M} is "
                f"not before {self.end:%H:%M}."
            )
        if not self.weekdays:
            raise ValueError("Working hours need at least one weekday.")
        if not self.weekdays <= set(range(7)):
            raise ValueError("Weekdays of working hours must be monday to sunday (0 to 6).")
        try:
            ZoneInfo(self.tz)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # OSError: "Europe"
            raise ValueError(f"“{self.tz}” is no time zone like Europe/Berlin.") from error


def after_working_time(moment: datetime, amount: timedelta, hours: WorkingHours) -> datetime:
    """The first moment, in UTC, by which `amount` of working time has passed since `moment`.

    Monday 09:00 plus eight hours of 9 to 17 is Monday 17:00, not Tuesday 09:00. No time at all is
    the moment itself, working or not. Raises ValueError for a negative amount, and when the answer
    lies more than about a year ahead.
    """
    if amount < timedelta():
        raise ValueError("Working time can't be negative.")
    if not amount:
        return moment.astimezone(UTC)
    left = amount
    for begin, end in _spans(moment, hours):
        if begin - moment > LONGEST_AHEAD:
            break
        if left <= end - begin:
            return begin + left
        left -= end - begin
    raise ValueError("That is more working time than a year has.")


def before_working_time(moment: datetime, amount: timedelta, hours: WorkingHours) -> datetime:
    """The last moment, in UTC, from which `amount` of working time is left until `moment`: what
    `after_working_time` takes back to `moment`, or to the end of the working time before it.

    No time at all is the moment itself. Raises ValueError as `after_working_time` does.
    """
    if amount < timedelta():
        raise ValueError("Working time can't be negative.")
    if not amount:
        return moment.astimezone(UTC)
    left = amount
    for begin, end in _spans_back(moment, hours):
        if moment - end > LONGEST_AHEAD:
            break
        if left <= end - begin:
            return end - left
        left -= end - begin
    raise ValueError("That is more working time than a year has.")


def working_time_between(start: datetime, end: datetime, hours: WorkingHours) -> timedelta:
    """How much working time lies between two moments; none when `end` is not after `start`."""
    passed = timedelta()
    for begins, ends in _spans(start, hours):
        if begins >= end:
            break
        passed += min(ends, end) - begins
    return passed


def next_working_moment(moment: datetime, hours: WorkingHours) -> datetime:
    """The first working moment, in UTC, from `moment` on: itself when that is one."""
    return next(_spans(moment, hours))[0]


def is_working(moment: datetime, hours: WorkingHours) -> bool:
    """Whether `moment` lies in working time. The start of a day does, its end does not."""
    return next_working_moment(moment, hours) == moment


def _spans(since: datetime, hours: WorkingHours) -> Iterator[tuple[datetime, datetime]]:
    """The stretches of working time from `since` on, in UTC, in order, none of them empty."""
    span_of, since = _spans_of(hours), since.astimezone(UTC)
    # Where clocks went back over midnight, the date before this one may come once more.
    day = since.astimezone(ZoneInfo(hours.tz)).date() - DAY
    while True:
        begin, end = span_of(day)
        begin = max(begin, since)
        if begin < end:
            yield begin, end
        day += DAY


def _spans_back(until: datetime, hours: WorkingHours) -> Iterator[tuple[datetime, datetime]]:
    """The same up to `until`, the last first."""
    span_of, until = _spans_of(hours), until.astimezone(UTC)
    day = until.astimezone(ZoneInfo(hours.tz)).date() + DAY
    while True:
        begin, end = span_of(day)
        end = min(end, until)
        if begin < end:
            yield begin, end
        day -= DAY


@lru_cache(maxsize=100)
def _spans_of(hours: WorkingHours) -> Callable[[date], tuple[datetime, datetime]]:
    """What knows when working time begins and ends on a day, once reckoned for each. Kept by hours
    first: to take their hash for each day takes as long as all else.
    """
    return lru_cache(maxsize=200)(partial(_span, hours, ZoneInfo(hours.tz)))


def _span(hours: WorkingHours, zone: ZoneInfo, day: date) -> tuple[datetime, datetime]:
    """When working time begins and ends on a day; empty on a day off."""
    begin = _first_showing(day, hours.start, zone)
    is_working_day = day.weekday() in hours.weekdays
    return begin, _first_showing(day, hours.end, zone) if is_working_day else begin


def _first_showing(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """The first moment, in UTC, at which clocks in `zone` show `wall` on `day`, or later."""
    local = datetime.combine(day, wall, tzinfo=zone)
    moment = local.astimezone(UTC)
    if _shown(moment, zone) == local.replace(tzinfo=None):
        return moment
    # Clocks skip this time. Read with the offset before the change and with the one after it, it
    # lies on either side of the change, which happens at a full second.
    early = local.replace(fold=1).astimezone(UTC).replace(microsecond=0)
    seconds = (moment - early) // SECOND + 1
    return early + SECOND * bisect_left(
        range(seconds), local.replace(tzinfo=None), key=lambda n: _shown(early + SECOND * n, zone)
    )


def _shown(moment: datetime, zone: ZoneInfo) -> datetime:
    """What a clock in `zone` shows at `moment`; the two passes of an hour look the same."""
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)

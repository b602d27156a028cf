"""Local days, weeks and wall times: when a digest is due, and which week it covers.

Zones are IANA names; offsets are never stored. A local time that does not exist on a day is moved
by the gap (02:30 becomes 03:30), one that exists twice means the first.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.desk import Subscription

WEEK = timedelta(days=7)


def instant(day: date, wall: time, tz: str) -> datetime:
    """The moment, in UTC, at which clocks in `tz` show `wall` on `day`."""
    return datetime.combine(day, wall, tzinfo=ZoneInfo(tz)).astimezone(UTC)


def known_zone(tz: str) -> str:
    """`tz` if this machine knows that zone, else UTC: Slack may know zones that it does not."""
    try:
        ZoneInfo(tz)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: "Europe" is a folder
        return "UTC"
    return tz


def local_date(moment: datetime, tz: str) -> date:
    """The date that a calendar in `tz` shows at `moment`."""
    return moment.astimezone(ZoneInfo(tz)).date()


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def in_words(day: date) -> str:
    """A day for a sentence, which no locale of the machine changes: "30 Sep 2026"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def wall_time(text: str) -> time:
    """The time of day that `text` names as "HH:MM"; raises ValueError for anything else."""
    return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007  a time of day has no zone


def period_key(due_day: date) -> str:
    """The ISO week of the local due date, like "2026-W48": one digest per week, whatever is edited
    about its day, time or zone after it ran.
    """
    year, week, _ = due_day.isocalendar()
    return f"{year}-W{week:02d}"


def due_at(subscription: Subscription, day: date) -> datetime:
    """When the digest of `day` is due, in UTC."""
    return instant(day, wall_time(subscription.time), subscription.tz)


def next_due_day(subscription: Subscription, after: datetime) -> date:
    """The first local date whose due time lies after `after`."""
    day = local_date(after, subscription.tz)
    day += timedelta(days=(subscription.weekday - day.weekday()) % 7)
    while due_at(subscription, day) <= after:
        day += WEEK
    return day


def newest_due_day(subscription: Subscription, first: date, now: datetime) -> date:
    """The last due date from `first` on, a week apart each, that is due by `now`.

    `first` itself must be due by `now`.
    """
    day = first
    while due_at(subscription, day + WEEK) <= now:
        day += WEEK
    return day


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Seven local days, both ends included, and the moments at which they begin and end."""

    first_day: date
    last_day: date
    since: datetime
    until: datetime


def week_before(due_day: date, tz: str, *, back: int = 0) -> Week:
    """The seven full local days before `due_day`, `back` weeks earlier."""
    end = due_day - back * WEEK
    start = end - WEEK
    return Week(
        first_day=start,
        last_day=end - timedelta(days=1),
        since=instant(start, time.min, tz),
        until=instant(end, time.min, tz),
    )

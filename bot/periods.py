"""Local days, weeks, months and wall times: when a digest is due, and what it tells of.

Zones are IANA names; offsets are never stored. A local time that does not exist on a day is moved
by the gap (02:30 becomes 03:30), one that exists twice means the first.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.desk import LAST_DAY, Subscription
from bot.holidays import Holidays, sent_on

WEEK = timedelta(days=7)
NOON = time(12)
YEARS_AHEAD = 3


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


@lru_cache(maxsize=128)
def wall_time(text: str) -> time:
    """The time of day that `text` names as "HH:MM"; raises ValueError for anything else."""
    return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007  a time of day has no zone


def period_key(due_day: date, *, is_monthly: bool = False) -> str:
    """The ISO week of the local due date, like "2026-W48": one digest per week, whatever is edited
    about its day, time or zone after it ran. Of a monthly digest the month, like "2026-11".
    """
    if is_monthly:
        return f"{due_day:%Y-%m}"
    year, week, _ = due_day.isocalendar()
    return f"{year}-W{week:02d}"


def key_of(subscription: Subscription, day: date) -> str:
    """The key of the period whose digest is planned for `day`."""
    return period_key(day, is_monthly=subscription.is_monthly)


def last_of_month(day: date) -> date:
    """The last day of the month in which `day` lies."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1) - timedelta(days=1)


def planned_day(subscription: Subscription, near: date) -> date:
    """The day for which the digest of the week, or month, of `near` is planned."""
    if subscription.month_day is None:
        return near + timedelta(days=subscription.weekday - near.weekday())
    return near.replace(day=min(subscription.month_day, last_of_month(near).day))


def planned_after(subscription: Subscription, day: date, *, periods: int = 1) -> date:
    """The day that is planned so many periods after `day`, which is planned itself."""
    if subscription.month_day is None:
        return day + periods * WEEK
    months = day.year * 12 + day.month - 1 + periods
    return planned_day(subscription, date(months // 12, months % 12 + 1, 1))


def planned_at(subscription: Subscription, day: date) -> datetime:
    """When the digest of `day` is due, in UTC, if that day is no holiday."""
    return instant(day, wall_time(subscription.time), subscription.tz)


def due_at(subscription: Subscription, day: date, is_off: Holidays) -> datetime | None:
    """When the digest that is planned for `day` is due, in UTC; None when a holiday drops it."""
    sent = sent_on(subscription, day, is_off)
    if sent is None or sent >= planned_after(subscription, day):
        return None
    return planned_at(subscription, sent)


def next_due_day(subscription: Subscription, after: datetime, is_off: Holidays) -> date:
    """The first planned date whose due time lies after `after`.

    Raises ValueError when holidays drop every digest of the next YEARS_AHEAD years.
    """
    today = local_date(after, subscription.tz)
    day = planned_after(subscription, planned_day(subscription, today), periods=-1)
    for _ in range(YEARS_AHEAD * 53):
        due = due_at(subscription, day, is_off)
        if due is not None and due > after:
            return day
        day = planned_after(subscription, day)
    raise ValueError("holidays leave no day for this digest")


def newest_due_day(
    subscription: Subscription, first: date, now: datetime, is_off: Holidays
) -> tuple[date, int]:
    """The last planned date from `first` on that is due by `now`, and how many were due before it.

    `first` itself must be due by `now`.
    """
    newest, missed, day = first, 0, first
    while True:
        day = planned_after(subscription, day)
        if planned_at(subscription, day) > now:
            return newest, missed
        due = due_at(subscription, day, is_off)
        if due is not None and due <= now:
            newest, missed = day, missed + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """The span of a digest, a week or a month: local days, both ends included, and the moments at
    which it begins and ends.
    """

    first_day: date
    last_day: date
    since: datetime
    until: datetime


def window_of(subscription: Subscription, day: date, *, back: int = 0) -> Week:
    """What the digest that is planned for `day` tells of, or that `back` periods earlier.

    Before noon it is the seven days, or the month, before that day: Monday 08:00 says last week.
    From noon on, and in a digest of a month's last day before noon as far as that day's midnight,
    it is what came since the one before: Friday 16:00 says this week so far, and Friday's evening
    belongs to the next one. So windows tile: each ends where the next begins.
    """
    end = planned_after(subscription, day, periods=-back)
    start = planned_after(subscription, end, periods=-1)
    first, wall = _edge(subscription, start)
    last, _ = _edge(subscription, end)
    return Week(
        first_day=first,
        last_day=last if wall > time.min else last - timedelta(days=1),
        since=instant(first, wall, subscription.tz),
        until=instant(last, wall, subscription.tz),
    )


def telling_day(subscription: Subscription, day: date) -> date:
    """The planned day of the digest that tells of `day`; of two that do, the earlier one."""
    planned = planned_after(subscription, planned_day(subscription, day), periods=-1)
    while window_of(subscription, planned).last_day < day:
        planned = planned_after(subscription, planned)
    return planned


def _edge(subscription: Subscription, day: date) -> tuple[date, time]:
    """Where the window of the digest planned for `day` ends: a local day and a wall time."""
    if subscription.month_day is not None and subscription.month_day < LAST_DAY:
        return day.replace(day=1), time.min
    wall = wall_time(subscription.time)
    return day, wall if wall >= NOON else time.min


def counted_on(window: Week, counted_until: datetime | None, tz: str) -> Week:
    """The window, begun where the digest before it ended when that is not where it begins itself:
    its day, time or zone changed, and no hour is told of twice or never.

    Only what lies less than a window away counts: of digests that were missed or paused longer, the
    next one does not tell.
    """
    if counted_until is None or counted_until == window.since:
        return window
    if not window.since - (window.until - window.since) < counted_until < window.until:
        return window
    return replace(window, since=counted_until, first_day=local_date(counted_until, tz))

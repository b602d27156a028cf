"""What a digest is about: its window, and those before it."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.desk import Subscription
from bot.holidays import holidays_of
from bot.periods import Week as Window
from bot.periods import counted_on, window_of
from bot.ports import Transaction
from bot.sections import DEFAULT_AUDIENCE, Place

WEEKS_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """What a digest is about, and for whom: the window of the one planned for `day` at `time` in
    zone `tz`, each month when it has a `month_day`; begun where the one before it ended,
    `counted_until`, when that is elsewhere. `holiday` is what moved it to another day. It is told
    at one `place`, or all of it. `is_so_far`: it was sent by hand before its time.
    `subscription_id` is whose digest it is, empty for none's; `period` is set once that is posted.
    """

    day: date
    tz: str
    audience: str = DEFAULT_AUDIENCE
    time: str = "00:00"
    month_day: int | None = None
    counted_until: datetime | None = None
    holiday: str = ""
    late_for: datetime | None = None
    is_preview: bool = False
    is_so_far: bool = False
    place: Place | None = None
    subscription_id: str = ""
    period: str = ""


def week_of(tx: Transaction, subscription: Subscription, day: date) -> Week:
    """What the digest is about that is planned for `day`."""
    last = tx.schedules.last_counted(subscription.subscription_id)
    is_alike = last is not None and ("W" in last.period_key) != subscription.is_monthly
    return Week(
        day=day,
        tz=subscription.tz,
        audience=subscription.audience,
        subscription_id=subscription.subscription_id,
        time=subscription.time,
        month_day=subscription.month_day,
        counted_until=last.counted_until if last is not None and is_alike else None,
        holiday=holidays_of(subscription, tx.holidays)(day) or "",
    )


def windows(week: Week) -> tuple[Window, ...]:
    """The windows of a digest and of those before it, the oldest first."""
    rhythm = Subscription(
        subscription_id="",
        channel_id="",
        weekday=week.day.weekday(),
        time=week.time,
        tz=week.tz,
        month_day=week.month_day,
    )
    *before, this = (
        window_of(rhythm, week.day, back=back) for back in range(WEEKS_SHOWN - 1, -1, -1)
    )
    return (*before, counted_on(this, week.counted_until, week.tz))

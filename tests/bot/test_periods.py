from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.desk import LAST_DAY, OnHoliday, Subscription
from bot.holidays import never_off
from bot.periods import (
    counted_on,
    due_at,
    instant,
    key_of,
    local_date,
    newest_due_day,
    next_due_day,
    period_key,
    planned_after,
    planned_at,
    planned_day,
    wall_time,
    window_of,
)

BERLIN, NEW_YORK, LORD_HOWE = "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"
CAIRO, CASABLANCA, APIA = "Africa/Cairo", "Africa/Casablanca", "Pacific/Apia"
ZONES = (BERLIN, NEW_YORK, LORD_HOWE, CAIRO, CASABLANCA, APIA, "UTC")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "tz, day, wall, expected",
    [
        ("UTC", "2026-11-23", "09:00", "2026-11-23 09:00"),
        (BERLIN, "2026-11-23", "09:00", "2026-11-23 08:00"),
        (BERLIN, "2026-07-20", "09:00", "2026-07-20 07:00"),
        # The gap moves by the gap: 02:30 is 03:30 summer time, and half an hour on Lord Howe.
        (BERLIN, "2026-03-29", "02:30", "2026-03-29 01:30"),
        (NEW_YORK, "2026-03-08", "02:30", "2026-03-08 07:30"),
        (LORD_HOWE, "2026-10-04", "02:15", "2026-10-03 15:45"),
        (CAIRO, "2026-04-24", "00:30", "2026-04-23 22:30"),
        # Of two, the first.
        (BERLIN, "2026-10-25", "02:30", "2026-10-25 00:30"),
        (NEW_YORK, "2026-11-01", "01:30", "2026-11-01 05:30"),
        (LORD_HOWE, "2026-04-05", "01:45", "2026-04-04 14:45"),
        (CAIRO, "2026-10-29", "23:30", "2026-10-29 20:30"),
        # Morocco goes back for Ramadan.
        (CASABLANCA, "2026-02-14", "09:00", "2026-02-14 08:00"),
        (CASABLANCA, "2026-02-16", "09:00", "2026-02-16 09:00"),
        # Samoa had no 30 December 2011: it is the 31st, at the same wall time.
        (APIA, "2011-12-29", "09:00", "2011-12-29 19:00"),
        (APIA, "2011-12-30", "09:00", "2011-12-30 19:00"),
        (APIA, "2011-12-31", "09:00", "2011-12-30 19:00"),
    ],
)
def test_the_moment_of_a_wall_time(tz: str, day: str, wall: str, expected: str) -> None:
    assert instant(date.fromisoformat(day), wall_time(wall), tz) == utc(expected)


@pytest.mark.parametrize("text", ["", "9", "24:00", "12:60", "09.00", "09:00:00", "9 am", " 09:00"])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(ValueError, match=r"format|unconverted"):
        wall_time(text)


@pytest.mark.parametrize(
    "tz, moment, day",
    [
        (BERLIN, "2026-11-22 22:59", "2026-11-22"),
        (BERLIN, "2026-11-22 23:00", "2026-11-23"),
        (NEW_YORK, "2026-11-23 04:59", "2026-11-22"),
        (APIA, "2026-11-22 11:00", "2026-11-23"),
    ],
)
def test_the_local_date(tz: str, moment: str, day: str) -> None:
    assert local_date(utc(moment), tz) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "day, key",
    [
        ("2026-11-23", "2026-W48"),
        ("2026-12-28", "2026-W53"),
        ("2026-12-31", "2026-W53"),
        ("2027-01-01", "2026-W53"),
        ("2027-01-03", "2026-W53"),
        ("2027-01-04", "2027-W01"),
        ("2024-12-30", "2025-W01"),
        ("2026-01-05", "2026-W02"),
    ],
)
def test_the_key_of_a_week(day: str, key: str) -> None:
    assert period_key(date.fromisoformat(day)) == key


MONDAYS = Subscription(subscription_id="s", channel_id="C1", weekday=0, time="09:00", tz=BERLIN)


@pytest.mark.parametrize(
    "after, day",
    [
        ("2026-11-22 12:00", "2026-11-23"),
        ("2026-11-23 07:59", "2026-11-23"),
        ("2026-11-23 08:00", "2026-11-30"),
        ("2026-11-23 08:01", "2026-11-30"),
        ("2026-11-24 00:00", "2026-11-30"),
    ],
)
def test_the_next_due_day(after: str, day: str) -> None:
    assert next_due_day(MONDAYS, utc(after), never_off) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "now, day",
    [
        ("2026-11-02 08:00", "2026-11-02"),
        ("2026-11-09 07:59", "2026-11-02"),
        ("2026-11-09 08:00", "2026-11-09"),
        ("2026-11-25 00:00", "2026-11-23"),
    ],
)
def test_the_newest_due_day(now: str, day: str) -> None:
    found, missed = newest_due_day(MONDAYS, date(2026, 11, 2), utc(now), never_off)
    assert missed == (found - date(2026, 11, 2)).days // 7
    assert found == date.fromisoformat(day)


moments = st.integers(0, 5 * 366 * 24 * 60).map(lambda m: utc("2024-01-01") + timedelta(minutes=m))
walls = st.builds("{:02d}:{:02d}".format, st.integers(0, 23), st.integers(0, 59))
subscriptions = st.builds(
    Subscription,
    subscription_id=st.just("s"),
    channel_id=st.just("C1"),
    weekday=st.integers(0, 6),
    time=walls,
    tz=st.sampled_from(ZONES),
)


def days_of_a_year(subscription: Subscription, start: datetime) -> list[date]:
    """The due days that follow each other when each plans the next."""
    days = []
    after = start
    while after < start + timedelta(days=372):
        day = next_due_day(subscription, after, never_off)
        days.append(day)
        after = planned_at(subscription, day)
    return days


@given(subscriptions, moments)
@example(replace(MONDAYS, weekday=6, time="02:30"), utc("2026-01-01 00:00"))
@example(replace(MONDAYS, weekday=6, time="02:15", tz=LORD_HOWE), utc("2026-01-01 00:00"))
@example(replace(MONDAYS, weekday=4, time="00:30", tz=CAIRO), utc("2026-01-01 00:00"))
@example(replace(MONDAYS, weekday=3, time="23:30", tz=CAIRO), utc("2026-01-01 00:00"))
def test_every_iso_week_has_one_digest(subscription: Subscription, start: datetime) -> None:
    days = days_of_a_year(subscription, start)
    assert {day.weekday() for day in days} == {subscription.weekday}
    assert {later - day for day, later in pairwise(days)} == {timedelta(days=7)}
    keys = [period_key(day) for day in days]
    assert len(set(keys)) == len(keys)


@given(subscriptions, moments)
def test_a_due_day_is_not_passed_over(subscription: Subscription, after: datetime) -> None:
    day = next_due_day(subscription, after, never_off)
    assert planned_at(subscription, day) > after
    assert planned_at(subscription, day - timedelta(days=7)) <= after
    assert planned_at(subscription, day) - after <= timedelta(days=7, hours=1)


@given(st.sampled_from(ZONES), st.dates(date(2011, 1, 1), date(2030, 1, 1)), walls)
@example(APIA, date(2011, 12, 30), "09:00")
def test_clocks_show_the_wall_time_or_one_moved_by_the_gap(tz: str, day: date, wall: str) -> None:
    moment = instant(day, wall_time(wall), tz)
    asked = datetime.combine(day, wall_time(wall))
    shown = moment.astimezone(ZoneInfo(tz)).replace(tzinfo=None)
    moved = shown - asked
    assert moved in {timedelta(), timedelta(minutes=30), timedelta(hours=1), timedelta(days=1)}
    if moved:
        before = (moment - timedelta(days=1)).astimezone(ZoneInfo(tz)).utcoffset()
        after = (moment + timedelta(days=1)).astimezone(ZoneInfo(tz)).utcoffset()
        assert before is not None
        assert after is not None
        assert moved == after - before
    earlier = (moment - timedelta(hours=1)).astimezone(ZoneInfo(tz)).replace(tzinfo=None)
    assert earlier < shown or moved == timedelta()
    assert moment.astimezone(ZoneInfo(tz)).fold == 0


def test_a_day_that_was_left_out_still_has_one_digest_in_its_week() -> None:
    """Fridays at 09:00 in Samoa, where 30 December 2011 was no day."""
    fridays = Subscription(
        subscription_id="s", channel_id="C1", weekday=4, time="09:00", tz="Pacific/Apia"
    )
    days = days_of_a_year(fridays, utc("2011-12-20 00:00"))[:4]
    assert [str(day) for day in days] == ["2011-12-23", "2011-12-30", "2012-01-06", "2012-01-13"]
    assert instant(days[1], time(9), APIA) == utc("2011-12-30 19:00")


rhythms = st.one_of(
    subscriptions,
    st.builds(
        Subscription,
        subscription_id=st.just("s"),
        channel_id=st.just("C1"),
        month_day=st.one_of(st.integers(1, 28), st.just(LAST_DAY)),
        time=walls,
        tz=st.sampled_from(ZONES),
    ),
)
days = st.dates(date(2011, 1, 1), date(2030, 12, 31))


@given(rhythms, days)
@example(replace(MONDAYS, weekday=4, time="16:00"), date(2026, 12, 31))
@example(replace(MONDAYS, time="02:30", weekday=6), date(2026, 3, 29))
@example(replace(MONDAYS, month_day=LAST_DAY, time="16:00"), date(2024, 2, 10))
@example(replace(MONDAYS, weekday=4, time="13:00", tz=APIA), date(2011, 12, 30))
def test_windows_tile(subscription: Subscription, near: date) -> None:
    """Each begins where the one before it ends, and none ends after its digest is due."""
    day = planned_day(subscription, near)
    for back in range(5):
        window = window_of(subscription, day, back=back)
        before = window_of(subscription, day, back=back + 1)
        assert window.since == before.until
        assert window.since < window.until
        assert window == window_of(subscription, planned_after(subscription, day, periods=-back))
    assert window_of(subscription, day).until <= planned_at(subscription, day)


@given(rhythms, moments)
def test_each_period_has_one_digest(subscription: Subscription, start: datetime) -> None:
    found = days_of_a_year(subscription, start)
    keys = [key_of(subscription, day) for day in found]
    assert len(set(keys)) == len(keys)
    assert all(later == planned_after(subscription, day) for day, later in pairwise(found))
    if subscription.month_day is not None:
        assert 12 <= len(found) <= 14
        last = [day + timedelta(days=1) for day in found]
        assert subscription.month_day < LAST_DAY or all(day.day == 1 for day in last)


@pytest.mark.parametrize(
    "weekday, time_, month_day, day, window",
    [
        (0, "08:00", None, "2026-11-23", "2026-11-15 23:00 2026-11-22 23:00 16 22"),
        (4, "16:00", None, "2026-11-27", "2026-11-20 15:00 2026-11-27 15:00 20 27"),
        (0, "08:00", None, "2027-01-04", "2026-12-27 23:00 2027-01-03 23:00 28 3"),
        (0, "09:00", 1, "2026-11-01", "2026-09-30 22:00 2026-10-31 23:00 1 31"),
        (0, "09:00", 28, "2024-03-28", "2024-01-31 23:00 2024-02-29 23:00 1 29"),
        (0, "17:00", LAST_DAY, "2024-02-29", "2024-01-31 16:00 2024-02-29 16:00 31 29"),
        (0, "08:00", LAST_DAY, "2026-11-30", "2026-10-30 23:00 2026-11-29 23:00 31 29"),
    ],
)
def test_the_window_follows_the_time(
    weekday: int, time_: str, month_day: int | None, day: str, window: str
) -> None:
    asked = replace(MONDAYS, weekday=weekday, time=time_, month_day=month_day)
    found = window_of(asked, date.fromisoformat(day))
    since, until, days_ = window[:16], window[17:33], window[34:]
    assert (found.since, found.until) == (utc(since), utc(until))
    assert f"{found.first_day.day} {found.last_day.day}" == days_


@given(subscriptions, st.sampled_from(ZONES), st.integers(0, 6), walls, moments)
def test_no_hour_is_lost_or_told_twice_when_day_time_or_zone_change(
    before: Subscription, tz: str, weekday: int, wall: str, start: datetime
) -> None:
    """Whatever the next digest is changed to, in the week after the last one."""
    told = window_of(before, next_due_day(before, start, never_off))
    after = replace(before, tz=tz, weekday=weekday, time=wall)
    day = next_due_day(after, told.until, never_off)
    window = counted_on(window_of(after, day), told.until, tz)
    if window.since != told.until:  # only where one of its own came to lie between
        assert window_of(after, day).until <= told.until or window.since - told.until >= timedelta(
            days=6, hours=23
        )
    assert window.since < window.until


OFF = {
    date(2026, 12, 25): "Christmas",
    date(2026, 12, 28): "Boxing day",
    date(2026, 4, 6): "Easter",
}


@pytest.mark.parametrize(
    "weekday, day, due",
    [
        (4, "2026-12-25", "2026-12-29 08:00"),  # over the weekend, and the holiday behind it
        (0, "2026-12-28", "2026-12-29 08:00"),
        (0, "2026-04-06", "2026-04-07 07:00"),
        (0, "2026-12-21", "2026-12-21 08:00"),
        (6, "2026-12-27", "2026-12-27 08:00"),  # a Sunday that somebody chose is no holiday
    ],
)
def test_a_holiday_moves_a_digest_to_the_next_working_day(weekday: int, day: str, due: str) -> None:
    asked, planned = replace(MONDAYS, weekday=weekday), date.fromisoformat(day)
    assert due_at(asked, planned, OFF.get) == utc(due)
    skipping = replace(asked, on_holiday=OnHoliday.SKIP)
    is_off = planned in OFF
    assert due_at(skipping, planned, OFF.get) == (None if is_off else utc(due))
    if is_off:
        before = planned_at(asked, planned) - timedelta(minutes=1)
        assert next_due_day(asked, before, OFF.get) == planned
        assert next_due_day(skipping, before, OFF.get) == planned + timedelta(days=7)


@given(rhythms, moments, st.sets(st.integers(0, 399), max_size=120), st.sampled_from(OnHoliday))
def test_holidays_neither_repeat_nor_reorder_digests(
    subscription: Subscription, start: datetime, off: set[int], on_holiday: OnHoliday
) -> None:
    asked = replace(subscription, on_holiday=on_holiday)
    named = {start.date() + timedelta(days=day): "a holiday" for day in off}
    due, after = [], start
    while after < start + timedelta(days=372):
        day = next_due_day(asked, after, named.get)
        at = due_at(asked, day, named.get)
        assert at is not None
        assert at > after
        due.append((day, at))
        after = at
    assert len({key_of(asked, day) for day, _ in due}) == len(due)
    first = due[0][0]
    newest, missed = newest_due_day(asked, first, due[-1][1], named.get)
    assert (newest, missed) == (due[-1][0], len(due) - 1)


def test_holidays_that_leave_no_day_end_in_an_error() -> None:
    with pytest.raises(ValueError, match="holidays"):
        next_due_day(MONDAYS, utc("2026-01-01 00:00"), lambda _day: "always")

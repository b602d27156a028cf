from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.desk import Subscription
from bot.periods import (
    due_at,
    instant,
    local_date,
    newest_due_day,
    next_due_day,
    period_key,
    wall_time,
    week_before,
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
    assert next_due_day(MONDAYS, utc(after)) == date.fromisoformat(day)


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
    found = newest_due_day(MONDAYS, date(2026, 11, 2), utc(now))
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
        day = next_due_day(subscription, after)
        days.append(day)
        after = due_at(subscription, day)
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
    day = next_due_day(subscription, after)
    assert due_at(subscription, day) > after
    assert due_at(subscription, day - timedelta(days=7)) <= after
    assert due_at(subscription, day) - after <= timedelta(days=7, hours=1)


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


@given(st.sampled_from(ZONES), st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.integers(0, 6))
def test_a_week_is_seven_local_days(tz: str, due_day: date, back: int) -> None:
    week = week_before(due_day, tz, back=back)
    assert week.last_day - week.first_day == timedelta(days=6)
    assert week.last_day == due_day - timedelta(days=1 + 7 * back)
    assert local_date(week.since, tz) == week.first_day
    assert local_date(week.since - timedelta(seconds=1), tz) < week.first_day
    assert local_date(week.until, tz) == week.last_day + timedelta(days=1)
    assert local_date(week.until - timedelta(seconds=1), tz) == week.last_day
    assert abs(week.until - week.since - timedelta(days=7)) <= timedelta(hours=1)
    assert week_before(due_day, tz, back=back + 1).until == week.since


@pytest.mark.parametrize(
    "tz, due_day, since, until",
    [
        (BERLIN, "2026-11-23", "2026-11-15 23:00", "2026-11-22 23:00"),
        (BERLIN, "2026-03-30", "2026-03-22 23:00", "2026-03-29 22:00"),
        (BERLIN, "2026-10-26", "2026-10-18 22:00", "2026-10-25 23:00"),
        (CAIRO, "2026-04-24", "2026-04-16 22:00", "2026-04-23 22:00"),
        (APIA, "2012-01-02", "2011-12-26 10:00", "2012-01-01 10:00"),
    ],
)
def test_the_bounds_of_a_week(tz: str, due_day: str, since: str, until: str) -> None:
    week = week_before(date.fromisoformat(due_day), tz)
    assert (week.since, week.until) == (utc(since), utc(until))


def test_a_day_that_was_left_out_still_has_one_digest_in_its_week() -> None:
    """Fridays at 09:00 in Samoa, where 30 December 2011 was no day."""
    fridays = Subscription(
        subscription_id="s", channel_id="C1", weekday=4, time="09:00", tz="Pacific/Apia"
    )
    days = days_of_a_year(fridays, utc("2011-12-20 00:00"))[:4]
    assert [str(day) for day in days] == ["2011-12-23", "2011-12-30", "2012-01-06", "2012-01-13"]
    assert instant(days[1], time(9), APIA) == utc("2011-12-30 19:00")

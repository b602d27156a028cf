"""When keepers are asked where a goal stands."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.periods import local_date
from bot.rhythm import Rhythm, before_digest, by_calendar, period_of, working_day
from bot.working_time import WorkingHours, is_working

BERLIN = WorkingHours(tz="Europe/Berlin")
MOMENTS = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Pacific/Auckland"])
HOURS = st.builds(
    WorkingHours,
    start=st.sampled_from([time(7), time(9)]),
    end=st.sampled_from([time(9, 30), time(17)]),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    tz=ZONES,
)


@pytest.mark.parametrize(
    "due, asked",
    [
        ("2026-11-23T08:00", "2026-11-20T08:00"),  # Monday nine in Berlin: Friday at nine
        ("2026-11-27T15:00", "2026-11-26T15:00"),  # Friday at four: Thursday at four
        ("2026-11-26T18:00", "2026-11-25T15:00"),  # in the evening: the last hour of a day's work
        ("2026-11-26T05:00", "2026-11-25T08:00"),  # early: when the day before begins
    ],
)
def test_a_digest_is_asked_for_a_working_day_earlier(due: str, asked: str) -> None:
    at = datetime.fromisoformat(due).replace(tzinfo=UTC)
    found = before_digest(at, BERLIN)
    assert found.at == datetime.fromisoformat(asked).replace(tzinfo=UTC)
    assert found.until == at - timedelta(minutes=15)


@given(MOMENTS, HOURS)
def test_what_is_asked_is_asked_in_working_time_before_the_digest(
    due: datetime, hours: WorkingHours
) -> None:
    found = before_digest(due, hours)
    assert is_working(found.at, hours)
    assert due - timedelta(days=8) < found.at < due


@given(MOMENTS, HOURS)
def test_a_working_moment_stays_what_it_is(moment: datetime, hours: WorkingHours) -> None:
    found = working_day(moment, hours)
    if is_working(moment, hours) and found != moment:
        # Only where a wall time is there twice does the second one mean the first.
        assert abs(found - moment) == timedelta(hours=1)


@given(MOMENTS, ZONES, st.sampled_from([Rhythm.WEEKLY, Rhythm.MONTHLY]))
def test_by_the_calendar_each_period_has_its_question(
    after: datetime, tz: str, rhythm: Rhythm
) -> None:
    hours = WorkingHours(tz=tz)
    first = by_calendar(rhythm, after, tz, hours)
    second = by_calendar(rhythm, first.at, tz, hours)
    assert after < first.at < second.at
    assert period_of(rhythm, first.at, tz) != period_of(rhythm, second.at, tz)
    day, wall = local_date(first.at, tz), first.at
    assert day.weekday() == 4 or rhythm is Rhythm.MONTHLY
    assert second.at - wall <= timedelta(days=7 if rhythm is Rhythm.WEEKLY else 34, hours=1)


def test_a_month_ends_with_its_last_weekday() -> None:
    after = datetime(2026, 10, 30, 12, tzinfo=UTC)  # the last Friday of October, after ten
    found = by_calendar(Rhythm.MONTHLY, after, "UTC", WorkingHours())
    assert found.at == datetime(2026, 11, 30, 10, tzinfo=UTC)
    found = by_calendar(Rhythm.MONTHLY, after - timedelta(hours=3), "UTC", WorkingHours())
    assert found.at == datetime(2026, 10, 30, 10, tzinfo=UTC)
    assert period_of(Rhythm.MONTHLY, found.at, "UTC") == "2026-10"

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.working_time import (
    WorkingHours,
    after_working_time,
    before_working_time,
    is_working,
    next_working_moment,
    working_time_between,
)

BERLIN, NEW_YORK, LORD_HOWE = "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"
CAIRO, NUUK, APIA = "Africa/Cairo", "America/Nuuk", "Pacific/Apia"
ZONES = (BERLIN, NEW_YORK, LORD_HOWE, CAIRO, NUUK, APIA, "Africa/Casablanca", "Asia/Tokyo", "UTC")
EVERY_DAY = frozenset(range(7))
NONE, HOUR = timedelta(), timedelta(hours=1)


def at(text: str, tz: str = BERLIN) -> datetime:
    """The UTC moment of a local time; "+" at the end is the second of two."""
    local = datetime.fromisoformat(text.rstrip("+")).replace(tzinfo=ZoneInfo(tz))
    return local.replace(fold=int(text.endswith("+"))).astimezone(UTC)


def hours(
    start: str, end: str, tz: str = BERLIN, weekdays: frozenset[int] = EVERY_DAY
) -> WorkingHours:
    return WorkingHours(
        start=time.fromisoformat(start), end=time.fromisoformat(end), weekdays=weekdays, tz=tz
    )


OFFICE = WorkingHours(tz=BERLIN)  # 9 to 17, Monday to Friday


@pytest.mark.parametrize(
    "moment, amount, due",
    [
        # 27 November 2026 is a Friday.
        ("2026-11-27 16:30", 1, "2026-11-30 09:30"),
        ("2026-11-23 09:00", 8, "2026-11-23 17:00"),
        ("2026-11-23 10:00", 8, "2026-11-24 10:00"),
        ("2026-11-23 07:15", 2, "2026-11-23 11:00"),
        ("2026-11-23 17:00", 2, "2026-11-24 11:00"),
        ("2026-11-28 12:00", 40, "2026-12-04 17:00"),
        ("2026-11-28 12:00", 0, "2026-11-28 12:00"),
        # A week-end with a change of clocks in it changes nothing about the wall times.
        ("2026-03-27 16:30", 1, "2026-03-30 09:30"),
        ("2026-10-23 16:30", 1, "2026-10-26 09:30"),
    ],
)
def test_when_working_time_has_passed(moment: str, amount: int, due: str) -> None:
    assert after_working_time(at(moment), amount * HOUR, OFFICE) == at(due)


@pytest.mark.parametrize(
    "worked, moment, amount, due",
    [
        # Berlin has no 02:00 to 03:00 on 29 March 2026, and two of them on 25 October.
        (hours("01:00", "05:00"), "2026-03-29 01:00", 3, "2026-03-29 05:00"),
        (hours("01:00", "05:00"), "2026-03-29 01:00", 4, "2026-03-30 02:00"),
        (hours("01:00", "05:00"), "2026-10-25 01:00", 2, "2026-10-25 02:00+"),
        (hours("01:00", "05:00"), "2026-10-25 01:00", 5, "2026-10-25 05:00"),
        # A start that the day skips is the moment of the change.
        (hours("02:30", "05:00"), "2026-03-29 00:00", 2, "2026-03-29 05:00"),
        (hours("02:30", "03:30"), "2026-03-29 00:00", 0.5, "2026-03-29 03:30"),
        # Hours that the day skips altogether are not worked.
        (hours("02:15", "02:45"), "2026-03-28 12:00", 0.5, "2026-03-30 02:45"),
        # Of two starts the first, of two ends the first.
        (hours("02:30", "04:00"), "2026-10-25 00:00", 1, "2026-10-25 02:30+"),
        (hours("01:00", "02:30"), "2026-10-25 00:00", 2, "2026-10-26 01:30"),
    ],
)
def test_hours_that_span_a_change_of_clocks(
    worked: WorkingHours, moment: str, amount: float, due: str
) -> None:
    assert after_working_time(at(moment), amount * HOUR, worked) == at(due)


def test_changes_at_midnight() -> None:
    # Cairo goes from 00:00 to 01:00 on 24 April 2026; Nuuk from 23:00 to 00:00 on 28 March.
    cairo, nuuk = hours("00:00", "03:00", CAIRO), hours("22:00", "23:30", NUUK)
    spring = at("2026-04-23 12:00", CAIRO)
    assert next_working_moment(spring, cairo) == at("2026-04-24 01:00", CAIRO)
    assert after_working_time(spring, 2 * HOUR, cairo) == at("2026-04-24 03:00", CAIRO)
    saturday = at("2026-03-28 12:00", NUUK)
    assert after_working_time(saturday, HOUR, nuuk) == at("2026-03-29 00:00", NUUK)
    assert after_working_time(saturday, 2 * HOUR, nuuk) == at("2026-03-29 23:00", NUUK)
    # In autumn Nuuk has the hour before midnight twice: the second is still Saturday.
    autumn = at("2026-10-24 23:30+", NUUK)
    assert is_working(autumn, hours("22:00", "23:59", NUUK, frozenset({5}))) is False
    assert next_working_moment(autumn, hours("00:00", "01:00", NUUK)) == at(
        "2026-10-25 00:00", NUUK
    )


def test_a_day_that_a_zone_left_out_is_not_worked() -> None:
    """Samoa went from Thursday 29 to Saturday 31 December 2011."""
    thursday = at("2011-12-29 12:00", APIA)
    office = WorkingHours(tz=APIA)
    assert after_working_time(thursday, 6 * HOUR, office) == at("2012-01-02 10:00", APIA)
    assert not is_working(at("2011-12-31 12:00", APIA), office)


@pytest.mark.parametrize(
    "start, end, worked",
    [
        ("2026-11-23 09:00", "2026-11-23 17:00", 8),
        ("2026-11-23 00:00", "2026-11-30 00:00", 40),
        ("2026-11-27 16:30", "2026-11-30 09:30", 1),
        ("2026-11-23 12:00", "2026-11-23 12:00", 0),
        ("2026-11-24 12:00", "2026-11-23 12:00", 0),
        ("2026-11-28 00:00", "2026-11-30 09:00", 0),
    ],
)
def test_working_time_between_two_moments(start: str, end: str, worked: int) -> None:
    assert working_time_between(at(start), at(end), OFFICE) == worked * HOUR


@pytest.mark.parametrize(
    "moment, working",
    [
        ("2026-11-23 08:59", False),
        ("2026-11-23 09:00", True),
        ("2026-11-23 16:59", True),
        ("2026-11-23 17:00", False),
        ("2026-11-28 12:00", False),
    ],
)
def test_who_works_when(moment: str, working: bool) -> None:
    assert is_working(at(moment), OFFICE) is working


@pytest.mark.parametrize(
    "start, end, weekdays, tz, fault",
    [
        ("17:00", "09:00", EVERY_DAY, "UTC", "17:00 is not before 09:00"),
        ("09:00", "09:00", EVERY_DAY, "UTC", "start before they end"),
        ("09:00", "17:00", frozenset(), "UTC", "at least one weekday"),
        ("09:00", "17:00", frozenset({7}), "UTC", "monday to sunday"),
        ("09:00", "17:00", frozenset({-1, 0}), "UTC", "monday to sunday"),
        ("09:00", "17:00", EVERY_DAY, "Europe/Atlantis", "“Europe/Atlantis” is no time zone"),
        ("09:00", "17:00", EVERY_DAY, "Europe", "“Europe” is no time zone"),
        ("09:00", "17:00", EVERY_DAY, "../UTC", "is no time zone"),
        ("09:00", "17:00", EVERY_DAY, "", "is no time zone"),
        ("09:00+01:00", "17:00", EVERY_DAY, "UTC", "are local times"),
    ],
)
def test_hours_that_nobody_can_work(
    start: str, end: str, weekdays: frozenset[int], tz: str, fault: str
) -> None:
    with pytest.raises(ValueError, match=fault):
        hours(start, end, tz, weekdays)


def test_amounts_that_make_no_sense() -> None:
    with pytest.raises(ValueError, match="negative"):
        after_working_time(at("2026-11-23 09:00"), -HOUR, OFFICE)
    with pytest.raises(ValueError, match="more working time than a year has"):
        after_working_time(at("2026-11-23 09:00"), 3000 * HOUR, OFFICE)
    with pytest.raises(ValueError, match="negative"):
        before_working_time(at("2026-11-23 09:00"), -HOUR, OFFICE)
    with pytest.raises(ValueError, match="more working time than a year has"):
        before_working_time(at("2026-11-23 09:00"), 3000 * HOUR, OFFICE)
    saturday = at("2026-11-28 12:00")
    assert before_working_time(saturday, timedelta(), OFFICE) == saturday
    assert after_working_time(at("2026-11-23 09:00"), 2000 * HOUR, OFFICE) > at("2027-11-01 09:00")


def spring_and_autumn(tz: str) -> st.SearchStrategy[datetime]:
    """Moments of 2026 and 2027, half of them within two days of a change of the zone's clocks."""
    first = at("2026-01-01 00:00", "UTC")
    noons = [first + timedelta(days=day) for day in range(730)]
    offsets = [noon.astimezone(ZoneInfo(tz)).utcoffset() for noon in noons]
    changes = [day for day, (a, b) in enumerate(pairwise(offsets)) if a != b]
    anywhere = st.integers(0, 730 * 24 * 60)
    near = st.builds(
        lambda day, minutes: day * 24 * 60 + minutes,
        st.sampled_from(changes or [0]),
        st.integers(-2 * 24 * 60, 3 * 24 * 60),
    )
    return st.one_of(near, anywhere).map(lambda minutes: first + timedelta(minutes=minutes))


def cases(count: int) -> st.SearchStrategy[tuple[WorkingHours, list[datetime]]]:
    """Working hours, ordinary and odd, with `count` moments around their zone's changes."""

    def of_zone(tz: str) -> st.SearchStrategy[tuple[WorkingHours, list[datetime]]]:
        quarters = st.lists(st.integers(0, 95), min_size=2, max_size=2, unique=True).map(sorted)
        walls = quarters.map(lambda two: [time(n // 4, n % 4 * 15) for n in two])
        worked = st.builds(
            lambda two, days: WorkingHours(start=two[0], end=two[1], weekdays=days, tz=tz),
            walls | st.just([time(9), time(17)]),
            st.frozensets(st.integers(0, 6), min_size=1) | st.just(frozenset(range(5))),
        )
        return st.tuples(worked, st.lists(spring_and_autumn(tz), min_size=count, max_size=count))

    return st.sampled_from(ZONES).flatmap(of_zone)


# Even a quarter of an hour a week gets through two of these within the year.
amounts = st.integers(1, 6 * 60).map(lambda minutes: timedelta(minutes=minutes))
ODD = hours("02:15", "02:45")


@given(cases(1), amounts)
@example((ODD, [at("2026-03-28 12:00")]), HOUR)
@example((ODD, [at("2026-10-25 02:20+")]), HOUR)
def test_after_and_between_undo_each_other(
    case: tuple[WorkingHours, list[datetime]], amount: timedelta
) -> None:
    worked, (moment,) = case
    due = after_working_time(moment, amount, worked)
    assert working_time_between(moment, due, worked) == amount
    second = timedelta(seconds=1)
    assert working_time_between(moment, due - second, worked) == amount - second
    assert due.tzinfo is UTC


@given(cases(1), amounts)
@example((ODD, [at("2026-03-30 02:30")]), HOUR / 2)
@example((ODD, [at("2026-10-25 02:20+")]), HOUR)
def test_before_undoes_after(case: tuple[WorkingHours, list[datetime]], amount: timedelta) -> None:
    worked, (moment,) = case
    due = after_working_time(moment, amount, worked)
    latest = before_working_time(due, amount, worked)
    assert latest >= moment
    assert working_time_between(moment, latest, worked) == NONE
    assert after_working_time(latest, amount, worked) == due
    start = before_working_time(moment, amount, worked)
    assert working_time_between(start, moment, worked) == amount
    assert is_working(start, worked)


@given(cases(1), amounts, amounts)
def test_two_amounts_in_a_row_are_their_sum(
    case: tuple[WorkingHours, list[datetime]], one: timedelta, other: timedelta
) -> None:
    worked, (moment,) = case
    in_a_row = after_working_time(after_working_time(moment, one, worked), other, worked)
    assert in_a_row == after_working_time(moment, one + other, worked)


@given(cases(2), amounts, amounts)
def test_who_begins_later_or_takes_longer_is_not_done_sooner(
    case: tuple[WorkingHours, list[datetime]], one: timedelta, other: timedelta
) -> None:
    worked, moments = case
    early, late = sorted(moments)
    short, long = sorted([one, other])
    assert after_working_time(early, one, worked) <= after_working_time(late, one, worked)
    assert after_working_time(early, short, worked) <= after_working_time(early, long, worked)
    assert next_working_moment(early, worked) <= next_working_moment(late, worked)


@given(cases(3))
def test_stretches_add_up(case: tuple[WorkingHours, list[datetime]]) -> None:
    worked, moments = case
    first, middle, last = sorted(moments)
    parts = working_time_between(first, middle, worked), working_time_between(middle, last, worked)
    assert sum(parts, NONE) == working_time_between(first, last, worked)
    assert parts[0] <= middle - first


@given(cases(1), amounts)
def test_what_is_due_is_due_in_working_time_or_at_its_end(
    case: tuple[WorkingHours, list[datetime]], amount: timedelta
) -> None:
    worked, (moment,) = case
    due = after_working_time(moment, amount, worked)
    assert is_working(due - timedelta(microseconds=1), worked)
    shown = due.astimezone(ZoneInfo(worked.tz))
    if is_working(due, worked):
        assert worked.start <= shown.time() < worked.end or shown.fold
        assert shown.weekday() in worked.weekdays


@given(cases(1))
def test_the_next_working_moment_is_the_first_one(
    case: tuple[WorkingHours, list[datetime]],
) -> None:
    worked, (moment,) = case
    found = next_working_moment(moment, worked)
    assert is_working(found, worked)
    assert working_time_between(moment, found, worked) == NONE
    assert (found == moment) is is_working(moment, worked)


@given(cases(1))
def test_clocks_tell_whether_somebody_works(case: tuple[WorkingHours, list[datetime]]) -> None:
    """Whatever clocks show for the first time is working time by the wall times alone."""
    worked, (moment,) = case
    shown = moment.astimezone(ZoneInfo(worked.tz))
    if not shown.fold:
        by_clock = worked.start <= shown.time() < worked.end and shown.weekday() in worked.weekdays
        assert is_working(moment, worked) is by_clock


@given(st.sampled_from(ZONES), st.dates(date(2024, 1, 1), date(2030, 1, 1)))
def test_an_office_day_has_eight_hours_on_each_day_of_the_year(tz: str, day: date) -> None:
    """No zone here changes its clocks between nine and five."""
    worked = WorkingHours(weekdays=frozenset({day.weekday()}), tz=tz)
    morning = datetime.combine(day, time(9), tzinfo=ZoneInfo(tz)).astimezone(UTC)
    evening = datetime.combine(day, time(17), tzinfo=ZoneInfo(tz)).astimezone(UTC)
    assert after_working_time(morning, 8 * HOUR, worked) == evening
    assert next_working_moment(morning - HOUR, worked) == morning

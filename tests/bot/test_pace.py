from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.pace import Course, Verdict, elapsed, expected, gap, is_at_least, verdict

START = date(2026, 10, 1)
NUMBERS = st.integers(-100_000, 100_000).map(lambda hundredths: hundredths / 100)
WHOLE = st.integers(-5_000, 5_000).map(float)


@st.composite
def courses(draw: st.DrawFn) -> Course:
    numbers = draw(st.sampled_from((NUMBERS, WHOLE)))
    baseline, target = draw(numbers), draw(numbers)
    assume(baseline != target)
    first = START + timedelta(days=draw(st.integers(-400, 400)))
    return Course(
        baseline=baseline,
        target=target,
        first_day=first,
        last_day=first + timedelta(days=draw(st.integers(1, 400))),
    )


QUARTER = Course(baseline=0, target=46, first_day=START, last_day=date(2026, 12, 31))
FALLING = Course(baseline=30, target=7.0, first_day=START, last_day=date(2026, 12, 31))
"""92 days, so that a day brings half a step, or a quarter of one down."""


@pytest.mark.parametrize(
    "course, on, pace",
    [
        (QUARTER, START - timedelta(days=9), 0),
        (QUARTER, START, 0),
        (QUARTER, START + timedelta(days=1), 0),
        (QUARTER, START + timedelta(days=2), 1),
        (QUARTER, date(2026, 12, 31), 45),
        (QUARTER, date(2027, 1, 1), 46),
        (QUARTER, date(2028, 1, 1), 46),
        (FALLING, START + timedelta(days=3), 30),
        (FALLING, START + timedelta(days=4), 29),
        (FALLING, date(2027, 1, 1), 7),
    ],
)
def test_a_day_brings_its_share_once_it_is_over(course: Course, on: date, pace: float) -> None:
    assert expected(course, on) == pace


def test_between_numbers_that_are_not_whole_pace_has_two_decimals() -> None:
    course = Course(baseline=0.5, target=1, first_day=START, last_day=START + timedelta(days=2))
    assert expected(course, START + timedelta(days=1)) == 0.67


@pytest.mark.parametrize(
    "value, days, told",
    [
        (0, -1, Verdict.NOT_STARTED),
        (None, 0, Verdict.UNKNOWN),
        (0, 0, Verdict.ON_PACE),
        (0, 2, Verdict.BEHIND),
        (1, 3, Verdict.ON_PACE),
        (46, 3, Verdict.REACHED),
        (50, 92, Verdict.REACHED),
        (45, 91, Verdict.ON_PACE),
        (45, 92, Verdict.MISSED),
        (None, 92, Verdict.MISSED),
    ],
)
def test_how_a_goal_stands(value: float | None, days: int, told: Verdict) -> None:
    assert verdict(QUARTER, value, START + timedelta(days=days)) is told


@given(courses(), st.integers(-500, 900))
def test_pace_goes_from_the_baseline_to_the_target_and_nowhere_else(
    course: Course, days: int
) -> None:
    on = course.first_day + timedelta(days=days)
    low, high = sorted((course.baseline, course.target))
    assert low <= expected(course, on) <= high
    assert 0 <= elapsed(course, on) <= 1
    assert expected(course, course.first_day) == course.baseline
    assert expected(course, course.last_day + timedelta(days=1)) == course.target


@given(courses(), st.integers(0, 400))
def test_pace_never_goes_back(course: Course, days: int) -> None:
    on = course.first_day + timedelta(days=days)
    assert is_at_least(course, expected(course, on + timedelta(days=1)), expected(course, on))


@given(courses(), NUMBERS, st.integers(0, 400))
def test_a_falling_goal_is_a_rising_one_upside_down(
    course: Course, value: float, days: int
) -> None:
    on = course.first_day + timedelta(days=days)
    upside_down = Course(
        baseline=-course.baseline,
        target=-course.target,
        first_day=course.first_day,
        last_day=course.last_day,
    )
    assert expected(upside_down, on) == -expected(course, on)
    assert verdict(upside_down, -value, on) is verdict(course, value, on)
    assert gap(upside_down, -value, on) == gap(course, value, on)


@given(courses(), NUMBERS, st.integers(0, 500))
def test_what_is_said_fits_the_numbers_that_are_shown(
    course: Course, value: float, days: int
) -> None:
    on = course.first_day + timedelta(days=days)
    told = verdict(course, value, on)
    is_reached = is_at_least(course, value, course.target)
    assert (told is Verdict.REACHED) is is_reached
    if told is Verdict.BEHIND:
        assert gap(course, value, on) > 0
    if told is Verdict.ON_PACE:
        assert gap(course, value, on) <= 0
    assert (told is Verdict.MISSED) is (on > course.last_day and not is_reached)

"""Numbers and days are read as they are meant, or refused; nothing is guessed."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cells import (
    Cell,
    DoubtError,
    Habits,
    Mark,
    Order,
    Wall,
    habits_of,
    moment_of,
    number_in,
    wall_in,
)

UNSURE = Habits()


def written(value: int, mark: str, group: str) -> str:
    """Hundredths as a number with two decimals."""
    whole, rest = divmod(abs(value), 100)
    grouped = f"{whole:,}".replace(",", group)
    return f"{'-' if value < 0 else ''}{grouped}{mark}{rest:02d}"


@given(
    value=st.integers(-(10**14), 10**14),
    style=st.sampled_from(
        [(".", ","), (",", "."), (",", " "), (",", "\u202f"), (".", "'"), (".", "")]
    ),
)
def test_a_number_with_two_decimals_is_read_however_it_is_written(
    value: int, style: tuple[str, str]
) -> None:
    text = written(value, *style)
    assert number_in(text, UNSURE) == value / 100
    assert number_in(text, Habits(Mark(style[0]))) == value / 100


@given(st.text(max_size=12) | st.from_regex(r"[-+]?[0-9.,' ]{1,12}", fullmatch=True))
def test_any_text_is_one_number_or_refused(text: str) -> None:
    found = set()
    for habits in (UNSURE, Habits(Mark.POINT), Habits(Mark.COMMA)):
        try:
            found.add(number_in(text, habits))
        except DoubtError:
            continue
    if len(found) == 2:  # then nothing but the file's habits tells which
        with pytest.raises(DoubtError, match="may be"):
            number_in(text, UNSURE)
    assert len(found) <= 2


@pytest.mark.parametrize(
    "text, point, comma",
    [("1,234", 1234, 1.234), ("1.234", 1.234, 1234), ("-12,345", -12345, -12.345)],
)
def test_what_could_be_thousands_or_decimals_needs_the_file_s_habits(
    text: str, point: float, comma: float
) -> None:
    with pytest.raises(DoubtError, match=r"^may be -?[\d.]+ or -?[\d.]+$"):
        number_in(text, UNSURE)
    assert number_in(text, Habits(Mark.POINT)) == point
    assert number_in(text, Habits(Mark.COMMA)) == comma


@pytest.mark.parametrize(
    "text, value",
    [
        ("7", 7),
        ("0.125", 0.125),
        ("0,125", 0.125),
        ("1.234.567", 1_234_567),
        ("1,234,567.5", 1_234_567.5),
        ("\u2212 7".replace(" ", ""), -7),
        ("+3", 3),
        (" 12 ", 12),
    ],
)
def test_what_is_sure_is_read(text: str, value: float) -> None:
    assert number_in(text, UNSURE) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "abc",
        "12 %",
        "€ 5",
        "1e5",
        "nan",
        "inf",
        "1,23,4",
        "12.34.56",
        "١٢",
        "0x1",
        "9" * 41,
        "1 23",
        "1'23",
        "12 34,5",
    ],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(DoubtError, match="is no number"):
        number_in(text, Habits(Mark.POINT, Order.DAY_FIRST))


@pytest.mark.parametrize(
    "cells, mark",
    [
        (["1,234", "5,5"], Mark.COMMA),
        (["1.234", "0.5", "7"], Mark.POINT),
        (["1.234,5"], Mark.COMMA),
        (["1,234"], None),
        (["1,5", "1.5"], None),
        ([1.5, "abc", ""], None),
    ],
)
def test_a_file_s_mark_is_told_by_what_can_be_read_in_one_way(
    cells: list[Cell], mark: Mark | None
) -> None:
    assert habits_of(cells, ()).mark is mark


DAYS = st.dates(date(1970, 1, 1), date(2199, 12, 31))


@given(DAYS)
def test_a_day_is_read_in_iso_form_and_with_dots(day: date) -> None:
    assert wall_in(day.isoformat(), UNSURE) == Wall(day)
    assert wall_in(f"{day.day}.{day.month}.{day.year}", UNSURE) == Wall(day)
    assert wall_in(day.strftime("%Y/%m/%d"), UNSURE) == Wall(day)


@given(day=DAYS, order=st.sampled_from(Order))
def test_a_day_with_slashes_is_never_another_day(day: date, order: Order) -> None:
    shape = "%d/%m/%Y" if order is Order.DAY_FIRST else "%m/%d/%Y"
    text = day.strftime(shape)
    assert wall_in(text, Habits(order=order)) == Wall(day)
    if day.day > 12 or day.day == day.month:
        assert wall_in(text, UNSURE) == Wall(day)
    else:
        with pytest.raises(DoubtError, match=day.isoformat()):
            wall_in(text, UNSURE)


@given(
    st.text(max_size=20) | st.from_regex(r"[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{1,4}[ T]?[0-9:Z+]*")
)
def test_any_text_is_a_day_or_refused(text: str) -> None:
    try:
        assert 1970 <= wall_in(text, UNSURE).day.year < 2200
    except DoubtError:
        return


@pytest.mark.parametrize(
    "text, at, ahead",
    [
        ("2026-11-19T14:30", time(14, 30), None),
        ("2026-11-19 14:30:59", time(14, 30, 59), None),
        ("19.11.2026, 9:05", time(9, 5), None),
        ("2026-11-19T14:30:00Z", time(14, 30), timedelta()),
        ("2026-11-19T14:30:00.123456+01:00", time(14, 30), timedelta(hours=1)),
        ("2026-11-19 14:30 -0530", time(14, 30), -timedelta(hours=5, minutes=30)),
    ],
)
def test_a_time_may_follow(text: str, at: time, ahead: timedelta | None) -> None:
    assert wall_in(text, UNSURE) == Wall(date(2026, 11, 19), at, ahead)


@pytest.mark.parametrize(
    "text",
    [
        "2026-13-01",
        "2026-02-30",
        "31/31/2026",
        "1/2/345",
        "yesterday",
        "",
        "2026-11",
        "1926-01-01",
        "11-19-26-1",
        "2026.11/19",
    ],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(DoubtError, match="is no day"):
        wall_in(text, UNSURE)


@pytest.mark.parametrize("text", ["25:00", "12:61", "2:30 PM", "noon", "12:30 +99:00"])
def test_a_time_that_none_is_is_refused(text: str) -> None:
    with pytest.raises(DoubtError, match="time that"):
        wall_in(f"2026-11-19 {text}", UNSURE)


def test_a_number_is_no_day() -> None:
    with pytest.raises(DoubtError, match="is a number"):
        wall_in(46_345.0, UNSURE)


def test_a_moment_is_where_it_says_or_else_where_the_goal_lives() -> None:
    day, night = date(2026, 11, 19), time(23, 59, 59)
    assert moment_of(Wall(day), night, "Europe/Berlin") == datetime(
        2026, 11, 19, 22, 59, 59, tzinfo=UTC
    )
    there = Wall(day, time(1, 0), timedelta(hours=5))
    assert moment_of(there, night, "Europe/Berlin") == datetime(2026, 11, 18, 20, tzinfo=UTC)

"""Holidays: a digest that is planned for one comes on the next working day, or not at all.

Which days those are is told by a book (`bot.ports.HolidayBook`): by country, like "DE", or with its
part, like "DE-BY" (ISO 3166).
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Protocol

from bot.desk import OnHoliday, Subscription

Holidays = Callable[[date], str | None]
"""The name of the holiday on a day; None for any other day."""

DAY = timedelta(days=1)
SATURDAY = 5
LONGEST = 31
"""How many days off in a row are looked through for a working day."""


class HolidayBook(Protocol):
    """Knows public holidays."""

    def days(self, place: str, year: int) -> Mapping[date, str] | None:
        """The holidays of a year there with their names; None for a place that it does not know."""
        ...


def never_off(_day: date) -> str | None:
    """The holidays of a digest that minds none."""
    return None


def holidays_of(subscription: Subscription, book: HolidayBook) -> Holidays:
    """The holidays that a digest minds; none where the book does not know its place any more."""
    if not subscription.holidays:
        return never_off

    def name(day: date) -> str | None:
        return (book.days(subscription.holidays, day.year) or {}).get(day)

    return name


def sent_on(subscription: Subscription, day: date, is_off: Holidays) -> date | None:
    """The day on which the digest planned for `day` comes: the next working day after a holiday;
    None when it is dropped. A day of the weekend that somebody chose is as good as any other.
    """
    if is_off(day) is None:
        return day
    if subscription.on_holiday is OnHoliday.SKIP:
        return None
    for _ in range(LONGEST):
        day += DAY
        if day.weekday() < SATURDAY and is_off(day) is None:
            return day
    return None

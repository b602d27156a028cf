"""Public holidays, as the library `holidays` knows them: loaded when somebody asks first.

It takes some 19 MB, so a desk none of whose digests minds holidays never loads it.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Final

from typing_extensions import override

from bot.holidays import HolidayBook

KEPT = 64
"""How many years of places are kept in memory."""


class LibraryBook(HolidayBook):
    """The book that the library is."""

    @override
    def days(self, place: str, year: int) -> Mapping[date, str] | None:
        return _days(place, year)


@lru_cache(maxsize=KEPT)
def _days(place: str, year: int) -> Mapping[date, str] | None:
    import holidays  # noqa: PLC0415  (19 megabytes, for digests that mind holidays alone)

    country, _, part = place.partition("-")
    try:
        found = holidays.country_holidays(country, subdiv=part or None, years=year)
    except NotImplementedError:
        # So `holidays.country_holidays` says that it knows no such place; its list of those it
        # does know would load every country. The form then refuses the place by name.
        return None
    return dict(found)


HOLIDAYS: Final = LibraryBook()

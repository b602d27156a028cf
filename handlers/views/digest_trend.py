"""The weeks of a digest, as a chart's series and in words."""

from collections.abc import Iterator, Sequence
from datetime import date

from bot.figures import Counts
from handlers.views.chart import Series
from handlers.views.text import short_day

WEEKS_SHOWN = 12


def starts(first_days: Sequence[str]) -> list[date]:
    """The first days of the weeks that are shown."""
    return [date.fromisoformat(start) for start in first_days[-WEEKS_SHOWN:]]


def series_of(weeks: Sequence[Counts]) -> list[Series]:
    """What was handed in, decided and published, week by week."""
    shown = weeks[-WEEKS_SHOWN:]
    return [
        Series("Handed in", tuple(week.handed_in for week in shown)),
        Series("Decided", tuple(week.decided for week in shown)),
        Series("Published", tuple(week.published for week in shown)),
    ]


def has_trend(weeks: Sequence[Series]) -> bool:
    """Whether there is anything to draw: two weeks or more, and not all of them empty."""
    return any(len(series.values) > 1 and any(series.values) for series in weeks)


def in_words(weeks: Sequence[Series], first_days: Sequence[date], span: str) -> Iterator[str]:
    """The chart's numbers, for who does not see it."""
    yield f"Per {span}, from the {span} of {short_day(first_days[0])} on:"
    for series in weeks:
        yield f"{series.name}: {', '.join(f'{value:,}' for value in series.values)}"

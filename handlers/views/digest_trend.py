"""The weeks of a digest, as a chart's series and in words."""

from collections.abc import Iterator, Sequence
from datetime import date

from bot.figures import DigestFigures
from handlers.views.chart import Series
from handlers.views.text import short_day

WEEKS_SHOWN = 12


def starts(figures: DigestFigures) -> list[date]:
    """The first days of the weeks that are shown."""
    return [date.fromisoformat(start) for start in figures.week_starts[-WEEKS_SHOWN:]]


def series_of(figures: DigestFigures) -> list[Series]:
    """What was handed in, decided and published, week by week."""
    weeks = figures.weeks[-WEEKS_SHOWN:]
    return [
        Series("Handed in", tuple(week.handed_in for week in weeks)),
        Series("Decided", tuple(week.decided for week in weeks)),
        Series("Published", tuple(week.published for week in weeks)),
    ]


def has_trend(weeks: Sequence[Series]) -> bool:
    """Whether there is anything to draw: two weeks or more, and not all of them empty."""
    return any(len(series.values) > 1 and any(series.values) for series in weeks)


def in_words(weeks: Sequence[Series], figures: DigestFigures) -> Iterator[str]:
    """The chart's numbers, for who does not see it."""
    if not has_trend(weeks):
        return
    yield f"Per week, from the week of {short_day(starts(figures)[0])} on:"
    for series in weeks:
        yield f"{series.name}: {', '.join(str(value) for value in series.values)}"


def in_one_line(weeks: Sequence[Series]) -> str:
    """The same in little room: "6 weeks: handed in 4, 6, 3, 8, 9, 12; decided …"."""
    shares = (f"{s.name.lower()} {', '.join(str(value) for value in s.values)}" for s in weeks)
    return f"{len(weeks[0].values)} weeks: {'; '.join(shares)}"

"""What departments gave social, and what social returned, week by week."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from bot.insight_store import GivenCount
from bot.people import zone_of
from bot.periods import instant, local_date
from bot.ports import Transaction

WEEKS_SHOWN = 4
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class GivenWeek:
    """One week from its first local day on, by department."""

    first_day: date
    departments: tuple[GivenCount, ...]


@dataclass(frozen=True, slots=True)
class Exchange:
    """The last weeks, this one first, and how much of what each department ever gave is not decided
    yet: what somebody can do about a week in which nothing came back.
    """

    weeks: tuple[GivenWeek, ...]
    undecided: Mapping[str | None, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AskGiven:
    """Somebody wants to see the last weeks, as they begin where they live."""

    user_id: str


def see_given(tx: Transaction, command: AskGiven, now: datetime) -> Exchange:
    """What was given and what came back, as weeks begin where the person lives."""
    tz = zone_of(tx.members.get(command.user_id))
    today = local_date(now, tz)
    monday = today - timedelta(days=today.weekday())
    weeks = []
    for place in range(WEEKS_SHOWN):
        first = monday - place * _WEEK
        since, until = instant(first, time.min, tz), instant(first + _WEEK, time.min, tz)
        weeks.append(GivenWeek(first, tx.insights.given(since, until)))
    return Exchange(tuple(weeks), tx.insights.undecided())

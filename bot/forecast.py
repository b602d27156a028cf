"""Goals with their outlook: what their last full weeks brought, and what that lets expect."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import pairwise

from bot.goal import MEASURES, Goal, Measured, Standing
from bot.outlook import LEAST, WEEKS_NEEDED, WEEKS_USED, outlook
from bot.pace import Verdict
from bot.periods import instant
from bot.ports import Transaction

_WEEK = timedelta(days=7)
_OPEN = frozenset({Verdict.BEHIND, Verdict.ON_PACE})


def with_outlooks(
    tx: Transaction, standings: Sequence[Standing], at: datetime
) -> tuple[Standing, ...]:
    """The same, those that count something up with where that will end.

    A count has full weeks of its period behind it, three at least, and never fell; of fewer, or of
    a level, nothing is said.
    """
    return tuple(_with_outlook(tx, standing, at) for standing in standings)


def _with_outlook(tx: Transaction, standing: Standing, at: datetime) -> Standing:
    goal, value = standing.goal, standing.value
    course = goal.course
    if standing.verdict not in _OPEN or value is None or not _is_count(goal):
        return standing
    weeks = _weeks(tx, goal, at)
    if len(weeks) < WEEKS_NEEDED or min(weeks) < 0:
        return standing
    left = ((course.last_day - standing.on).days + 1) / 7
    return replace(standing, outlook=outlook(weeks, left, value, course.target))


def _is_count(goal: Goal) -> bool:
    """Whether its value is a count that grows one by one, and large enough."""
    way = goal.course.target - goal.course.baseline
    is_counted = MEASURES[goal.measure].is_count or (goal.is_by_hand and goal.unit != "%")
    return is_counted and way >= LEAST and float(way).is_integer()


def _weeks(tx: Transaction, goal: Goal, at: datetime) -> list[float]:
    """What each of the last full weeks of its period brought, the newest last."""
    first = instant(goal.course.first_day, time.min, goal.tz)
    full = (at - first) // _WEEK
    used = min(full, WEEKS_USED)
    bounds = [
        instant(goal.course.first_day + week * _WEEK, time.min, goal.tz)
        for week in range(full - used, full + 1)
    ]
    if goal.is_by_hand:
        values = [_value_by(tx, goal, bound) for bound in bounds]
        return [later - earlier for earlier, later in pairwise(values)]
    return [
        tx.measures.sample(
            Measured(
                measure=goal.measure,
                since=since,
                until=until,
                kind_key=goal.kind_key,
                department=goal.department,
            )
        ).value
        or 0.0
        for since, until in pairwise(bounds)
    ]


def _value_by(tx: Transaction, goal: Goal, moment: datetime) -> float:
    """What a goal's newest reading said by then; where it began before the first."""
    reading = tx.goals.newest_readings((goal.goal_id,), moment).get(goal.goal_id)
    return reading.value if reading else goal.course.baseline

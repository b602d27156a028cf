"""Which goal a file or another system means."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from bot.cells import DoubtError
from bot.goal import Goal
from bot.periods import in_words
from bot.ports import Transaction
from bot.text import folded, one_line

ENDED_KNOWN = 100
"""How many goals that have ended may still be meant: the newest ones."""


def known_goals(tx: Transaction, now: datetime) -> tuple[Goal, ...]:
    """The goals that may be meant."""
    on = now.date() - timedelta(days=1)  # where a goal is kept it may still be yesterday
    return (*tx.goals.live(on), *tx.goals.ended(on, limit=ENDED_KNOWN))


def goal_called(goals: Sequence[Goal], name: str, day_at: Callable[[Goal], date]) -> Goal:
    """The goal that a title or an id means: the same title may run in every quarter. `day_at` gives
    the day that is meant, where a goal is kept.

    Raises DoubtError when there is none, or more than one, or when nobody enters its readings.
    """
    wanted = folded(one_line(name))
    named = [one for one in goals if wanted in {folded(one.goal_id), folded(one.title)}]
    if not named:
        raise DoubtError("is no goal here")
    running = [one for one in named if one.course.first_day <= day_at(one) <= one.course.last_day]
    if not running:
        nearest = min(named, key=lambda one: abs((one.course.first_day - day_at(one)).days))
        first, last = (in_words(of) for of in (nearest.course.first_day, nearest.course.last_day))
        raise DoubtError(f"runs from {first} to {last}; this day is outside")
    if len(running) > 1:
        raise DoubtError(f"is what {len(running)} goals are called")
    if not running[0].is_by_hand:
        raise DoubtError("is a goal that Social Desk counts itself")
    return running[0]

"""Readings: somebody enters where a goal stands."""

from dataclasses import dataclass
from datetime import datetime

from bot.errors import NotAllowedError, StaleError
from bot.goal import Confidence, Goal, Reading
from bot.goal_form import check_value
from bot.goals import kept_goal
from bot.homes import renew_homes
from bot.periods import in_words, local_date
from bot.ports import Transaction

VALUE, CONFIDENCE = "value", "confidence"
"""The questions of a reading's form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadGoal:
    """Somebody says where a goal stands: `value` as it was typed, or one more than before.

    `seq` counts the readings that they saw, for one more. `confidence` is how sure they are that it
    will be reached, empty when they do not say.
    """

    goal_id: str
    actor_id: str
    value: str | None = None
    seq: int = 0
    confidence: str = ""


def read_goal(tx: Transaction, command: ReadGoal, now: datetime) -> Reading:
    """Store a reading.

    Raises NotFoundError, NotAllowedError, FieldError for what is no number, and StaleError for a
    goal whose period does not run, or when somebody else's reading came between.
    """
    goal = check_reading(tx, command, now)
    last = tx.goals.newest_readings((goal.goal_id,), now).get(goal.goal_id)
    seq = last.seq if last else 0
    if command.value is None and seq != command.seq:
        raise StaleError(_read_meanwhile(last))
    standing = last.value if last else goal.course.baseline
    value = standing + 1 if command.value is None else check_value(command.value, field=VALUE)
    reading = Reading(
        goal_id=goal.goal_id,
        seq=seq + 1,
        at=now,
        value=value,
        actor_id=command.actor_id,
        confidence=_confidence(command, last),
    )
    if not tx.goals.add_reading(reading):
        raise StaleError(_read_meanwhile(last))
    renew_homes(tx, (command.actor_id,), f"reading:{goal.goal_id}:{reading.seq}", now)
    return reading


def _confidence(command: ReadGoal, last: Reading | None) -> Confidence | None:
    """What they say; one more in one tap says nothing new about it."""
    if command.value is None:
        return last.confidence if last else None
    known = command.confidence in tuple(Confidence)
    return Confidence(command.confidence) if known else None


def check_reading(tx: Transaction, command: ReadGoal, now: datetime) -> Goal:
    """The goal, if a reading could be entered now: asked before its form is opened.

    Raises what `read_goal` raises, but for what the form will ask for.
    """
    goal = kept_goal(tx, tx.desk.load(), command.goal_id, command.actor_id, now)
    if not goal.is_by_hand:
        raise NotAllowedError("Social Desk counts this goal itself; nobody has to enter it.")
    if local_date(now, goal.tz) < goal.course.first_day:
        raise StaleError(
            f"The period of this goal begins on {in_words(goal.course.first_day)}; "
            "readings count from then on."
        )
    return goal


def _read_meanwhile(last: Reading | None) -> str:
    if last is None:
        return "Somebody else was quicker. Nothing was changed; please look again."
    return (
        f"<@{last.actor_id}> entered {last.value:g} meanwhile, so nothing was added. "
        "Press again if there is one more."
    )

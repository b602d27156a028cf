"""Readings: somebody enters where a goal stands, or a file or another system brings it."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.answers import check_value, checked_number
from bot.check_ins import answered
from bot.errors import NotAllowedError, NotFoundError, StaleError
from bot.goal import Confidence, Goal, Reading, ReadingSource
from bot.goals import kept_goal
from bot.homes import renew_homes
from bot.lifecycle import OPERATOR
from bot.periods import in_words, instant, local_date
from bot.ports import Transaction
from bot.standings import end_of

VALUE, CONFIDENCE = "value", "confidence"
"""The questions of a reading's form."""

COUNTED = "Social Desk counts this goal itself; nobody has to enter it."

_DAY = timedelta(days=1)
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadGoal:
    """Somebody says where a goal stands: `value` as it was typed, or one more than before.

    `seq` counts the readings that they saw, for one more or `is_same`. `confidence` is how sure
    they are that it will be reached, empty when they do not say; `is_answer`: they were asked.
    """

    goal_id: str
    actor_id: str
    value: str | None = None
    seq: int = 0
    confidence: str = ""
    is_same: bool = False
    is_answer: bool = False


def read_goal(tx: Transaction, command: ReadGoal, now: datetime) -> Reading:
    """Store a reading.

    Raises NotFoundError, NotAllowedError, FieldError for what is no number, and StaleError for a
    goal whose period does not run, or when somebody else's reading came between.
    """
    goal = check_reading(tx, command, now)
    last = tx.goals.newest_readings((goal.goal_id,), now).get(goal.goal_id)
    if command.value is None and (last.seq if last else 0) != command.seq:
        raise StaleError(_read_meanwhile(last))
    standing = last.value if last else goal.course.baseline
    if command.value is not None:
        value = check_value(command.value, field=VALUE)
    else:
        value = standing if command.is_same else standing + 1
    source = ReadingSource.CHECK_IN if command.is_answer else ReadingSource.HAND
    reading = Reading(
        goal_id=goal.goal_id,
        seq=0,
        at=now,
        value=value,
        actor_id=command.actor_id,
        confidence=_confidence(command, last),
        source=source,
    )
    added = _add(tx, goal, reading, may_correct=command.value is not None)
    if added is None:
        raise StaleError(_read_meanwhile(last))
    renew_homes(tx, (command.actor_id,), f"reading:{goal.goal_id}:{added.seq}", now)
    return added


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReading:
    """A file or another system says where a goal stood at the moment `at`, `actor_id` being who
    handed the file in or set the other system up.

    `external_id` names the reading where it comes from: it counts once per source, however often
    it comes.
    """

    goal_id: str
    value: float
    at: datetime
    actor_id: str
    source: ReadingSource
    external_id: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """The reading that is there now, and whether it was new."""

    reading: Reading
    is_new: bool


_TRIES = 5


def record_reading(tx: Transaction, command: RecordReading, now: datetime) -> Recorded:
    """Store what came from elsewhere; the same again changes nothing.

    A later reading for a day that has one puts it right; both are kept. Raises NotFoundError for a
    goal that is not there, FieldError for a value out of bounds, NotAllowedError for a goal that
    the desk counts itself, StaleError for a moment outside of its period or to come, once its
    keepers said what became of it, or when others write faster.
    """
    known = tx.goals.reading_from(command.source, command.external_id)
    if known is not None:
        return Recorded(known, is_new=False)
    goal = _goal_to_record(tx, command, now)
    reading = Reading(
        goal_id=goal.goal_id,
        seq=0,
        at=command.at,
        value=checked_number(command.value, field=VALUE),
        actor_id=command.actor_id,
        source=command.source,
        external_id=command.external_id,
        entered_at=now,
    )
    for _ in range(_TRIES):
        last = tx.goals.newest_readings((goal.goal_id,), now).get(goal.goal_id)
        said = replace(reading, confidence=last.confidence if last else None)
        added = _add(tx, goal, said, may_correct=True)
        if added is not None:
            return Recorded(added, is_new=True)
        # Somebody else's came between: the same one perhaps.
        known = tx.goals.reading_from(command.source, command.external_id)
        if known is not None:
            return Recorded(known, is_new=False)
    raise StaleError(_read_meanwhile(None))


def moment_of(goal: Goal, day: date, now: datetime) -> datetime:
    """The moment of a reading that names a day and no time: its end where the goal is kept, or now
    while the day runs.
    """
    return min(instant(day + _DAY, time.min, goal.tz) - _INSTANT, now)


def _goal_to_record(tx: Transaction, command: RecordReading, now: datetime) -> Goal:
    goal = tx.goals.get(command.goal_id)
    if goal is None or goal.dropped_at is not None:
        raise NotFoundError("There is no such goal.")
    if not goal.is_by_hand:
        raise NotAllowedError(COUNTED)
    if command.at > now:
        raise StaleError("This moment is still to come; a reading says what was.")
    if command.at >= end_of(goal) or local_date(command.at, goal.tz) < goal.course.first_day:
        first, last = in_words(goal.course.first_day), in_words(goal.course.last_day)
        raise StaleError(f"The period of this goal goes from {first} to {last}.")
    if tx.goals.closings((goal.goal_id,)):
        raise StaleError("This goal was closed; what became of it stays as it was said.")
    return goal


def _add(tx: Transaction, goal: Goal, reading: Reading, *, may_correct: bool) -> Reading | None:
    """Store a reading as the goal's next; None when another one came between.

    One for a day that has one already puts that right, unless it is of an earlier moment and only
    came late. Both are kept.
    """
    day = local_date(reading.at, goal.tz)
    since, until = (instant(one, time.min, goal.tz) for one in (day, day + _DAY))
    before = tx.goals.reading_between(goal.goal_id, since, until)
    newest = tx.goals.trail(goal.goal_id, limit=1)
    puts_right = may_correct and before is not None and before.at <= reading.at
    given = replace(
        reading,
        seq=newest[0].seq + 1 if newest else 1,
        corrects=before.value if before and puts_right else None,
    )
    if not tx.goals.add_reading(given):
        return None
    answered(tx, goal, reading.came_at)
    return given


def _confidence(command: ReadGoal, last: Reading | None) -> Confidence | None:
    """What they say; one more in one tap says nothing new about it."""
    known = command.confidence in tuple(Confidence)
    if command.value is None and not known:
        return last.confidence if last else None
    return Confidence(command.confidence) if known else None


def check_reading(tx: Transaction, command: ReadGoal, now: datetime) -> Goal:
    """The goal, if a reading could be entered now: asked before its form is opened.

    Raises what `read_goal` raises, but for what the form will ask for.
    """
    goal = kept_goal(tx, tx.desk.load(), command.goal_id, command.actor_id, now)
    if not goal.is_by_hand:
        raise NotAllowedError(COUNTED)
    if local_date(now, goal.tz) < goal.course.first_day:
        raise StaleError(
            f"The period of this goal begins on {in_words(goal.course.first_day)}; "
            "readings count from then on."
        )
    return goal


def _read_meanwhile(last: Reading | None) -> str:
    if last is None:
        return "Somebody else was quicker. Nothing was changed; please look again."
    who = "An operator" if last.actor_id == OPERATOR else f"<@{last.actor_id}>"
    return (
        f"{who} entered {last.value:g} meanwhile, so nothing was added. "
        "Press again if there is one more."
    )

"""When a goal's period is over, its keepers say what became of it, what they learned, and whether
it goes on: on purpose, never silently (P43).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.answers import ANY
from bot.cards import KEEP_TRYING
from bot.errors import FieldError, NotFoundError, StaleError
from bot.goal import MEASURES, Closing, Ending, Goal, Standing
from bot.goal_form import GoalField
from bot.goal_material import ClosingMaterial
from bot.goals import SetGoal, goal_to_keep, set_goal
from bot.homes import renew_homes
from bot.keepers import to_ask
from bot.outbox import Effect, EffectKind
from bot.pace import Course, Verdict
from bot.periods import in_words, local_date
from bot.ports import Transaction
from bot.standings import end_of, standings
from bot.text import one_line

LESSON_LENGTH = 300
"""How long a lesson may be, in characters: a sentence or two that somebody reads again."""

_DAY = timedelta(days=1)


class ClosingField(StrEnum):
    """The questions of the form; also the names under which it says what is wrong."""

    ENDING = "ending"
    LESSON = "lesson"
    NEXT = "next"
    TARGET = "target"


class Next(StrEnum):
    """What comes after a goal: the same for the next period, or nothing."""

    AGAIN = "again"
    ENOUGH = "enough"


@dataclass(frozen=True, slots=True)
class AskKeepers:
    """A goal's period is over."""

    goal_id: str


def ask_keepers(tx: Transaction, command: AskKeepers, now: datetime) -> str | None:
    """Ask everybody who acts for the goal's role what became of it, once; without them the admin.

    Returns "asked", or None when there is nothing to ask.
    """
    goal = tx.goals.get(command.goal_id)
    if goal is None or goal.ask_at is None or goal.ask_at > now:
        return None
    tx.goals.asked(goal.goal_id)
    if goal.dropped_at is not None or tx.goals.closings((goal.goal_id,)):
        return None
    desk = tx.desk.load()
    for user_id in to_ask(tx, desk, goal.role_id):
        tx.outbox.add(
            Effect(
                key=f"closing:{goal.goal_id}:{user_id}",
                kind=EffectKind.CLOSING,
                target=user_id,
                payload={"goal": goal.goal_id},
                expires_at=now + KEEP_TRYING,
            ),
            now,
        )
    return "asked"


@dataclass(frozen=True, slots=True)
class AskClosing:
    """Somebody wants to say what became of a goal."""

    goal_id: str
    user_id: str


def closing_form(tx: Transaction, command: AskClosing, now: datetime) -> ClosingMaterial:
    """What the form shows and offers.

    Raises NotFoundError, NotAllowedError, and StaleError while its period runs and once it was
    said.
    """
    goal = _ended_goal(tx, command.goal_id, command.user_id, now)
    return closing_of(tx, goal.goal_id, now)


def closing_of(tx: Transaction, goal_id: str, now: datetime) -> ClosingMaterial:
    """A goal as it ended, and the course that would follow; raises NotFoundError without it."""
    goal = tx.goals.get(goal_id)
    if goal is None or goal.dropped_at is not None:
        raise NotFoundError("This goal is no more.")
    (standing,) = standings(tx, [goal], now)
    return ClosingMaterial(
        standing=standing, following=_following(standing, local_date(now, goal.tz))
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseGoal:
    """The form came back. `form_id` is the form's own id, which also becomes that of the goal for
    the next period.
    """

    form_id: str
    goal_id: str
    actor_id: str
    given: Mapping[str, str] = field(default_factory=dict)


def close_goal(tx: Transaction, command: CloseGoal, now: datetime) -> Closing:
    """Store how a goal ended, and set the next one if it goes on; the same form again changes
    nothing.

    Raises FieldError with a sentence per bad field, and what `closing_form` raises.
    """
    before = tx.goals.closings((command.goal_id,)).get(command.goal_id)
    if before is not None and before.form_id == command.form_id:
        return before
    goal = _ended_goal(tx, command.goal_id, command.actor_id, now)
    (standing,) = standings(tx, [goal], now)
    ending, lesson, is_again = _checked(command.given, standing)
    closing = Closing(
        goal_id=goal.goal_id,
        form_id=command.form_id,
        ending=ending,
        value=standing.value,
        lesson=lesson,
        next_goal_id=_set_next(tx, command, standing, now) if is_again else None,
        at=now,
        actor_id=command.actor_id,
    )
    if not tx.goals.add_closing(closing):
        raise StaleError(_said_meanwhile(tx, goal))
    renew_homes(tx, (command.actor_id,), f"closing:{goal.goal_id}", now)
    return closing


def _ended_goal(tx: Transaction, goal_id: str, user_id: str, now: datetime) -> Goal:
    goal = goal_to_keep(tx, tx.desk.load(), goal_id, user_id)
    if end_of(goal) > now:
        raise StaleError(
            f"The period of this goal runs until {in_words(goal.course.last_day)}; "
            "what became of it is asked then."
        )
    if tx.goals.closings((goal_id,)):
        raise StaleError(_said_meanwhile(tx, goal))
    return goal


def _said_meanwhile(tx: Transaction, goal: Goal) -> str:
    closing = tx.goals.closings((goal.goal_id,)).get(goal.goal_id)
    who = f"<@{closing.actor_id}>" if closing else "Somebody"
    return f"{who} has said what became of this goal already. Nothing was changed."


def _checked(given: Mapping[str, str], standing: Standing) -> tuple[Ending, str, bool]:
    """What became of it, what was learned, and whether it goes on.

    What was not reached needs its lesson (P36); a number that says so can't be called reached.
    """
    errors: dict[str, str] = {}
    is_reached = standing.verdict is Verdict.REACHED
    said = given.get(ClosingField.ENDING, "")
    ending = Ending(said) if said in tuple(Ending) else None
    lesson = one_line(given.get(ClosingField.LESSON, ""))
    if ending is None:
        errors[ClosingField.ENDING] = "Please choose what became of it."
    elif ending is Ending.REACHED and standing.value is not None and not is_reached:
        errors[ClosingField.ENDING] = (
            "The number says otherwise: it is short of the target. “Partly” is honest."
        )
    if len(lesson) > LESSON_LENGTH:
        errors[ClosingField.LESSON] = f"Please keep it to {LESSON_LENGTH} characters."
    elif not lesson and ending not in {None, Ending.REACHED}:
        errors[ClosingField.LESSON] = (
            "What did you learn? A goal that was not reached is worth a sentence."
        )
    following = given.get(ClosingField.NEXT, "")
    if following not in tuple(Next):
        errors[ClosingField.NEXT] = "Please choose whether it goes on."
    if errors or ending is None:
        raise FieldError(errors)
    return ending, lesson, following == Next.AGAIN


def _set_next(tx: Transaction, command: CloseGoal, standing: Standing, now: datetime) -> str:
    """The same goal for the next period, checked as any other goal; its id.

    What is wrong with the target is told on it, anything else where somebody chose to go on.
    """
    goal = standing.goal
    course = _following(standing, local_date(now, goal.tz))
    given: dict[str, str] = {
        GoalField.TITLE: goal.title,
        GoalField.OBJECTIVE: goal.objective_id,
        GoalField.MEASURE: goal.measure.value,
        GoalField.KIND: goal.kind_key or ANY,
        GoalField.CONVERSION: goal.kind_key or ANY,
        GoalField.DEPARTMENT: goal.department or ANY,
        GoalField.UNIT: goal.unit,
        GoalField.BASELINE: str(course.baseline),
        GoalField.TARGET: command.given.get(ClosingField.TARGET, ""),
        GoalField.FIRST_DAY: course.first_day.isoformat(),
        GoalField.LAST_DAY: course.last_day.isoformat(),
        GoalField.ROLE: goal.role_id,
        GoalField.OUTCOME: goal.outcome or "",
        GoalField.SERVES: goal.customer_objective or "",
        GoalField.STAGE: goal.stage or "",
        GoalField.NEXT_STEP: goal.next_step or "",
        GoalField.RHYTHM: goal.rhythm.value,
    }
    asked = SetGoal(
        form_id=command.form_id, actor_id=command.actor_id, given=given, is_carried=True
    )
    try:
        return set_goal(tx, asked, now).goal_id
    except FieldError as error:
        raise FieldError(_told_here(error.fields)) from error


def _told_here(fields: Mapping[str, str]) -> dict[str, str]:
    if GoalField.TARGET in fields:
        return {ClosingField.TARGET: fields[GoalField.TARGET]}
    return {ClosingField.NEXT: " ".join(fields.values())}


def _following(standing: Standing, today: date) -> Course:
    """The course of the same goal for the next period: what is counted up begins at nothing again,
    a level where it stands now, with as far to go.
    """
    goal = standing.goal
    course = goal.course
    first, last = next_period(course.first_day, course.last_day, today)
    starts_anew = MEASURES[goal.measure].is_count or course.baseline == 0
    baseline = course.baseline if starts_anew or standing.value is None else standing.value
    target = course.target if starts_anew else round(baseline + course.target - course.baseline, 2)
    return Course(baseline=baseline, target=target, first_day=first, last_day=last)


def next_period(first: date, last: date, today: date) -> tuple[date, date]:
    """The period of the same length that follows, and that has not ended before `today`.

    Whole months are followed by as many whole months, anything else by as many days.
    """
    end, days = last + _DAY, last + _DAY - first
    is_whole = first.day == end.day == 1
    months = (end.year - first.year) * 12 + end.month - first.month
    first = end
    while True:
        end = _months_later(first, months) if is_whole else first + days
        if end > today:
            return first, end - _DAY
        first = end


def _months_later(first: date, months: int) -> date:
    later = first.month - 1 + months
    return date(first.year + later // 12, later % 12 + 1, 1)

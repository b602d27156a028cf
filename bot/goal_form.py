"""Checks what came in the form of a goal; a bad field is answered on that field."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.answers import Answers
from bot.choices import KNOW, STAGES
from bot.conversion import REVENUE
from bot.goal import MEASURES, Goal, Meaning, Measure, Objective
from bot.kinds import KINDS
from bot.money import is_money, is_money_unit
from bot.pace import Course
from bot.rhythm import Rhythm
from bot.text import cut, in_unit

TITLE_LENGTH = 80
OBJECTIVE_LENGTH = 120
UNIT_LENGTH = 25
OUTCOME_LENGTH = 80
SERVES_LENGTH = 120
NEXT_LENGTH = 120
"""How long the texts of a goal may be, in characters."""

LONGEST = timedelta(days=3 * 366)

MONEY = (
    "Money is an outcome, not a goal. Which leading goal is behind it: how many leads, sign-ups, "
    "downloads or requests would bring it? Set that one; the money fits under “What it brings”."
)
NEEDS_NEXT = (
    "To be known is not the end: what should people do next? Follow us, read on, ask for a sample."
)
ENDED_BEFORE = "This day has passed. A goal ends today or later."


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalFormMaterial:
    """What the form of a goal offers. `roles` are pairs of id and label, `types` (of conversions)
    of key and what several are called; `goal` is the one that is changed, None for a new one.
    """

    objectives: tuple[Objective, ...]
    departments: tuple[str, ...]
    roles: tuple[tuple[str, str], ...]
    today: date
    goal: Goal | None = None
    types: tuple[tuple[str, str], ...] = ()


class GoalField(StrEnum):
    """The questions of the form; also the names under which it says what is wrong."""

    TITLE = "title"
    OBJECTIVE = "objective"
    NEW_OBJECTIVE = "new_objective"
    OBJECTIVE_DEPARTMENT = "objective_department"
    PARENT = "parent"
    SERVES = "serves"
    STAGE = "stage"
    NEXT_STEP = "next_step"
    RHYTHM = "rhythm"
    MEASURE = "measure"
    KIND = "kind"
    CONVERSION = "conversion"
    DEPARTMENT = "department"
    UNIT = "unit"
    BASELINE = "baseline"
    TARGET = "target"
    FIRST_DAY = "first_day"
    LAST_DAY = "last_day"
    ROLE = "role"
    OUTCOME = "outcome"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the answers are checked against. `today` is where the goal's keeper lives.
    `is_carried`: nobody filled the form in, a goal goes on as it was.
    """

    today: date
    objectives: tuple[Objective, ...]
    departments: tuple[str, ...]
    roles: tuple[str, ...]
    types: tuple[tuple[str, str], ...] = ()
    is_carried: bool = False


@dataclass(frozen=True, slots=True)
class Hung:
    """An objective, and the company's one on which it is to hang, None for none."""

    objective_id: str
    parent_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedGoal:
    """A form that can be stored. Of `objective_id` and `new_objective` one is given; `hung` says
    where the chosen one is to hang, if anything about that was answered.
    """

    title: str
    objective_id: str | None
    new_objective: Objective | None
    measure: Measure
    kind_key: str | None
    department: str | None
    unit: str
    course: Course
    role_id: str
    outcome: str | None
    customer_objective: str | None
    stage: str | None
    next_step: str | None
    hung: Hung | None
    rhythm: Rhythm


def check_goal(raw: Mapping[str, str], known: Known, *, form_id: str) -> CheckedGoal:
    """Clean and check a goal's form; `form_id` becomes the id of a new objective.

    Raises FieldError with one sentence per bad field.
    """
    form = Answers(raw)
    measure = _measure(form)
    meaning = MEASURES[measure]
    title, unit, kind_key = _what(form, meaning, known)
    objective_id, new_objective = _objective(form, known, form_id)
    hung = _hung(form, known, objective_id)
    serves, stage, next_step = _way_of_customers(
        form, is_needed=not known.is_carried and measure not in OF_THE_DESK
    )
    baseline = 0.0 if meaning.is_count else form.number(GoalField.BASELINE, default=0.0)
    target = form.number(GoalField.TARGET)
    _check_way(form, measure, baseline, target)
    first, last = _period(form, known.today)
    role_id = form.choice(GoalField.ROLE, known.roles)
    if role_id is None:
        form.errors.setdefault(GoalField.ROLE, "Please choose the role that keeps this goal.")
    by_department = meaning.by_department
    department = form.choice(GoalField.DEPARTMENT, known.departments) if by_department else None
    outcome = form.text(GoalField.OUTCOME, OUTCOME_LENGTH)
    rhythm = form.choice(GoalField.RHYTHM, tuple(Rhythm))
    form.raise_errors()
    return CheckedGoal(
        title=title,
        objective_id=objective_id,
        new_objective=new_objective,
        measure=measure,
        kind_key=kind_key,
        department=department,
        unit=unit,
        course=Course(baseline=baseline, target=target, first_day=first, last_day=last),
        role_id=role_id or "",
        outcome=outcome or None,
        customer_objective=serves or None,
        stage=stage,
        next_step=next_step or None,
        hung=hung,
        rhythm=Rhythm(rhythm or Rhythm.DIGEST),
    )


def _measure(form: Answers) -> Measure:
    """Where the value comes from; by hand when nobody chose."""
    value = form.choice(GoalField.MEASURE, tuple(Measure))
    return Measure(value) if value in tuple(Measure) else Measure.HAND


def _objective(form: Answers, known: Known, form_id: str) -> tuple[str | None, Objective | None]:
    """A chosen objective or a typed one: no goal without (P19); what is typed wins."""
    typed = form.text(GoalField.NEW_OBJECTIVE, OBJECTIVE_LENGTH)
    ids = tuple(objective.objective_id for objective in known.objectives)
    chosen = form.choice(GoalField.OBJECTIVE, ids)
    if typed:
        department = form.choice(GoalField.OBJECTIVE_DEPARTMENT, known.departments)
        parent = _parent(form, known) if department else None
        return None, Objective(
            objective_id=form_id, title=typed, department=department, parent_id=parent
        )
    if chosen is None:
        form.errors.setdefault(
            GoalField.NEW_OBJECTIVE,
            "Which objective of the business does it serve? There is no goal without one.",
        )
    return chosen, None


def _what(form: Answers, meaning: Meaning, known: Known) -> tuple[str, str, str | None]:
    """The title, the unit, and the kind or type that alone is counted; money is none (P20)."""
    title = form.text(GoalField.TITLE, TITLE_LENGTH, "What is to be reached?")
    unit = meaning.unit or form.text(GoalField.UNIT, UNIT_LENGTH, "Of what? Sign-ups, for example.")
    if is_money(title):
        form.errors[GoalField.TITLE] = MONEY
    if is_money_unit(unit):
        form.errors[GoalField.UNIT] = MONEY
    if meaning.by_type:
        key, unit = _conversions(form, known)
        return title, unit, key
    kind_key = form.choice(GoalField.KIND, tuple(KINDS)) if meaning.by_kind else None
    return title, unit, kind_key


def _conversions(form: Answers, known: Known) -> tuple[str, str]:
    """The type of conversions that is counted, and what several of it are called. Those that are
    money are not among those known (P20).
    """
    types = dict(known.types)
    key = form.choice(GoalField.CONVERSION, tuple(types)) or ""
    if key == REVENUE:
        form.errors[GoalField.CONVERSION] = MONEY
    elif not key:
        form.errors.setdefault(GoalField.CONVERSION, "Please choose what is counted.")
    return key, cut(types.get(key, ""), UNIT_LENGTH)


def _parent(form: Answers, known: Known) -> str | None:
    """The company's objective that was chosen to hang another one on (P18)."""
    companys = [one.objective_id for one in known.objectives if one.department is None]
    return form.choice(GoalField.PARENT, tuple(companys))


def _hung(form: Answers, known: Known, objective_id: str | None) -> Hung | None:
    """Where the chosen objective is to hang; a question left open changes nothing."""
    chosen = {one.objective_id: one for one in known.objectives}.get(objective_id or "")
    if chosen is None or not form.given(GoalField.PARENT):
        return None
    parent = _parent(form, known)
    if chosen.department is None:
        if parent is not None and parent != chosen.objective_id:
            form.errors[GoalField.PARENT] = "An objective of the whole company hangs on none."
        return None
    return Hung(chosen.objective_id, parent)


OF_THE_DESK = frozenset({Measure.IN_TIME, Measure.TIME_TO_DECISION})
"""How fast the desk is: no customer meets that."""


def _way_of_customers(form: Answers, *, is_needed: bool) -> tuple[str, str | None, str]:
    """What it helps customers with, for which step of their way (P21), and what comes after: who
    only wants to be known says what happens next (P22).
    """
    serves = form.text(
        GoalField.SERVES,
        SERVES_LENGTH,
        "What do customers want to get done that this helps with?" if is_needed else "",
    )
    stage = form.choice(GoalField.STAGE, tuple(option.value for option in STAGES))
    if stage is None and is_needed:
        form.errors.setdefault(GoalField.STAGE, "Please choose the step that it is for.")
    next_step = form.text(GoalField.NEXT_STEP, NEXT_LENGTH, NEEDS_NEXT if stage == KNOW else "")
    return serves, stage, next_step


def _check_way(form: Answers, measure: Measure, baseline: float, target: float) -> None:
    if GoalField.TARGET in form.errors or GoalField.BASELINE in form.errors:
        return
    if target == baseline:
        form.errors[GoalField.TARGET] = "The target is where it starts: choose another number."
    elif measure is Measure.TIME_TO_DECISION and baseline < target:
        form.errors[GoalField.BASELINE] = "Fewer hours are better: it starts above the target."
    elif measure is Measure.IN_TIME and baseline > target:
        form.errors[GoalField.BASELINE] = "A larger share is better: it starts below the target."
    elif measure is Measure.IN_TIME and not 0 <= target <= 100:
        form.errors[GoalField.TARGET] = f"A share lies between 0 and {in_unit(100, '%')}."
    elif measure is not Measure.HAND and target < 0:
        form.errors[GoalField.TARGET] = "This can't get below zero."


def _period(form: Answers, today: date) -> tuple[date, date]:
    first, last = form.day(GoalField.FIRST_DAY), form.day(GoalField.LAST_DAY)
    if first is None or last is None:
        return today, today
    if last < today:
        form.errors[GoalField.LAST_DAY] = ENDED_BEFORE
    elif last <= first:
        form.errors[GoalField.LAST_DAY] = "The last day comes after the first."
    elif last - first > LONGEST:
        form.errors[GoalField.LAST_DAY] = "A goal's period has three years at most."
    return first, last

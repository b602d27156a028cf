"""Checks what came in the form of a goal; a bad field is answered on that field."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.errors import FieldError
from bot.goal import MEASURES, Goal, Measure, Objective
from bot.kinds import KINDS
from bot.money import is_money
from bot.pace import Course
from bot.text import has_words, one_line

TITLE_LENGTH = 80
OBJECTIVE_LENGTH = 120
UNIT_LENGTH = 25
OUTCOME_LENGTH = 80
"""How long the texts of a goal may be, in characters."""

MOST = 1_000_000_000_000
TOO_LARGE = "This number is too large."
LONGEST = timedelta(days=3 * 366)

ANY = "any"
"""Chosen where a measure is not to be narrowed down."""

MONEY = (
    "Money is an outcome, not a goal. Which leading goal is behind it: how many leads, sign-ups, "
    "downloads or requests would bring it? Set that one; the money fits under “What it brings”."
)
ENDED_BEFORE = "This day has passed. A goal ends today or later."


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalFormMaterial:
    """What the form of a goal offers. `roles` are pairs of id and label; `goal` is the one that is
    changed, None for a new one.
    """

    objectives: tuple[Objective, ...]
    departments: tuple[str, ...]
    roles: tuple[tuple[str, str], ...]
    today: date
    goal: Goal | None = None


class GoalField(StrEnum):
    """The questions of the form; also the names under which it says what is wrong."""

    TITLE = "title"
    OBJECTIVE = "objective"
    NEW_OBJECTIVE = "new_objective"
    OBJECTIVE_DEPARTMENT = "objective_department"
    MEASURE = "measure"
    KIND = "kind"
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
    """What the answers are checked against. `today` is where the goal's keeper lives."""

    today: date
    objectives: tuple[Objective, ...]
    departments: tuple[str, ...]
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedGoal:
    """A form that can be stored. Of `objective_id` and `new_objective` one is given."""

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


def check_goal(raw: Mapping[str, str], known: Known, *, form_id: str) -> CheckedGoal:
    """Clean and check a goal's form; `form_id` becomes the id of a new objective.

    Raises FieldError with one sentence per bad field.
    """
    form = _Form(raw)
    measure = form.measure()
    meaning = MEASURES[measure]
    title = form.text(GoalField.TITLE, TITLE_LENGTH, "What is to be reached?")
    unit = meaning.unit or form.text(GoalField.UNIT, UNIT_LENGTH, "Of what? Sign-ups, for example.")
    for field, text in ((GoalField.TITLE, title), (GoalField.UNIT, unit)):
        if is_money(text):
            form.errors[field] = MONEY
    objective_id, new_objective = _objective(form, known, form_id)
    baseline = 0.0 if meaning.is_count else form.number(GoalField.BASELINE, default=0.0)
    target = form.number(GoalField.TARGET)
    _check_way(form, measure, baseline, target)
    first, last = _period(form, known.today)
    role_id = form.choice(GoalField.ROLE, known.roles)
    if role_id is None:
        form.errors.setdefault(GoalField.ROLE, "Please choose the role that keeps this goal.")
    kind_key = form.choice(GoalField.KIND, tuple(KINDS)) if meaning.by_kind else None
    by_department = meaning.by_department
    department = form.choice(GoalField.DEPARTMENT, known.departments) if by_department else None
    outcome = form.text(GoalField.OUTCOME, OUTCOME_LENGTH)
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
    )


def check_value(raw: str, *, field: str) -> float:
    """A reading's value; raises FieldError on `field` when it is no number."""
    form = _Form({field: raw})
    value = form.number(field)
    form.raise_errors()
    return value


def checked_number(value: float, *, field: str) -> float:
    """A number as goals keep them; raises FieldError on `field` when it is none or too large."""
    if not abs(value) <= MOST:
        raise FieldError({field: TOO_LARGE})
    return round(value, 2) + 0.0


class _Form:
    """The answers, and what is wrong with them so far."""

    def __init__(self, raw: Mapping[str, str]) -> None:
        self._raw = {name: one_line(value) for name, value in raw.items()}
        self.errors: dict[str, str] = {}

    def raise_errors(self) -> None:
        """Raise FieldError if anything is wrong."""
        if self.errors:
            raise FieldError({str(name): told for name, told in self.errors.items()})

    def given(self, field: str) -> str:
        """What was typed or chosen, empty when nothing was."""
        return self._raw.get(field, "")

    def text(self, field: str, length: int, missing: str = "") -> str:
        """A line of at most `length` characters; it may be empty when `missing` is."""
        text = self.given(field)
        if not text and missing:
            self.errors[field] = missing
        elif text and not has_words(text) and text != "%":
            self.errors[field] = "Please write a word or two: this has no text."
        elif len(text) > length:
            self.errors[field] = f"This has {len(text):,} characters; {length:,} fit."
        return text

    def number(self, field: str, default: float | None = None) -> float:
        """A number with two decimals at most that are kept."""
        text = self.given(field)
        if not text and default is not None:
            return default
        try:
            value = float(text)
        except ValueError:
            self.errors[field] = "Please give a number." if text else "Please fill in a number."
            return 0.0
        try:
            return checked_number(value, field=field)
        except FieldError as error:
            self.errors.update(error.fields)
            return 0.0

    def day(self, field: str) -> date | None:
        """A day in ISO form."""
        try:
            return date.fromisoformat(self.given(field))
        except ValueError:
            self.errors[field] = "Please choose a day."
            return None

    def choice(self, field: str, known: tuple[str, ...]) -> str | None:
        """One of those known, None when nothing was chosen."""
        value = self.given(field)
        if value in {"", ANY}:
            return None
        if value not in known:
            self.errors[field] = "Please choose from the list."
        return value

    def measure(self) -> Measure:
        """Where the value comes from; by hand when nobody chose."""
        value = self.choice(GoalField.MEASURE, tuple(Measure))
        return Measure(value) if value in tuple(Measure) else Measure.HAND


def _objective(form: _Form, known: Known, form_id: str) -> tuple[str | None, Objective | None]:
    """A chosen objective or a typed one: no goal without (P19); what is typed wins."""
    typed = form.text(GoalField.NEW_OBJECTIVE, OBJECTIVE_LENGTH)
    ids = tuple(objective.objective_id for objective in known.objectives)
    chosen = form.choice(GoalField.OBJECTIVE, ids)
    if typed:
        department = form.choice(GoalField.OBJECTIVE_DEPARTMENT, known.departments)
        return None, Objective(objective_id=form_id, title=typed, department=department)
    if chosen is None:
        form.errors.setdefault(
            GoalField.NEW_OBJECTIVE,
            "Which objective of the business does it serve? There is no goal without one.",
        )
    return chosen, None


def _check_way(form: _Form, measure: Measure, baseline: float, target: float) -> None:
    if GoalField.TARGET in form.errors or GoalField.BASELINE in form.errors:
        return
    if target == baseline:
        form.errors[GoalField.TARGET] = "The target is where it starts: choose another number."
    elif measure is Measure.TIME_TO_DECISION and baseline < target:
        form.errors[GoalField.BASELINE] = "Fewer hours are better: it starts above the target."
    elif measure is Measure.IN_TIME and baseline > target:
        form.errors[GoalField.BASELINE] = "A larger share is better: it starts below the target."
    elif measure is Measure.IN_TIME and not 0 <= target <= 100:
        form.errors[GoalField.TARGET] = "A share lies between 0 and 100 %."
    elif measure is not Measure.HAND and target < 0:
        form.errors[GoalField.TARGET] = "This can't get below zero."


def _period(form: _Form, today: date) -> tuple[date, date]:
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

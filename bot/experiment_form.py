"""The form of an experiment: its fields, what it offers, and the check of all of them at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.errors import FieldError
from bot.experiment import Experiment
from bot.forms import check_sentence
from bot.goal import MEASURES, Measure
from bot.submission import FieldValue
from bot.text import day_in, one_line

HYPOTHESIS_LENGTH = 300
PLAN_LENGTH = 500
MEASURED_BY_LENGTH = 150
LONGEST = timedelta(days=366)
"""An experiment that runs longer is none: quick tests are what teaches (P36)."""

USUAL = timedelta(days=21)
"""How long an experiment runs unless somebody says otherwise."""

NO_GOAL = "-"
"""The choice of no goal, which is visible as such (P21)."""


class ExperimentField(StrEnum):
    """The questions of the form; also the names under which it says what is wrong."""

    HYPOTHESIS = "hypothesis"
    MEASURE = "measure"
    MEASURED_BY = "measured_by"
    LAUNCH = "launch"
    EVALUATION = "evaluation"
    LAST_DAY = "last_day"
    GOAL = "goal"
    ROLE = "role"


TRIED_BY = tuple(
    (measure.value, "In words, below" if measure is Measure.HAND else meaning.label)
    for measure, meaning in MEASURES.items()
)
"""What an experiment can be measured by: (value, label)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentForm:
    """What the form offers: the goals that run and the roles to choose from, as (id, label), and
    the day that it is where the person is. `experiment` is the one that is changed, None for a new
    one, after `changes` changes.
    """

    goals: tuple[tuple[str, str], ...]
    roles: tuple[tuple[str, str], ...]
    today: date
    experiment: Experiment | None = None
    changes: int = 0

    @property
    def first_day(self) -> date:
        """The day on which it begins, or began."""
        return self.experiment.first_day if self.experiment else self.today


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedExperiment:
    """A form that can be stored."""

    hypothesis: str
    measure: Measure
    measured_by: str
    launch: str
    evaluation: str
    last_day: date
    goal_id: str | None
    role_id: str


def check_experiment(given: Mapping[str, FieldValue], offered: ExperimentForm) -> CheckedExperiment:
    """Check every field; raises FieldError with one sentence per bad one."""
    errors: dict[str, str] = {}

    def sentence(field: ExperimentField, missing: str, length: int) -> str:
        try:
            return check_sentence(_text(given, field), field=field, missing=missing, length=length)
        except FieldError as error:
            errors.update(error.fields)
            return ""

    hypothesis = sentence(
        ExperimentField.HYPOTHESIS,
        "What do you expect to happen, and for whom? One sentence that can turn out wrong.",
        HYPOTHESIS_LENGTH,
    )
    launch = sentence(
        ExperimentField.LAUNCH, "How is it launched: who does what, where, when?", PLAN_LENGTH
    )
    evaluation = sentence(
        ExperimentField.EVALUATION,
        "How do you find out: compared with what, and from which number on did it work?",
        PLAN_LENGTH,
    )
    measure, measured_by = _measured(given, errors)
    last_day = _last_day(given, offered, errors)
    goal_id = _one_of(given, ExperimentField.GOAL, (*dict(offered.goals), NO_GOAL), errors)
    role_id = _one_of(given, ExperimentField.ROLE, tuple(dict(offered.roles)), errors)
    if errors:
        raise FieldError(errors)
    return CheckedExperiment(
        hypothesis=hypothesis,
        measure=measure,
        measured_by=measured_by,
        launch=launch,
        evaluation=evaluation,
        last_day=last_day,
        goal_id=None if goal_id == NO_GOAL else goal_id,
        role_id=role_id,
    )


def _measured(given: Mapping[str, FieldValue], errors: dict[str, str]) -> tuple[Measure, str]:
    chosen = _text(given, ExperimentField.MEASURE) or Measure.HAND.value
    measure = Measure(chosen) if chosen in tuple(Measure) else Measure.HAND
    words = one_line(_text(given, ExperimentField.MEASURED_BY))
    if measure is not Measure.HAND:
        return measure, ""
    if not words:
        errors[ExperimentField.MEASURED_BY] = (
            "Please say what is measured, or choose one of the desk's own measures above."
        )
    elif len(words) > MEASURED_BY_LENGTH:
        errors[ExperimentField.MEASURED_BY] = f"Please keep it to {MEASURED_BY_LENGTH} characters."
    return measure, words


def _last_day(
    given: Mapping[str, FieldValue], offered: ExperimentForm, errors: dict[str, str]
) -> date:
    day = day_in(_text(given, ExperimentField.LAST_DAY))
    if day is None:
        errors[ExperimentField.LAST_DAY] = "Please choose the day on which it ends."
    elif day < offered.today:
        errors[ExperimentField.LAST_DAY] = "This day has passed. Please choose a later one."
    elif day - offered.first_day > LONGEST:
        errors[ExperimentField.LAST_DAY] = (
            "That is more than a year. Test something smaller, and sooner."
        )
    return day or offered.today


def _one_of(
    given: Mapping[str, FieldValue],
    field: ExperimentField,
    known: tuple[str, ...],
    errors: dict[str, str],
) -> str:
    """The value chosen, the only one or the last where nothing was."""
    chosen = _text(given, field)
    if not chosen and field is ExperimentField.GOAL:
        return NO_GOAL
    if not chosen and len(known) == 1:
        return known[0]
    if chosen not in known:
        errors[field] = "Please choose from the list."
    return chosen


def _text(given: Mapping[str, FieldValue], name: str) -> str:
    value = given.get(name, "")
    return value if isinstance(value, str) else ""

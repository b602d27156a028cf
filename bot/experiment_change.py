"""Changing an experiment's plan while it runs: what it was is seen beside it from then on, so that
no goalpost moves quietly (P36).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.errors import StaleError
from bot.experiment import Experiment
from bot.experiment_end import already_said, kept_experiment
from bot.experiment_form import ExperimentForm, check_experiment
from bot.experiment_list import end_of
from bot.experiments import ask_at, offered
from bot.goal import MEASURES, Measure
from bot.lifecycle import Verb
from bot.people import may_triage
from bot.ports import Transaction
from bot.revision import Revised, Revision
from bot.revisions import changes_of, differing, next_version, revise
from bot.serving import running_goals
from bot.standings import roles_to_keep
from bot.steps.base import Step
from bot.steps.serving import GOAL, NONE
from bot.submission import FieldValue
from bot.triage import take_step
from bot.verbs import SERVING


@dataclass(frozen=True, slots=True)
class AskChange:
    """Somebody wants to change an experiment."""

    experiment_id: str
    user_id: str


def change_form(tx: Transaction, command: AskChange, now: datetime) -> ExperimentForm:
    """The form with what stands.

    Raises NotFoundError, NotAllowedError, and StaleError once its last day is over.
    """
    found = _running(tx, command.experiment_id, command.user_id, now)
    desk = tx.desk.load()
    roles = roles_to_keep(tx, desk, command.user_id)
    form = offered(tx, desk, roles, command.user_id, now)
    goal = tx.goals.get(found.goal_id) if found.goal_id else None
    if goal is not None and goal.goal_id not in dict(form.goals):
        form = replace(form, goals=((goal.goal_id, goal.title), *form.goals))
    changes = len(changes_of(tx, Revised.EXPERIMENT, found.experiment_id))
    return replace(form, experiment=found, changes=changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeExperiment:
    """The form came back; the experiment was changed `changes` times when it was opened."""

    experiment_id: str
    actor_id: str
    changes: int
    given: Mapping[str, FieldValue] = field(default_factory=dict)


def change_experiment(tx: Transaction, command: ChangeExperiment, now: datetime) -> Experiment:
    """Store the changed plan, and keep what it was; one that says the same changes nothing. The
    idea that was accepted as it serves its new goal, unless somebody said otherwise meanwhile.

    Raises FieldError with a sentence per bad field, StaleError when somebody changed it meanwhile,
    and what `change_form` raises.
    """
    asked = AskChange(command.experiment_id, command.actor_id)
    form = change_form(tx, asked, now)
    found = _running(tx, command.experiment_id, command.actor_id, now)
    checked = check_experiment(command.given, form)
    changed = replace(
        found,
        hypothesis=checked.hypothesis,
        measure=checked.measure,
        measured_by=checked.measured_by,
        launch=checked.launch,
        evaluation=checked.evaluation,
        last_day=checked.last_day,
        goal_id=checked.goal_id,
        role_id=checked.role_id,
        ask_at=ask_at(tx, tx.desk.load(), checked, found.tz),
    )
    before = differing(_told(tx, found), _told(tx, changed))
    if not before:
        return found
    of_id = found.experiment_id
    version = next_version(tx, Revised.EXPERIMENT, of_id, seen=command.changes)
    revision = Revision(
        what=Revised.EXPERIMENT,
        of_id=of_id,
        version=version,
        at=now,
        actor_id=command.actor_id,
        before=before,
    )
    revise(tx, revision)
    if not tx.experiments.change(changed):
        raise StaleError(already_said(tx, found))
    if changed.goal_id != found.goal_id and found.number is not None:
        _follow(tx, found, changed, command.actor_id, now)
    return changed


def _follow(
    tx: Transaction, before: Experiment, after: Experiment, actor_id: str, now: datetime
) -> None:
    """Have the submission serve the experiment's goal, as who changed it could do themselves."""
    submission = tx.submissions.get(before.number or 0)
    if submission is None or submission.goal_id != before.goal_id:
        return
    can_serve = {None, *(goal.goal_id for goal in running_goals(tx, now))}
    if submission.state not in SERVING or after.goal_id not in can_serve:
        return
    if not may_triage(tx, tx.desk.load(), submission, actor_id):
        return
    step = Step(
        number=submission.number,
        version=submission.version,
        verb=Verb.SERVE,
        actor_id=actor_id,
        given={GOAL: after.goal_id or NONE},
    )
    take_step(tx, step, now)


def _running(tx: Transaction, experiment_id: str, user_id: str, now: datetime) -> Experiment:
    found = kept_experiment(tx, experiment_id, user_id)
    if end_of(found) <= now:
        raise StaleError("Its last day is over, so its plan stays as it is. Say how it went.")
    return found


def _told(tx: Transaction, one: Experiment) -> Mapping[str, str]:
    """A plan as it is kept once it is another: in words that still say something when the goal or
    role is no more.
    """
    goal = tx.goals.get(one.goal_id) if one.goal_id else None
    is_own = one.measure is Measure.HAND
    return {
        "hypothesis": one.hypothesis,
        "measured": one.measured_by if is_own else MEASURES[one.measure].label,
        "evaluation": one.evaluation,
        "launch": one.launch,
        "last_day": one.last_day.isoformat(),
        "goal": goal.title if goal else "",
        "role": tx.desk.load().role(one.role_id).label,
    }

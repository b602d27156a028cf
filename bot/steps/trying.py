"""Accepting an idea as an experiment: with its plan, and how it is evaluated (P37)."""

from dataclasses import replace

from bot.experiment_form import ExperimentForm, check_experiment
from bot.experiments import offered, planned, store
from bot.people import current_owner
from bot.steps.base import Asked, Case, Choice, Detail, VerbRules
from bot.submission import HistoryEntry, Submission


def _offered(case: Case) -> Asked:
    """The goals to choose from; the role is that of the submission."""
    form = _form_of(case)
    return Asked(
        submission=case.submission,
        choices=tuple(Choice(goal_id, title, "goal") for goal_id, title in form.goals),
        initial={"today": form.today.isoformat()},
    )


def _form_of(case: Case) -> ExperimentForm:
    role = current_owner(case.tx, case.desk, case.submission.role_id).role
    return offered(case.tx, case.desk, (role.role_id,), case.step.actor_id, case.now)


def _check(case: Case) -> Detail:
    checked = check_experiment(case.step.given, _form_of(case))
    return {"note": checked.hypothesis, "last_day": checked.last_day.isoformat()}


def _keep(case: Case, _changed: Submission, entry: HistoryEntry) -> None:
    form = _form_of(case)
    checked = check_experiment(case.step.given, form)
    experiment = planned(case.tx, checked, form.today, case.step.actor_id, case.now)
    store(
        case.tx,
        replace(experiment, experiment_id=f"try:{entry.number}:{entry.seq}", number=entry.number),
    )


def _serving(case: Case, moved: Submission, _detail: Detail) -> Submission:
    """It serves the goal of its experiment."""
    return replace(moved, goal_id=check_experiment(case.step.given, _form_of(case)).goal_id)


TRY = VerbRules(ask=_offered, check=_check, change=_serving, follow=_keep)

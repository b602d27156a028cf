"""Experiments as use cases: set one, and ask its keepers how it went when its last day is over
(P36, P37).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from bot.cards import KEEP_TRYING
from bot.desk import Desk
from bot.due import hours_of
from bot.errors import FieldError, NotAllowedError
from bot.experiment import Experiment
from bot.experiment_form import CheckedExperiment, ExperimentForm, check_experiment
from bot.keepers import to_ask
from bot.outbox import Effect, EffectKind
from bot.people import everybody_with_a_role, today_of
from bot.periods import instant
from bot.ports import Transaction
from bot.standings import roles_to_keep
from bot.submission import FieldValue
from bot.working_time import next_working_moment

MOST_EXPERIMENTS = 12
"""How many may run at a time, so that a message of them fits and each is looked after."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AskExperiment:
    """Somebody wants to set an experiment without an idea behind it."""

    user_id: str


def experiment_form(tx: Transaction, command: AskExperiment, now: datetime) -> ExperimentForm:
    """What the form offers; raises NotAllowedError for who holds no role."""
    desk = tx.desk.load()
    roles = roles_to_keep(tx, desk, command.user_id)
    if not roles:
        label = desk.roles[desk.fallback_role].label
        raise NotAllowedError(
            f"Experiments are set by who holds a role, and by admins. Hand your idea in, or ask "
            f"the {label}."
        )
    return offered(tx, desk, roles, command.user_id, now)


def offered(
    tx: Transaction, desk: Desk, roles: tuple[str, ...], user_id: str, now: datetime
) -> ExperimentForm:
    """What the form offers to somebody who may keep the experiments of `roles`."""
    today = today_of(tx.members.get(user_id), now)
    return ExperimentForm(
        goals=tuple((goal.goal_id, goal.title) for goal in tx.goals.live(today)),
        roles=tuple((role_id, desk.role(role_id).label) for role_id in roles),
        today=today,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SetExperiment:
    """The form came back. `form_id` is the form's own id, which makes the experiment once."""

    form_id: str
    actor_id: str
    given: Mapping[str, FieldValue] = field(default_factory=dict)


def set_experiment(tx: Transaction, command: SetExperiment, now: datetime) -> Experiment:
    """Store a new experiment; the same form again changes nothing.

    Raises FieldError with a sentence per bad field, and what `experiment_form` raises.
    """
    before = tx.experiments.get(command.form_id)
    if before is not None:
        return before
    form = experiment_form(tx, AskExperiment(command.actor_id), now)
    checked = check_experiment(command.given, form)
    experiment = planned(tx, checked, form.today, command.actor_id, now)
    return store(tx, replace(experiment, experiment_id=command.form_id))


def planned(
    tx: Transaction, checked: CheckedExperiment, today: date, actor_id: str, now: datetime
) -> Experiment:
    """The experiment of a checked form, without an id of its own yet. It begins `today`."""
    desk, member = tx.desk.load(), tx.members.get(actor_id)
    tz = member.tz if member else "UTC"
    return Experiment(
        experiment_id="",
        hypothesis=checked.hypothesis,
        measure=checked.measure,
        measured_by=checked.measured_by,
        launch=checked.launch,
        evaluation=checked.evaluation,
        first_day=today,
        last_day=checked.last_day,
        role_id=checked.role_id,
        tz=tz,
        created_at=now,
        created_by=actor_id,
        goal_id=checked.goal_id,
        ask_at=ask_at(tx, desk, checked, tz),
    )


def ask_at(tx: Transaction, desk: Desk, checked: CheckedExperiment, tz: str) -> datetime:
    """When its keepers are asked how it went: at their first working moment after its end."""
    hours = hours_of(tx, desk, desk.role(checked.role_id), everybody_with_a_role(tx, desk))
    return next_working_moment(instant(checked.last_day + _DAY, time.min, tz), hours)


def store(tx: Transaction, experiment: Experiment) -> Experiment:
    """Keep a new experiment; raises FieldError when too many run already."""
    if len(tx.experiments.open(limit=MOST_EXPERIMENTS)) >= MOST_EXPERIMENTS:
        raise FieldError(
            {
                "hypothesis": f"{MOST_EXPERIMENTS} experiments are open already. "
                "Say how some of them went first: `/social experiments`."
            }
        )
    tx.experiments.add(experiment)
    return experiment


@dataclass(frozen=True, slots=True)
class AskTesters:
    """An experiment's last day is over."""

    experiment_id: str


def ask_testers(tx: Transaction, command: AskTesters, now: datetime) -> str | None:
    """Ask everybody who acts for the experiment's role how it went, once; without them the admin.

    Returns "asked", or None when there is nothing to ask.
    """
    found = tx.experiments.get(command.experiment_id)
    if found is None or found.ask_at is None or found.ask_at > now:
        return None
    tx.experiments.asked(found.experiment_id)
    if found.result is not None:
        return None
    desk = tx.desk.load()
    for user_id in to_ask(tx, desk, found.role_id):
        tx.outbox.add(
            Effect(
                key=f"experiment:{found.experiment_id}:{user_id}",
                kind=EffectKind.EXPERIMENT,
                target=user_id,
                payload={"experiment": found.experiment_id},
                expires_at=now + KEEP_TRYING,
            ),
            now,
        )
    return "asked"

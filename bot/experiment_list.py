"""The experiments as somebody sees them, with what the desk counted before and since."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.desk import Desk
from bot.experiment import Experiment, Trial
from bot.goal import Measure, Measured, Sample
from bot.periods import instant
from bot.ports import Transaction
from bot.revision import Revised
from bot.revisions import changes_of
from bot.standings import roles_to_keep

OPEN_SHOWN, ENDED_SHOWN = 12, 5
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentsMaterial:
    """Those that run or wait for a word, the first ending first, and the newest that ended.
    `may_set`: the reader may set a new one.
    """

    open: tuple[Trial, ...]
    ended: tuple[Trial, ...] = ()
    may_set: bool = False


@dataclass(frozen=True, slots=True)
class AskExperiments:
    """Somebody wants to see the experiments."""

    user_id: str


def see_experiments(tx: Transaction, command: AskExperiments, now: datetime) -> ExperimentsMaterial:
    """All that are open, and the newest that ended."""
    user_id = command.user_id
    return ExperimentsMaterial(
        open=tuple(trial(tx, one, now, user_id) for one in tx.experiments.open(limit=OPEN_SHOWN)),
        ended=tuple(
            trial(tx, one, now, user_id) for one in tx.experiments.ended(limit=ENDED_SHOWN)
        ),
        may_set=bool(roles_to_keep(tx, tx.desk.load(), user_id)),
    )


def trial(
    tx: Transaction, experiment: Experiment, now: datetime, user_id: str | None = None
) -> Trial:
    """An experiment as `user_id` sees it."""
    desk = tx.desk.load()
    role = desk.role(experiment.role_id)
    goal = tx.goals.get(experiment.goal_id) if experiment.goal_id else None
    before, during = _counted(tx, experiment, now)
    kept = roles_to_keep(tx, desk, user_id) if user_id else ()
    return Trial(
        experiment=experiment,
        role=role.label,
        goal=goal.title if goal else None,
        before=before,
        during=during,
        is_over=end_of(experiment) <= now,
        may_keep=role.role_id in kept and experiment.result is None,
        changes=changes_of(tx, Revised.EXPERIMENT, experiment.experiment_id),
    )


def to_judge(tx: Transaction, desk: Desk, user_id: str, now: datetime) -> tuple[Experiment, ...]:
    """Those that are over and wait for this person's word."""
    over = [one for one in tx.experiments.open(limit=OPEN_SHOWN) if end_of(one) <= now]
    kept = roles_to_keep(tx, desk, user_id) if over else ()
    return tuple(one for one in over if desk.role(one.role_id).role_id in kept)


def end_of(experiment: Experiment) -> datetime:
    """The moment at which its last day is over."""
    return instant(experiment.last_day + _DAY, time.min, experiment.tz)


def _counted(
    tx: Transaction, experiment: Experiment, now: datetime
) -> tuple[Sample | None, Sample | None]:
    """What the desk counted in as many days before it began, and from then to its end, or to now
    while it runs.
    """
    if experiment.measure is Measure.HAND:
        return None, None
    begin = instant(experiment.first_day, time.min, experiment.tz)
    earlier = instant(experiment.first_day - experiment.days * _DAY, time.min, experiment.tz)
    until = min(end_of(experiment), experiment.ended_at or now)
    asked = Measured(measure=experiment.measure, since=earlier, until=begin)
    before = tx.measures.sample(asked)
    if until <= begin:
        return before, Sample(None, 0)
    return before, tx.measures.sample(
        Measured(measure=experiment.measure, since=begin, until=until)
    )

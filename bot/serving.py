"""Which goal something accepted serves (P21): chosen by rule when it is accepted, so that nobody
has to press more, and by its owner afterwards.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.goal import Goal, Measure
from bot.goal_form import OF_THE_DESK
from bot.lifecycle import LEAD
from bot.people import is_admin, may_triage
from bot.ports import Transaction
from bot.served import NOTHING, Serves, Unserved
from bot.standings import end_of
from bot.submission import Submission
from bot.verbs import SERVING

SHOWN = 5
"""How many of those that serve no goal are listed by name."""

_DAY = timedelta(days=1)
_KIND, _STAGE, _DEPARTMENT = 4, 2, 1


def running_goals(tx: Transaction, now: datetime) -> tuple[Goal, ...]:
    """The goals that something can serve now: those whose period has not ended, but for those that
    say how fast the desk is.
    """
    live = tx.goals.live(now.date() - _DAY)
    return tuple(one for one in live if end_of(one) > now and one.measure not in OF_THE_DESK)


def suggested(goals: Iterable[Goal], submission: Submission) -> str | None:
    """The goal that fits best by what it counts, by the step of the way and by department; None
    where nothing speaks for any, or as much for two: a guess would be worse than a gap.
    """
    fits = [(fit, goal.goal_id) for goal in goals if (fit := _fit(goal, submission))]
    best = max((fit for fit, _ in fits), default=0)
    found = [goal_id for fit, goal_id in fits if fit == best]
    return found[0] if len(found) == 1 else None


def _fit(goal: Goal, submission: Submission) -> int:
    """How much speaks for it; 0 where something speaks against it, or nothing for it."""
    is_lead = submission.kind.lifecycle is LEAD
    stage = submission.text("stage") or ("lead" if is_lead else "")
    if goal.measure is Measure.LEADS_WON and not is_lead:
        return 0
    fit = _KIND if goal.measure is Measure.LEADS_WON else 0
    for mine, theirs, weight in (
        (goal.kind_key, submission.kind_key, _KIND),
        (goal.stage, stage, _STAGE),
        (goal.department, submission.department, _DEPARTMENT),
    ):
        if mine and theirs and mine == theirs:
            fit += weight
        elif mine and theirs:
            return 0
    return fit


def with_goal(tx: Transaction, submission: Submission, now: datetime) -> Submission:
    """The submission with the goal that fits, unless it names one."""
    if submission.goal_id is not None:
        return submission
    return replace(submission, goal_id=suggested(running_goals(tx, now), submission))


def serves(tx: Transaction, submission: Submission, now: datetime) -> Serves | None:
    """What is said of the goal that it serves; None where there is nothing to say: it is not
    accepted, or no goal runs.
    """
    if submission.state not in SERVING:
        return None
    goal = tx.goals.get(submission.goal_id) if submission.goal_id else None
    if goal is not None:
        return Serves(goal.title)
    return Serves() if running_goals(tx, now) else None


def served_by(
    tx: Transaction, submissions: Iterable[Submission], now: datetime
) -> Mapping[int, Serves]:
    """What `serves` says of each, by number, for many at once; those without are left out."""
    accepted = [one for one in submissions if one.state in SERVING]
    titles = tx.goals.titles(one.goal_id for one in accepted if one.goal_id)
    found = {one.number: Serves(titles.get(one.goal_id or "", "")) for one in accepted}
    if all(one.title for one in found.values()) or running_goals(tx, now):
        return found
    return {number: one for number, one in found.items() if one.title}


def unserved(tx: Transaction, goals: Sequence[Goal], user_id: str) -> Unserved:
    """What is under way and serves no goal, while there are `goals` that it could serve. Whom a
    testimonial or a lead is from is named to who decides on it, handed it in, or is an admin.
    """
    if not goals:
        return NOTHING
    items, total = tx.submissions.unserved(limit=SHOWN)
    unnamed = (one.number for one in items if not _may_read_title(tx, one, user_id))
    return Unserved(items, total, frozenset(unnamed))


def _may_read_title(tx: Transaction, submission: Submission, user_id: str) -> bool:
    if not submission.kind.is_confidential or submission.submitter_id == user_id:
        return True
    desk = tx.desk.load()
    return is_admin(tx, desk, user_id) or may_triage(tx, desk, submission, user_id)

"""The goals as somebody sees them: those that run, those that wait for a word, those that ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.forecast import with_outlooks
from bot.goal_material import GoalsMaterial
from bot.goals import MOST_GOALS
from bot.ports import Transaction
from bot.serving import unserved
from bot.standings import end_of, roles_to_keep, standings

ENDED_SHOWN = 5
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AskGoals:
    """Somebody wants to see the goals, `in_full` with where they will end: that counts more."""

    user_id: str
    in_full: bool = True


def see_goals(tx: Transaction, command: AskGoals, now: datetime) -> GoalsMaterial:
    """The goals that run or are to come, those behind first; and of those that have ended the
    newest, and before them all that wait for this person to say what became of them.
    """
    # Where a goal is kept it may be a day earlier or later than here.
    live = [goal for goal in tx.goals.live(now.date() - _DAY) if end_of(goal) > now]
    found = tx.goals.ended(now.date() + 2 * _DAY, limit=ENDED_SHOWN + MOST_GOALS)
    ended = [goal for goal in found if end_of(goal) <= now]
    known = standings(tx, ended, now, user_id=command.user_id)
    to_close = tuple(one for one in known if one.may_keep and one.closing is None)
    waiting = {one.goal.goal_id for one in to_close}
    newest = [goal.goal_id for goal in ended if goal.goal_id not in waiting][:ENDED_SHOWN]
    shown = standings(tx, live, now, user_id=command.user_id)
    return GoalsMaterial(
        live=with_outlooks(tx, shown, now) if command.in_full else shown,
        to_close=to_close,
        ended=tuple(one for one in known if one.goal.goal_id in newest),
        unserved=unserved(tx, live, command.user_id),
        may_set=bool(roles_to_keep(tx, tx.desk.load(), command.user_id)),
    )

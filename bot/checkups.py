"""The facts that `bot.checkup` judges, read from the desk's own records of a quarter."""

from datetime import datetime, timedelta

from bot.checkup import STALE_WEEKS, Facts, Finding, check
from bot.consent import platform_label
from bot.conversion import Dimension, Lens
from bot.experiment import Result
from bot.goal import Ending, Goal, Measure
from bot.insight_store import NEWEST
from bot.ports import Transaction

SPAN = timedelta(weeks=13)
_SEEN = 100
"""How many experiments are looked at."""

DONE = frozenset({Measure.HANDED_IN, Measure.ACCEPTED, Measure.PUBLISHED})
"""The measures that count what was done, not what it brought."""

AWARENESS = frozenset({"know", "like"})
"""The stages before anybody trusts us."""


def check_up(tx: Transaction, _command: None, now: datetime) -> tuple[Finding, ...]:
    """What the four rules say of the last quarter."""
    return check(facts_of(tx, now))


def facts_of(tx: Transaction, now: datetime) -> Facts:
    """The last quarter in numbers; of very many posts the newest are looked at one by one."""
    since = now - SPAN
    posted = tx.insights.newest_published(since, now, NEWEST) or since
    looked_at, unserving = tx.insights.unserving(posted, now)
    goals = [goal for goal in tx.goals.live(now.date()) if goal.course.first_day <= now.date()]
    (counts,) = tx.figures.counts([since, now])
    experiments = _experiments(tx, since, now)
    closed = tx.goals.closed_between(since, now)
    endings = tx.goals.closings(goal.goal_id for goal in closed)
    missed = sum(one.ending is Ending.MISSED for one in endings.values())
    platforms = tx.insights.platforms(posted, now)
    brought, known = _brought(tx, posted, now)
    return Facts(
        published=counts.published,
        looked_at=looked_at,
        unserving=unserving,
        goals=len(goals),
        stale=_stale(tx, goals, now),
        awareness=sum(is_awareness(goal) for goal in goals),
        closed=len(closed),
        missed=missed,
        platforms={platform_label(name): count for name, count in platforms.items()},
        brought=brought,
        known=known,
        conversions=sum(total.count for total in tx.conversions.totals(since, now)),
        **experiments,
    )


def is_awareness(goal: Goal) -> bool:
    """Whether a goal counts only what was done, or who got to know and like us."""
    return goal.measure in DONE or goal.stage in AWARENESS


def _experiments(tx: Transaction, since: datetime, now: datetime) -> dict[str, int]:
    open_ = tx.experiments.open(limit=_SEEN)
    ended = [
        one
        for one in tx.experiments.ended(limit=_SEEN)
        if one.ended_at is not None and one.ended_at >= since and one.result is not Result.DROPPED
    ]
    every = (*open_, *ended)
    return {
        "experiments": len(every),
        "aimless": sum(one.goal_id is None for one in every),
        "unjudged": sum(one.last_day < now.date() - timedelta(days=7) for one in open_),
    }


def _stale(tx: Transaction, goals: list[Goal], now: datetime) -> int:
    """How many goals by hand that run long enough have no reading of the last weeks."""
    limit = now - timedelta(weeks=STALE_WEEKS)
    by_hand = [goal for goal in goals if goal.is_by_hand and goal.course.first_day < limit.date()]
    readings = tx.goals.newest_readings([goal.goal_id for goal in by_hand], now)
    return sum(
        goal.goal_id not in readings or readings[goal.goal_id].at < limit for goal in by_hand
    )


def _brought(tx: Transaction, since: datetime, now: datetime) -> tuple[dict[str, int], int]:
    """In how many conversions each platform had any part, first, last or told, and in how many one
    had.
    """
    found: dict[str, int] = {}
    known = 0
    for credit in tx.conversions.credits(Dimension.PLATFORM, since, now):
        if credit.lens is not Lens.TOUCHED:
            continue
        if credit.key is None:
            known += credit.count
        else:
            name = platform_label(credit.key)
            found[name] = found.get(name, 0) + credit.count
    return found, known

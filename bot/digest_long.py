"""The long game in a digest (P33), and whose part it is (P03): months, quarters, a goal."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from itertools import accumulate, pairwise

from bot.desk import Desk
from bot.digest_parts import ByLeaders, ContributionsPart, GoalChartPart, MonthsPart, ThanksPart
from bot.digest_sources import Sources
from bot.goal import MEASURES, Goal, Measured
from bot.pace import Verdict, expected
from bot.periods import instant
from bot.ports import Transaction
from bot.spending import name_of_quarter, quarter_of

LEADERS = "leadership"
"""A department of this name, case aside, stands for the leaders where the set-up lists none."""

MONTHS_SHOWN = 12
POINTS = 14
ENDED_LOOKED_AT = 50
_WEEK = timedelta(days=7)


def department_of_leaders(desk: Desk) -> str | None:
    """The name of the leaders' department, None where the set-up has none."""
    named = (one.name for one in desk.departments if one.name.casefold() == LEADERS)
    return next(named, None)


def months_until(day: date, count: int) -> tuple[date, ...]:
    """The first days of the `count` calendar months of which the last holds `day`."""
    last = day.year * 12 + day.month - 1
    return tuple(
        date(month // 12, month % 12 + 1, 1) for month in range(last - count + 1, last + 1)
    )


def contributions(found: Sources) -> ContributionsPart | None:
    """What came from whom this week and in the quarter up to the week's end. A week that two
    quarters share is told beside the one in which it began, and that one to its end: each day
    counts in one quarter.
    """
    since, end = (instant(day, time.min, found.tz) for day in quarter_of(found.this.first_day))
    until = min(found.this.until, end)
    quarter = found.tx.figures.contributions(since, until)
    week = found.tx.figures.contributions(found.this.since, found.this.until)
    if not quarter and not week:
        return None
    this_week = by_leaders(found, found.this.since, counted=week)
    this_quarter = by_leaders(found, since, until, quarter)
    leaders = None
    if this_week is not None and this_quarter is not None:
        leaders = ByLeaders(this_week, this_quarter)
    over = name_of_quarter(found.this.first_day) if until == end else None
    return ContributionsPart(week=week, quarter=quarter, leaders=leaders, over=over)


def from_leaders(found: Sources) -> int | None:
    """How much the leaders handed in since the quarter began in which the week did, up to the
    week's end; None where the set-up doesn't name them.
    """
    first, _ = quarter_of(found.this.first_day)
    return by_leaders(found, instant(first, time.min, found.tz))


def by_leaders(
    found: Sources,
    since: datetime,
    until: datetime | None = None,
    counted: Mapping[str | None, int] | None = None,
) -> int | None:
    """How much leaders handed in from `since` up to `until`, the week's end without one: those whom
    the set-up lists, whatever their department; else what is `counted` for a department that stands
    for them.
    """
    end = until or found.this.until
    if found.desk.leaders:
        return found.tx.figures.handed_in_by(found.desk.leaders, since, end)
    department = department_of_leaders(found.desk)
    if department is None:
        return None
    if counted is None:
        counted = found.tx.figures.contributions(since, end)
    return counted.get(department, 0)


def thanks(found: Sources) -> ThanksPart | None:
    """Whose ideas were published; nothing whose customer took their consent back is among them."""
    if not found.published:
        return None
    people = Counter(item.submitter_id for item in found.published)
    total = max(found.newest[-1].published, len(found.published))
    return ThanksPart(dict(people.most_common()), total - len(found.published))


def months(found: Sources) -> MonthsPart | None:
    """Twelve months up to the week's end, without those before anything happened."""
    firsts = months_until(found.this.last_day, MONTHS_SHOWN)
    bounds = [*(instant(first, time.min, found.tz) for first in firsts), found.this.until]
    rows = found.tx.figures.flows(bounds, found.now)
    begun = next((n for n, row in enumerate(rows) if any(row)), None)
    if begun is None or begun > len(firsts) - 2:
        return None
    handed_in, published = zip(*rows[begun:], strict=True)
    return MonthsPart(first_days=firsts[begun:], handed_in=handed_in, published=published)


def goal_chart(found: Sources) -> GoalChartPart | None:
    """The goal that is furthest behind, else the first that runs and can be drawn."""
    running = [one for one in found.goals if _is_drawn(one.goal) and one.verdict in _RUNS]
    if not running:
        return None
    standing = running[0]
    goal = standing.goal
    weeks = _weeks_of(goal, standing.on)
    if len(weeks) < 2:
        return None
    days = tuple(goal.course.first_day + week * _WEEK for week in weeks)
    before = _before(found.tx, goal)
    past: tuple[float | None, ...] = ()
    if before is not None:
        past = _values(found.tx, before, tuple(before.course.first_day + w * _WEEK for w in weeks))
    return GoalChartPart(
        standing=standing,
        days=days,
        values=_values(found.tx, goal, days),
        pace=tuple(expected(goal.course, day) for day in days),
        before=past,
    )


_RUNS = frozenset({Verdict.BEHIND, Verdict.ON_PACE, Verdict.REACHED})


def _is_drawn(goal: Goal) -> bool:
    return goal.is_by_hand or MEASURES[goal.measure].is_count


def _weeks_of(goal: Goal, on: date) -> range:
    """The weeks of its period that have begun by `on`, the last ones of a long period."""
    last = (min(on, goal.course.last_day) - goal.course.first_day).days // 7
    return range(max(last - POINTS + 1, 0), last + 1)


def _values(tx: Transaction, goal: Goal, days: tuple[date, ...]) -> tuple[float | None, ...]:
    """Where a goal stood when each of these days began."""
    moments = [instant(day, time.min, goal.tz) for day in days]
    if goal.is_by_hand:
        found = (tx.goals.newest_readings([goal.goal_id], at).get(goal.goal_id) for at in moments)
        return tuple(None if one is None else one.value for one in found)
    begin = instant(goal.course.first_day, time.min, goal.tz)
    spans = pairwise([begin, *moments])
    return tuple(accumulate(_of_goal(tx, goal, *span) for span in spans))


def _of_goal(tx: Transaction, goal: Goal, since: datetime, until: datetime) -> float:
    if until <= since:
        return 0.0
    asked = Measured(
        measure=goal.measure,
        since=since,
        until=until,
        kind_key=goal.kind_key,
        department=goal.department,
    )
    return tx.measures.sample(asked).value or 0.0


def _before(tx: Transaction, goal: Goal) -> Goal | None:
    """The goal of the period before, which was rolled over into this one."""
    ended = tx.goals.ended(goal.course.first_day, limit=ENDED_LOOKED_AT)
    closings = tx.goals.closings(one.goal_id for one in ended)
    for one in ended:
        closing = closings.get(one.goal_id)
        if closing is not None and closing.next_goal_id == goal.goal_id:
            return one
    return None

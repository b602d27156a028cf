"""How goals stand at a moment: by the newest reading, or by what the desk counts itself."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from bot.desk import Desk
from bot.goal import MEASURES, Goal, Measured, Objective, Reading, Sample, Standing
from bot.objectives import severity
from bot.pace import Verdict
from bot.people import everybody_with_a_role, is_admin, owner_of
from bot.periods import instant, local_date
from bot.ports import Transaction

_DAY = timedelta(days=1)


def standings(
    tx: Transaction, goals: Sequence[Goal], at: datetime, *, user_id: str | None = None
) -> tuple[Standing, ...]:
    """Each goal as it stood at `at`: those behind first, the furthest on top.

    `user_id` is who reads, to know which ones they may keep.
    """
    if not goals:
        return ()
    goals = as_of(tx, goals, at)
    desk = tx.desk.load()
    objectives = {objective.objective_id: objective for objective in tx.goals.objectives()}
    by_hand = [goal.goal_id for goal in goals if goal.is_by_hand]
    readings = tx.goals.newest_readings(by_hand, at)
    closings = tx.goals.closings(goal.goal_id for goal in goals)
    kept = roles_to_keep(tx, desk, user_id) if user_id else ()
    found = [
        replace(
            _standing(tx, desk, goal, at, readings.get(goal.goal_id), objectives, kept),
            closing=closings.get(goal.goal_id),
        )
        for goal in goals
    ]
    return tuple(sorted(found, key=severity))


def as_of(tx: Transaction, goals: Sequence[Goal], at: datetime) -> Sequence[Goal]:
    """The goals with the title, unit and course that they had at `at`: who changes a target in the
    middle of a period does not change what was before. What is not known stays as it is now.
    """
    later = [one.goal_id for one in goals if one.changed_at is not None and one.changed_at > at]
    held = {one.goal_id: one for one in tx.goals.versions(later) if one.at <= at}
    return [
        replace(goal, title=was.title, unit=was.unit, course=was.course)
        if (was := held.get(goal.goal_id)) is not None
        else goal
        for goal in goals
    ]


def running(tx: Transaction, since: datetime, at: datetime) -> tuple[Standing, ...]:
    """The goals that ran at `at` or ended since `since`, as they stood at `at`, and those of which
    it was said since then what became of them.

    What was missed comes first: it is told in the week in which it ended, and once more with what
    was learned.
    """
    # Where a goal is kept it may be a day earlier or later.
    live = [goal for goal in tx.goals.live((since - _DAY).date()) if end_of(goal) > since]
    known = {goal.goal_id for goal in live}
    closed = [one for one in tx.goals.closed_between(since, at) if one.goal_id not in known]
    found = standings(tx, [*live, *closed], at)
    begun = [one for one in found if one.verdict is not Verdict.NOT_STARTED]
    return tuple(sorted(begun, key=lambda one: one.verdict is not Verdict.MISSED))


def roles_to_keep(tx: Transaction, desk: Desk, user_id: str) -> tuple[str, ...]:
    """The ids of the roles for which somebody may set goals: those they act for; an admin all."""
    if is_admin(tx, desk, user_id):
        return tuple(desk.roles)
    members = everybody_with_a_role(tx, desk, user_id)
    actor = members.get(user_id)
    if actor is not None and not actor.is_active_person:
        return ()
    return tuple(
        role_id for role_id in desk.roles if user_id in owner_of(desk, role_id, members).holders
    )


def _standing(
    tx: Transaction,
    desk: Desk,
    goal: Goal,
    at: datetime,
    reading: Reading | None,
    objectives: dict[str, Objective],
    kept: tuple[str, ...],
) -> Standing:
    if goal.is_by_hand:
        sample = Sample(reading.value if reading else None, 0)
    else:
        sample = measured(tx, goal, at)
    role = desk.role(goal.role_id)
    objective = objectives[goal.objective_id]
    return Standing(
        goal=goal,
        on=local_date(at, goal.tz),
        value=sample.value,
        size=sample.size,
        reading=reading,
        objective=objective,
        parent=objectives.get(objective.parent_id or ""),
        role=role.label,
        may_keep=role.role_id in kept,
    )


def end_of(goal: Goal) -> datetime:
    """The moment at which a goal's last day is over, where it is kept."""
    return instant(goal.course.last_day + _DAY, time.min, goal.tz)


def measured(tx: Transaction, goal: Goal, at: datetime) -> Sample:
    """What the desk counts for a goal within its period, up to `at`; nothing before it begins."""
    since = instant(goal.course.first_day, time.min, goal.tz)
    until = min(end_of(goal), at)
    if until <= since:
        return Sample(0.0 if MEASURES[goal.measure].is_count else None, 0)
    asked = Measured(
        measure=goal.measure,
        since=since,
        until=until,
        kind_key=goal.kind_key,
        department=goal.department,
    )
    sample = tx.measures.sample(asked)
    value = None if sample.value is None else round(sample.value, 1)
    return Sample(value, sample.size)

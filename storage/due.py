"""What is due in any workspace that Slack still lets the app into."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from storage.installed import is_served
from storage.tables import (
    experiment,
    goal,
    history,
    lane,
    member,
    outbox,
    pulse,
    schedule,
    submission,
    workspace,
)


def due_schedules(connection: Connection, now: datetime, limit: int) -> tuple[tuple[str, str], ...]:
    """(workspace id, subscription id) of the digests due by `now`, the longest due first."""
    rows = connection.execute(
        select(schedule.c.workspace_id, schedule.c.subscription_id)
        .where(schedule.c.next_at <= now, is_served(schedule.c.workspace_id))
        .order_by(schedule.c.next_at, schedule.c.workspace_id, schedule.c.subscription_id)
        .limit(limit)
    )
    return tuple((row.workspace_id, row.subscription_id) for row in rows)


def due_timers(connection: Connection, now: datetime, limit: int) -> tuple[tuple[str, int], ...]:
    """(workspace id, number) of the submissions whose timer is due by `now`, the longest first."""
    c = submission.c
    rows = connection.execute(
        select(c.workspace_id, c.number)
        .where(c.timer_at <= now, is_served(c.workspace_id))
        .order_by(c.timer_at, c.workspace_id, c.number)
        .limit(limit)
    )
    return tuple((row.workspace_id, row.number) for row in rows)


def due_returns(connection: Connection, now: datetime, limit: int) -> tuple[tuple[str, str], ...]:
    """(workspace id, user id) of those whose absence ended by `now`, the longest ago first."""
    c = member.c
    rows = connection.execute(
        select(c.workspace_id, c.user_id)
        .where(c.away_until <= now, is_served(c.workspace_id))
        .order_by(c.away_until, c.workspace_id, c.user_id)
        .limit(limit)
    )
    return tuple((row.workspace_id, row.user_id) for row in rows)


def due_closings(connection: Connection, now: datetime, limit: int) -> tuple[tuple[str, str], ...]:
    """(workspace id, goal id) of the goals whose keepers are to be asked by `now`, the longest ago
    first.
    """
    c = goal.c
    rows = connection.execute(
        select(c.workspace_id, c.goal_id)
        .where(c.ask_at <= now, is_served(c.workspace_id))
        .order_by(c.ask_at, c.workspace_id, c.goal_id)
        .limit(limit)
    )
    return tuple((row.workspace_id, row.goal_id) for row in rows)


def due_experiments(
    connection: Connection, now: datetime, limit: int
) -> tuple[tuple[str, str], ...]:
    """(workspace id, experiment id) of those whose keepers are to be asked by `now`, the longest
    ago first.
    """
    c = experiment.c
    rows = connection.execute(
        select(c.workspace_id, c.experiment_id)
        .where(c.ask_at <= now, is_served(c.workspace_id))
        .order_by(c.ask_at, c.workspace_id, c.experiment_id)
        .limit(limit)
    )
    return tuple((row.workspace_id, row.experiment_id) for row in rows)


def due_pulses(connection: Connection, now: datetime, limit: int) -> tuple[tuple[str, str], ...]:
    """(workspace id, quarter) of the questions that are to be asked by `now`, the longest ago
    first.
    """
    c = pulse.c
    rows = connection.execute(
        select(c.workspace_id, c.quarter)
        .where(c.ask_at <= now, is_served(c.workspace_id))
        .order_by(c.ask_at, c.workspace_id, c.quarter)
        .limit(limit)
    )
    return tuple((row.workspace_id, row.quarter) for row in rows)


def due_check_ins(connection: Connection, now: datetime, limit: int) -> tuple[tuple[str, str], ...]:
    """(workspace id, goal id) of the goals whose check-ins are to be looked after by `now`, the
    longest ago first.
    """
    c = goal.c
    rows = connection.execute(
        select(c.workspace_id, c.goal_id)
        .where(c.check_at <= now, is_served(c.workspace_id))
        .order_by(c.check_at, c.workspace_id, c.goal_id)
        .limit(limit)
    )
    return tuple((row.workspace_id, row.goal_id) for row in rows)


def next_due(connection: Connection) -> datetime | None:
    """The earliest moment at which anything in the tables below wants attention."""
    columns = (
        lane.c.ready_at,
        schedule.c.next_at,
        submission.c.timer_at,
        member.c.away_until,
        goal.c.ask_at,
        goal.c.check_at,
        experiment.c.ask_at,
        pulse.c.ask_at,
    )
    moments = (
        connection.execute(
            select(func.min(at)).where(at.is_not(None), is_served(at.table.c.workspace_id))
        ).scalar_one()
        for at in columns
    )
    return min((moment for moment in moments if moment is not None), default=None)


def workspaces(connection: Connection) -> tuple[str, ...]:
    """Every workspace, in the order of ids."""
    return tuple(
        connection.scalars(select(workspace.c.workspace_id).order_by(workspace.c.workspace_id))
    )


def last_moment(connection: Connection) -> datetime | None:
    """The newest time in the tables that are written with everything that happens."""
    columns = (submission.c.updated_at, history.c.at, outbox.c.created_at, outbox.c.done_at)
    moments = (connection.execute(select(func.max(at))).scalar_one() for at in columns)
    return max((moment for moment in moments if moment is not None), default=None)

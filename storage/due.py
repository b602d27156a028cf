"""What is due in any workspace that Slack still lets the app into."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, func, select

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


def _due(
    connection: Connection, named: Column[Any], at: Column[Any], until: tuple[datetime, int]
) -> tuple[tuple[str, Any], ...]:
    """What is due by a moment, with its workspace, the longest due first; no more than so many."""
    now, limit = until
    workspace_id = named.table.c.workspace_id
    rows = connection.execute(
        select(workspace_id, named)
        .where(at <= now, is_served(workspace_id))
        .order_by(at, workspace_id, named)
        .limit(limit)
    )
    return tuple((row[0], row[1]) for row in rows)


def due_schedules(connection: Connection, now: datetime, limit: int) -> tuple[tuple[str, str], ...]:
    """(workspace id, subscription id) of the digests due by `now`, the longest due first."""
    return _due(connection, schedule.c.subscription_id, schedule.c.next_at, (now, limit))


def due_timers(connection: Connection, now: datetime, limit: int) -> tuple[tuple[str, int], ...]:
    """(workspace id, number) of the submissions whose timer is due by `now`, the longest first."""
    return _due(connection, submission.c.number, submission.c.timer_at, (now, limit))


def due_returns(connection: Connection, now: datetime, limit: int) -> tuple[tuple[str, str], ...]:
    """(workspace id, user id) of those whose absence ended by `now`, the longest ago first."""
    return _due(connection, member.c.user_id, member.c.away_until, (now, limit))


def due_closings(connection: Connection, now: datetime, limit: int) -> tuple[tuple[str, str], ...]:
    """(workspace id, goal id) of the goals whose keepers are to be asked by `now`, the longest ago
    first.
    """
    return _due(connection, goal.c.goal_id, goal.c.ask_at, (now, limit))


def due_experiments(
    connection: Connection, now: datetime, limit: int
) -> tuple[tuple[str, str], ...]:
    """(workspace id, experiment id) of those whose keepers are to be asked by `now`, the longest
    ago first.
    """
    return _due(connection, experiment.c.experiment_id, experiment.c.ask_at, (now, limit))


def due_pulses(connection: Connection, now: datetime, limit: int) -> tuple[tuple[str, str], ...]:
    """(workspace id, quarter) of the questions that are to be asked by `now`, the longest ago
    first.
    """
    return _due(connection, pulse.c.quarter, pulse.c.ask_at, (now, limit))


def due_check_ins(connection: Connection, now: datetime, limit: int) -> tuple[tuple[str, str], ...]:
    """(workspace id, goal id) of the goals whose check-ins are to be looked after by `now`, the
    longest ago first.
    """
    return _due(connection, goal.c.goal_id, goal.c.check_at, (now, limit))


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

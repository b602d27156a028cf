"""What is due in any workspace: the only questions that are not asked of one workspace."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from bot.ports import LaneRef
from storage.tables import lane, schedule


def ready_lanes(connection: Connection, now: datetime, limit: int) -> tuple[LaneRef, ...]:
    """Lanes that want attention by `now`, those that waited longest first."""
    rows = connection.execute(
        select(lane.c.workspace_id, lane.c.lane)
        .where(lane.c.ready_at <= now)
        .order_by(lane.c.ready_at, lane.c.workspace_id, lane.c.lane)
        .limit(limit)
    )
    return tuple(LaneRef(row.workspace_id, row.lane) for row in rows)


def due_schedules(connection: Connection, now: datetime, limit: int) -> tuple[tuple[str, str], ...]:
    """(workspace id, subscription id) of the digests due by `now`, the longest due first."""
    rows = connection.execute(
        select(schedule.c.workspace_id, schedule.c.subscription_id)
        .where(schedule.c.next_at <= now)
        .order_by(schedule.c.next_at, schedule.c.workspace_id, schedule.c.subscription_id)
        .limit(limit)
    )
    return tuple((row.workspace_id, row.subscription_id) for row in rows)


def next_due(connection: Connection) -> datetime | None:
    """The earliest moment at which a lane or a digest wants attention."""
    moments = (
        connection.execute(
            select(func.min(lane.c.ready_at)).where(lane.c.ready_at.is_not(None))
        ).scalar_one(),
        connection.execute(select(func.min(schedule.c.next_at))).scalar_one(),
    )
    return min((moment for moment in moments if moment is not None), default=None)

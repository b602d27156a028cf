"""Webhooks in all workspaces together, for whoever looks after the desk."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, func, or_, select

from storage.tables import hook


@dataclass(frozen=True, slots=True)
class HooksAtWork:
    """How many webhooks are on, how many of them were sent something last that was refused, and
    when the last message was taken.
    """

    count: int
    refused: int
    last_at: datetime | None


def hooks_at_work(connection: Connection) -> HooksAtWork:
    """What becomes of webhooks at present."""
    c = hook.c
    is_refused = and_(
        c.refused_at.is_not(None), or_(c.received_at.is_(None), c.refused_at > c.received_at)
    )
    count, refused, last = connection.execute(
        select(func.count(), func.count().filter(is_refused), func.max(c.received_at)).where(
            c.off_at.is_(None)
        )
    ).one()
    return HooksAtWork(count, refused, last)

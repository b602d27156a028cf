"""Where the app is installed, in any workspace: questions that are not asked of one of them.

Asked with `Database.ask`.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, exists, or_, select

from storage.tables import installation

_c = installation.c


@dataclass(frozen=True, slots=True)
class Place:
    """A workspace that the app is or was installed to. `enterprise_id` is its organisation's."""

    workspace_id: str
    enterprise_id: str | None
    name: str
    is_parked: bool


def is_served(workspace_id: ColumnElement[str]) -> ColumnElement[bool]:
    """The condition that Slack still lets the app into a workspace."""
    return ~exists().where(_c.workspace_id == workspace_id, _c.parked_at.is_not(None))


def places(connection: Connection) -> tuple[Place, ...]:
    """Every workspace, by its id."""
    rows = connection.execute(
        select(_c.workspace_id, _c.enterprise_id, _c.name, _c.parked_at)
        .where(_c.is_org.is_(False))
        .order_by(_c.workspace_id)
    )
    return tuple(
        Place(row.workspace_id, row.enterprise_id, row.name, row.parked_at is not None)
        for row in rows
    )


def of_org(connection: Connection, enterprise_id: str) -> tuple[str, ...]:
    """The workspaces that use an organisation's tokens, or did."""
    rows = connection.execute(
        select(_c.workspace_id)
        .where(_c.enterprise_id == enterprise_id, _c.is_org.is_(False), _c.bot_token.is_(None))
        .order_by(_c.workspace_id)
    )
    return tuple(row.workspace_id for row in rows)


def changed_since(connection: Connection, moment: datetime) -> tuple[tuple[str, int, bool], ...]:
    """(id, version, whether the app was taken out) of what changed at `moment` or later."""
    rows = connection.execute(
        select(_c.workspace_id, _c.version, _c.parked_at).where(_c.changed_at >= moment)
    )
    return tuple((row.workspace_id, row.version, row.parked_at is not None) for row in rows)


def to_erase(connection: Connection, now: datetime, limit: int) -> tuple[str, ...]:
    """Workspaces whose promised days are over, the longest first."""
    rows = connection.execute(
        select(_c.workspace_id)
        .where(_c.erase_at <= now)
        .order_by(_c.erase_at, _c.workspace_id)
        .limit(limit)
    )
    return tuple(row.workspace_id for row in rows)


def to_read(connection: Connection, before: datetime, limit: int) -> tuple[str, ...]:
    """Workspaces whose people and channels were read before `before` or never, those first."""
    rows = connection.execute(
        select(_c.workspace_id)
        .where(
            _c.is_org.is_(False),
            _c.parked_at.is_(None),
            or_(_c.read_at.is_(None), _c.read_at < before),
        )
        .order_by(_c.read_at.is_not(None), _c.read_at, _c.workspace_id)
        .limit(limit)
    )
    return tuple(row.workspace_id for row in rows)

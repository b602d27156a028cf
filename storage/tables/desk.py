"""The set-up of a workspace, its people and its channels."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    and_,
    false,
    not_,
    or_,
)

from storage.tables.columns import Document, metadata, moment, workspace_key

workspace = Table(
    "workspace",
    metadata,
    workspace_key(),
    # The number of the newest submission: counted here, inside the accepting transaction.
    Column("last_number", Integer, nullable=False, default=0),
    # Moves with every change of the set-up; whoever holds the set-up in memory compares it.
    Column("config_version", Integer, nullable=False, default=0),
    Column("fallback_role", String),
    # What else belongs to the set-up as a whole: working hours, due times, named guests,
    # audiences of digests.
    Column("settings", Document),
    moment("configured_at", nullable=True),
)

member = Table(
    "member",
    metadata,
    workspace_key(),
    Column("user_id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("tz", String, nullable=False),
    Column("is_admin", Boolean, nullable=False),
    Column("is_primary_owner", Boolean, nullable=False),
    Column("is_bot", Boolean, nullable=False),
    Column("is_guest", Boolean, nullable=False),
    Column("is_deleted", Boolean, nullable=False),
    moment("saved_at"),
    moment("told_at", nullable=True),
    # The desk's own, which Slack does not tell. `away_until` is NULL for who is there.
    moment("away_until", nullable=True),
    Column("deputy_id", String),
    Column("hears", String, nullable=False, server_default="all"),
    Column("department", String),
)

Index(
    "ix_member_away",
    member.c.away_until,
    member.c.workspace_id,
    member.c.user_id,
    sqlite_where=member.c.away_until.is_not(None),
)

is_active_admin = and_(
    or_(member.c.is_admin, member.c.is_primary_owner),
    not_(member.c.is_bot),
    not_(member.c.is_deleted),
)
"""Shared by the index and the query: SQLite takes a partial index only for the same words."""

Index(
    "ix_member_admins",
    member.c.workspace_id,
    member.c.user_id,
    sqlite_where=is_active_admin,
)

channel = Table(
    "channel",
    metadata,
    workspace_key(),
    Column("channel_id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("is_private", Boolean, nullable=False),
    Column("is_member", Boolean, nullable=False),
    Column("is_archived", Boolean, nullable=False),
    Column("is_shared", Boolean, nullable=False, server_default=false()),
    moment("saved_at"),
)

role = Table(
    "role",
    metadata,
    workspace_key(),
    Column("role_id", String, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("label", String, nullable=False),
    Column("description", String, nullable=False),
    Column("channel_id", String),
    Column("fallback", String),
    Column("backups", Document),
    Column("hours", Document),
)

role_holder = Table(
    "role_holder",
    metadata,
    workspace_key(),
    Column("role_id", String, primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("user_id", String, nullable=False),
    ForeignKeyConstraint(
        ["workspace_id", "role_id"], ["role.workspace_id", "role.role_id"], ondelete="CASCADE"
    ),
    UniqueConstraint("workspace_id", "role_id", "user_id"),
)

routing_rule = Table(
    "routing_rule",
    metadata,
    workspace_key(),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("role_id", String, nullable=False),
    # Always read as a whole: the rules engine works on the set-up in memory.
    Column("conditions", Document, nullable=False),
)

department = Table(
    "department",
    metadata,
    workspace_key(),
    Column("name", String, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("members", Document, nullable=False),
    Column("channels", Document, nullable=False),
)

desk_admin = Table(
    "desk_admin",
    metadata,
    workspace_key(),
    Column("user_id", String, primary_key=True),
    Column("position", Integer, nullable=False),
)

subscription = Table(
    "subscription",
    metadata,
    workspace_key(),
    Column("subscription_id", String, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("channel_id", String, nullable=False),
    Column("weekday", Integer, nullable=False),
    Column("time", String, nullable=False),
    Column("tz", String, nullable=False),
    Column("audience", String, nullable=False, server_default="leadership"),
    # The day of the month of a monthly one, 31 for the last; NULL for a weekly one.
    Column("month_day", Integer),
    # Whose holidays it minds, like "DE-BY", and what becomes of it on one.
    Column("holidays", String, nullable=False, server_default=""),
    Column("on_holiday", String, nullable=False, server_default="move"),
)

"""What digests asked for, and what became of it."""

from sqlalchemy import Column, Index, Integer, String, Table

from storage.tables.columns import metadata, moment, workspace_key

ask = Table(
    "ask",
    metadata,
    workspace_key(),
    Column("subscription_id", String, primary_key=True),
    Column("period_key", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("count", Integer, nullable=False),
    Column("goal_id", String),
    Column("role_id", String),
    Column("overdue", Integer, nullable=False),
    moment("at"),
    Column("reply", String),
    Column("reply_by", String),
    moment("reply_at", nullable=True),
    # Of a platform to drop: its key, and how many conversions the others brought.
    Column("platform", String),
    Column("sample", Integer),
)
Index("ix_ask_at", ask.c.workspace_id, ask.c.subscription_id, ask.c.at)

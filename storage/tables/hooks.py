"""Webhooks through which other systems tell of readings and conversions."""

from sqlalchemy import Column, Index, Integer, String, Table

from storage.tables.columns import metadata, moment, workspace_key

hook = Table(
    "hook",
    metadata,
    workspace_key(),
    Column("hook_id", String, primary_key=True),
    Column("name", String, nullable=False),
    moment("created_at"),
    Column("created_by", String, nullable=False),
    # Sealed by storage.vault; empty within the transaction that makes the hook, and once it is
    # deleted.
    Column("secret", String, nullable=False, server_default=""),
    Column("secret_form", String, nullable=False),
    Column("old_secret", String),
    moment("old_until", nullable=True),
    moment("off_at", nullable=True),
    moment("received_at", nullable=True),
    moment("refused_at", nullable=True),
    Column("refusal", String, nullable=False, server_default=""),
    Column("refused", Integer, nullable=False, server_default="0"),
    # The row stays for its name: what came through it says from where.
    moment("removed_at", nullable=True),
)

hook_seen = Table(
    "hook_seen",
    metadata,
    workspace_key(),
    Column("hook_id", String, primary_key=True),
    Column("message_id", String, primary_key=True),
    moment("seen_at"),
)

Index("ix_hook_seen_at", hook_seen.c.workspace_id, hook_seen.c.seen_at)

"""Who had personal data before them, or erased it."""

from sqlalchemy import Column, Integer, String, Table

from storage.tables.columns import Document, metadata, moment, workspace_key

# What the history of one submission can't tell: of many, of a person, of what is gone itself.
access_log = Table(
    "access_log",
    metadata,
    workspace_key(),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    moment("at"),
    Column("actor_id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("detail", Document, nullable=False),
)

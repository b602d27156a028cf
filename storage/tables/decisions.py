"""What meetings decided, and what became of it."""

from sqlalchemy import Column, Date, Index, String, Table

from storage.tables.columns import metadata, moment, workspace_key

decision = Table(
    "decision",
    metadata,
    workspace_key(),
    Column("decision_id", String, primary_key=True),
    Column("text", String, nullable=False),
    Column("owner_id", String, nullable=False),
    Column("due", Date),
    moment("made_at"),
    Column("made_by", String, nullable=False),
    moment("closed_at", nullable=True),
    Column("closed_by", String),
    Column("outcome", String, nullable=False),
)
_c = decision.c
Index("ix_decision_closed", _c.workspace_id, _c.closed_at, _c.made_at, _c.decision_id)

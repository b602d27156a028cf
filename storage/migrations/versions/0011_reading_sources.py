"""Readings say where they came from, when, and what they put right."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.steps import add_index

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "reading", sa.Column("source", sa.String(), nullable=False, server_default="hand")
    )
    op.add_column("reading", sa.Column("external_id", sa.String(), nullable=True))
    op.add_column("reading", sa.Column("entered_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("reading", sa.Column("corrects", sa.Float(), nullable=True))
    add_index("ix_reading_at", "reading", ["workspace_id", "goal_id", "at", "seq"])
    add_index(
        "ix_reading_source",
        "reading",
        ["workspace_id", "source", "external_id"],
        "external_id IS NOT NULL",
    )

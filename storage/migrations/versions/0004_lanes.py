"""Lanes: who waits in them, gates of the workspace, cards that were put together."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.steps import add_index

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.add_column("lane", sa.Column("rank", sa.Integer(), nullable=False, server_default="0"))
    add_index(
        "ix_lane_fair", "lane", ["workspace_id", "rank", "ready_at", "lane"], "ready_at IS NOT NULL"
    )
    add_index("ix_outbox_folded", "outbox", ["workspace_id", "lane", "id"], "state = 'folded'")
    op.create_table(
        "gate",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("method_group", sa.String(), nullable=False),
        _moment("next_at"),
        sa.Column("per_minute", sa.Integer(), nullable=True),
        sa.Column("most", sa.Integer(), nullable=False),
        _moment("changed_at"),
        _moment("line_at", nullable=True),
        _moment("later_at", nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "method_group", name=op.f("pk_gate")),
    )

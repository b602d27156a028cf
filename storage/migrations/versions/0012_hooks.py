"""Webhooks through which other systems tell of readings and conversions."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def _moment(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "hook",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("hook_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        _moment("created_at", nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False, server_default=""),
        sa.Column("secret_form", sa.String(), nullable=False),
        sa.Column("old_secret", sa.String(), nullable=True),
        _moment("old_until"),
        _moment("off_at"),
        _moment("received_at"),
        _moment("refused_at"),
        sa.Column("refusal", sa.String(), nullable=False, server_default=""),
        sa.Column("refused", sa.Integer(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("workspace_id", "hook_id", name=op.f("pk_hook")),
    )
    op.create_table(
        "hook_seen",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("hook_id", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        _moment("seen_at", nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "hook_id", "message_id", name=op.f("pk_hook_seen")),
    )
    op.create_index("ix_hook_seen_at", "hook_seen", ["workspace_id", "seen_at"])

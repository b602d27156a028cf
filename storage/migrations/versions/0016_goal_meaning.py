"""Objectives hang on objectives; goals say whom they help with what, and keep what they were."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("objective", sa.Column("parent_id", sa.String(), nullable=True))
    for name in ("customer_objective", "stage", "next_step"):
        op.add_column("goal", sa.Column(name, sa.String(), nullable=True))
    op.create_table(
        "goal_version",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("goal_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("baseline", sa.Float(), nullable=False),
        sa.Column("target", sa.Float(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "goal_id"],
            ["goal.workspace_id", "goal.goal_id"],
            name=op.f("fk_goal_version_goal"),
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id", "goal_id", "version", name=op.f("pk_goal_version")
        ),
    )

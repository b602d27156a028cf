"""Check-ins: a goal's keepers are asked where it stands, and what nobody answers for is stale."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from storage.migrations.steps import add_index

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


_goal = sa.table(
    "goal",
    sa.column("measure", sa.String()),
    sa.column("last_day", sa.Date()),
    sa.column("dropped_at", sa.DateTime(timezone=True)),
    sa.column("check_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    op.add_column(
        "goal", sa.Column("rhythm", sa.String(), nullable=False, server_default="digest")
    )
    for name in ("check_at", "check_until", "stale_at"):
        op.add_column("goal", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    # Goals that run are looked after from now on: the first look plans the first question.
    now = datetime.now(UTC)
    op.execute(
        sa.update(_goal)
        .where(
            _goal.c.dropped_at.is_(None), _goal.c.measure == "hand", _goal.c.last_day >= now.date()
        )
        .values(check_at=now)
    )
    add_index(
        "ix_goal_check", "goal", ["check_at", "workspace_id", "goal_id"], "check_at IS NOT NULL"
    )
    op.create_table(
        "check_in",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("goal_id", sa.String(), nullable=False),
        sa.Column("period_key", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "goal_id"],
            ["goal.workspace_id", "goal.goal_id"],
            name=op.f("fk_check_in_goal"),
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id", "goal_id", "period_key", name=op.f("pk_check_in")
        ),
    )
    op.create_index("ix_check_in_asked", "check_in", ["workspace_id", "goal_id", "asked_at"])

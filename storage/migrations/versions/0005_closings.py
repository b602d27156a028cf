"""How goals ended: what their keepers said, and when they are asked."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from storage.migrations.steps import add_index

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


_goal = sa.table(
    "goal",
    sa.column("workspace_id", sa.String()),
    sa.column("goal_id", sa.String()),
    sa.column("last_day", sa.Date()),
    sa.column("tz", sa.String()),
    sa.column("dropped_at", sa.DateTime(timezone=True)),
    sa.column("ask_at", sa.DateTime(timezone=True)),
)


def _morning_after(last_day: date, tz: str) -> datetime:
    local = datetime.combine(last_day + timedelta(days=1), time(9), ZoneInfo(tz))
    return local.astimezone(UTC)


def _ask_of_those_that_run() -> None:
    """Goals that end from now on are asked about, as those that are set from now on."""
    connection = op.get_bind()
    now = datetime.now(UTC)
    running = connection.execute(
        sa.select(_goal).where(
            _goal.c.dropped_at.is_(None), _goal.c.last_day >= (now - timedelta(days=1)).date()
        )
    ).all()
    for row in running:
        connection.execute(
            sa.update(_goal)
            .where(_goal.c.workspace_id == row.workspace_id, _goal.c.goal_id == row.goal_id)
            .values(ask_at=_morning_after(row.last_day, row.tz))
        )


def upgrade() -> None:
    op.add_column("goal", sa.Column("ask_at", sa.DateTime(timezone=True), nullable=True))
    _ask_of_those_that_run()
    add_index("ix_goal_ask", "goal", ["ask_at", "workspace_id", "goal_id"], "ask_at IS NOT NULL")
    op.create_table(
        "goal_closing",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("goal_id", sa.String(), nullable=False),
        sa.Column("form_id", sa.String(), nullable=False),
        sa.Column("ending", sa.String(), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("lesson", sa.String(), nullable=False),
        sa.Column("next_goal_id", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "goal_id"],
            ["goal.workspace_id", "goal.goal_id"],
            name=op.f("fk_goal_closing_goal"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "goal_id", name=op.f("pk_goal_closing")),
    )
    op.create_index("ix_goal_closing_at", "goal_closing", ["workspace_id", "at", "goal_id"])

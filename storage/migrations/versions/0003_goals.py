"""Goals: objectives, goals, readings; the indexes that the desk's own measures are read from."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _number(name: str) -> sa.Column[float]:
    return sa.Column(name, sa.Float(), nullable=False)


def _anew(name: str, columns: list[str], where: str | None = None) -> None:
    op.drop_index(name, "submission")
    condition = None if where is None else sa.text(where)
    op.create_index(
        name, "submission", columns, sqlite_where=condition, postgresql_where=condition
    )


def upgrade() -> None:
    op.create_table(
        "objective",
        _text("workspace_id"),
        _text("objective_id"),
        _text("title"),
        _text("department"),
        _text("folded"),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("workspace_id", "objective_id", name=op.f("pk_objective")),
        sa.UniqueConstraint(
            "workspace_id", "folded", "department", name=op.f("uq_objective_workspace_id_folded_department")
        ),
    )
    op.create_table(
        "goal",
        _text("workspace_id"),
        _text("goal_id"),
        _text("objective_id"),
        _text("title"),
        _text("unit"),
        _number("baseline"),
        _number("target"),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        _text("tz"),
        _text("role_id"),
        _text("measure"),
        _text("kind_key", nullable=True),
        _text("department", nullable=True),
        _text("outcome", nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _moment("created_at"),
        _text("created_by"),
        _moment("changed_at", nullable=True),
        _text("changed_by", nullable=True),
        _moment("dropped_at", nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "objective_id"],
            ["objective.workspace_id", "objective.objective_id"],
            name=op.f("fk_goal_objective"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "goal_id", name=op.f("pk_goal")),
    )
    op.create_index(
        "ix_goal_last_day",
        "goal",
        ["workspace_id", "last_day", "goal_id"],
        sqlite_where=sa.text("dropped_at IS NULL"),
        postgresql_where=sa.text("dropped_at IS NULL"),
    )
    op.create_table(
        "reading",
        _text("workspace_id"),
        _text("goal_id"),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        _moment("at"),
        _number("value"),
        _text("actor_id"),
        sa.ForeignKeyConstraint(
            ["workspace_id", "goal_id"],
            ["goal.workspace_id", "goal.goal_id"],
            name=op.f("fk_reading_goal"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "goal_id", "seq", name=op.f("pk_reading")),
    )
    narrowed = ["kind_key", "department"]
    _anew("ix_submission_created", ["workspace_id", "created_at", *narrowed])
    _anew(
        "ix_submission_decided",
        ["workspace_id", "decided_at", "state", *narrowed, "due_at", "created_at"],
        "decided_at IS NOT NULL",
    )
    _anew(
        "ix_submission_published",
        ["workspace_id", "published_at", "number", *narrowed],
        "published_at IS NOT NULL",
    )
    op.create_index(
        "ix_submission_won",
        "submission",
        ["workspace_id", "ended_at", "department"],
        sqlite_where=sa.text("state = 'won'"),
        postgresql_where=sa.text("state = 'won'"),
    )
    # Between two indexes that look equally good to it SQLite takes the younger one. What is open
    # has to be found by its own small indexes, so they are made anew after the large ones.
    for name, first, where in (
        ("ix_submission_undecided", "due_at", "decided_at IS NULL AND paused_at IS NULL"),
        ("ix_submission_paused", "paused_at", "decided_at IS NULL AND paused_at IS NOT NULL"),
        ("ix_submission_unpublished", "decided_at", "decided_at IS NOT NULL AND ended_at IS NULL"),
    ):
        _anew(name, ["workspace_id", first, "number", "role_id"], where)

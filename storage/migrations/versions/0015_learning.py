"""What is learned together: experiments, lessons, stories, and the quarterly pulse."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True), "postgresql"
)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    op.create_table(
        "experiment",
        _text("workspace_id"),
        _text("experiment_id"),
        sa.Column("number", sa.Integer(), nullable=True),
        *(_text(name) for name in ("hypothesis", "measure", "measured_by")),
        _text("goal_id", nullable=True),
        *(_text(name) for name in ("launch", "evaluation")),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        *(_text(name) for name in ("role_id", "tz")),
        _moment("created_at"),
        _text("created_by"),
        _moment("ask_at", nullable=True),
        *(_text(name, nullable=True) for name in ("result", "happened")),
        _moment("ended_at", nullable=True),
        *(_text(name, nullable=True) for name in ("ended_by", "end_form")),
        sa.PrimaryKeyConstraint("workspace_id", "experiment_id", name=op.f("pk_experiment")),
    )
    here = ["workspace_id", "experiment_id"]
    open_, ended = [here[0], "last_day", here[1]], [here[0], "ended_at", here[1]]
    op.create_index(
        "ix_experiment_open",
        "experiment",
        open_,
        **_where("ended_at IS NULL"),
    )
    op.create_index(
        "ix_experiment_ended",
        "experiment",
        ended,
        **_where("ended_at IS NOT NULL"),
    )
    op.create_index(
        "ix_experiment_ask",
        "experiment",
        ["ask_at", *here],
        **_where("ask_at IS NOT NULL"),
    )
    op.create_index(
        "ix_experiment_number",
        "experiment",
        ["workspace_id", "number"],
        **_where("number IS NOT NULL"),
    )
    op.create_table(
        "lesson",
        *(_text(name) for name in ("workspace_id", "lesson_id", "source")),
        sa.Column("number", sa.Integer(), nullable=True),
        *(_text(name) for name in ("title", "expectation", "happened", "cause", "change")),
        _moment("at"),
        *(_text(name) for name in ("actor_id", "words")),
        sa.PrimaryKeyConstraint("workspace_id", "lesson_id", name=op.f("pk_lesson")),
    )
    op.create_index("ix_lesson_at", "lesson", ["workspace_id", "at", "lesson_id"])
    op.create_index(
        "ix_lesson_number",
        "lesson",
        ["workspace_id", "number"],
        **_where("number IS NOT NULL"),
    )
    op.create_table(
        "story",
        _text("workspace_id"),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        *(_text(name) for name in ("headline", "text")),
        _moment("told_at"),
        _text("told_by"),
        _moment("changed_at", nullable=True),
        _text("changed_by", nullable=True),
        _moment("dropped_at", nullable=True),
        _text("words"),
        sa.PrimaryKeyConstraint("workspace_id", "number", name=op.f("pk_story")),
    )
    op.create_index(
        "ix_story_told",
        "story",
        ["workspace_id", "told_at", "number"],
        **_where("dropped_at IS NULL"),
    )
    op.create_table(
        "pulse",
        *(_text(name) for name in ("workspace_id", "quarter")),
        _moment("ask_at", nullable=True),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("answered", DOCUMENT, nullable=False),
        sa.Column("counts", DOCUMENT, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "quarter", name=op.f("pk_pulse")),
    )
    op.create_index(
        "ix_pulse_ask",
        "pulse",
        ["ask_at", "workspace_id", "quarter"],
        **_where("ask_at IS NOT NULL"),
    )

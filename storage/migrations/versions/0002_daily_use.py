"""The desk in daily use: timers, pauses, consent, files, conversations, drafts, absences."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True), "postgresql"
)
UNDECIDED = sa.text("decided_at IS NULL AND paused_at IS NULL")
PAUSED = sa.text("decided_at IS NULL AND paused_at IS NOT NULL")


def _moment(name: str) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def _index(name: str, table: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def upgrade() -> None:
    for column in (
        _moment("paused_at"),
        _moment("snoozed_until"),
        _moment("scheduled_at"),
        sa.Column("passed_to", sa.String()),
        sa.Column("duplicate_of", sa.Integer()),
        sa.Column("consent", DOCUMENT),
        sa.Column("files", DOCUMENT),
        sa.Column("escalation", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("card", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("timer", sa.String()),
        _moment("timer_at"),
        sa.Column("words", sa.String(), nullable=False, server_default=""),
    ):
        op.add_column("submission", column)
    # Leads used to end when they were accepted; now they go on to be won or lost.
    op.execute(
        "UPDATE submission SET state = 'passed_on', ended_at = NULL "
        "WHERE kind_key = 'lead' AND state = 'accepted'"
    )
    op.execute("UPDATE submission SET words = lower(title)")
    op.execute(
        "UPDATE submission SET timer = 'escalate', timer_at = due_at WHERE decided_at IS NULL"
    )
    op.drop_index("ix_submission_undecided", "submission")
    queue = ["workspace_id", "due_at", "number", "role_id"]
    _index("ix_submission_undecided", "submission", queue, UNDECIDED)
    paused = ["workspace_id", "paused_at", "number", "role_id"]
    _index("ix_submission_paused", "submission", paused, PAUSED)
    _index(
        "ix_submission_duplicates",
        "submission",
        ["workspace_id", "duplicate_of", "number"],
        sa.text("duplicate_of IS NOT NULL"),
    )
    _index(
        "ix_submission_timer",
        "submission",
        ["timer_at", "workspace_id", "number"],
        sa.text("timer_at IS NOT NULL"),
    )
    for column in (
        _moment("away_until"),
        sa.Column("deputy_id", sa.String()),
        sa.Column("hears", sa.String(), nullable=False, server_default="all"),
        sa.Column("department", sa.String()),
    ):
        op.add_column("member", column)
    _index(
        "ix_member_away",
        "member",
        ["away_until", "workspace_id", "user_id"],
        sa.text("away_until IS NOT NULL"),
    )
    op.add_column("role", sa.Column("backups", DOCUMENT))
    op.add_column("role", sa.Column("hours", DOCUMENT))
    op.add_column("workspace", sa.Column("settings", DOCUMENT))
    op.create_table(
        "conversation",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "number"],
            ["submission.workspace_id", "submission.number"],
            name=op.f("fk_conversation_submission"),
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id", "number", "seq", name=op.f("pk_conversation")
        ),
    )
    op.create_table(
        "draft",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("kind_key", sa.String(), nullable=False),
        sa.Column("fields", DOCUMENT, nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "user_id", "kind_key", name=op.f("pk_draft")),
    )
    op.create_index("ix_draft_saved", "draft", ["workspace_id", "saved_at"])

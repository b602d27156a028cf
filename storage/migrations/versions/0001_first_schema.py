"""The first schema."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True), "postgresql"
)


def upgrade() -> None:
    op.create_table(
        "channel",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("is_private", sa.Boolean(), nullable=False),
        sa.Column("is_member", sa.Boolean(), nullable=False),
        sa.Column("is_archived", sa.Boolean(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "channel_id", name=op.f("pk_channel")),
    )
    op.create_table(
        "department",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("members", DOCUMENT, nullable=False),
        sa.Column("channels", DOCUMENT, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "name", name=op.f("pk_department")),
    )
    op.create_table(
        "desk_admin",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "user_id", name=op.f("pk_desk_admin")),
    )
    op.create_table(
        "inbox_seen",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "event_id", name=op.f("pk_inbox_seen")),
    )
    op.create_index("ix_inbox_seen_at", "inbox_seen", ["workspace_id", "seen_at"], unique=False)
    op.create_table(
        "lane",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("last_id", sa.BigInteger(), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gate_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "lane", name=op.f("pk_lane")),
    )
    op.create_index(
        "ix_lane_ready",
        "lane",
        ["ready_at", "workspace_id", "lane"],
        unique=False,
        sqlite_where=sa.text("ready_at IS NOT NULL"),
        postgresql_where=sa.text("ready_at IS NOT NULL"),
    )
    op.create_table(
        "member",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("tz", sa.String(), nullable=False),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("is_primary_owner", sa.Boolean(), nullable=False),
        sa.Column("is_bot", sa.Boolean(), nullable=False),
        sa.Column("is_guest", sa.Boolean(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "user_id", name=op.f("pk_member")),
    )
    op.create_index(
        "ix_member_admins",
        "member",
        ["workspace_id", "user_id"],
        unique=False,
        sqlite_where=sa.text(
            "(is_admin = 1 OR is_primary_owner = 1) AND is_bot = 0 AND is_deleted = 0"
        ),
        postgresql_where=sa.text(
            "(is_admin OR is_primary_owner) AND NOT is_bot AND NOT is_deleted"
        ),
    )
    op.create_table(
        "outbox",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("payload", DOCUMENT, nullable=False),
        sa.Column("parent_key", sa.String(), nullable=True),
        sa.Column("collapse_key", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("set_aside_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "lane", "id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_outbox_workspace_id_key")),
    )
    op.create_index(
        "ix_outbox_collapse",
        "outbox",
        ["workspace_id", "collapse_key"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL AND collapse_key IS NOT NULL"),
        postgresql_where=sa.text("done_at IS NULL AND collapse_key IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_open",
        "outbox",
        ["workspace_id", "lane", "id"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_index(
        "ix_outbox_parent",
        "outbox",
        ["workspace_id", "parent_key"],
        unique=False,
        sqlite_where=sa.text("parent_key IS NOT NULL"),
        postgresql_where=sa.text("parent_key IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_set_aside",
        "outbox",
        ["workspace_id", "set_aside_at", "lane", "id"],
        unique=False,
        sqlite_where=sa.text("set_aside_at IS NOT NULL"),
        postgresql_where=sa.text("set_aside_at IS NOT NULL"),
    )
    op.create_table(
        "period_run",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("subscription_id", sa.String(), nullable=False),
        sa.Column("period_key", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ran_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "workspace_id", "subscription_id", "period_key", name=op.f("pk_period_run")
        ),
    )
    op.create_index(
        "ix_period_run_last",
        "period_run",
        ["workspace_id", "subscription_id", "due_at"],
        unique=False,
    )
    op.create_table(
        "posting",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("ts", sa.String(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "key", name=op.f("pk_posting")),
    )
    op.create_index(
        "ix_posting_message", "posting", ["workspace_id", "channel_id", "ts"], unique=False
    )
    op.create_table(
        "role",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("role_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=True),
        sa.Column("fallback", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "role_id", name=op.f("pk_role")),
    )
    op.create_table(
        "routing_rule",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("role_id", sa.String(), nullable=False),
        sa.Column("conditions", DOCUMENT, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "position", name=op.f("pk_routing_rule")),
    )
    op.create_table(
        "schedule",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("subscription_id", sa.String(), nullable=False),
        sa.Column("next_date", sa.String(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "subscription_id", name=op.f("pk_schedule")),
    )
    op.create_index(
        "ix_schedule_due", "schedule", ["next_at", "workspace_id", "subscription_id"], unique=False
    )
    op.create_table(
        "submission",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind_key", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("submitter_id", sa.String(), nullable=False),
        sa.Column("role_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("fields", DOCUMENT, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("department", sa.String(), nullable=True),
        sa.Column("assignee_id", sa.String(), nullable=True),
        sa.Column("origin", DOCUMENT, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decline_reason", sa.String(), nullable=True),
        sa.Column("decline_note", sa.String(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.String(), nullable=True),
        sa.Column("published_url", sa.String(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_key", sa.String(), nullable=False),
        sa.Column("origin_key", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "number", name=op.f("pk_submission")),
        sa.UniqueConstraint(
            "workspace_id", "origin_key", name=op.f("uq_submission_workspace_id_origin_key")
        ),
        sa.UniqueConstraint(
            "workspace_id", "source_key", name=op.f("uq_submission_workspace_id_source_key")
        ),
    )
    op.create_index(
        "ix_submission_created", "submission", ["workspace_id", "created_at"], unique=False
    )
    op.create_index(
        "ix_submission_decided",
        "submission",
        ["workspace_id", "decided_at", "state"],
        unique=False,
        sqlite_where=sa.text("decided_at IS NOT NULL"),
        postgresql_where=sa.text("decided_at IS NOT NULL"),
    )
    op.create_index(
        "ix_submission_ended",
        "submission",
        ["workspace_id", "ended_at"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NOT NULL"),
        postgresql_where=sa.text("ended_at IS NOT NULL"),
    )
    op.create_index(
        "ix_submission_published",
        "submission",
        ["workspace_id", "published_at", "number"],
        unique=False,
        sqlite_where=sa.text("published_at IS NOT NULL"),
        postgresql_where=sa.text("published_at IS NOT NULL"),
    )
    op.create_index(
        "ix_submission_submitter",
        "submission",
        ["workspace_id", "submitter_id", "number"],
        unique=False,
    )
    op.create_index(
        "ix_submission_undecided",
        "submission",
        ["workspace_id", "due_at", "number", "role_id"],
        unique=False,
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.create_index(
        "ix_submission_unpublished",
        "submission",
        ["workspace_id", "decided_at", "number", "role_id"],
        unique=False,
        sqlite_where=sa.text("decided_at IS NOT NULL AND ended_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NOT NULL AND ended_at IS NULL"),
    )
    op.create_table(
        "subscription",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("subscription_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("time", sa.String(), nullable=False),
        sa.Column("tz", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "subscription_id", name=op.f("pk_subscription")),
    )
    op.create_table(
        "workspace",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("config_version", sa.Integer(), nullable=False),
        sa.Column("fallback_role", sa.String(), nullable=True),
        sa.Column("configured_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_workspace")),
    )
    op.create_table(
        "history",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("from_state", sa.String(), nullable=True),
        sa.Column("to_state", sa.String(), nullable=False),
        sa.Column("detail", DOCUMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "number"],
            ["submission.workspace_id", "submission.number"],
            name=op.f("fk_history_submission"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "number", "seq", name=op.f("pk_history")),
    )
    op.create_table(
        "role_holder",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("role_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "role_id"],
            ["role.workspace_id", "role.role_id"],
            name=op.f("fk_role_holder_role"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "role_id", "position", name=op.f("pk_role_holder")),
        sa.UniqueConstraint(
            "workspace_id",
            "role_id",
            "user_id",
            name=op.f("uq_role_holder_workspace_id_role_id_user_id"),
        ),
    )
    op.create_table(
        "submission_personal",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "number"],
            ["submission.workspace_id", "submission.number"],
            name=op.f("fk_submission_personal_submission"),
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id", "number", "name", name=op.f("pk_submission_personal")
        ),
    )

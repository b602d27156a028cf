"""Conversions and what they are put down to."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.steps import add_index

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "conversion",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("conversion_id", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("type_key", sa.String(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("thousandths", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=True),
        sa.Column("replaces", sa.String(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "conversion_id", name=op.f("pk_conversion")),
        sa.UniqueConstraint(
            "workspace_id",
            "source",
            "external_id",
            name=op.f("uq_conversion_workspace_id_source_external_id"),
        ),
    )
    op.create_index(
        "ix_conversion_occurred",
        "conversion",
        ["workspace_id", "occurred_at", "type_key", "count", "conversion_id"],
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_index(
        "ix_conversion_entered",
        "conversion",
        ["workspace_id", "recorded_at", "conversion_id"],
        sqlite_where=sa.text("recorded_by IS NOT NULL"),
        postgresql_where=sa.text("recorded_by IS NOT NULL"),
    )
    _touches()
    add_index(
        "ix_submission_url",
        "submission",
        ["workspace_id", "published_url", "number"],
        "published_url IS NOT NULL",
    )


def _touches() -> None:
    op.create_table(
        "conversion_touch",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("conversion_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("lens", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("platform", sa.String(), nullable=True),
        sa.Column("campaign", sa.String(), nullable=True),
        sa.Column("is_paid", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "conversion_id"],
            ["conversion.workspace_id", "conversion.conversion_id"],
            name=op.f("fk_conversion_touch_conversion"),
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id", "conversion_id", "position", name=op.f("pk_conversion_touch")
        ),
    )
    op.create_index(
        "ix_conversion_touch_number",
        "conversion_touch",
        ["workspace_id", "number", "lens", "conversion_id"],
        sqlite_where=sa.text("number IS NOT NULL"),
        postgresql_where=sa.text("number IS NOT NULL"),
    )

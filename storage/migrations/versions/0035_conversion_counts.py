"""Conversions are counted by day."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.steps import add_index

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "conversion_count",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("dimension", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("type_key", sa.String(), nullable=False),
        sa.Column("lens", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("thousandths", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "workspace_id",
            "dimension",
            "day",
            "type_key",
            "lens",
            "key",
            name=op.f("pk_conversion_count"),
        ),
    )
    # What is there already counts as not counted, and so is right at once: `sum_up` takes it in.
    op.add_column(
        "conversion",
        sa.Column("is_counted", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    add_index(
        "ix_conversion_uncounted",
        "conversion",
        ["workspace_id", "occurred_at", "is_counted", "type_key", "count", "conversion_id"],
        "is_counted = (undone_at IS NOT NULL)",
    )

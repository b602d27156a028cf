"""Several digests per person, with holidays; presses counted; what a digest was called before."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "taken_digest",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("subscription_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("month_day", sa.Integer(), nullable=True),
        sa.Column("time", sa.String(), nullable=False),
        sa.Column("tz", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("holidays", sa.String(), nullable=True),
        sa.Column("on_holiday", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "subscription_id", name=op.f("pk_taken_digest")),
    )
    op.create_index("ix_taken_digest_user", "taken_digest", ["workspace_id", "user_id"])
    op.create_table(
        "digest_press",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("subscription_id", sa.String(), nullable=False),
        sa.Column("period_key", sa.String(), nullable=False),
        sa.Column("presses", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "workspace_id", "subscription_id", "period_key", name=op.f("pk_digest_press")
        ),
    )
    for name in ("holidays", "on_holiday"):
        op.add_column("own_digest", sa.Column(name, sa.String(), nullable=True))
    op.add_column("digest_state", sa.Column("known_as", sa.String(), nullable=True))

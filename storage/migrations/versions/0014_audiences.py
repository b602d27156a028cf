"""A digest is for an audience."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "subscription",
        sa.Column("audience", sa.String(), nullable=False, server_default="leadership"),
    )

"""When Slack's newest event about a person happened."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("member", sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))

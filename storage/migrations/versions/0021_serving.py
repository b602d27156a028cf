"""A submission names the goal that it serves."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("submission", sa.Column("goal_id", sa.String(), nullable=True))

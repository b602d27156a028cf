"""Readings say how sure their keeper is that the goal will be reached."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("reading", sa.Column("confidence", sa.String(), nullable=True))

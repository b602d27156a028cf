"""A webhook is deleted; its name stays for what came through it."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("hook", sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))

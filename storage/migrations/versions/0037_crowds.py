"""Messages about a crowd of cards keep a distance of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lane", sa.Column("crowd_at", sa.DateTime(timezone=True), nullable=True))

"""What messages name is noted, so that an erasure finds them."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "naming",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("named", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "named", "key", name=op.f("pk_naming")),
    )

"""A digest may ask to drop a platform."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ask", sa.Column("platform", sa.String(), nullable=True))
    op.add_column("ask", sa.Column("sample", sa.Integer(), nullable=True))

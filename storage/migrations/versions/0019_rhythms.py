"""Digests come monthly, too, mind holidays, and count on from where the last one ended."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("subscription", sa.Column("month_day", sa.Integer(), nullable=True))
    for name, default in (("holidays", ""), ("on_holiday", "move")):
        column = sa.Column(name, sa.String(), nullable=False, server_default=default)
        op.add_column("subscription", column)
    op.add_column(
        "period_run", sa.Column("counted_until", sa.DateTime(timezone=True), nullable=True)
    )

"""What experiments, lessons and stories were before is kept; lessons can be taken back."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True), "postgresql"
)


def upgrade() -> None:
    op.create_table(
        "revision",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("of_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("before", DOCUMENT, nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "what", "of_id", "version", name=op.f("pk_revision")),
    )
    op.create_index(
        "ix_revision_number",
        "revision",
        ["workspace_id", "number"],
        sqlite_where=sa.text("number IS NOT NULL"),
        postgresql_where=sa.text("number IS NOT NULL"),
    )
    op.add_column("lesson", sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("lesson", sa.Column("changed_by", sa.String(), nullable=True))
    op.add_column("lesson", sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True))

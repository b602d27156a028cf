"""What a goal counts of one type of conversion is in an index of its own."""

from storage.migrations.steps import add_index

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    add_index(
        "ix_conversion_type",
        "conversion",
        ["workspace_id", "type_key", "occurred_at", "count", "undone_at"],
        where="undone_at IS NULL",
    )

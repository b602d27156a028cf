"""Leads are found among all that was handed in."""

from storage.migrations.steps import add_index

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    add_index(
        "ix_submission_leads", "submission", ["workspace_id", "created_at"], "kind_key = 'lead'"
    )

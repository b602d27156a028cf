"""Many workspaces: where the app is installed, with its tokens."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _moment(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "installation",
        _text("workspace_id"),
        _text("enterprise_id", nullable=True),
        sa.Column("is_org", sa.Boolean(), nullable=False),
        _text("name"),
        _text("url"),
        _text("bot_id"),
        _text("bot_user_id"),
        _text("scopes"),
        _text("installer_id", nullable=True),
        _text("bot_token", nullable=True),
        _text("refresh_token", nullable=True),
        _moment("expires_at"),
        _moment("installed_at", nullable=False),
        _moment("refreshing_until"),
        _moment("parked_at"),
        _moment("erase_at"),
        _moment("read_at"),
        sa.Column("version", sa.Integer(), nullable=False),
        _moment("changed_at", nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_installation")),
    )
    op.create_index("ix_installation_changed", "installation", ["changed_at", "workspace_id"])
    op.create_index(
        "ix_installation_erase",
        "installation",
        ["erase_at", "workspace_id"],
        sqlite_where=sa.text("erase_at IS NOT NULL"),
        postgresql_where=sa.text("erase_at IS NOT NULL"),
    )
    op.create_index("ix_installation_org", "installation", ["enterprise_id", "workspace_id"])

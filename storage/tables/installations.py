"""Where the app is installed, with its tokens."""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table

from storage.tables.columns import metadata, moment, workspace_key

installation = Table(
    "installation",
    metadata,
    # A workspace's id; an organisation's where the app was installed for all of it.
    workspace_key(),
    Column("enterprise_id", String),
    Column("is_org", Boolean, nullable=False),
    Column("name", String, nullable=False),
    Column("url", String, nullable=False),
    Column("bot_id", String, nullable=False),
    Column("bot_user_id", String, nullable=False),
    Column("scopes", String, nullable=False),
    Column("installer_id", String),
    # Sealed by storage.vault. NULL where the organisation's are used, and once Slack took it back.
    Column("bot_token", String),
    Column("refresh_token", String),
    moment("expires_at", nullable=True),
    moment("installed_at"),
    # A process that exchanges the token has so long; others leave it alone.
    moment("refreshing_until", nullable=True),
    # Without the app since, and when everything of the workspace goes.
    moment("parked_at", nullable=True),
    moment("erase_at", nullable=True),
    # When people and channels were read last.
    moment("read_at", nullable=True),
    Column("version", Integer, nullable=False),
    # What other processes ask for: has anything changed?
    moment("changed_at"),
)

_c = installation.c
Index("ix_installation_changed", _c.changed_at, _c.workspace_id)
Index(
    "ix_installation_erase",
    _c.erase_at,
    _c.workspace_id,
    sqlite_where=_c.erase_at.is_not(None),
)
Index("ix_installation_org", _c.enterprise_id, _c.workspace_id)

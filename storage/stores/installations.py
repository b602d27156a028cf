"""The installation of a workspace, its tokens sealed, and the end of everything stored there."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, delete, or_, select, tuple_, update
from typing_extensions import override

from bot.installation import Installation, InstallationStore, Tokens
from storage.prepared import Prepared, Record
from storage.tables import installation, metadata
from storage.unit import Unit
from storage.vault import Vault

_PLAIN = (
    "workspace_id",
    "enterprise_id",
    "is_org",
    "name",
    "url",
    "bot_id",
    "bot_user_id",
    "scopes",
    "installer_id",
    "installed_at",
    "parked_at",
    "erase_at",
    "version",
)
"""Columns that hold what the installation's field of the same name holds."""

_here = installation.c.workspace_id == bindparam("in_workspace")
_PARKED = Prepared(
    select(installation.c.version).where(_here, installation.c.parked_at.is_not(None))
)


class SqlInstallationStore(InstallationStore):
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    @override
    def get(self) -> Installation | None:
        query = select(installation).where(self._unit.here(installation))
        if self._unit.is_writing:
            query = query.with_for_update()
        row = self._unit.connection.execute(query).first()
        return None if row is None else installation_of(row, self._unit.vault)

    @override
    def save(self, installation: Installation, now: datetime) -> Installation:
        if installation.workspace_id != self._unit.workspace_id:
            raise ValueError("an installation is stored in its own workspace")
        known = self.get()
        version = (known.version if known is not None else 0) + 1
        row: dict[str, Any] = {name: getattr(installation, name) for name in _PLAIN}
        tokens = installation.tokens
        seal = self._unit.vault.seal
        row |= {
            "bot_token": None if tokens is None else seal(tokens.access),
            "refresh_token": None if tokens is None else seal(tokens.refresh or "") or None,
            "expires_at": None if tokens is None else tokens.expires_at,
            "refreshing_until": None,
            "version": version,
            "changed_at": now,
        }
        self._unit.save(_INSTALLATION, [row])
        stored = self.get()
        if stored is None:
            raise AssertionError("what was just stored is there")
        return stored

    @override
    def is_parked(self) -> bool:
        here = {"in_workspace": self._unit.workspace_id}
        return _PARKED.first(self._unit.connection, here) is not None

    @override
    def claim_refresh(self, version: int, until: datetime, now: datetime) -> bool:
        c = installation.c
        return self._change(
            {"refreshing_until": until},
            c.version == version,
            c.refresh_token.is_not(None),
            or_(c.refreshing_until.is_(None), c.refreshing_until <= now),
        )

    @override
    def claim_reading(self, before: datetime, now: datetime) -> bool:
        c = installation.c
        return self._change(
            {"read_at": now}, c.parked_at.is_(None), or_(c.read_at.is_(None), c.read_at < before)
        )

    def _change(self, values: Mapping[str, Any], *conditions: ColumnElement[bool]) -> bool:
        """Write columns that are no change of the installation; whether there was such a row."""
        statement = update(installation).where(self._unit.here(installation), *conditions)
        return self._unit.connection.execute(statement.values(**values)).rowcount > 0

    @override
    def erase(self, limit: int) -> bool:
        # Tables that point to others come first; the installation is the last to go, so that an
        # erasure that broke off is taken up again.
        tables = [one for one in reversed(metadata.sorted_tables) if one is not _INSTALLATION]
        if any(self._erase(table, limit) for table in tables):
            return False
        self._erase(_INSTALLATION, limit)
        return True

    def _erase(self, table: Table, limit: int) -> bool:
        """Delete some rows of this workspace; whether there were any."""
        key = list(table.primary_key.columns)
        some = select(*key).where(self._unit.here(table)).limit(limit)
        where = tuple_(*key).in_(some) if len(key) > 1 else key[0].in_(some)
        return self._unit.connection.execute(delete(table).where(where)).rowcount > 0


_INSTALLATION = installation  # the name is also an argument above


def installation_of(row: Record, vault: Vault) -> Installation:
    """The installation in a row; raises SealedError when a token's key is missing."""
    tokens = None
    if row.bot_token is not None:
        tokens = Tokens(
            access=vault.open(row.bot_token),
            refresh=None if row.refresh_token is None else vault.open(row.refresh_token),
            expires_at=row.expires_at,
        )
    return Installation(**{name: getattr(row, name) for name in _PLAIN}, tokens=tokens)

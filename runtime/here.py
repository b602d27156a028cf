"""Where a command works that needs the database and no Slack: one of the workspaces in it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from bot.errors import ConfigurationError
from runtime.keys import vault_of
from runtime.schema import check_schema
from runtime.settings import Settings
from storage.database import Database

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Here:
    """The database, and the workspace that is meant."""

    database: Database
    workspace_id: str


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    """The database, if it has the schema of this program; raises SettingsError."""
    database = Database(settings.database_url, vault=vault_of(settings))
    try:
        await check_schema(database)
        yield database
    finally:
        await database.close()


async def chosen(database: Database, workspace_id: str | None) -> str:
    """The workspace that is meant. Raises ConfigurationError when that is not clear."""
    known = await database.workspaces()
    if workspace_id is None and len(known) == 1:
        return known[0]
    if workspace_id in known and workspace_id is not None:
        return workspace_id
    if not known:
        raise ConfigurationError("There is no workspace in this database yet.")
    if workspace_id is None:
        raise ConfigurationError(f"--workspace: name one of the {len(known)} workspaces.")
    raise ConfigurationError(f"--workspace: “{workspace_id}” is none of the workspaces here.")


async def in_workspace(
    settings: Settings, workspace_id: str | None, work: Callable[[Here], Awaitable[R]]
) -> R:
    """What `work` makes of a workspace, the only one when none is named. Raises SettingsError and
    ConfigurationError with what is in the way.
    """
    async with opened(settings) as database:
        return await work(Here(database, await chosen(database, workspace_id)))

"""Where a short command works: the database, and the workspace that the token belongs to."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import aiohttp

from bot.errors import SlackError, StorageDownError
from handlers.outcomes import TROUBLE, classify
from handlers.slack_directory import SlackDirectory
from handlers.token_exchange import AppCredentials
from runtime.clocks import SystemClock
from runtime.keys import vault_of
from runtime.many import ManyWorkspaces
from runtime.rotation import TokenExchange
from runtime.settings import Settings, SettingsError
from runtime.slack import identify, new_client, new_session
from storage.database import Database
from storage.installed import places

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Place:
    """The database, the workspace that the token belongs to, its people and channels, and what it
    is called.
    """

    database: Database
    workspace_id: str
    directory: SlackDirectory
    company: str = ""


async def with_database(
    settings: Settings, work: Callable[[Place], Awaitable[R]], workspace_id: str | None = None
) -> R:
    """What `work` makes of the database and the workspace that the token belongs to; with many
    workspaces, of the one that is named.

    Raises SettingsError and SlackError with what is in the way.
    """
    if settings.serves_many:
        return await _with_named(settings, work, workspace_id)
    if not settings.slack_bot_token.get_secret_value():
        raise SettingsError("SLACK_BOT_TOKEN is missing: it tells which workspace is meant.")
    async with new_session(settings.slack_api_url) as session:
        client = new_client(settings, session)
        try:
            identity = await identify(client)
        except TROUBLE as error:
            raise SlackError(
                f"Slack does not answer at SLACK_API_URL ({classify(error).error}); "
                "it tells which workspace is meant. Nothing was changed."
            ) from error
        database = Database(settings.database_url, vault=vault_of(settings))
        try:
            if not await _is_migrated(database):
                raise SettingsError("DATABASE_URL: run `python app.py migrate` first.")
            here = identity.workspace_id
            directory = SlackDirectory(client, here)
            return await work(Place(database, here, directory, identity.name))
        finally:
            await database.close()


async def _with_named(
    settings: Settings, work: Callable[[Place], Awaitable[R]], workspace_id: str | None
) -> R:
    """The same with many workspaces, each of which has a token of its own in the database."""
    settings.check_for_many(listens=False)
    database = Database(settings.database_url, vault=vault_of(settings))
    try:
        if not await _is_migrated(database):
            raise SettingsError("DATABASE_URL: run `python app.py migrate` first.")
        known = [one.workspace_id for one in await database.ask(places) if not one.is_parked]
        if workspace_id not in known:
            named = ", ".join(known[:5]) or "none yet"
            raise SettingsError(f"--workspace: name one that the app is installed to ({named}).")
        async with new_session(settings.slack_api_url) as session:
            many = many_workspaces(settings, database, session)
            found = await many.find(workspace_id)
            await many.rest()
            if found is None:
                raise SlackError("Slack does not let Social Desk into this workspace any more.")
            name = found.identity.name
            return await work(Place(database, found.workspace_id, found.directory, name))
    finally:
        await database.close()


def many_workspaces(
    settings: Settings, database: Database, session: aiohttp.ClientSession
) -> ManyWorkspaces:
    """Every workspace in the database, for a command that runs for a moment."""
    client, clock = new_client(settings, session), SystemClock()
    exchange = TokenExchange(
        storage=database,
        client=client,
        app=AppCredentials(
            client_id=settings.slack_client_id,
            client_secret=settings.slack_client_secret.get_secret_value(),
        ),
        clock=clock,
    )
    return ManyWorkspaces(database=database, client=client, exchange=exchange, clock=clock)


async def _is_migrated(database: Database) -> bool:
    try:
        return await database.schema_is_current()
    except StorageDownError:
        return False

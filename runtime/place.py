"""Where a short command works: the database, and the workspace that the token belongs to."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from bot.errors import SlackError, StorageDownError
from handlers.outcomes import TROUBLE, classify
from handlers.slack_directory import SlackDirectory
from runtime.keys import vault_of
from runtime.settings import Settings, SettingsError
from runtime.slack import identify, new_client, new_session
from storage.database import Database

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Place:
    """The database, the workspace that the token belongs to, and its people and channels."""

    database: Database
    workspace_id: str
    directory: SlackDirectory


async def with_database(settings: Settings, work: Callable[[Place], Awaitable[R]]) -> R:
    """What `work` makes of the database and the workspace that the token belongs to.

    Raises SettingsError and SlackError with what is in the way.
    """
    if not settings.slack_bot_token.get_secret_value():
        raise SettingsError("SLACK_BOT_TOKEN is missing: it tells which workspace is meant.")
    async with new_session() as session:
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
            return await work(Place(database, here, SlackDirectory(client, here)))
        finally:
            await database.close()


async def _is_migrated(database: Database) -> bool:
    try:
        return await database.schema_is_current()
    except StorageDownError:
        return False

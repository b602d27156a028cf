"""Short commands beside a running server: set the desk up, look at a digest."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.configure import configure, current, next_runs
from bot.desk import Desk
from bot.desk_changes import differences, with_names
from bot.digest import Preview, preview
from bot.errors import ConfigurationError, SlackError, StorageDownError
from handlers.outcomes import TROUBLE, classify
from handlers.views.digest import digest
from runtime.clocks import SystemClock
from runtime.desk_file import read_desk
from runtime.settings import Settings, SettingsError
from runtime.slack import identify, new_client, new_session
from storage.database import Database

R = TypeVar("R")


async def apply_file(settings: Settings, file: Path, *, is_dry_run: bool) -> tuple[str, ...]:
    """Store the set-up in `file`; returns what changed, a line each, with a closing line.

    Raises ConfigurationError for a file that can't be taken.
    """
    desk = await asyncio.to_thread(_read, file)

    async def work(database: Database, workspace_id: str) -> tuple[str, ...]:
        now = SystemClock().now()
        lines = differences(await database.read(workspace_id, current, None, now), desk)
        if not lines:
            return ("Nothing changes.",)
        lines = await database.read(workspace_id, with_names, lines, now)
        if is_dry_run:
            return (*lines, "Nothing was changed: this was a dry run.")
        stored = await database.transact(workspace_id, configure, desk, now)
        runs = await database.read(workspace_id, next_runs, None, now)
        return (
            *lines,
            *(f"Next digest {run.subscription_id}: {_local(at, run.tz)}" for run, at in runs),
            f"Applied as version {stored.version}. A running server takes it up.",
        )

    return await with_database(settings, work)


def _local(moment: datetime, tz: str) -> str:
    return f"{moment.astimezone(ZoneInfo(tz)):%a %d %b %Y, %H:%M} {tz}"


def _read(file: Path) -> Desk:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{file}: can't be read ({type(error).__name__}).") from None
    return read_desk(text, name=file.name)


async def preview_digest(settings: Settings, channel_id: str) -> str:
    """The text of what the channel's digest would say now."""

    async def work(database: Database, workspace_id: str) -> str:
        asked = Preview(channel_id, "")
        material = await database.read(workspace_id, preview, asked, SystemClock().now())
        return digest(material).text

    return await with_database(settings, work)


async def with_database(settings: Settings, work: Callable[[Database, str], Awaitable[R]]) -> R:
    """What `work` makes of the database and the id of the workspace that the token belongs to.

    Raises SettingsError and SlackError with what is in the way.
    """
    if not settings.slack_bot_token.get_secret_value():
        raise SettingsError("SLACK_BOT_TOKEN is missing: it tells which workspace is meant.")
    async with new_session() as session:
        try:
            identity = await identify(new_client(settings, session))
        except TROUBLE as error:
            raise SlackError(
                f"Slack does not answer at SLACK_API_URL ({classify(error).error}); "
                "it tells which workspace is meant. Nothing was changed."
            ) from error
    database = Database(settings.database_url)
    try:
        if not await _is_migrated(database):
            raise SettingsError("DATABASE_URL: run `python app.py migrate` first.")
        return await work(database, identity.workspace_id)
    finally:
        await database.close()


async def _is_migrated(database: Database) -> bool:
    try:
        return await database.schema_is_current()
    except StorageDownError:
        return False

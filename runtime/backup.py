"""`python app.py backup` and `restore`; what has to be done after any restore, also PostgreSQL's.

A restored database knows less than Slack: what waited when the backup was made may have been sent
since, and so may what has become due since. It is looked up in Slack before it is sent, like any
effect whose outcome is unknown, and nothing comes twice.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from typing_extensions import override

from bot.lane_care import recheck
from bot.ports import Transaction
from runtime.clocks import SystemClock
from runtime.dispatcher import Dispatcher
from runtime.keys import vault_of
from runtime.reading import Unattended
from runtime.schema import check_schema, migrate, taken
from runtime.settings import Settings
from runtime.ticks import Ticks
from storage.backup import Copy, back_up, database_file, look_through, put_in_place
from storage.database import Database
from storage.schema import HEAD

AT_ONCE = 500

GAP = 1_000
"""Numbers go on at the next full GAP: cards of submissions that the backup does not know may still
stand in Slack, and must never act on another one.
"""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore found in the copy, where the database of before is kept, and what is looked up
    in Slack before it is sent, by workspace.
    """

    copy: Copy
    aside: Path | None
    doubted: tuple[tuple[str, int], ...]


def make_backup(settings: Settings, file: Path) -> Copy:
    """Copy the database beside a serving process; raises as `storage.backup.back_up` does."""
    return back_up(settings.database_url, file)


async def restore(settings: Settings, file: Path) -> Restored:
    """Put a backup in the database's place, bring it to this program's schema, and take what waits
    for sent, perhaps. Raises AlreadyServingError, BackupError, TooNewError and SettingsError.
    """
    database_file(settings.database_url)
    database = Database(settings.database_url, vault=vault_of(settings))
    now = SystemClock().now()
    try:
        with taken(database):
            copy = await asyncio.to_thread(look_through, file)
            aside = await asyncio.to_thread(put_in_place, file, settings.database_url, now)
            if copy.revision < HEAD:
                await asyncio.to_thread(migrate, settings)
            doubted = await _settle(database, copy.last_at or now, now)
    finally:
        await database.close()
    return Restored(copy, aside, doubted)


async def recheck_database(
    settings: Settings, since: datetime | None
) -> tuple[tuple[str, int], ...]:
    """The same for a database that its own tools restored, before anything serves from it; `since`
    is the moment to which it was restored, by standard the last at which something happened in it.
    """
    database = Database(settings.database_url, vault=vault_of(settings))
    now = SystemClock().now()
    try:
        with taken(database):
            await check_schema(database)
            last_at = await database.last_moment()
            return await _settle(database, since or last_at or now, now)
    finally:
        await database.close()


def words_of(copy: Copy) -> str:
    """How large a copy is, and up to where it goes."""
    size = f"{copy.size / 1_000_000:.1f} MB, whole"
    if copy.newest_at is None:
        return f"{size}, no submission in it."
    return f"{size}; its newest submission is number {copy.newest_number}, {_utc(copy.newest_at)}."


def said_of(restored: Restored, file: Path) -> tuple[str, ...]:
    """What an operator is told of a restore."""
    aside = restored.aside
    kept = () if aside is None else (f"The database of before is kept: {aside}.",)
    return (f"Restored {file}: {words_of(restored.copy)}", *kept, *doubts(restored.doubted))


def doubts(doubted: Sequence[tuple[str, int]]) -> tuple[str, ...]:
    """What is looked up in Slack, by workspace."""
    return tuple(
        f"{workspace_id}: {count} messages are looked up in Slack before they are sent."
        for workspace_id, count in doubted
    )


def _utc(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


async def _settle(
    database: Database, since: datetime, now: datetime
) -> tuple[tuple[str, int], ...]:
    """Do what is due, which may have been done before, and doubt all that waits then."""
    workspaces = await database.workspaces()
    for one in workspaces:
        await database.transact(one, _skip_numbers, GAP, now)
    ticks = Ticks(
        storage=database,
        dispatcher=_Undelivered(),
        clock=SystemClock(),
        care=Unattended(),
    )
    before: object = None
    while (due := await _due(database, now)) != before:
        await ticks.fire_digests()
        await ticks.fire_timers()
        before = due  # what fails stays due, and must not keep the desk from starting
    return tuple([(one, await database.transact(one, recheck, since, now)) for one in workspaces])


async def _due(database: Database, now: datetime) -> tuple[object, ...]:
    return (
        await database.due_schedules(now, limit=AT_ONCE),
        await database.due_returns(now, limit=AT_ONCE),
        await database.due_timers(now, limit=AT_ONCE),
        await database.due_closings(now, limit=AT_ONCE),
        await database.due_experiments(now, limit=AT_ONCE),
        await database.due_pulses(now, limit=AT_ONCE),
    )


def _skip_numbers(tx: Transaction, gap: int, _now: datetime) -> int:
    return tx.submissions.skip_numbers(gap)


class _Undelivered(Dispatcher):
    """What is enqueued here waits for a server."""

    def __init__(self) -> None:
        """It needs nothing."""

    @override
    async def sweep(self) -> int:
        return 0

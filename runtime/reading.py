"""Looks after workspaces by itself: reads people and channels from Slack and the set-up from the
database, and erases everything of workspaces whose promised days are over.
"""

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Protocol

from typing_extensions import override

from bot import channel_care, configure, directory
from bot.channels import uses
from bot.errors import DeskError
from bot.installing import claim_reading, erase_some
from bot.ports import Clock
from handlers.oauth_stores import NOWHERE
from handlers.outcomes import TROUBLE, classify
from handlers.workplaces import Workplace, Workplaces
from storage import installed as places
from storage.database import Database

log = logging.getLogger(__name__)

READ_EVERY = timedelta(hours=1)
AT_ONCE = 8
"""How many workspaces are read at a time."""

ERASED_AT_ONCE = 100


async def load_desk(database: Database, workspace_id: str, clock: Clock) -> None:
    """Take up the newest set-up, so that forms know of it without a look into the database."""
    await database.read(workspace_id, configure.current, None, clock.now())


async def read_anew(database: Database, workplace: Workplace, clock: Clock) -> None:
    """Read people, channels and set-up; what Slack does not tell is left as it was.

    Raises the storage's errors.
    """
    here = workplace.workspace_id
    await load_desk(database, here, clock)
    try:
        known = await workplace.directory.everything()
        listed = {channel.channel_id for channel in known.channels}
        used = uses(database.cached_desk(here))
        unlisted = await workplace.directory.channels(sorted(set(used) - listed))
    except TROUBLE as error:
        log.warning("Slack did not list people and channels", extra={"why": classify(error)})
        return
    known = replace(known, channels=(*known.channels, *unlisted))
    now = clock.now()
    await database.transact(here, directory.remember, known, now)
    await database.transact(here, channel_care.remind_before_digests, None, now)


class Care(Protocol):
    """What is done for workspaces by itself."""

    every: timedelta
    """How often to look whether anything is to be read."""

    async def start(self) -> None:
        """What has to be known before the first request. Raises the storage's errors."""
        ...

    async def workspaces(self) -> tuple[str, ...]:
        """Every workspace there is something to tidy up in."""
        ...

    async def refresh(self) -> None:
        """Read people and channels anew from Slack, and the set-up from the database."""
        ...

    async def erase(self) -> None:
        """Erase everything of workspaces that removed the app, once the promised days are over."""
        ...


class Unattended(Care):
    """Nobody looks after workspaces, as while a backup is restored."""

    every = READ_EVERY

    @override
    async def start(self) -> None:
        return

    @override
    async def workspaces(self) -> tuple[str, ...]:
        return ()

    @override
    async def refresh(self) -> None:
        return

    @override
    async def erase(self) -> None:
        return


class CareForOne(Care):
    """The workspace that the one token belongs to."""

    def __init__(self, database: Database, workplace: Workplace, clock: Clock) -> None:
        self._database = database
        self._workplace = workplace
        self._clock = clock
        self.every = READ_EVERY

    @override
    async def start(self) -> None:
        await load_desk(self._database, self._workplace.workspace_id, self._clock)
        try:
            await self.refresh()
        except DeskError as error:
            log.warning("people and channels not read yet", extra={"why": str(error)})

    @override
    async def workspaces(self) -> tuple[str, ...]:
        return (self._workplace.workspace_id,)

    @override
    async def refresh(self) -> None:
        await read_anew(self._database, self._workplace, self._clock)

    @override
    async def erase(self) -> None:
        return  # with one token it is the operator who decides


class CareForMany(Care):
    """Every workspace that the app was installed to."""

    def __init__(self, database: Database, workplaces: Workplaces, clock: Clock) -> None:
        self._database = database
        self._workplaces = workplaces
        self._clock = clock
        self.every = timedelta(minutes=1)

    @override
    async def start(self) -> None:
        return  # workspaces are looked up when they are asked for

    @override
    async def workspaces(self) -> tuple[str, ...]:
        found = await self._database.ask(places.places)
        return (NOWHERE, *(place.workspace_id for place in found))

    @override
    async def refresh(self) -> None:
        # Each workspace once an hour, whichever process gets to it first.
        while True:
            before = self._clock.now() - READ_EVERY
            due = partial(places.to_read, before=before, limit=AT_ONCE)
            ids = await self._database.ask(due)
            if not ids:
                return
            await asyncio.gather(*(self.read(workspace_id) for workspace_id in ids))

    async def read(self, workspace_id: str) -> None:
        """Read one workspace, unless that was done within the hour. Raises the storage's errors."""
        now = self._clock.now()
        before = now - READ_EVERY
        if not await self._database.transact(workspace_id, claim_reading, before, now):
            return
        workplace = await self._workplaces.find(workspace_id)
        if workplace is not None:
            await read_anew(self._database, workplace, self._clock)

    @override
    async def erase(self) -> None:
        now = self._clock.now()
        due = await self._database.ask(partial(places.to_erase, now=now, limit=ERASED_AT_ONCE))
        for workspace_id in due:
            while not await self._database.transact(workspace_id, erase_some, None, now):
                pass  # a portion each; between two others get their turn
            self._workplaces.look_again(workspace_id)
            self._database.forget_desk(workspace_id)
            log.info("workspace erased", extra={"workspace": workspace_id})

"""Reads a workspace anew: its people and channels from Slack, its set-up from the database."""

import logging
from dataclasses import replace

from bot import channel_care, configure, directory
from bot.channels import uses
from bot.ports import Clock
from handlers.outcomes import TROUBLE, classify
from handlers.workplaces import Workplace
from storage.database import Database

log = logging.getLogger(__name__)


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

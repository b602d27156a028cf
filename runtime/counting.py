"""Counts what people did with digests, a few at a time."""

import logging

from bot.ports import Clock, Storage
from bot.reach import count_reach, to_count
from handlers.reach import read_reach
from handlers.workplaces import Workplaces
from runtime.reading import Care

log = logging.getLogger(__name__)

AT_ONCE = 10
"""How many digests of a workspace are looked at by one tick: reading threads may be limited to one
call a minute.
"""


async def count_everywhere(
    storage: Storage, care: Care, workplaces: Workplaces, clock: Clock
) -> None:
    """In each workspace until Slack says that it is enough for now. Raises the storage's errors."""
    for workspace_id in await care.workspaces():
        now = clock.now()
        due = await storage.read(workspace_id, to_count, AT_ONCE, now)
        workplace = await workplaces.find(workspace_id) if due else None
        if workplace is None:
            continue
        for digest in due:
            counted = await read_reach(workplace, digest)
            if counted is None:
                break
            done = await storage.transact(workspace_id, count_reach, counted, now)
            log.info("digest looked at", extra={"done": done or "again"})

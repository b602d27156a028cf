"""Which workspaces take no charts yet: found by trying once, and known to all processes."""

import logging
from datetime import datetime

from bot.errors import StorageBusyError, StorageDownError
from bot.plain_charts import refuse, refused_until
from bot.ports import Clock, Storage

log = logging.getLogger(__name__)


class Plain:
    """The workspaces that refused charts, each for four weeks. What is stored is asked for before
    each message with charts, until this process knows of a refusal.
    """

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock
        self._until: dict[str, datetime] = {}

    async def holds(self, workspace_id: str) -> bool:
        """Whether charts need not be tried there. A database that is away does not hold a message
        up: then they are tried.
        """
        now = self._clock.now()
        until = self._until.get(workspace_id)
        if until is not None and now < until:
            return True
        self._until.pop(workspace_id, None)
        try:
            stored = await self._storage.read(workspace_id, refused_until, None, now)
        except (StorageBusyError, StorageDownError):
            return False
        if stored is not None:
            self._until[workspace_id] = stored
        return stored is not None

    async def remember(self, workspace_id: str) -> None:
        """Charts were refused there, and the layout without them was taken. The message is out, so
        what can't be stored is tried again with the next one.
        """
        now = self._clock.now()
        try:
            stored = await self._storage.transact(workspace_id, refuse, None, now)
        except (StorageBusyError, StorageDownError):
            log.warning("a refusal of charts was not stored")
            return
        self._until[workspace_id] = stored

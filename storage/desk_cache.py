"""Set-ups in memory, so that a request does not read six tables to learn who owns what."""

from collections import OrderedDict
from threading import Lock

from bot.desk import Desk, default_desk

KEPT = 2_000
"""How many set-ups are kept, as many as workplaces are (`runtime.many.KEPT`); those that were not
used for longest go, and are read again.
"""


class DeskCache:
    """The set-up of each workspace at the newest version seen by this process.

    Used from several threads. Only committed versions may be remembered.
    """

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._desks: OrderedDict[str, Desk] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        """How many set-ups are in memory."""
        return len(self._desks)

    def __contains__(self, workspace_id: object) -> bool:
        """Whether a workspace's set-up is in memory; asking is not using it."""
        return workspace_id in self._desks

    def at(self, workspace_id: str, version: int) -> Desk | None:
        """The set-up at exactly this version, if it is the one in memory."""
        desk = self._used(workspace_id)
        return desk if desk is not None and desk.version == version else None

    def newest(self, workspace_id: str) -> Desk:
        """The newest set-up seen, the default one when none was, or not for long."""
        desk = self._used(workspace_id)
        return default_desk() if desk is None else desk

    def forget(self, workspace_id: str) -> None:
        """Drop the set-up: the desk does not work there any more."""
        with self._lock:
            self._desks.pop(workspace_id, None)

    def remember(self, workspace_id: str, desk: Desk) -> None:
        """Keep `desk` unless a newer version is there already."""
        with self._lock:
            known = self._desks.get(workspace_id)
            if known is None or known.version < desk.version:
                self._desks[workspace_id] = desk
            self._desks.move_to_end(workspace_id)
            while len(self._desks) > self._kept:
                self._desks.popitem(last=False)

    def _used(self, workspace_id: str) -> Desk | None:
        with self._lock:
            desk = self._desks.get(workspace_id)
            if desk is not None:
                self._desks.move_to_end(workspace_id)
            return desk

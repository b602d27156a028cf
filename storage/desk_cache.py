"""Set-ups in memory, so that a request does not read six tables to learn who owns what."""

from threading import Lock

from bot.desk import Desk, default_desk


class DeskCache:
    """The set-up of each workspace at the newest version seen by this process.

    Used from several threads. Only committed versions may be remembered.
    """

    def __init__(self) -> None:
        self._desks: dict[str, Desk] = {}
        self._lock = Lock()

    def at(self, workspace_id: str, version: int) -> Desk | None:
        """The set-up at exactly this version, if it is the one in memory."""
        with self._lock:
            desk = self._desks.get(workspace_id)
        return desk if desk is not None and desk.version == version else None

    def newest(self, workspace_id: str) -> Desk:
        """The newest set-up seen, the default one when none was."""
        with self._lock:
            desk = self._desks.get(workspace_id)
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

"""How many lanes one process drains at the same time, and whose turn it is."""

import asyncio
import contextlib
from collections import OrderedDict, defaultdict, deque
from collections.abc import AsyncIterator

from bot.ports import LaneRef

Waiting = asyncio.Future[None]


class Slots:
    """At most `most` at once, and at most `share` of one workspace.

    Workspaces take turns. What somebody waits for goes before everything else, in any workspace.
    As long as only one workspace was ever seen it may have them all: then there is nobody to keep
    a place for.
    """

    def __init__(self, most: int, share: int) -> None:
        self._free = most
        self._share = share
        self._busy: defaultdict[str, int] = defaultdict(int)
        self._only: str | None = None
        self._is_shared = False
        self._lines: dict[bool, OrderedDict[str, deque[Waiting]]] = {
            True: OrderedDict(),
            False: OrderedDict(),
        }

    @contextlib.asynccontextmanager
    async def of(self, ref: LaneRef) -> AsyncIterator[None]:
        """Wait for a slot and hold it."""
        self._only = self._only or ref.workspace_id
        self._is_shared = self._is_shared or ref.workspace_id != self._only
        waiting: Waiting = asyncio.get_running_loop().create_future()
        line = self._lines[ref.is_urgent]
        line.setdefault(ref.workspace_id, deque()).append(waiting)
        self._let_in()
        try:
            await waiting
        except asyncio.CancelledError:
            if waiting.done() and not waiting.cancelled():
                self._leave(ref.workspace_id)
            raise
        try:
            yield
        finally:
            self._leave(ref.workspace_id)

    def _leave(self, workspace_id: str) -> None:
        self._free += 1
        self._busy[workspace_id] -= 1
        if not self._busy[workspace_id]:
            del self._busy[workspace_id]
        self._let_in()

    def _let_in(self) -> None:
        while self._free and self._let_in_one():
            self._free -= 1

    def _let_in_one(self) -> bool:
        """Let the first in whose turn it is; False when nobody may come in now."""
        for line in self._lines.values():
            for workspace_id, waiting in line.items():
                if self._has_its_share(workspace_id):
                    continue
                first = waiting.popleft()
                line.move_to_end(workspace_id)
                if not waiting:
                    del line[workspace_id]
                if first.cancelled():
                    return self._let_in_one()
                self._busy[workspace_id] += 1
                first.set_result(None)
                return True
        return False

    def _has_its_share(self, workspace_id: str) -> bool:
        return self._is_shared and self._busy.get(workspace_id, 0) >= self._share

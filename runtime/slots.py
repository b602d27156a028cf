"""How many lanes one process drains at the same time, and whose turn it is."""

import asyncio
import contextlib
from collections import OrderedDict, defaultdict, deque
from collections.abc import AsyncIterator

from bot.ports import LaneRef

Waiting = asyncio.Future[None]

LONG = 32
"""For every so many lanes that stand in its line a workspace takes one more in its turn."""


class Line(OrderedDict[str, deque[Waiting]]):
    """Who waits, by workspace, in the order of their turns. Where `is_fair`, each takes one lane in
    its turn; else one with many in line takes a few more, for Slack lets those through last.
    """

    def __init__(self, *, is_fair: bool) -> None:
        super().__init__()
        self._is_fair = is_fair
        self._taken: defaultdict[str, int] = defaultdict(int)

    def take(self, workspace_id: str) -> Waiting:
        """Its first one; its turn ends when it had its lot."""
        waiting = self[workspace_id]
        first = waiting.popleft()
        self._taken[workspace_id] += 1
        lot = 1 if self._is_fair else 1 + len(waiting) // LONG
        if self._taken[workspace_id] >= lot or not waiting:
            self.move_to_end(workspace_id)
            del self._taken[workspace_id]
        if not waiting:
            del self[workspace_id]
        return first


class Slots:
    """At most `most` at once, and at most `share` of one workspace.

    Workspaces take turns. What somebody waits for goes before everything else, in any workspace; of
    the rest lanes that go on behind what they just sent come last: of many digests the first
    messages go out before what hangs in their threads.
    As long as only one workspace was ever seen it may have them all: then there is nobody to keep
    a place for.
    """

    def __init__(self, most: int, share: int) -> None:
        self._free = most
        self._share = share
        self._busy: defaultdict[str, int] = defaultdict(int)
        self._only: str | None = None
        self._is_shared = False
        self._urgent, self._later, self._going_on = (
            Line(is_fair=True),
            Line(is_fair=False),
            Line(is_fair=False),
        )

    @contextlib.asynccontextmanager
    async def of(self, ref: LaneRef, *, goes_on: bool = False) -> AsyncIterator[None]:
        """Wait for a slot and hold it. `goes_on`: something of this lane was just sent."""
        self._only = self._only or ref.workspace_id
        self._is_shared = self._is_shared or ref.workspace_id != self._only
        waiting: Waiting = asyncio.get_running_loop().create_future()
        later = self._going_on if goes_on else self._later
        line = self._urgent if ref.is_urgent else later
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
        for line in (self._urgent, self._later, self._going_on):
            for workspace_id in line:
                if self._has_its_share(workspace_id):
                    continue
                first = line.take(workspace_id)
                if first.cancelled():
                    return self._let_in_one()
                self._busy[workspace_id] += 1
                first.set_result(None)
                return True
        return False

    def _has_its_share(self, workspace_id: str) -> bool:
        return self._is_shared and self._busy.get(workspace_id, 0) >= self._share

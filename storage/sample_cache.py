"""Large counts in memory, so that a goal over a long past is not counted anew for each reader."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from time import monotonic

from bot.goal import Measured

LARGE = 2_000
"""Counts of fewer submissions than this take no time, and are not kept."""

LONG = 20_000
"""Unless they are looked for among so many."""

MARGIN = timedelta(minutes=1)
"""What is this young is counted each time: its transaction may have been under way."""

KEPT = timedelta(minutes=10)
"""For how long a count is gone on from. What changes the past (a decision is undone) shows then."""

MOST = 1_000
"""How many counts are kept."""

Parts = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Spans:
    """A question about spans that follow on each other: `what` is counted in them, from each one's
    beginning to the next one's, in the last `until` then.
    """

    what: str
    begun: tuple[datetime, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class Base:
    """What was counted up to `cut`: of spans, all of theirs, one span's after the other's."""

    cut: datetime
    parts: Parts


class SampleCache:
    """The newest large count of each measure, and of spans. Used from several threads."""

    def __init__(self) -> None:
        self._bases: dict[tuple[object, ...], tuple[float, Base]] = {}
        self._lock = Lock()

    def find(self, workspace_id: str, asked: Measured | Spans) -> Base | None:
        """A count to go on from; None when there is none, or it is too old or too young."""
        with self._lock:
            kept_at, base = self._bases.get(_key(workspace_id, asked), (0.0, None))
        # A span that has ended is asked for with the same end again and again.
        if base is None or monotonic() - kept_at > KEPT.total_seconds():
            return None
        if isinstance(asked, Spans):
            return base if base.cut <= asked.until else None
        return base if base.cut <= asked.until <= base.cut + MARGIN + KEPT else None

    def keep(self, workspace_id: str, asked: Measured | Spans, base: Base) -> None:
        """Remember a count that was read from what is committed."""
        with self._lock:
            if len(self._bases) >= MOST:
                self._bases.clear()
            self._bases[_key(workspace_id, asked)] = (monotonic(), base)


def _key(workspace_id: str, asked: Measured | Spans) -> tuple[object, ...]:
    if isinstance(asked, Spans):
        return (workspace_id, asked.what, asked.begun)
    return (workspace_id, asked.measure, asked.kind_key, asked.department, asked.since)

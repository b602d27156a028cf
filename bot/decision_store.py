"""What the core asks the storage about decisions."""

from datetime import datetime
from typing import Protocol

from bot.decision import Decision


class DecisionStore(Protocol):
    """Decisions of meetings, and what became of them."""

    def add(self, decision: Decision) -> bool:
        """Store a new one; False when its id is taken: the same form, sent twice."""
        ...

    def get(self, decision_id: str) -> Decision | None: ...

    def open(self, *, limit: int) -> tuple[Decision, ...]:
        """Those that nobody has closed, the oldest first."""
        ...

    def closed_between(self, since: datetime, until: datetime) -> tuple[Decision, ...]:
        """Those of which it was said in [since, until) what became of them."""
        ...

    def close(self, decision_id: str, by: str, at: datetime, outcome: str) -> bool:
        """Say what became of one; False when somebody did before."""
        ...

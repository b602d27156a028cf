"""What the core asks the storage about the asks of digests."""

from datetime import datetime
from typing import Protocol

from bot.ask import Asked, Reply


class AskStore(Protocol):
    """One ask at most for each period of a subscription, and its answer."""

    def add(self, asked: Asked) -> bool:
        """Store an ask; False when that period has one."""
        ...

    def get(self, subscription_id: str, period: str) -> Asked | None: ...

    def newest(self, subscription_id: str, before: datetime) -> Asked | None:
        """The last that was asked before that moment."""
        ...

    def since(self, subscription_id: str, moment: datetime) -> tuple[Asked, ...]:
        """Those that were asked from that moment on."""
        ...

    def reply(self, subscription_id: str, period: str, reply: Reply, by: str, at: datetime) -> bool:
        """Write the answer; False when another one settled it before."""
        ...

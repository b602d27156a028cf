"""What digests that people take, and resting ones, ask of the storage; a part of `bot.ports`."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from bot.desk import Subscription


class Pause(StrEnum):
    """Why a digest rests."""

    BY_HAND = "by_hand"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestState:
    """How the rounds of a digest go: who set it up, and whether it rests; until a local day, from
    which on it comes again, or until somebody resumes it.
    """

    subscription_id: str
    set_by: str | None = None
    paused: Pause | None = None
    paused_until: date | None = None


class DigestStore(Protocol):
    """Digests that people take for themselves, one each, and how the rounds of all go."""

    def own(self) -> tuple[Subscription, ...]:
        """Those of everybody."""
        ...

    def own_of(self, user_id: str) -> Subscription | None: ...

    def save_own(self, subscription: Subscription) -> None: ...

    def drop_own(self, user_id: str) -> bool:
        """Whether there was one."""
        ...

    def state(self, subscription_id: str) -> DigestState:
        """As nothing but its id when nobody ever did anything about it."""
        ...

    def save_state(self, state: DigestState) -> None: ...

    def drop_state(self, subscription_id: str) -> None: ...

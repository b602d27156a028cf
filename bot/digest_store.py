"""What digests that people take, and resting ones, ask of the storage; a part of `bot.ports`."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
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
    which on it comes again, or until somebody resumes it. `known_as` is the name under which it
    went before the set-up file gave it another.
    """

    subscription_id: str
    set_by: str | None = None
    paused: Pause | None = None
    paused_until: date | None = None
    known_as: str | None = None


AFTER = timedelta(days=6)
"""How long after a digest is looked at what people did with it: before the next one comes."""

IN_A_ROW = 4
"""How many digests that nobody reads ask whether to stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What people did with a digest that was posted: how often, never who.

    `reactions` and `answers` are None where Slack did not let them be read. `is_asked`: after this
    one it was asked whether to stop.
    """

    subscription_id: str
    period: str
    reactions: int | None
    answers: int | None
    presses: int
    is_asked: bool = False

    @property
    def is_unread(self) -> bool:
        """Whether it was counted, and nobody did anything with it."""
        return (self.reactions, self.answers, self.presses) == (0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedDigest:
    """A digest that was posted as planned; its reach is None until it was looked at."""

    period: str
    reach: Reach | None


class DigestStore(Protocol):
    """Digests that people take for themselves, and how the rounds of all go."""

    def own(self) -> tuple[Subscription, ...]:
        """Those of everybody."""
        ...

    def own_of(self, user_id: str) -> tuple[Subscription, ...]:
        """Those of one person."""
        ...

    def own_by_id(self, subscription_id: str) -> Subscription | None: ...

    def save_own(self, subscription: Subscription) -> None: ...

    def drop_own(self, subscription_id: str) -> bool:
        """Whether there was one."""
        ...

    def state(self, subscription_id: str) -> DigestState:
        """As nothing but its id when nobody ever did anything about it."""
        ...

    def save_state(self, state: DigestState) -> None: ...

    def drop_state(self, subscription_id: str) -> None: ...

    def forget(self, subscription_id: str) -> None:
        """Drop what is kept of the periods of a digest: what became of each, its reach, its ask."""
        ...

    def posted(
        self, subscription_id: str, before: datetime, limit: int
    ) -> tuple[PostedDigest, ...]:
        """Those that were due before a moment, the newest first."""
        ...

    def press(self, subscription_id: str, period: str) -> None:
        """Count that somebody pressed a button in one."""
        ...

    def presses(self, subscription_id: str, period: str) -> int:
        """How often somebody did."""
        ...

    def add_reach(self, reach: Reach) -> bool:
        """False when it is there, that is: somebody was quicker."""
        ...

    def charts_refused_at(self) -> datetime | None:
        """When Slack refused charts in this workspace last; None when it never did."""
        ...

    def refuse_charts(self, at: datetime) -> None: ...

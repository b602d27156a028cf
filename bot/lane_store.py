"""What the core asks of the storage for an operator who looks after lanes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.outbox import Effect, EffectState

DROPPED = "dropped"
"""The error of an effect that an operator gave up."""

RESTORED = "restored"
"""The error of an effect that may have been sent after the backup that was restored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectStanding:
    """Where one effect stands. `done_at` is set once it is closed, `is_set_aside` while it is dead
    and an admin or operator may do something about it.
    """

    effect: Effect
    state: EffectState
    attempts: int
    error: str | None
    created_at: datetime
    last_try_at: datetime | None
    done_at: datetime | None
    is_set_aside: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneStanding:
    """A lane that has something open or set aside.

    `since` is when the oldest open effect was enqueued; where nothing is open, when the newest was
    set aside. `head` is the effect whose turn it is, `newest_dead` the one that was set aside last.
    `wants_at` is when the lane is looked at next, `lease_until` until when a worker has it.
    """

    lane: str
    is_open: int
    since: datetime
    head: EffectStanding | None
    is_dead: int
    newest_dead: EffectStanding | None
    wants_at: datetime | None
    lease_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorNote:
    """What an operator did to an effect that belongs to no submission, and why."""

    key: str
    at: datetime
    what: str
    reason: str


class LaneStore(Protocol):
    """Lanes and effects as an operator sees and settles them."""

    def standings(self) -> tuple[LaneStanding, ...]:
        """Every lane with something open or set aside: the longest waiting first, then those in
        which something was set aside.
        """
        ...

    def effects(self, lane: str, *, limit: int) -> tuple[EffectStanding, ...]:
        """What is open, or dead and not dropped, in the order of the lane."""
        ...

    def standing(self, key: str) -> EffectStanding | None: ...

    def drop(self, key: str, now: datetime) -> bool:
        """Give a waiting or a dead effect up for good, and tell no admin any more. False when it is
        closed otherwise, or a worker is at it.
        """
        ...

    def doubt(self, since: datetime, now: datetime) -> int:
        """Take every open post for one that was tried between `since` and `now`, with an unknown
        outcome: it is looked up in Slack, over all of that time, before it is posted. Returns how
        many there are.
        """
        ...

    def note(self, note: OperatorNote) -> None: ...

    def notes(self, key: str) -> tuple[OperatorNote, ...]:
        """What operators did to an effect, in order."""
        ...

"""What the notes of who names what ask of the storage; a part of `bot.ports`."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.outbox import Effect


@dataclass(frozen=True, slots=True)
class Naming:
    """The effect whose message names something; `error` is why it was set aside, None if it was
    not.
    """

    effect: Effect
    error: str | None


class NamingStore(Protocol):
    """Which messages name which submissions and people, by number and by user id."""

    def note(self, key: str, named: Collection[str]) -> bool:
        """Note what the message of an effect names. False, and nothing noted, when one of it is
        gone; it is held where the database can, so that nobody erases it unseen meanwhile.
        """
        ...

    def of(self, named: str) -> tuple[Naming, ...]:
        """The messages that name it: that stand in Slack, may come to, or were set aside."""
        ...

    def drop(self, named: str, now: datetime) -> None:
        """It was erased: of the messages that named it only that they changed is kept."""
        ...

    def changed_at(self, key: str) -> datetime | None:
        """When something that the message of an effect named was erased, last."""
        ...

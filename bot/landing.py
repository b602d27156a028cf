"""The page that a post leads to, and what the core asks the storage about it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """The page of the post `number` that its tagged links lead to; `campaign` is what they call
    their campaign, so that they are the same whenever somebody asks for them.
    """

    number: int
    url: str
    campaign: str
    given_at: datetime


class LandingStore(Protocol):
    """Where posts lead to, one page each."""

    def get(self, number: int) -> Landing | None:
        """The page of a post."""
        ...

    def save(self, landing: Landing) -> None:
        """Store it, over an older one."""
        ...

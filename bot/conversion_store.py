"""What the core asks the storage about conversions."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.conversion import Conversion, Credit, Dimension, Total


class ConversionStore(Protocol):
    """Conversions and what they are put down to. What was undone is on record, and not counted."""

    def add(self, conversion: Conversion) -> bool:
        """Store it; False when its source gave the same id before."""
        ...

    def get(self, conversion_id: str) -> Conversion | None: ...

    def came_at(self, conversion_id: str) -> datetime | None:
        """When it was recorded."""
        ...

    def undo(self, conversion_id: str, now: datetime, actor_id: str) -> bool:
        """It does not count any more; False when there is none, or it was undone before."""
        ...

    def entered(self, *, limit: int) -> tuple[Conversion, ...]:
        """What people entered last, undone ones included."""
        ...

    def entered_by(self, user_id: str) -> tuple[Conversion, ...]:
        """All that somebody entered, without its touches: for whoever asks what is stored of
        them.
        """
        ...

    def post_at(self, links: Sequence[str]) -> int | None:
        """The number of the newest submission that was published at one of these addresses."""
        ...

    def totals(self, since: datetime, until: datetime) -> tuple[Total, ...]:
        """All that happened in [since, until), by type; types without any are left out."""
        ...

    def sources(self, type_key: str, since: datetime, until: datetime) -> Mapping[str, int]:
        """How many conversions of a type in [since, until) each source told of."""
        ...

    def credits(self, dimension: Dimension, since: datetime, until: datetime) -> tuple[Credit, ...]:
        """What happened in [since, until), by lens, type and key of the dimension."""
        ...

    def of_post(self, number: int) -> tuple[Credit, ...]:
        """What was ever put down to one submission, by lens and type."""
        ...

    def has_uncounted(self, least: int) -> bool:
        """Whether at least so many came or were undone that the counts of whole days lack."""
        ...

    def sum_up(self, *, limit: int) -> int:
        """Take so many of them into the counts; how many were taken. It changes nothing that is
        read.
        """
        ...

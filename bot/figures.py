"""The numbers of a digest, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What happened in one span of time: handed in, decided (accepted or declined), published."""

    handed_in: int = 0
    accepted: int = 0
    declined: int = 0
    published: int = 0

    @property
    def decided(self) -> int:
        """Accepted and declined together."""
        return self.accepted + self.declined


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What waited for a decision at one moment, per role.

    `by_role` counts undecided submissions by role id; `overdue` of them were past their due time;
    `oldest_at` is when the oldest was handed in.
    """

    by_role: Mapping[str, int]
    overdue: int = 0
    oldest_at: datetime | None = None

    @property
    def total(self) -> int:
        """All of them together."""
        return sum(self.by_role.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedItem:
    """Something published in the week, and whose idea it was."""

    number: int
    kind_key: str
    title: str
    submitter_id: str
    department: str | None
    url: str | None
    created_at: datetime
    published_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestFigures:
    """A digest's week, in numbers.

    `weeks` are the counts of the weeks that end with this one, oldest first; the last is this
    week, the one before it last week. `week_starts` are the local first days as ISO dates, one per
    entry of `weeks`. `unpublished` counts by role id what is under way (accepted or passed on, and
    not at its end), as of the end of this week; `unpublished_before` is last week's total.
    `to_publish` is what of it waits to be published: no leads.
    """

    weeks: tuple[Counts, ...]
    week_starts: tuple[str, ...]
    waiting: Waiting
    waiting_before: Waiting
    unpublished: Mapping[str, int]
    unpublished_before: int
    published: tuple[PublishedItem, ...]
    to_publish: Mapping[str, int] = field(default_factory=dict)

    @property
    def this_week(self) -> Counts:
        """The counts of the digest's own week."""
        return self.weeks[-1]

    @property
    def last_week(self) -> Counts:
        """The counts of the week before."""
        return self.weeks[-2]

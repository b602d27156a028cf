"""What learning from the desk's own records asks of the storage: aggregates, never one by one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeCount:
    """Of one content type, None where nobody chose one: how many were decided in a span, and how
    many of these are published by now.
    """

    content_type: str | None
    decided: int
    published: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StageCount:
    """At one stage: what was handed in and published in a span, and what waits now, for a decision
    or to be published.
    """

    stage: str
    handed_in: int = 0
    published: int = 0
    undecided: int = 0
    unpublished: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StageItem:
    """Something that waits at a stage: for a decision, or to be published."""

    number: int
    kind_key: str
    title: str
    is_decided: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenCount:
    """What one department, None for unknown, gave in a span, by kind; and what came back of what it
    ever gave: published, leads passed on and won.
    """

    department: str | None
    given: Mapping[str, int]
    published: int = 0
    passed_on: int = 0
    won: int = 0


NEWEST = 2_000
"""Of more than this the newest say as much, and take no longer to count as the desk grows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedCount:
    """What one department handed in and nobody decided, by kind; `asked_back` of it wait for an
    answer of theirs. `titles` are the newest of it, with their numbers.
    """

    by_kind: Mapping[str, int]
    asked_back: int = 0
    titles: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadCount:
    """Leads of one answer to how well they know us, None without one: how many were handed in in a
    span, and how many of these are won by now.
    """

    knows_us: str | None
    handed_in: int
    won: int


class InsightStore(Protocol):
    """What the desk's own records teach."""

    def newest_decided(self, since: datetime, until: datetime, limit: int) -> datetime | None:
        """When the first of the newest `limit` that were decided in [since, until) was; None when
        there are fewer.
        """
        ...

    def newest_handed_in(self, since: datetime, until: datetime, limit: int) -> datetime | None:
        """The same of what was handed in."""
        ...

    def newest_published(self, since: datetime, until: datetime, limit: int) -> datetime | None:
        """The same of what was published."""
        ...

    def unserving(self, since: datetime, until: datetime) -> tuple[int, int]:
        """How many posts went out in [since, until), and how many of these serve no goal."""
        ...

    def content_types(self, since: datetime, until: datetime) -> tuple[TypeCount, ...]:
        """What was decided in [since, until), by content type; a testimonial is a type of its
        own. Leads are none, nor what was a duplicate or withdrawn.
        """
        ...

    def stages(self, since: datetime, until: datetime) -> tuple[StageCount, ...]:
        """Ideas and testimonials by the stage that they help with; without those that name none."""
        ...

    def waiting_at(self, stage: str, *, limit: int) -> tuple[StageItem, ...]:
        """Ideas and testimonials that wait at a stage: those that can be published, the first
        decided first, then those that are to be decided, the first due first; `limit` in all.
        """
        ...

    def given(self, since: datetime, until: datetime) -> tuple[GivenCount, ...]:
        """What each department gave and got in [since, until), by its name."""
        ...

    def undecided(self) -> Mapping[str | None, int]:
        """How much of what each department gave waits for a decision now."""
        ...

    def platforms(self, since: datetime, until: datetime) -> Mapping[str, int]:
        """How many posts went out on each platform, of what was published in [since, until)."""
        ...

    def wanted(
        self, department: str, before: datetime, *, titled: Collection[str], limit: int
    ) -> WantedCount:
        """What a department handed in before a moment and is undecided now; the newest titles of
        the kinds `titled`, `limit` of them at most.
        """
        ...

    def leads(self, since: datetime, until: datetime) -> tuple[LeadCount, ...]:
        """Leads handed in in [since, until) by how well they know us, the most first; without
        what was a duplicate or withdrawn.
        """
        ...

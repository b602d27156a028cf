"""The numbers of a digest, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from bot.kinds import KINDS
from bot.submission import Consent


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
    """Something published in the week, and whose idea it was; `consent` is the customer's, None
    where there is none.
    """

    number: int
    kind_key: str
    title: str
    submitter_id: str
    department: str | None
    url: str | None
    created_at: datetime
    published_at: datetime
    consent: Consent | None = None

    def told_on(self, today: date) -> "PublishedItem":
        """As it may be told on a day: a customer who is not to be named then leaves no title."""
        may_be_named = self.consent is not None and self.consent.names_on(today)
        if may_be_named or not KINDS[self.kind_key].needs_consent:
            return self
        return replace(self, title="")


@dataclass(frozen=True, slots=True)
class Unsigned:
    """What was accepted and can't be published for want of a customer's consent: `missing`, where
    none is on record or it ended, and `withdrawn`, where nobody asks the customer again.
    """

    missing: int
    withdrawn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekFigures:
    """What an ask looks at: what happened in the week, what waits for a decision, and by role id
    what waits to be published, and `to_sign`, what waits for a customer's consent; how much came
    `from_leaders` this quarter, None where nobody says who they are.
    """

    week: Counts
    waiting: Waiting
    to_publish: Mapping[str, int] = field(default_factory=dict)
    to_sign: Mapping[str, int] = field(default_factory=dict)
    from_leaders: int | None = None

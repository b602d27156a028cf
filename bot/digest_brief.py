"""The brief of the joint meeting of sales and social (P34): what sales wants, what leads came."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.conversion import Dimension, Lens
from bot.digest_sources import Sources
from bot.insight_store import LeadCount, WantedCount
from bot.kinds import KINDS
from bot.sections import Part

SALES = "sales"
"""A department of this name, case aside, is that of sales."""

SPAN = timedelta(weeks=12)
"""What brought leads is asked of a quarter: a week has too few of them."""

TITLES = 3
"""So many of the newest are named."""

TITLED = tuple(key for key, kind in KINDS.items() if not kind.is_confidential)
"""The kinds whose titles are told: those of others are about people outside."""


@dataclass(frozen=True, slots=True)
class WantedPart:
    """What the department of sales, by its name, handed in and nobody decided yet."""

    department: str
    wanted: WantedCount

    @property
    def is_news(self) -> bool:
        """What waits for the meeting is worth a brief."""
        return True


@dataclass(frozen=True, slots=True)
class BroughtPart:
    """Leads by how well they know us, the most first, and what was put down to content types as the
    last touch, by their keys.
    """

    leads: tuple[LeadCount, ...]
    types: Mapping[str, int]

    @property
    def is_news(self) -> bool:
        """A quarter is none."""
        return False


@dataclass(frozen=True, slots=True)
class RecordPart:
    """The way to record a decision: it is always there."""

    @property
    def is_news(self) -> bool:
        """A button is none."""
        return False


def wanted(found: Sources) -> Part | None:
    """None where the set-up names no such department, or nothing of theirs waits."""
    names = (one.name for one in found.desk.departments if one.name.casefold() == SALES)
    name = next(names, None)
    if name is None:
        return None
    counted = found.tx.insights.wanted(name, found.this.until, titled=TITLED, limit=TITLES)
    return WantedPart(name, counted) if counted.by_kind else None


def brought(found: Sources) -> Part | None:
    """The twelve weeks up to the week's end."""
    since = found.this.until - SPAN
    leads = found.tx.insights.leads(since, found.this.until)
    types: dict[str, int] = {}
    for credit in found.tx.conversions.credits(Dimension.CONTENT_TYPE, since, found.this.until):
        if credit.lens is Lens.LAST and credit.key is not None:
            types[credit.key] = types.get(credit.key, 0) + credit.count
    return BroughtPart(leads, types) if leads or types else None


def record(_found: Sources) -> Part:
    """Always."""
    return RecordPart()

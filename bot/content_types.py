"""Which content type works: ranked by result, and advice only where the data carry it (P28).

The result is what was put down to a type as the last touch, where conversions are known at all;
else how much of what was decided was published. A type is to be done more when even the low end of
what its data allow is above the average of all, and stopped when even the high end is below it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.conversion import Dimension, Lens
from bot.insight_store import NEWEST
from bot.ports import Transaction

SPAN = timedelta(weeks=26)
"""Half a year: what is longer ago was another audience."""

CARRIES = 10
"""Of fewer than this nothing is said of a type, whatever the interval: one post more decides."""

CARRIES_KEEP = 20
"""From this many on, a type that is not away from the average is known to be about as good."""

_Z = 1.96
"""Two standard deviations: 95 of 100 such intervals hold the truth."""


class Advice(StrEnum):
    """What to do with a content type."""

    MORE = "more"
    KEEP = "keep"
    STOP = "stop"


class Basis(StrEnum):
    """What types are ranked by."""

    CONVERSIONS = "conversions"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Of a type: `good` results of `size` posts (by conversions), or published of decided."""

    key: str
    good: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A type in its place: its rate, between which bounds it may lie, and the advice, None where
    the data don't carry any.
    """

    tally: Tally
    rate: float
    low: float
    high: float
    advice: Advice | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """All types, the best first, beside the `average` of all together; of the `newest` decisions,
    None when it is of all that fall into the span.
    """

    basis: Basis
    ranked: tuple[Ranked, ...]
    average: float
    newest: int | None = None


def wilson(good: int, size: int) -> tuple[float, float]:
    """Between which shares the true one lies, of `good` out of `size` (Wilson's score interval).

    Raises ZeroDivisionError without any.
    """
    share, spread = good / size, _Z**2 / size
    middle = share + spread / 2
    half = _Z * math.sqrt(share * (1 - share) / size + spread / (4 * size))
    low, high = (middle - half) / (1 + spread), (middle + half) / (1 + spread)
    return min(max(low, 0.0), share), max(min(high, 1.0), share)


def byar(count: int, size: int) -> tuple[float, float]:
    """Between which rates per post the true one lies, of `count` results of `size` posts (Byar's
    approximation of the exact Poisson interval).

    Raises ZeroDivisionError without any posts.
    """
    low = count * (1 - 1 / (9 * count) - _Z / (3 * math.sqrt(count))) ** 3 if count else 0.0
    more = count + 1
    high = more * (1 - 1 / (9 * more) + _Z / (3 * math.sqrt(more))) ** 3
    return max(low, 0.0) / size, high / size


def rank(basis: Basis, tallies: Sequence[Tally]) -> Ranking:
    """The types, the best first; those of which there is nothing are left out."""
    known = [tally for tally in tallies if tally.size > 0]
    size = sum(tally.size for tally in known)
    average = sum(tally.good for tally in known) / size if size else 0.0
    ranked = [_ranked(basis, tally, average, is_alone=len(known) < 2) for tally in known]
    ranked.sort(key=lambda one: (-one.rate, -one.tally.size, one.tally.key))
    return Ranking(basis=basis, ranked=tuple(ranked), average=average)


def _ranked(basis: Basis, tally: Tally, average: float, *, is_alone: bool) -> Ranked:
    bounds = wilson if basis is Basis.PUBLISHED else byar
    low, high = bounds(tally.good, tally.size)
    advice = None
    if not is_alone and tally.size >= CARRIES:
        if low > average:
            advice = Advice.MORE
        elif high < average:
            advice = Advice.STOP
        elif tally.size >= CARRIES_KEEP:
            advice = Advice.KEEP
    return Ranked(tally=tally, rate=tally.good / tally.size, low=low, high=high, advice=advice)


def see_content_types(tx: Transaction, _command: None, now: datetime) -> Ranking:
    """The ranking of the last half year, or of its newest decisions where there are very many."""
    half_year = now - SPAN
    since = tx.insights.newest_decided(half_year, now, NEWEST)
    if since is None:
        return _ranking(tx, half_year, now)
    return replace(_ranking(tx, since, now), newest=NEWEST)


def _ranking(tx: Transaction, since: datetime, now: datetime) -> Ranking:
    counted = [one for one in tx.insights.content_types(since, now) if one.content_type]
    brought: dict[str, int] = {}
    for credit in tx.conversions.credits(Dimension.CONTENT_TYPE, since, now):
        if credit.lens is Lens.LAST and credit.key is not None:
            brought[credit.key] = brought.get(credit.key, 0) + credit.count
    if brought:
        return rank(
            Basis.CONVERSIONS,
            [
                Tally(
                    key=one.content_type or "",
                    good=brought.get(one.content_type or "", 0),
                    size=one.published,
                )
                for one in counted
            ],
        )
    return rank(
        Basis.PUBLISHED,
        [
            Tally(key=one.content_type or "", good=one.published, size=one.decided)
            for one in counted
        ],
    )

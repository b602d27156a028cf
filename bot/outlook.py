"""Where a count will end, and how likely it reaches its target, from its last weeks.

Weeks are counts with more spread than chance alone would give them. What a week brings on average
is a Gamma variable that the weeks so far have taught; what the weeks that are left bring, a
negative binomial one with the mean and the variance of both together. A plain yes or no by linear
pace is wrong more often, and says nothing of how sure it is.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

WEEKS_NEEDED = 3
"""Fewer full weeks than this say nothing."""

WEEKS_USED = 12
"""What is longer ago says little about the present."""

LEAST = 5
"""Of a target smaller than this a chance is not told: one more or less decides."""

NOTHING = 1e-6
"""So little to come is nothing."""

_SPREAD = 1.5
"""The least ratio of variance to mean that is believed: people's weeks are not dice."""

_FEW = 2.0
"""The ratio while there are too few weeks to measure it."""

_PRIOR_EVENTS, _PRIOR_WEEKS = 1.0, 0.25
"""What is believed before the first week: one in a quarter of a week; a few weeks outweigh it."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a goal may stand at when its period ends: in eight of ten cases from `low` to `high`;
    and the chance, from 0 to 1, that it reaches its target.
    """

    low: int
    high: int
    chance: float


def outlook(weeks: Sequence[float], weeks_left: float, so_far: float, target: float) -> Outlook:
    """The outlook of a count that brought `weeks`, each the count of a full week, and stands at
    `so_far`, with `weeks_left` weeks to go, part of one included.
    """
    used = weeks[-WEEKS_USED:]
    spread = _spread(used)
    shape = (_PRIOR_EVENTS + sum(used)) / spread
    rate = (_PRIOR_WEEKS + len(used)) / spread
    mean = weeks_left * shape / rate
    variance = spread * mean + weeks_left**2 * shape / rate**2
    needed = max(math.ceil(target - so_far), 0)
    chances = _Cumulative(mean, variance)
    return Outlook(
        low=math.floor(so_far) + chances.quantile(0.1),
        high=math.floor(so_far) + chances.quantile(0.9),
        chance=1.0 if needed == 0 else 1.0 - chances.up_to(needed - 1),
    )


def _spread(weeks: Sequence[float]) -> float:
    """The ratio of variance to mean of a week's count."""
    mean = sum(weeks) / len(weeks) if weeks else 0.0
    if len(weeks) < WEEKS_NEEDED or mean == 0:
        return _FEW
    variance = sum((week - mean) ** 2 for week in weeks) / (len(weeks) - 1)
    return max(_SPREAD, variance / mean)


class _Cumulative:
    """The negative binomial distribution with this mean and variance, added up as far as asked."""

    def __init__(self, mean: float, variance: float) -> None:
        self._mean = mean
        self._size = mean**2 / (variance - mean) if mean > NOTHING else 0.0
        self._sums: list[float] = []

    def up_to(self, count: int) -> float:
        """The chance of `count` or fewer."""
        if self._mean <= NOTHING:
            return 1.0
        while len(self._sums) <= count:
            before = self._sums[-1] if self._sums else 0.0
            self._sums.append(min(before + self._of(len(self._sums)), 1.0))
        return self._sums[count]

    def quantile(self, share: float) -> int:
        """The least count that is not exceeded with at least this chance."""
        count, most = 0, math.ceil(self._mean * 20) + 1000
        while count < most and self.up_to(count) < share:
            count += 1
        return count

    def _of(self, count: int) -> float:
        """The chance of exactly `count`."""
        stop = self._size / (self._size + self._mean)
        log = (
            math.lgamma(count + self._size)
            - math.lgamma(self._size)
            - math.lgamma(count + 1)
            + self._size * math.log(stop)
            + count * math.log1p(-stop)
        )
        return math.exp(log)

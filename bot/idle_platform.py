"""A platform that costs posts or money and brings nothing measurable, while others do (P03, P27).

Trust takes time (P33), so only what was in use for the whole span is looked at; and only where what
the others brought says that this one, were it like them, would have brought something.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.attribution import CARRIES
from bot.conversion import Lens

RULE_OF_THREE = 3.0
"""Where three or more were to be expected, chance alone leaves none in 5 of 100 cases at most: of a
Poisson count with the mean 3, exp(-3) is 0.0498.
"""

_NO_SUMS = frozenset({Lens.TOUCHED})
"""What touched several platforms counts for each of them, so its counts add up to too many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformUse:
    """What a platform cost in the span and brought: posts, and thousandths spent by currency. What
    it `brought` is counted by lens.
    """

    platform: str
    posts: int = 0
    spent: Mapping[str, int] = field(default_factory=dict)
    brought: Mapping[Lens, int] = field(default_factory=dict)
    was_used_early: bool = False
    was_used_late: bool = False


@dataclass(frozen=True, slots=True)
class Idle:
    """A platform that brought nothing for so many posts, none where it cost money alone; of
    `sample` conversions that were put down to the others.
    """

    platform: str
    posts: int
    sample: int


def idle_of(uses: Sequence[PlatformUse]) -> Idle | None:
    """The platform of which most was to be expected and nothing came; None where that may be
    chance.
    """
    found = [
        (_expected(one, [other for other in uses if other is not one]), one)
        for one in uses
        if one.was_used_early and one.was_used_late and not any(one.brought.values())
    ]
    clear = [(expected, one) for expected, one in found if expected >= RULE_OF_THREE]
    if not clear:
        return None
    _, worst = min(clear, key=lambda pair: (-pair[0], pair[1].platform))
    return Idle(worst.platform, worst.posts, _known(one for one in uses if one is not worst))


def _expected(one: PlatformUse, others: Sequence[PlatformUse]) -> float:
    """How many conversions a platform would have brought, had it been like the others: by its posts
    or by its money, whichever says more. 0 where they brought too few to tell.
    """
    known = _known(others)
    if known < CARRIES:
        return 0
    shares = [_share(one.posts, sum(other.posts for other in others))]
    for currency, spent in one.spent.items():
        shares.append(_share(spent, sum(other.spent.get(currency, 0) for other in others)))
    return known * max(shares)


def _share(own: int, others: int) -> float:
    """Beside nothing of the others there is nothing to compare it with."""
    return own / others if others else 0


def _known(uses: Iterable[PlatformUse]) -> int:
    counted = dict.fromkeys(Lens, 0)
    for one in uses:
        for lens, count in one.brought.items():
            counted[lens] += count
    return max(count for lens, count in counted.items() if lens not in _NO_SUMS)

"""What conversions are put down to: first touch, last touch, touched and told, side by side (P25).

No lens is right alone, so none is mixed with another, and no share of a conversion is guessed: what
a lens can't put down to anything is unknown, counted and shown.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.conversion import Credit, Lens

CARRIES = 30
"""How many conversions a lens must have put down before an order of them says anything: of fewer
than 30, chance alone moves a count by more than a third (two standard deviations of a Poisson).
"""

_TWICE = 1.96
"""As far as 95 in 100 differences go that are chance alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What the lenses put down to one key. A lens that puts nothing down to it says 0."""

    key: str
    counts: Mapping[Lens, int]

    def __getitem__(self, lens: Lens) -> int:
        return self.counts.get(lens, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """The conversions of one type in a span, by the keys of one dimension.

    `total` counts all of them. `known` is how many each lens put down to anything; the rest is
    `unknown`. Of first, last and told the rows add up to `known`; what touched several keys stands
    in the row of each. `rows` stand in the order of `ranked_by`, else by key: then no lens carries
    an order. `leader` is the key that is ahead by more than chance.
    """

    total: int
    rows: tuple[Row, ...]
    known: Mapping[Lens, int]
    ranked_by: Lens | None = None
    leader: str | None = None

    def unknown(self, lens: Lens) -> int:
        """How many this lens can't put down to anything."""
        return self.total - self.known.get(lens, 0)

    @property
    def sample(self) -> int:
        """Of how many conversions the order is, or would be: those of the lens that knows most."""
        return max(self.known.values(), default=0)


def attribute(counted: Iterable[Credit], total: int) -> Attribution:
    """Put together what the database counted, in whatever order it came; `counted` are of one type
    and one dimension. `total` are all conversions of that type.
    """
    by_key: dict[str, dict[Lens, int]] = {}
    known: dict[Lens, int] = {}
    for credit in counted:
        counts = known if credit.key is None else by_key.setdefault(credit.key, {})
        counts[credit.lens] = counts.get(credit.lens, 0) + credit.count
    rows = [Row(key=key, counts=counts) for key, counts in sorted(by_key.items(), key=_by_key)]
    lens = _carrying(known)
    if lens is None:
        return Attribution(total=total, rows=tuple(rows), known=known)
    rows.sort(key=lambda row: -row[lens])
    return Attribution(
        total=total, rows=tuple(rows), known=known, ranked_by=lens, leader=_leader(rows, lens)
    )


def _by_key(entry: tuple[str, Mapping[Lens, int]]) -> tuple[bool, int, str]:
    """Numbers of posts in their order, the newest first; other keys by the alphabet."""
    key = entry[0]
    return not key.isdecimal(), -int(key) if key.isdecimal() else 0, key


def _carrying(known: Mapping[Lens, int]) -> Lens | None:
    """The lens that carries an order; of several the one with most, of equal ones the first."""
    best = max(Lens, key=lambda lens: known.get(lens, 0))
    return best if known.get(best, 0) >= CARRIES else None


def _leader(rows: list[Row], lens: Lens) -> str | None:
    """Who is ahead by more than chance: two counts of the same rate differ by less than twice the
    root of their sum, 95 times in 100.
    """
    first, second = rows[0][lens], rows[1][lens] if len(rows) > 1 else 0
    return rows[0].key if first - second > _TWICE * math.sqrt(first + second) else None

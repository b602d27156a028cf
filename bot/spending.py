"""What social cost and what marketing may cost, as data (P27, P30)."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from bot.amount import Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend:
    """What was spent in a month, its first day in `month`: on media if `is_paid`, else on the work
    for what is organic (people, tools, an agency). `campaign` is the tag of its links.
    """

    spend_id: str
    month: date
    platform: str | None
    campaign: str | None
    is_paid: bool
    amount: Amount
    recorded_at: datetime
    recorded_by: str
    undone_at: datetime | None = None
    undone_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendSum:
    """What was spent on one platform and campaign, paid or organic, in one currency."""

    platform: str | None
    campaign: str | None
    is_paid: bool
    amount: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What marketing may spend in all in a `period`: a year ("2026") or a quarter ("2026-Q4")."""

    period: str
    amount: Amount
    recorded_at: datetime
    recorded_by: str


_PERIOD = re.compile(
    r"(?P<year>20\d\d)(?:[-/ ]?Q(?P<quarter>[1-4]))?|Q(?P<first>[1-4])[-/ ]?(?P<then>20\d\d)",
    re.IGNORECASE,
)


def period_in(text: str) -> str | None:
    """The year or quarter that somebody typed, in its one form; None when it is none."""
    match = _PERIOD.fullmatch(" ".join(text.split()))
    if match is None:
        return None
    year, quarter = match["year"] or match["then"], match["quarter"] or match["first"]
    return year if quarter is None else f"{year}-Q{quarter}"


def months_of(period: str) -> tuple[date, date]:
    """The first day of a period's first month, and of the month after its last."""
    year, _, quarter = period.partition("-Q")
    if not quarter:
        return date(int(year), 1, 1), date(int(year) + 1, 1, 1)
    return quarter_of(date(int(year), int(quarter) * 3, 1))


def quarter_of(day: date) -> tuple[date, date]:
    """The first day of the quarter in which `day` lies, and of the next."""
    first = (day.month - 1) // 3 * 3 + 1
    after = date(day.year + 1, 1, 1) if first == 10 else date(day.year, first + 3, 1)
    return date(day.year, first, 1), after


def name_of_quarter(day: date) -> str:
    """The quarter of a day, as budgets name it: "2026-Q4"."""
    return f"{day.year}-Q{(day.month + 2) // 3}"

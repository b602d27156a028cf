"""What each platform cost in twelve weeks and what it brought, for `bot.idle_platform` to judge."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from bot.attribution import CARRIES
from bot.conversion import Credit, Dimension, Lens
from bot.idle_platform import Idle, PlatformUse, idle_of
from bot.periods import last_of_month, local_date
from bot.ports import Transaction

SPAN = timedelta(weeks=12)
EDGE = timedelta(weeks=4)
"""Used in the first and in the last of these weeks: in use for the whole span."""


def idle_platform(tx: Transaction, until: datetime, tz: str) -> Idle | None:
    """The platform to ask about at the end of the twelve weeks before `until`, in the days of `tz`.

    What was brought is read first: most desks know too little of it for any of this.
    """
    since = until - SPAN
    brought = _brought(tx.conversions.credits(Dimension.PLATFORM, since, until))
    if sum(sum(counts.values()) for counts in brought.values()) < CARRIES:
        return None
    return idle_of(_uses(tx, brought, since, until, tz))


def _brought(counted: Iterable[Credit]) -> dict[str, dict[Lens, int]]:
    found: dict[str, dict[Lens, int]] = {}
    for credit in counted:
        if credit.key is not None:
            of_key = found.setdefault(credit.key, {})
            of_key[credit.lens] = of_key.get(credit.lens, 0) + credit.count
    return found


def _uses(
    tx: Transaction,
    brought: Mapping[str, Mapping[Lens, int]],
    since: datetime,
    until: datetime,
    tz: str,
) -> tuple[PlatformUse, ...]:
    """What the desk posted to or spent on; no other source of conversions is a platform of ours."""
    ends = ((since, since + EDGE), (until - EDGE, until))
    posts = tx.insights.platforms(since, until)
    spent = _spent(tx, since, until, tz)
    early, late = ({*tx.insights.platforms(*end), *_spent(tx, *end, tz)} for end in ends)
    return tuple(
        PlatformUse(
            platform=name,
            posts=posts.get(name, 0),
            spent=spent.get(name, {}),
            brought=brought.get(name, {}),
            was_used_early=name in early,
            was_used_late=name in late,
        )
        for name in sorted({*posts, *spent})
    )


def _spent(tx: Transaction, since: datetime, until: datetime, tz: str) -> dict[str, dict[str, int]]:
    """What was spent by platform and currency in the months that the span touches."""
    after = last_of_month(local_date(until, tz)) + timedelta(days=1)
    found: dict[str, dict[str, int]] = {}
    for one in tx.spend.sums(local_date(since, tz).replace(day=1), after):
        if one.platform is not None:
            of_platform = found.setdefault(one.platform, {})
            currency = one.amount.currency
            of_platform[currency] = of_platform.get(currency, 0) + one.amount.thousandths
    return found

"""Home tabs follow what happened, for people who look at theirs."""

from collections.abc import Iterable
from datetime import datetime

from bot.outbox import Effect, EffectKind
from bot.ports import Transaction


def home_of(user_id: str, cause: str) -> Effect:
    """The Home tab of a person, to be published because of `cause`; of several that wait the newest
    stays.
    """
    return Effect(
        key=f"home:{user_id}:{cause}",
        kind=EffectKind.HOME,
        target=user_id,
        collapse_key=f"home:{user_id}",
    )


def renew_homes(tx: Transaction, user_ids: Iterable[str], cause: str, now: datetime) -> None:
    """Publish the Home tabs of those who ever opened theirs; nobody else has one to go stale.

    In the order of their ids: transactions that need the same lanes lock them in the same order.
    """
    for user_id in sorted(set(user_ids)):
        effect = home_of(user_id, cause)
        if tx.outbox.knows_lane(effect.lane):
            tx.outbox.add(effect, now)

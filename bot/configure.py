"""Setting the desk up: how a configuration takes effect."""

from dataclasses import replace
from datetime import datetime

from bot.channel_care import tell_of_new
from bot.desk import Desk, Subscription
from bot.desk_faults import check
from bot.digest import plan
from bot.errors import ConfigurationError
from bot.handover import Handover, hand_over, hands
from bot.ports import Transaction


def configure(tx: Transaction, desk: Desk, now: datetime) -> Desk:
    """Store a set-up as the next version, hand over what changed hands, and plan its digests.

    A subscription whose day, time and zone are as before keeps its planned run. Raises
    ConfigurationError for a set-up with faults.
    """
    faults = check(desk)
    if faults:
        raise ConfigurationError(" ".join(fault.sentence for fault in faults))
    earlier_desk = tx.desk.load()
    before = {s.subscription_id: s for s in earlier_desk.subscriptions}
    before_hands = hands(tx, earlier_desk)
    stored = tx.desk.replace(desk, now)
    handover = Handover(before=before_hands, after=hands(tx, stored), cause=f"d{stored.version}")
    hand_over(tx, stored, handover, now)
    for subscription in stored.subscriptions:
        earlier = before.pop(subscription.subscription_id, None)
        is_planned = tx.schedules.get(subscription.subscription_id) is not None
        if earlier is None or not is_planned or _when(earlier) != _when(subscription):
            plan(tx, subscription, now)
    for gone in before:
        tx.schedules.remove(gone)
    tell_of_new(tx, earlier_desk, stored, now)
    return stored


def current(tx: Transaction, _: None, _now: datetime) -> Desk:
    """The set-up as it stands."""
    return tx.desk.load()


def next_runs(
    tx: Transaction, _: None, _now: datetime
) -> tuple[tuple[Subscription, datetime], ...]:
    """Each digest of the set-up, and when it comes next."""
    planned = (
        (subscription, tx.schedules.get(subscription.subscription_id))
        for subscription in tx.desk.load().subscriptions
    )
    return tuple((subscription, run.next_at) for subscription, run in planned if run is not None)


def _when(subscription: Subscription) -> Subscription:
    return replace(subscription, channel_id="")

"""Setting the desk up: how a configuration takes effect."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.channel_care import tell_of_new
from bot.check_ins import plan_checks
from bot.desk import Desk, Subscription
from bot.desk_faults import check
from bot.errors import ConfigurationError, StaleError
from bot.handover import Handover, hand_over, hands
from bot.ports import Transaction
from bot.pulses import plan_pulse
from bot.schedules import rename, replan


def configure(tx: Transaction, desk: Desk, now: datetime) -> Desk:
    """Store a set-up as the next version, hand over what changed hands, plan its digests and the
    question of the quarter.

    Raises ConfigurationError for a set-up with faults.
    """
    faults = check(desk)
    if faults:
        raise ConfigurationError(" ".join(fault.sentence for fault in faults))
    earlier_desk = tx.desk.load()
    before_hands = hands(tx, earlier_desk)
    stored = tx.desk.replace(desk, now)
    handover = Handover(before=before_hands, after=hands(tx, stored), cause=f"d{stored.version}")
    hand_over(tx, stored, handover, now)
    _plan_digests(tx, earlier_desk, stored, now)
    tell_of_new(tx, earlier_desk, stored, now)
    plan_pulse(tx, None, now)
    return stored


@dataclass(frozen=True, slots=True)
class Replacement:
    """A whole set-up that takes the place of the version that somebody looked at."""

    desk: Desk
    version: int


def apply(tx: Transaction, command: Replacement, now: datetime) -> Desk:
    """`configure`, unless the set-up moved on: what nobody was shown must not be lost.

    Raises StaleError, and what `configure` raises.
    """
    if tx.desk.load().version != command.version:
        raise StaleError("Somebody changed the set-up meanwhile. Nothing was stored; run it again.")
    return configure(tx, command.desk, now)


def _plan_digests(tx: Transaction, earlier_desk: Desk, stored: Desk, now: datetime) -> None:
    """Plan what is new or comes at another time. A subscription whose day, time and zone are as
    before keeps its planned run; a channel's that has another name goes on under it.
    """
    before = {one.subscription_id: one for one in earlier_desk.subscriptions}
    kept = {one.subscription_id for one in stored.subscriptions}
    gone = {one.channel_id: one for one in before.values() if one.subscription_id not in kept}
    for subscription in stored.subscriptions:
        earlier = before.get(subscription.subscription_id)
        if earlier is None:
            earlier = gone.pop(subscription.channel_id, None)
            if earlier is not None:
                rename(tx, earlier.subscription_id, subscription.subscription_id, now)
        is_planned = tx.schedules.get(subscription.subscription_id) is not None
        if earlier is None or not is_planned or _when(earlier) != _when(subscription):
            replan(tx, subscription, now)
    for subscription_id in before.keys() - kept:
        tx.schedules.remove(subscription_id)
        tx.digests.drop_state(subscription_id)
    if earlier_desk.subscriptions != stored.subscriptions:
        plan_checks(tx, stored, now)


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
    return replace(subscription, channel_id="", subscription_id="", audience="")

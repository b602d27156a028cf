"""Channels that the set-up names: the admin hears in one sentence when the desk can't post to one,
before something has to be posted as well as after, and when another company reads along.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.announce import tell_admin
from bot.channels import Trouble, sentence, trouble_of, uses
from bot.desk import Channel, Desk
from bot.periods import key_of
from bot.ports import Transaction
from bot.resting import wake_up

AHEAD = timedelta(days=1)
"""How long before a digest is due the admin is reminded of a channel that can't take it."""


def troubles(tx: Transaction, desk: Desk) -> Mapping[str, Trouble]:
    """The channels in use that the desk can't post to, or where others read along, by id."""
    found = {channel_id: trouble_of(tx.channels.get(channel_id)) for channel_id in uses(desk)}
    return {channel_id: trouble for channel_id, trouble in found.items() if trouble is not None}


def remember_channels(tx: Transaction, channels: Iterable[Channel], now: datetime) -> None:
    """Store channels as they are now; the admin hears of each in use that can't be posted to any
    more, or became one of two companies.
    """
    desk = tx.desk.load()
    used = uses(desk)
    known = tuple(channels)
    before = {
        one.channel_id: tx.channels.get(one.channel_id)
        for one in known
        if one.channel_id in used or one.name == one.channel_id
    }
    tx.channels.save([_named(one, before.get(one.channel_id)) for one in known], now)
    wake_up(tx, known, now)
    for one in known:
        was = trouble_of(before.get(one.channel_id))
        if one.channel_id in used and trouble_of(one) not in {None, was}:
            _tell(tx, desk, one.channel_id, now.isoformat(), now)


def _named(channel: Channel, before: Channel | None) -> Channel:
    """A channel that Slack does not show any more keeps its name."""
    if before is None or channel.name != channel.channel_id:
        return channel
    return replace(channel, name=before.name, is_archived=before.is_archived)


def tell_of_new(tx: Transaction, earlier: Desk, desk: Desk, now: datetime) -> None:
    """Tell the admin of channels that a new set-up began to use and that has such a trouble."""
    before = uses(earlier)
    for channel_id in troubles(tx, desk):
        if channel_id not in before:
            _tell(tx, desk, channel_id, f"d{desk.version}", now)


def remind_before_digests(tx: Transaction, _: None, now: datetime) -> None:
    """Remind the admin, once per digest, of a channel that can't take what is due within a day.
    That another company reads along was said once, and may be meant.
    """
    desk = tx.desk.load()
    for subscription in desk.subscriptions:
        run = tx.schedules.get(subscription.subscription_id)
        if run is None or run.next_at - now > AHEAD:
            continue
        if tx.digests.state(subscription.subscription_id).paused is not None:
            continue
        day = datetime.fromisoformat(run.next_date).date()
        cause = f"{subscription.subscription_id}:{key_of(subscription, day)}"
        if trouble_of(tx.channels.get(subscription.channel_id)) is Trouble.SHARED:
            continue
        _tell(tx, desk, subscription.channel_id, cause, now)


def _tell(tx: Transaction, desk: Desk, channel_id: str, cause: str, now: datetime) -> None:
    trouble = trouble_of(tx.channels.get(channel_id))
    if trouble is not None:
        said = sentence(desk, channel_id, trouble)
        tell_admin(tx, desk, f"channel:{channel_id}:{cause}", said, now)

"""Channels that the set-up names: the admin hears in one sentence when the desk can't post to one,
before something has to be posted as well as after.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.announce import tell_admin
from bot.desk import Channel, Desk
from bot.periods import period_key
from bot.ports import Transaction

AHEAD = timedelta(days=1)
"""How long before a digest is due the admin is reminded of a channel that can't take it."""


class Trouble(StrEnum):
    """Why a channel can't be posted to."""

    ARCHIVED = "archived"
    NOT_IN = "not_in"
    UNSEEN = "unseen"


def trouble_of(channel: Channel | None) -> Trouble | None:
    """What is wrong with a channel, as far as the desk knows; None for one that it never saw.

    A private channel without the app looks like one that was deleted: Slack shows neither.
    """
    if channel is None:
        return None
    if channel.is_archived:
        return Trouble.ARCHIVED
    if channel.is_member:
        return None
    return Trouble.UNSEEN if channel.is_private else Trouble.NOT_IN


def uses(desk: Desk) -> Mapping[str, tuple[str, ...]]:
    """What the set-up names each channel for, by its id: the start of a sentence."""
    found: dict[str, list[str]] = {}
    for role in desk.roles.values():
        if role.channel_id is not None:
            found.setdefault(role.channel_id, []).append(f"The cards of the {role.label}")
    for subscription in desk.subscriptions:
        found.setdefault(subscription.channel_id, []).append("The weekly digest")
    return {channel_id: tuple(dict.fromkeys(whats)) for channel_id, whats in found.items()}


def advice(trouble: Trouble, place: str) -> str:
    """What is wrong with the channel that is called `place` in the sentence, and what to do."""
    match trouble:
        case Trouble.ARCHIVED:
            return f"{place} is archived. Unarchive it, or name another channel."
        case Trouble.NOT_IN:
            return f"Social Desk is not in {place}. Type `/invite @Social Desk` there."
        case Trouble.UNSEEN:
            return (
                f"Social Desk can't see {place}: it is private or was deleted. If it is private, "
                "type `/invite @Social Desk` there; else name another channel."
            )


def sentence(desk: Desk, channel_id: str, trouble: Trouble) -> str:
    """What the admin is told of a channel in use."""
    whats = uses(desk).get(channel_id, ("Messages",))
    said = " and ".join([whats[0], *(f"t{what[1:]}" for what in whats[1:])])
    has_many = len(whats) > 1 or not said.endswith("digest")
    verb = "have" if has_many else "has"
    return f"{said} {verb} no channel to go to. {advice(trouble, f'<#{channel_id}>')}"


def troubles(tx: Transaction, desk: Desk) -> Mapping[str, Trouble]:
    """The channels in use that the desk can't post to, by id."""
    found = {channel_id: trouble_of(tx.channels.get(channel_id)) for channel_id in uses(desk)}
    return {channel_id: trouble for channel_id, trouble in found.items() if trouble is not None}


def remember_channels(tx: Transaction, channels: Iterable[Channel], now: datetime) -> None:
    """Store channels as they are now; the admin hears of each in use that can't be posted to any
    more.
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
    """Tell the admin of channels that a new set-up began to use and that can't be posted to."""
    before = uses(earlier)
    for channel_id in troubles(tx, desk):
        if channel_id not in before:
            _tell(tx, desk, channel_id, f"d{desk.version}", now)


def remind_before_digests(tx: Transaction, _: None, now: datetime) -> None:
    """Remind the admin, once per digest, of a channel that can't take what is due within a day."""
    desk = tx.desk.load()
    for subscription in desk.subscriptions:
        run = tx.schedules.get(subscription.subscription_id)
        if run is None or run.next_at - now > AHEAD:
            continue
        day = datetime.fromisoformat(run.next_date).date()
        cause = f"{subscription.subscription_id}:{period_key(day)}"
        _tell(tx, desk, subscription.channel_id, cause, now)


def _tell(tx: Transaction, desk: Desk, channel_id: str, cause: str, now: datetime) -> None:
    trouble = trouble_of(tx.channels.get(channel_id))
    if trouble is not None:
        said = sentence(desk, channel_id, trouble)
        tell_admin(tx, desk, f"channel:{channel_id}:{cause}", said, now)

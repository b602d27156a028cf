"""People and channels of the workspace, kept as Slack tells of them."""

from dataclasses import dataclass
from datetime import datetime

from bot.desk import Channel, Member
from bot.ports import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What Slack said about people and channels."""

    members: tuple[Member, ...] = ()
    channels: tuple[Channel, ...] = ()


def remember(tx: Transaction, known: Known, now: datetime) -> None:
    """Store people and channels as they are now."""
    if known.members:
        tx.members.save(known.members, now)
    if known.channels:
        tx.channels.save(known.channels, now)


def member(tx: Transaction, user_id: str, _now: datetime) -> Member | None:
    """One person, if the desk knows them."""
    return tx.members.get(user_id)


def channel(tx: Transaction, channel_id: str, _now: datetime) -> Channel | None:
    """One channel, if the desk knows it."""
    return tx.channels.get(channel_id)

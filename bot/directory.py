"""People and channels of the workspace, kept as Slack tells of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.channel_care import remember_channels
from bot.desk import Channel, Desk, Member
from bot.handover import Handover, hand_over, hands
from bot.people import everybody_with_a_role
from bot.ports import Transaction

FEW = 100
"""So many people are compared one by one with what was stored, whoever they are: events tell of
one person, the hourly read of everybody.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What Slack said about people and channels."""

    members: tuple[Member, ...] = ()
    channels: tuple[Channel, ...] = ()


def remember(tx: Transaction, known: Known, now: datetime) -> None:
    """Store people and channels as they are now; work follows when somebody left or came back, and
    the admin hears of channels that the desk can't post to any more.
    """
    if known.members:
        _remember_members(tx, known.members, now)
    if known.channels:
        remember_channels(tx, known.channels, now)


def _remember_members(tx: Transaction, members: Sequence[Member], now: datetime) -> None:
    desk = tx.desk.load()
    looked_at = _looked_at(desk, members)
    before, old = hands(tx, desk), tx.members.many(looked_at)
    tx.members.save(members, now)
    after, new = hands(tx, desk), tx.members.many(looked_at)
    turned = frozenset(id_ for id_ in looked_at if _is_there(old, id_) != _is_there(new, id_))
    handover = Handover(before=before, after=after, turned=turned, cause=f"m{now.isoformat()}")
    hand_over(tx, desk, handover, now)


def _looked_at(desk: Desk, members: Sequence[Member]) -> frozenset[str]:
    """Whose leaving or coming back is looked for: in a long list only those who hold a role."""
    told_of = frozenset(member.user_id for member in members)
    if len(members) <= FEW:
        return told_of
    return told_of & {user_id for role in desk.roles.values() for user_id in role.holders}


def _is_there(members: Mapping[str, Member], user_id: str) -> bool:
    member = members.get(user_id)
    return member is None or member.is_active_person


def faces(tx: Transaction, _: None, _now: datetime) -> tuple[Member, ...]:
    """Everybody who holds a role: whom a form names before anybody else."""
    return tuple(everybody_with_a_role(tx, tx.desk.load()).values())


def member(tx: Transaction, user_id: str, _now: datetime) -> Member | None:
    """One person, if the desk knows them."""
    return tx.members.get(user_id)


def channel(tx: Transaction, channel_id: str, _now: datetime) -> Channel | None:
    """One channel, if the desk knows it."""
    return tx.channels.get(channel_id)

"""Which channels a set-up uses, what keeps the desk from posting to one, and who reads along."""

from collections.abc import Mapping
from enum import StrEnum

from bot.desk import Channel, Desk
from bot.targets import is_channel


class Trouble(StrEnum):
    """Why a channel can't be posted to, or had better not be: it is shared with another company,
    whose people read what is posted there (P04).
    """

    ARCHIVED = "archived"
    NOT_IN = "not_in"
    UNSEEN = "unseen"
    SHARED = "shared"


def trouble_of(channel: Channel | None) -> Trouble | None:
    """What is wrong with a channel, as far as the desk knows; None for one that it never saw.

    A private channel without the app looks like one that was deleted: Slack shows neither.
    """
    if channel is None:
        return None
    if channel.is_archived:
        return Trouble.ARCHIVED
    if channel.is_member:
        return Trouble.SHARED if channel.is_shared else None
    return Trouble.UNSEEN if channel.is_private else Trouble.NOT_IN


def uses(desk: Desk) -> Mapping[str, tuple[str, ...]]:
    """What the set-up names each channel for, by its id: the start of a sentence."""
    found: dict[str, list[str]] = {}
    for role in desk.roles.values():
        if role.channel_id is not None:
            found.setdefault(role.channel_id, []).append(f"The cards of the {role.label}")
    for subscription in desk.subscriptions:
        if not is_channel(subscription.channel_id):
            continue
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
        case Trouble.SHARED:
            return (
                f"{place} is shared with another company, whose people read along. Name another "
                "channel, unless that is meant."
            )


def sentence(desk: Desk, channel_id: str, trouble: Trouble) -> str:
    """What the admin is told of a channel in use."""
    whats = uses(desk).get(channel_id, ("Messages",))
    said = " and ".join([whats[0], *(f"t{what[1:]}" for what in whats[1:])])
    has_many = len(whats) > 1 or not said.endswith("digest")
    if trouble is Trouble.SHARED:
        verb = "go" if has_many else "goes"
        return f"{said} {verb} to a channel of two companies. {advice(trouble, f'<#{channel_id}>')}"
    verb = "have" if has_many else "has"
    return f"{said} {verb} no channel to go to. {advice(trouble, f'<#{channel_id}>')}"

"""Digests that rest: by hand, or because what they go to can't be reached any more."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.announce import tell_admin
from bot.channels import advice, trouble_of
from bot.check_ins import plan_checks
from bot.desk import Channel, Desk, Subscription
from bot.digest_store import Pause
from bot.ports import Transaction
from bot.targets import is_channel, mention, people_of

UNREACHED = frozenset(
    {"channel_not_found", "not_in_channel", "is_archived", "user_not_found", "user_disabled"}
)
"""Slack's words for a place that is gone (https://docs.slack.dev/reference/methods/chat.postMessage)."""


def every_digest(tx: Transaction) -> tuple[Subscription, ...]:
    """The digests of the set-up, and those that people take for themselves."""
    return (*tx.desk.load().subscriptions, *tx.digests.own())


def find_digest(tx: Transaction, desk: Desk, subscription_id: str) -> Subscription | None:
    """The digest with this id."""
    for one in desk.subscriptions:
        if one.subscription_id == subscription_id:
            return one
    return tx.digests.own_by_id(subscription_id) if owner_of(subscription_id) else None


def own_id(user_id: str, form_id: str) -> str:
    """The id of what somebody takes for themselves by a form; none of the set-up has a colon in it,
    and one from before there could be several ends with the person.
    """
    return f"own:{user_id}:{form_id}"


def owner_of(subscription_id: str) -> str | None:
    """Whose own digest that is; None for one of the set-up."""
    prefix, _, rest = subscription_id.partition(":")
    return rest.partition(":")[0] if prefix == "own" else None


def is_unreachable(tx: Transaction, subscription: Subscription) -> bool:
    """Whether its channel is gone, archived or without the app, or its reader has left."""
    target = subscription.channel_id
    if is_channel(target):
        return trouble_of(tx.channels.get(target)) is not None
    found = tx.members.many(people_of(target))
    return any(not member.is_active_person for member in found.values())


def let_rest(
    tx: Transaction, desk: Desk, subscription: Subscription, cause: str, now: datetime
) -> None:
    """Pause what can't be reached and tell the admin, once; who left takes their own with them."""
    state = tx.digests.state(subscription.subscription_id)
    if state.paused is Pause.UNREACHABLE:
        return
    tx.digests.save_state(replace(state, paused=Pause.UNREACHABLE, paused_until=None))
    plan_checks(tx, desk, now)
    target = subscription.channel_id
    if not is_channel(target) and len(people_of(target)) == 1:
        return
    trouble = trouble_of(tx.channels.get(target)) if is_channel(target) else None
    why = "Somebody of that group is not here any more."
    if is_channel(target):
        why = "It does not take messages." if trouble is None else advice(trouble, mention(target))
    tell_admin(
        tx,
        desk,
        f"rests:{subscription.subscription_id}:{cause}",
        f"The digest for {mention(target)} is paused. {why} It comes again when it can be "
        "reached, or when you set it anew.",
        now,
    )


def rest_after(tx: Transaction, target: str, error: str, now: datetime) -> None:
    """Slack did not take a digest: when its place is gone, it is paused."""
    if error not in UNREACHED:
        return
    for one in every_digest(tx):
        if one.channel_id == target:
            state = tx.digests.state(one.subscription_id)
            tx.digests.save_state(replace(state, paused=Pause.UNREACHABLE, paused_until=None))
            plan_checks(tx, tx.desk.load(), now)
    known = tx.channels.get(target)
    if known is not None and trouble_of(known) is None:
        is_archived = error == "is_archived"
        now_so = replace(known, is_archived=is_archived, is_member=is_archived)
        tx.channels.save([now_so], now)


def wake_up(tx: Transaction, channels: Iterable[Channel], now: datetime) -> None:
    """Let digests come again whose channel is back."""
    back = {one.channel_id for one in channels if trouble_of(one) is None}
    if not back:
        return
    desk = tx.desk.load()
    for one in desk.subscriptions:
        if one.channel_id in back:
            state = tx.digests.state(one.subscription_id)
            if state.paused is Pause.UNREACHABLE:
                tx.digests.save_state(replace(state, paused=None))
                plan_checks(tx, desk, now)

"""What people did with digests, counted; what nobody reads for four weeks asks whether to stop.

Some days after a digest was posted its thread is read once: how many reactions it has, how many
people answered. Only the counts are kept, never who.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.cards import KEEP_TRYING
from bot.desk import Desk, Subscription
from bot.digest_effects import digest_key
from bot.digest_store import AFTER, IN_A_ROW, Reach
from bot.outbox import Effect, EffectKind, Posted
from bot.own_digests import drop_own
from bot.people import admin_to_tell, is_admin
from bot.ports import Transaction
from bot.resting import every_digest, find_digest, owner_of
from bot.rounds import About, Round, see_round, to_change
from bot.schedules import names_of, replan
from bot.setting_up import Change, change_desk
from bot.subscriptions import FIELDS, DropDigest, drop_digest
from bot.targets import mention

FIRST = 1
"""The day of the month on which a digest comes that was weekly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncounted:
    """A digest to look at; `at` is None for one that never arrived."""

    subscription_id: str
    period: str
    at: Posted | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What the look at a digest found; None for what could not be read."""

    subscription_id: str
    period: str
    reactions: int | None = None
    answers: int | None = None


def to_count(tx: Transaction, limit: int, now: datetime) -> tuple[Uncounted, ...]:
    """At most `limit` digests that have been out long enough and were not looked at yet."""
    found: list[Uncounted] = []
    for one in every_digest(tx):
        key = one.subscription_id
        for posted in tx.digests.posted(key, now - AFTER, IN_A_ROW):
            if posted.reach is None:
                names = names_of(tx, key)
                at = next(filter(None, (_posted(tx, name, posted.period) for name in names)), None)
                found.append(Uncounted(subscription_id=key, period=posted.period, at=at))
        if len(found) >= limit:
            break
    return tuple(found[:limit])


def _posted(tx: Transaction, name: str, period: str) -> Posted | None:
    return tx.outbox.posted(digest_key(name, period))


def _presses(tx: Transaction, name: str, period: str) -> int:
    """How often a button in a digest was pressed; an answer to its ask is at least once."""
    ask = tx.asks.get(name, period)
    return max(tx.digests.presses(name, period), int(ask is not None and ask.reply is not None))


@dataclass(frozen=True, slots=True)
class Pressed:
    """Somebody pressed a button in a message, or picked something of its menu."""

    channel_id: str
    ts: str


def is_digest(tx: Transaction, command: Pressed, _now: datetime) -> bool:
    """Whether that message is a digest, or hangs in the thread of one."""
    return _digest_at(tx, command) is not None


def note_press(tx: Transaction, command: Pressed, _now: datetime) -> None:
    """Count it, if that message is one; never who."""
    found = _digest_at(tx, command)
    if found is not None:
        tx.digests.press(str(found.payload["subscription_id"]), str(found.payload["period"]))


def _digest_at(tx: Transaction, at: Pressed) -> Effect | None:
    key = tx.outbox.key_at(at.channel_id, at.ts)
    effect = None if key is None else tx.outbox.find(key)
    is_one = effect is not None and effect.kind in {EffectKind.DIGEST, EffectKind.DIGEST_MORE}
    return effect if is_one else None


def count_reach(tx: Transaction, command: Counted, now: datetime) -> str | None:
    """Keep the counts of one digest, once; ask whether to stop when it was the fourth in a row that
    nobody did anything with. Returns "asked", "counted", or None when it was counted already.
    """
    key = command.subscription_id
    tx.schedules.get(key)  # locks it: two that count at a time must not both ask
    reach = Reach(
        subscription_id=key,
        period=command.period,
        reactions=command.reactions,
        answers=command.answers,
        presses=sum(_presses(tx, name, command.period) for name in names_of(tx, key)),
    )
    posted = tx.digests.posted(key, now - AFTER, IN_A_ROW)
    newest = [reach if one.period == reach.period else one.reach for one in posted]
    desk = tx.desk.load()
    subscription = find_digest(tx, desk, key)
    to_ask = None
    if subscription is not None and asks_to_stop(newest):
        to_ask = _who(tx, desk, subscription)
    if not tx.digests.add_reach(replace(reach, is_asked=to_ask is not None)):
        return None
    if subscription is None or to_ask is None:
        return "counted"
    tx.outbox.add(_question(subscription, command.period, to_ask, now), now)
    return "asked"


def asks_to_stop(newest: Sequence[Reach | None]) -> bool:
    """Whether the newest digests were all counted, none was read, and it was not asked since.

    What could not be counted is not "nobody reads it".
    """
    return len(newest) >= IN_A_ROW and all(
        one is not None and one.is_unread and not one.is_asked for one in newest[:IN_A_ROW]
    )


def _who(tx: Transaction, desk: Desk, subscription: Subscription) -> str | None:
    """Who set it up, if they are here and may change it still; else the admin. None while it rests:
    what does not come needs no stop.
    """
    state = tx.digests.state(subscription.subscription_id)
    if state.paused is not None:
        return None
    by = state.set_by
    member = tx.members.get(by) if by else None
    is_here = member is not None and member.is_active_person
    if by and is_here and (by == subscription.channel_id or is_admin(tx, desk, by)):
        return by
    return admin_to_tell(tx, desk)


def _question(subscription: Subscription, period: str, who: str, now: datetime) -> Effect:
    where = mention(subscription.channel_id)
    target = "you" if who == subscription.channel_id else where
    return Effect(
        key=f"unread:{subscription.subscription_id}:{period}",
        kind=EffectKind.NOTICE,
        target=who,
        payload={
            "sentence": f"Nobody reacted to the last four digests for {target}, answered, or "
            "pressed a button in them. Keep it, have it once a month, or stop it?",
            "digest": subscription.subscription_id,
        },
        expires_at=now + KEEP_TRYING,
    )


def keep(tx: Transaction, about: About, now: datetime) -> Round:
    """It stays as it is; raises what `bot.rounds.to_change` raises."""
    to_change(tx, about)
    return see_round(tx, about, now)


def make_monthly(tx: Transaction, about: About, now: datetime) -> Round:
    """It comes on the first of each month; raises what `bot.rounds.to_change` raises."""
    found = to_change(tx, about)
    monthly = replace(found, weekday=0, month_day=FIRST)
    if found.month_day is None and owner_of(found.subscription_id):
        tx.digests.save_own(monthly)
        replan(tx, monthly, now)
    elif found.month_day is None:
        change_desk(
            tx,
            Change(actor_id=about.actor_id, version=tx.desk.load().version),
            lambda desk: replace(
                desk,
                subscriptions=tuple(monthly if one == found else one for one in desk.subscriptions),
            ),
            FIELDS,
            now,
        )
    return see_round(tx, about, now)


def stop(tx: Transaction, about: About, now: datetime) -> None:
    """It comes no more; raises what `bot.rounds.to_change` raises."""
    found = to_change(tx, about)
    if owner_of(found.subscription_id):
        drop_own(tx, found.subscription_id)
        return
    version = tx.desk.load().version
    dropped = DropDigest(
        actor_id=about.actor_id, version=version, subscription_id=found.subscription_id
    )
    drop_digest(tx, dropped, now)

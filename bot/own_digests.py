"""Digests that people take for themselves, as direct messages: any audience, when they like."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.desk import Desk, OnHoliday, Subscription
from bot.desk_faults import digest_faults
from bot.errors import FieldError, NotAllowedError, NotFoundError
from bot.ports import Transaction
from bot.resting import own_id, owner_of
from bot.rounds import About, Round, see_round
from bot.schedules import plan, replan
from bot.sections import DEFAULT_AUDIENCE
from bot.subscriptions import FIELDS, check_place
from bot.text import one_line


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeDigest:
    """Somebody takes a digest for themselves, or changes `subscription_id`, one that they have.

    `form_id` tells this form from their others. The rest is as in `bot.subscriptions.SetDigest`.
    """

    user_id: str
    form_id: str
    tz: str
    subscription_id: str | None = None
    weekday: int = 0
    month_day: int | None = None
    time: str = "09:00"
    audience: str = DEFAULT_AUDIENCE
    holidays: str = ""
    on_holiday: OnHoliday = OnHoliday.MOVE


def take(tx: Transaction, command: TakeDigest, now: datetime) -> Round:
    """Give somebody a digest of their own, of each audience one at most; the same form twice gives
    one.

    Raises FieldError, NotFoundError, and NotAllowedError for guests: they see only what is routed
    to a role of theirs (P04).
    """
    member, desk = tx.members.get(command.user_id), tx.desk.load()
    if member is None:
        raise NotFoundError("Social Desk does not know you yet. Please try again in a minute.")
    if member.is_guest:
        raise NotAllowedError("Only colleagues can get a digest by name, no guests.")
    mine = _subscription(command)
    _check(tx, desk, mine, now)
    before = tx.digests.own_by_id(mine.subscription_id)
    if command.subscription_id is not None and before is None:
        raise NotFoundError("This digest is no more.")
    tx.digests.save_own(mine)
    state = tx.digests.state(mine.subscription_id)
    set_anew = replace(state, set_by=command.user_id, paused=None, paused_until=None)
    tx.digests.save_state(set_anew)
    if before is None:
        plan(tx, mine, now)
    elif replace(before, audience=mine.audience) != mine:
        replan(tx, mine, now)
    return see_round(tx, About(actor_id=command.user_id, subscription_id=mine.subscription_id), now)


def _subscription(command: TakeDigest) -> Subscription:
    known = command.subscription_id
    if known is not None and owner_of(known) != command.user_id:
        raise NotAllowedError("This digest is somebody else's.")
    return Subscription(
        subscription_id=known or own_id(command.user_id, command.form_id),
        channel_id=command.user_id,
        weekday=command.weekday if command.month_day is None else 0,
        month_day=command.month_day,
        time=command.time,
        tz=one_line(command.tz),
        audience=command.audience,
        holidays=one_line(command.holidays).upper(),
        on_holiday=command.on_holiday,
    )


def _check(tx: Transaction, desk: Desk, mine: Subscription, now: datetime) -> None:
    """Raise FieldError for what can't be, and for what somebody gets already."""
    plain = replace(mine, subscription_id="of yours", channel_id="")
    for fault in digest_faults(desk, plain):
        field = next((name for name in map(str, fault.where) if name in FIELDS), "weekday")
        raise FieldError({field: fault.sentence})
    check_place(tx, mine, now)
    for other in tx.digests.own_of(mine.channel_id):
        if other.subscription_id != mine.subscription_id and other.audience == mine.audience:
            raise FieldError({"audience": "You get this one already: change it, or take another."})


def leave(tx: Transaction, about: About, _now: datetime) -> bool:
    """Stop one of somebody's own digests; False when there was none. Raises NotAllowedError for
    one of somebody else's.
    """
    if owner_of(about.subscription_id) != about.actor_id:
        raise NotAllowedError("This digest is somebody else's.")
    return drop_own(tx, about.subscription_id)


def drop_own(tx: Transaction, subscription_id: str) -> bool:
    """It comes no more, and what became of it goes: its name names a person. False when there was
    none.
    """
    tx.digests.forget(subscription_id)
    tx.schedules.remove(subscription_id)
    tx.digests.drop_state(subscription_id)
    return tx.digests.drop_own(subscription_id)


def leave_all(tx: Transaction, user_id: str) -> None:
    """Stop every digest that somebody took, and forget the one that they stopped before there
    could be several.
    """
    for one in tx.digests.own_of(user_id):
        drop_own(tx, one.subscription_id)
    tx.digests.forget(f"own:{user_id}")

"""The rounds of digests, all on one page: pause, skip one, send now."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from bot import digest
from bot.check_ins import plan_checks
from bot.desk import Desk, Subscription
from bot.digest_effects import effects_of
from bot.digest_store import AFTER, IN_A_ROW, DigestState, Pause, Reach
from bot.errors import FieldError, NotAllowedError, NotFoundError
from bot.material import DigestMaterial
from bot.people import is_admin
from bot.periods import key_of, local_date
from bot.ports import PeriodRun, Transaction
from bot.resting import every_digest, find_digest, owner_of
from bot.schedules import next_day, plan
from bot.sections import place_of
from bot.subscription import DigestStatus
from bot.subscriptions import status_of
from bot.targets import people_of
from bot.windows import week_of

DROPPED, SENT_NOW = "dropped", "sent_now"
"""What else can become of a period: left out by hand, sent before its time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One digest of the page, and what may be done about it; `audience` is the label of whom it is
    for, `reach` that of the last four that were looked at, the newest first.
    """

    status: DigestStatus
    audience: str
    state: DigestState
    may_change: bool
    is_own: bool
    reach: tuple[Reach, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Somebody does something about a digest. `cause` tells this press from their others."""

    actor_id: str
    subscription_id: str
    cause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest(About):
    """A digest is to rest, until it comes again on a day, or until somebody resumes it."""

    until: date | None = None


def see_rounds(tx: Transaction, user_id: str, now: datetime) -> tuple[Round, ...]:
    """Every digest for an admin; for anybody else those that they get by name."""
    desk = tx.desk.load()
    sees_all = is_admin(tx, desk, user_id)
    shown = (one for one in every_digest(tx) if sees_all or user_id in people_of(one.channel_id))
    return tuple(_round(tx, desk, one, user_id, now) for one in shown)


def see_round(tx: Transaction, asked: About, now: datetime) -> Round:
    """One of them. Raises NotFoundError, and NotAllowedError for who does not get it."""
    desk, found = tx.desk.load(), existing(tx, asked.subscription_id)
    if not is_admin(tx, desk, asked.actor_id) and asked.actor_id not in people_of(found.channel_id):
        raise NotAllowedError("Only admins, and who gets this digest, can see this.")
    return _round(tx, desk, found, asked.actor_id, now)


def _round(tx: Transaction, desk: Desk, one: Subscription, user_id: str, now: datetime) -> Round:
    is_own = owner_of(one.subscription_id) == user_id
    posted = tx.digests.posted(one.subscription_id, now - AFTER, IN_A_ROW)
    return Round(
        status=status_of(tx, one),
        audience=desk.audience(one.audience).label,
        state=tx.digests.state(one.subscription_id),
        may_change=is_own or is_admin(tx, desk, user_id),
        is_own=is_own,
        reach=tuple(each.reach for each in posted if each.reach is not None),
    )


def existing(tx: Transaction, subscription_id: str) -> Subscription:
    """The digest with this id; raises NotFoundError for one that is no more."""
    found = find_digest(tx, tx.desk.load(), subscription_id)
    if found is None:
        raise NotFoundError("This digest is no more.")
    return found


def to_change(tx: Transaction, about: About) -> Subscription:
    """The digest, for who may change it. Raises NotFoundError and NotAllowedError."""
    found = existing(tx, about.subscription_id)
    is_own = owner_of(found.subscription_id) == about.actor_id
    if not is_own and not is_admin(tx, tx.desk.load(), about.actor_id):
        raise NotAllowedError("Only admins of Social Desk can do this.")
    return found


def preview_of(tx: Transaction, asked: About, now: datetime) -> DigestMaterial:
    """What a digest would say now; raises as `see_round`."""
    see_round(tx, asked, now)
    found = existing(tx, asked.subscription_id)
    week = week_of(tx, found, next_day(tx, found, now))
    return digest.gather(tx, replace(week, is_preview=True), now)


def pause(tx: Transaction, command: Rest, now: datetime) -> Round:
    """Let a digest rest; raises FieldError for a day that is over."""
    found = to_change(tx, command)
    if command.until is not None and command.until <= local_date(now, found.tz):
        raise FieldError({"until": "Please choose a day to come, or none."})
    state = tx.digests.state(found.subscription_id)
    tx.digests.save_state(replace(state, paused=Pause.BY_HAND, paused_until=command.until))
    plan_checks(tx, tx.desk.load(), now)
    return see_round(tx, command, now)


def resume(tx: Transaction, command: About, now: datetime) -> Round:
    """Let it come again."""
    found = to_change(tx, command)
    state = tx.digests.state(found.subscription_id)
    tx.digests.save_state(replace(state, paused=None, paused_until=None))
    plan_checks(tx, tx.desk.load(), now)
    return see_round(tx, command, now)


def skip_one(tx: Transaction, command: About, now: datetime) -> Round:
    """Leave the next one out, whatever becomes of the one after it."""
    found = to_change(tx, command)
    planned = tx.schedules.get(found.subscription_id)
    if planned is not None and planned.next_at > now:
        tx.schedules.record(
            PeriodRun(
                subscription_id=found.subscription_id,
                period_key=key_of(found, date.fromisoformat(planned.next_date)),
                status=DROPPED,
                due_at=planned.next_at,
                ran_at=now,
            )
        )
        plan(tx, found, now)
        plan_checks(tx, tx.desk.load(), now)
    return see_round(tx, command, now)


def send_now(tx: Transaction, command: About, now: datetime) -> Round:
    """Send what it says so far, once per press; the next one comes as planned."""
    send_so_far(tx, to_change(tx, command), command.cause, now)
    return see_round(tx, command, now)


def send_so_far(tx: Transaction, found: Subscription, cause: str, now: datetime) -> None:
    """The same, for who was asked already whether they may; once per cause."""
    week = replace(week_of(tx, found, next_day(tx, found, now)), is_so_far=True)
    key = f"now-{cause}"
    is_first = tx.schedules.record(
        PeriodRun(
            subscription_id=found.subscription_id,
            period_key=key,
            status=SENT_NOW,
            due_at=now,
            ran_at=now,
        )
    )
    if is_first:
        material = digest.gather(tx, week, now)
        places = frozenset(place_of(one) for one in material.parts)
        for effect in effects_of(found, week, now, places, now, period=key):
            tx.outbox.add(effect, now)

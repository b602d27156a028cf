"""The weekly digest: when it fires, what it says, and its preview by the same code."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.announce import tell_admin
from bot.asks import stored
from bot.brief import patient
from bot.desk import Desk, Subscription
from bot.digest_effects import GRACE, effects_of
from bot.digest_parts import AskPart
from bot.digest_sections import gather_sections
from bot.digest_sources import Sources
from bot.errors import ConfigurationError
from bot.holidays import holidays_of
from bot.material import DigestMaterial
from bot.periods import due_at, key_of, local_date, newest_due_day
from bot.ports import PeriodRun, Schedule, Transaction
from bot.resting import find_digest, is_unreachable, let_rest
from bot.schedules import next_day, plan, rests_on
from bot.sections import Place, Section, place_of
from bot.targets import mention
from bot.windows import Week, week_of, windows

PUNCTUAL = timedelta(minutes=10)
"""A digest that is posted within this time after it was due is not called late."""

FIRED, SILENT, SKIPPED, PAUSED = "fired", "silent", "skipped_missed", "paused"
"""What can become of a period: posted, nothing to say and so not posted, missed, it rested."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether the digest that is due on `day` says anything, and at which places."""

    day: date
    has_news: bool
    places: frozenset[Place] = frozenset()
    ask: AskPart | None = None


@dataclass(frozen=True, slots=True)
class FireDue:
    """Look whether the digest of one subscription is due; `judged` is what `judge` read ahead."""

    subscription_id: str
    judged: Judged | None = None


@patient
def judge(tx: Transaction, subscription_id: str, now: datetime) -> Judged | None:
    """Whether a digest that is due has anything to say; None when none is due.

    It counts much, so it is read before the transaction that fires: that holds up all who write.
    """
    subscription = find_digest(tx, tx.desk.load(), subscription_id)
    schedule = tx.schedules.get(subscription_id)
    if subscription is None or schedule is None:
        return None
    due = _due(tx, subscription, schedule, now)
    if due is None:
        return None
    return _judge(tx, week_of(tx, subscription, due.day), now)


def _judge(tx: Transaction, week: Week, now: datetime) -> Judged:
    material = gather(tx, week, now)
    places = frozenset(place_of(one) for one in material.parts)
    ask = material.parts.get(Section.ASK)
    return Judged(week.day, has_news(material), places, ask if isinstance(ask, AskPart) else None)


@dataclass(frozen=True, slots=True)
class _Due:
    """The newest digest that is due: its planned day, its moment, how many before it were."""

    day: date
    at: datetime
    missed: int


def _due(
    tx: Transaction, subscription: Subscription, schedule: Schedule, now: datetime
) -> _Due | None:
    """None when nothing is due, as the clocks and holidays there are by now."""
    is_off = holidays_of(subscription, tx.holidays)
    first = date.fromisoformat(schedule.next_date)
    at = due_at(subscription, first, is_off)
    if schedule.next_at > now or at is None or at > now:
        return None
    day, missed = newest_due_day(subscription, first, now, is_off)
    return _Due(day, due_at(subscription, day, is_off) or at, missed)


def fire_due(tx: Transaction, command: FireDue, now: datetime) -> str | None:
    """Enqueue the digest if its time has come, exactly once per period.

    Any replica may try: the period's row decides. Late within GRACE it is posted and labelled, or
    not at all when it has nothing to say; later it is skipped and the admin told. Of several missed
    weeks only the newest is looked at. Returns the period's status, None when there was nothing to
    do.
    """
    desk = tx.desk.load()
    subscription = find_digest(tx, desk, command.subscription_id)
    schedule = tx.schedules.get(command.subscription_id)
    if subscription is None or schedule is None:
        tx.schedules.remove(command.subscription_id)
        return None
    if schedule.next_at > now:
        return None
    due = _due(tx, subscription, schedule, now)
    if due is None:  # the zone's rules, or its holidays, changed since it was planned
        plan(tx, subscription, now)
        return None
    week = week_of(tx, subscription, due.day)
    judged = _judged(tx, week, command.judged, due, now)
    status = PAUSED if _rests(tx, desk, subscription, due, now) else _status(judged)
    run = PeriodRun(
        subscription_id=subscription.subscription_id,
        period_key=key_of(subscription, due.day),
        status=status,
        due_at=due.at,
        ran_at=now,
        counted_until=None if status in {SKIPPED, PAUSED} else windows(week)[-1].until,
    )
    is_first = tx.schedules.record(run)
    plan(tx, subscription, now)
    if not is_first:
        return None
    if status == FIRED and judged is not None:
        _post(tx, desk, subscription, week, judged, due.at, now)
    missed = due.missed + (status == SKIPPED)
    if missed:
        _tell_missed(tx, desk, subscription, due.day, missed, now)
    return status


def _rests(
    tx: Transaction, desk: Desk, subscription: Subscription, due: _Due, now: datetime
) -> bool:
    """Whether it stays away this time: it was paused, or what it goes to can't be reached."""
    state = tx.digests.state(subscription.subscription_id)
    if rests_on(state, local_date(due.at, subscription.tz)):
        return True
    if is_unreachable(tx, subscription):
        let_rest(tx, desk, subscription, key_of(subscription, due.day), now)
        return True
    if state.paused is not None:  # until a day that has come
        tx.digests.save_state(replace(state, paused=None, paused_until=None))
    return False


def _post(
    tx: Transaction,
    desk: Desk,
    subscription: Subscription,
    week: Week,
    judged: Judged,
    due: datetime,
    now: datetime,
) -> None:
    """Enqueue a digest, and keep what it asks for."""
    if judged.ask is not None:
        period = key_of(subscription, week.day)
        tx.asks.add(stored(judged.ask, subscription.subscription_id, period, now))
    when = _when(subscription)
    together = sum(_when(one) == when for one in desk.subscriptions)
    for effect in effects_of(subscription, week, due, judged.places, now, together=together):
        tx.outbox.add(effect, now)


def _when(subscription: Subscription) -> tuple[int, int | None, str, str]:
    """The moments at which a digest comes, but for holidays."""
    return (subscription.weekday, subscription.month_day, subscription.time, subscription.tz)


def _judged(
    tx: Transaction, week: Week, ahead: Judged | None, due: _Due, now: datetime
) -> Judged | None:
    """What was read ahead, or is read now; None for what comes too late to be posted."""
    if now - due.at > GRACE:
        return None
    is_read = ahead is not None and ahead.day == due.day
    return ahead if is_read else _judge(tx, week, now)


def _status(judged: Judged | None) -> str:
    if judged is None:
        return SKIPPED
    return FIRED if judged.has_news else SILENT


def has_news(material: DigestMaterial) -> bool:
    """Whether a digest says anything: something happened in its week, something waits, or a goal
    runs, as far as its audience is told of it.
    """
    return any(part.is_news for part in material.parts.values())


def _tell_missed(
    tx: Transaction, desk: Desk, subscription: Subscription, day: date, missed: int, now: datetime
) -> None:
    what = "One digest" if missed == 1 else f"{missed} digests"
    tell_admin(
        tx,
        desk,
        f"missed:{subscription.subscription_id}:{key_of(subscription, day)}",
        f"{what} for {mention(subscription.channel_id)} could not be posted: Social Desk was not "
        "running at the time, nor within a day after. The next one comes as planned; "
        "a preview shows the figures now.",
        now,
    )


@patient
def gather(tx: Transaction, week: Week, now: datetime) -> DigestMaterial:
    """What one digest says, read from the database as aggregates, for its audience alone."""
    weeks = windows(week)
    desk = tx.desk.load()
    found = Sources(
        tx,
        desk=desk,
        audience=desk.audience(week.audience),
        weeks=weeks,
        tz=week.tz,
        now=now,
        subscription_id=week.subscription_id,
        period=week.period,
    )
    return DigestMaterial(
        audience=found.audience,
        parts=gather_sections(found, week.place),
        roles={role.role_id: role.label for role in desk.roles.values()},
        first_day=found.this.first_day,
        last_day=found.this.last_day,
        tz=week.tz,
        late_for=week.late_for,
        is_preview=week.is_preview,
        is_so_far=week.is_so_far,
        is_monthly=week.month_day is not None,
        holiday=week.holiday,
        counts_on=None if found.this.since == weeks[-2].until else found.this.since,
        subscription_id=week.subscription_id,
        period=week.period,
        as_of=found.at,
    )


@dataclass(frozen=True, slots=True)
class Preview:
    """Somebody asks in a channel what its digest would say; `audience` is the key of another one
    than the channel's own.
    """

    channel_id: str
    user_id: str
    audience: str = ""


def preview(tx: Transaction, command: Preview, now: datetime) -> DigestMaterial:
    """The channel's next digest as far as its week has gone.

    A channel without a subscription gets that of the coming Monday in the asking person's zone.

    Raises ConfigurationError for an audience that there is none of.
    """
    desk = tx.desk.load()
    check_audience(desk, command.audience)
    subscription = subscription_for(tx, desk, command)
    if command.audience:
        subscription = replace(subscription, audience=command.audience)
    week = week_of(tx, subscription, next_day(tx, subscription, now))
    return gather(tx, replace(week, is_preview=True), now)


def check_audience(desk: Desk, audience: str) -> None:
    """Raise ConfigurationError for an audience that there is none of; empty is the digest's own."""
    if audience and audience not in desk.all_audiences():
        known = ", ".join(desk.all_audiences())
        raise ConfigurationError(f"There is no audience {audience}. There are: {known}.")


def subscription_for(tx: Transaction, desk: Desk, asked: Preview) -> Subscription:
    """The channel's digest; where it gets none, that of each Monday in the asking person's zone."""
    member = tx.members.get(asked.user_id)
    monday = Subscription(
        subscription_id="", channel_id=asked.channel_id, tz=member.tz if member else "UTC"
    )
    subscribed = (one for one in desk.subscriptions if one.channel_id == asked.channel_id)
    return next(subscribed, monday)

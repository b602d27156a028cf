"""When digests come: planned, planned anew after an edit, and going on under another name."""

from dataclasses import replace
from datetime import date, datetime

from bot.desk import Subscription
from bot.digest_store import IN_A_ROW, DigestState
from bot.holidays import holidays_of
from bot.periods import due_at, key_of, local_date, next_due_day, planned_after
from bot.ports import Schedule, Transaction


def plan(tx: Transaction, subscription: Subscription, now: datetime) -> Schedule:
    """Store when a subscription fires next, counted from `now`; never twice in one period."""
    is_off = holidays_of(subscription, tx.holidays)
    day = next_due_day(subscription, now, is_off)
    due = due_at(subscription, day, is_off)
    while due is None or _is_done(tx, subscription, day):
        day = planned_after(subscription, day)
        due = due_at(subscription, day, is_off)
    schedule = Schedule(
        subscription_id=subscription.subscription_id,
        next_date=day.isoformat(),
        next_at=due,
    )
    tx.schedules.save(schedule)
    return schedule


def _is_done(tx: Transaction, subscription: Subscription, day: date) -> bool:
    key = key_of(subscription, day)
    return tx.schedules.run_of(subscription.subscription_id, key) is not None


def replan(tx: Transaction, subscription: Subscription, now: datetime) -> None:
    """Plan a subscription whose day, time or zone was changed, counted from `now`.

    What is due already and was not fired yet stays due, unless it comes later in its period: an
    edit in the seconds before a tick must not cost a week its digest.
    """
    waiting = tx.schedules.get(subscription.subscription_id)
    if waiting is not None and waiting.next_at <= now:
        due = key_of(subscription, date.fromisoformat(waiting.next_date))
        if due != key_of(subscription, _next_due(tx, subscription, now)):
            return
    plan(tx, subscription, now)


def rename(tx: Transaction, before: str, after: str, now: datetime) -> None:
    """Let a subscription go on under another name: with what was planned, with its last run, so
    that its period gets no second digest, with what people did with the last ones, who set it up,
    and whether it rests.
    """
    planned, last = tx.schedules.get(before), tx.schedules.last_run(before)
    counted = tx.schedules.last_counted(before)
    if planned is not None:
        tx.schedules.save(replace(planned, subscription_id=after))
    posted = tx.digests.posted(before, now, IN_A_ROW + 1)
    runs = (tx.schedules.run_of(before, one.period) for one in posted)
    for run in (counted, last, *runs):
        if run is not None:
            tx.schedules.record(replace(run, subscription_id=after))
    for one in posted:
        if one.reach is not None:
            tx.digests.add_reach(replace(one.reach, subscription_id=after))
    state = tx.digests.state(before)
    tx.digests.save_state(replace(state, subscription_id=after, known_as=before))


def names_of(tx: Transaction, subscription_id: str) -> tuple[str, ...]:
    """The name under which a digest goes, and the one before, if the set-up file changed it: what
    was posted keeps the name that it had.
    """
    before = tx.digests.state(subscription_id).known_as
    return (subscription_id, before) if before else (subscription_id,)


def rests_on(state: DigestState, day: date) -> bool:
    """Whether a digest that comes on `day` stays away."""
    until = state.paused_until
    return state.paused is not None and (until is None or day < until)


def next_run(tx: Transaction, subscription: Subscription, now: datetime) -> datetime | None:
    """When a digest comes next, pauses considered; None while it rests until somebody resumes it,
    or when nothing is planned.
    """
    planned = tx.schedules.get(subscription.subscription_id)
    if planned is None or planned.next_at <= now:
        return None
    state = tx.digests.state(subscription.subscription_id)
    if state.paused is None or state.paused_until is None:
        return None if state.paused else planned.next_at
    is_off = holidays_of(subscription, tx.holidays)
    day, due = date.fromisoformat(planned.next_date), planned.next_at
    while rests_on(state, local_date(due, subscription.tz)):
        day = planned_after(subscription, day)
        due = due_at(subscription, day, is_off) or due
    return due


def next_day(tx: Transaction, subscription: Subscription, now: datetime) -> date:
    """The day for which the next digest is planned: a period gets no second one."""
    planned = tx.schedules.get(subscription.subscription_id)
    if planned is None or planned.next_at <= now:
        return _next_due(tx, subscription, now)
    return date.fromisoformat(planned.next_date)


def next_at(tx: Transaction, subscription: Subscription, now: datetime) -> datetime:
    """When the next digest comes."""
    planned = tx.schedules.get(subscription.subscription_id)
    if planned is not None and planned.next_at > now:
        return planned.next_at
    due = due_at(
        subscription, _next_due(tx, subscription, now), holidays_of(subscription, tx.holidays)
    )
    if due is None:
        raise ValueError("the next due day has a due time")
    return due


def _next_due(tx: Transaction, subscription: Subscription, now: datetime) -> date:
    return next_due_day(subscription, now, holidays_of(subscription, tx.holidays))

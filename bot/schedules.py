"""When digests come: planned, planned anew after an edit, and going on under another name."""

from dataclasses import replace
from datetime import date, datetime

from bot.desk import Subscription
from bot.periods import WEEK, due_at, next_due_day, period_key
from bot.ports import Schedule, Transaction


def plan(tx: Transaction, subscription: Subscription, now: datetime) -> Schedule:
    """Store when a subscription fires next, counted from `now`; never twice in one period."""
    day = next_due_day(subscription, now)
    last = tx.schedules.last_run(subscription.subscription_id)
    if last is not None and last.period_key == period_key(day):
        day += WEEK
    schedule = Schedule(
        subscription_id=subscription.subscription_id,
        next_date=day.isoformat(),
        next_at=due_at(subscription, day),
    )
    tx.schedules.save(schedule)
    return schedule


def replan(tx: Transaction, subscription: Subscription, now: datetime) -> None:
    """Plan a subscription whose day, time or zone was changed, counted from `now`.

    What is due already and was not fired yet stays due, unless it comes later in its period: an
    edit in the seconds before a tick must not cost a week its digest.
    """
    waiting = tx.schedules.get(subscription.subscription_id)
    if waiting is not None and waiting.next_at <= now:
        due = period_key(date.fromisoformat(waiting.next_date))
        if due != period_key(next_due_day(subscription, now)):
            return
    plan(tx, subscription, now)


def rename(tx: Transaction, before: str, after: str) -> None:
    """Let a subscription go on under another name: with what was planned, and with its last run, so
    that its period gets no second digest.
    """
    planned, last = tx.schedules.get(before), tx.schedules.last_run(before)
    if planned is not None:
        tx.schedules.save(replace(planned, subscription_id=after))
    if last is not None:
        tx.schedules.record(replace(last, subscription_id=after))


def next_day(tx: Transaction, subscription: Subscription, now: datetime) -> date:
    """The day of the next digest: as it is planned, since a week gets no second one."""
    planned = tx.schedules.get(subscription.subscription_id)
    if planned is None or planned.next_at <= now:
        return next_due_day(subscription, now)
    return date.fromisoformat(planned.next_date)

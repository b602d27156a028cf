"""What the desk does by itself with a submission, and when: one timer each, planned anew with every
change (P09).
"""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.desk import Desk
from bot.due import Terms, due_after, terms_of, with_due
from bot.lifecycle import UNDECIDED, State
from bot.people import everybody_with_a_role
from bot.ports import Transaction
from bot.submission import Submission, TimerKind
from bot.working_time import before_working_time

LEAST_NOTICE = timedelta(minutes=30)
"""A reminder comes at least so much working time before the due time."""


def on_time(
    tx: Transaction, desk: Desk, before: Submission, after: Submission, now: datetime
) -> Submission:
    """`after`, a changed `before` that is about to be stored, with its due time and its timer."""
    terms = terms_of(tx, desk, after, everybody_with_a_role(tx, desk))
    return with_next_timer(with_due(before, after, terms, now), terms, now)


def with_next_timer(submission: Submission, terms: Terms, now: datetime) -> Submission:
    """The submission with what the desk does next by itself, if there is anything."""
    timer, timer_at = _next(submission, terms, now) or (None, None)
    return replace(submission, timer=timer, timer_at=timer_at)


def _next(submission: Submission, terms: Terms, now: datetime) -> tuple[TimerKind, datetime] | None:
    if submission.state is State.SCHEDULED:
        post_at = submission.scheduled_at
        return (TimerKind.POST_DUE, post_at) if post_at and post_at > now else None
    if submission.state not in UNDECIDED or submission.paused_at is not None:
        return None
    if submission.snoozed_until is not None:
        return TimerKind.RETURN, submission.snoozed_until
    return _next_of_due(submission, terms, now)


def _next_of_due(
    submission: Submission, terms: Terms, now: datetime
) -> tuple[TimerKind, datetime] | None:
    match submission.escalation:
        case 0:
            return first_timer(submission.due_at, terms, now)
        case 1:
            return TimerKind.ESCALATE_AGAIN, escalate_again_at(submission, terms)
        case _:
            return None


def first_timer(due_at: datetime, terms: Terms, now: datetime) -> tuple[TimerKind, datetime]:
    """What the desk does first with what is due at `due_at`, and when."""
    at = remind_at(due_at, terms)
    return (TimerKind.REMIND, at) if at > now else (TimerKind.ESCALATE, due_at)


def remind_at(due_at: datetime, terms: Terms) -> datetime:
    """When a quarter of the working time is left, half an hour at least."""
    notice = max(terms.amount / 4, LEAST_NOTICE)
    try:
        return before_working_time(due_at, notice, terms.hours)
    except ValueError:  # so little is worked that no notice fits into a year
        return due_at


def escalate_again_at(submission: Submission, terms: Terms) -> datetime:
    """When half of the time for a decision has passed once more since it was due."""
    return due_after(submission.due_at, terms.amount / 2, terms.hours)

"""When a decision is due: in the working time of the role that owes it (P09).

The due time stands still while the submitter was asked, is moved by a snooze, and begins anew when
another role takes over or something is reopened.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.desk import Desk, Member, Role
from bot.kinds import Kind
from bot.lifecycle import UNDECIDED, State
from bot.periods import known_zone
from bot.ports import Transaction
from bot.routing import active_holders
from bot.submission import Submission
from bot.working_time import (
    LONGEST_AHEAD,
    WorkingHours,
    after_working_time,
    working_time_between,
)


@dataclass(frozen=True, slots=True)
class Terms:
    """How much working time a decision may take, and in whose hours that is counted."""

    amount: timedelta
    hours: WorkingHours


def hours_of(
    tx: Transaction, desk: Desk, role: Role, members: Mapping[str, Member]
) -> WorkingHours:
    """The working hours of a role: its own, else the desk's, else 9 to 17 from Monday to Friday
    where its first active holder lives, or the workspace's first admin when nobody holds it.

    `members` are everybody with a role.
    """
    if role.hours or desk.hours:
        return role.hours or desk.hours or WorkingHours()
    known = (members[user] for user in active_holders(role, members) if user in members)
    first = next(known, None) or next(iter(tx.members.admins()), None)
    return WorkingHours(tz=known_zone(first.tz) if first else "UTC")


def due_for(desk: Desk, kind: Kind) -> timedelta:
    """How much working time a decision on `kind` may take in this workspace."""
    return desk.due.get(kind.key, kind.due)


def terms_of(
    tx: Transaction, desk: Desk, submission: Submission, members: Mapping[str, Member]
) -> Terms:
    """On what terms a submission is due. `members` are everybody with a role."""
    return terms_for(tx, desk, submission.kind, desk.role(submission.role_id), members)


def terms_for(
    tx: Transaction, desk: Desk, kind: Kind, role: Role, members: Mapping[str, Member]
) -> Terms:
    """The same for what a role is to get."""
    return Terms(due_for(desk, kind), hours_of(tx, desk, role, members))


def due_after(moment: datetime, amount: timedelta, hours: WorkingHours) -> datetime:
    """`amount` of working time after `moment`; about a year ahead where so little is worked that
    it would be later still: nothing that people hand in fails for somebody's odd hours.
    """
    try:
        return after_working_time(moment, amount, hours)
    except ValueError:
        return moment + LONGEST_AHEAD


def with_due(before: Submission, after: Submission, terms: Terms, now: datetime) -> Submission:
    """`after`, a changed `before`, with the due time that follows from the change.

    `terms` are those of `after`. Being asked makes it stand still, any way out of that goes on
    with the working time that was left; a snooze goes on after it ended; another role or reopening
    begins anew.
    """
    if after.state not in UNDECIDED:
        return _decided(before, after, terms, now)
    if before.state not in UNDECIDED or before.role_id != after.role_id:
        due_at = due_after(now, terms.amount, terms.hours)
        paused_at = now if after.state is State.ASKED else None
        return replace(after, due_at=due_at, paused_at=paused_at, snoozed_until=None, escalation=0)
    if after.state is State.ASKED:
        if before.paused_at is None and before.snoozed_until is not None:
            due_at = _moved(before, now, now, terms)
            after = replace(after, due_at=due_at, snoozed_until=None)
        return replace(after, paused_at=before.paused_at or now)
    if before.paused_at is not None:
        due_at = _moved(before, before.paused_at, now, terms)
        return replace(after, due_at=due_at, paused_at=None, snoozed_until=None)
    if after.snoozed_until is not None and after.snoozed_until != before.snoozed_until:
        return replace(after, due_at=_moved(before, now, after.snoozed_until, terms))
    return after


def _decided(before: Submission, after: Submission, terms: Terms, now: datetime) -> Submission:
    """Nothing is awaited any more. What was decided out of a question was not late because of it;
    another role has called nobody for help.
    """
    asked_at, due_at = before.paused_at, after.due_at
    if asked_at is not None and before.due_at > asked_at:
        due_at = _moved(before, asked_at, now, terms)
    escalation = after.escalation if before.role_id == after.role_id else 0
    return replace(after, due_at=due_at, paused_at=None, snoozed_until=None, escalation=escalation)


def _moved(before: Submission, since: datetime, to: datetime, terms: Terms) -> datetime:
    """The due time when what was left at `since` is counted from `to` on; what was overdue is due
    at `to`.
    """
    since = max(since, before.snoozed_until or since)
    left = working_time_between(since, before.due_at, terms.hours)
    return due_after(to, left, terms.hours)

"""A timer's time has come: who is told, and what changes. Once each, however many processes tick
(P09).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.cards import KEEP_TRYING, current_card, update_card
from bot.desk import Desk, Member
from bot.due import Terms, terms_of
from bot.homes import renew_homes
from bot.lifecycle import DESK, UNDECIDED, State, Verb
from bot.outbox import Effect, EffectKind
from bot.people import (
    active_admins,
    called_in,
    everybody_with_a_role,
    owner_of,
    without_leavers,
)
from bot.ports import Transaction
from bot.submission import HistoryEntry, Submission, TimerKind
from bot.timers import escalate_again_at, remind_at, with_next_timer

BACKUPS, FALLBACK = 1, 2
"""How far an overdue submission has called for help."""


@dataclass(frozen=True, slots=True)
class FireTimer:
    """Look whether the timer of one submission is due."""

    number: int


@dataclass(frozen=True, slots=True)
class Fired:
    """What was done, who hears of it, and who of them was called in."""

    done: TimerKind
    concerned: tuple[str, ...]
    called: tuple[str, ...]


def fire_timer(tx: Transaction, command: FireTimer, now: datetime) -> TimerKind | None:
    """Do what the time of a submission has come for, and plan what comes next.

    The submission's row is locked, and its timer planned anew in the same transaction, so of
    several who try one does it. Of what was missed only the newest is done; a timer that does not
    fit any more is only planned anew. Returns what was done, None when there was nothing to do.
    """
    submission = tx.submissions.get(command.number)
    if submission is None or submission.timer_at is None or submission.timer_at > now:
        return None
    desk = tx.desk.load()
    members = everybody_with_a_role(tx, desk)
    terms = terms_of(tx, desk, submission, members)
    done = _time_has_come_for(submission, terms, now)
    changed = submission
    if done is not None:
        changed = _changed(tx, desk, submission, done, members)
    changed = with_next_timer(changed, terms, now)
    tx.submissions.update(changed, expected_version=submission.version)
    if done is not None:
        called = _called(tx, desk, submission, changed, members)
        concerned = called or _who_has_it(tx, desk, changed, members)
        _tell(tx, changed, Fired(done, concerned, called), now)
    return done


def _time_has_come_for(submission: Submission, terms: Terms, now: datetime) -> TimerKind | None:
    if submission.state is State.SCHEDULED:
        is_out = submission.scheduled_at is not None and submission.scheduled_at <= now
        return TimerKind.POST_DUE if is_out and submission.timer is TimerKind.POST_DUE else None
    if submission.state not in UNDECIDED or submission.paused_at is not None:
        return None
    if submission.snoozed_until is not None:
        return TimerKind.RETURN if submission.snoozed_until <= now else None
    return _of_due(submission, terms, now)


def _of_due(submission: Submission, terms: Terms, now: datetime) -> TimerKind | None:
    if submission.escalation < FALLBACK and escalate_again_at(submission, terms) <= now:
        return TimerKind.ESCALATE_AGAIN
    if submission.due_at <= now:
        return TimerKind.ESCALATE if submission.escalation < BACKUPS else None
    is_planned = submission.timer is TimerKind.REMIND
    return TimerKind.REMIND if is_planned and remind_at(submission.due_at, terms) <= now else None


def _changed(
    tx: Transaction,
    desk: Desk,
    submission: Submission,
    done: TimerKind,
    members: Mapping[str, Member],
) -> Submission:
    match done:
        case TimerKind.RETURN:
            return replace(submission, snoozed_until=None)
        case TimerKind.ESCALATE:
            # Without a backup who is there it goes on to the fallback role at once.
            called = replace(submission, escalation=BACKUPS)
            if called_in(tx, desk, called, members):
                return called
            return replace(submission, escalation=FALLBACK)
        case TimerKind.ESCALATE_AGAIN:
            return replace(submission, escalation=FALLBACK)
        case TimerKind.REMIND | TimerKind.POST_DUE:
            return submission


def _called(
    tx: Transaction,
    desk: Desk,
    before: Submission,
    after: Submission,
    members: Mapping[str, Member],
) -> tuple[str, ...]:
    """Who is called in now; nobody when nobody else is left."""
    if after.escalation == before.escalation:
        return ()
    already = called_in(tx, desk, before, members)
    called = called_in(tx, desk, after, members)
    others = tuple(user_id for user_id in called if user_id not in already)
    return others or called  # backups who hold the fallback role, too, are called a second time


def _who_has_it(
    tx: Transaction, desk: Desk, after: Submission, members: Mapping[str, Member]
) -> tuple[str, ...]:
    """Who took it, else who acts for its role."""
    (shown,) = without_leavers(tx, [after])
    if shown.assignee_id is not None:
        return (shown.assignee_id,)
    return owner_of(desk, after.role_id, members).holders or active_admins(tx, desk)[:1]


def _tell(
    tx: Transaction,
    submission: Submission,
    fired: Fired,
    now: datetime,
) -> None:
    entry = _entry(tx, submission, fired, now)
    tx.history.append(entry)
    told = {"number": entry.number, "seq": entry.seq}
    card = current_card(tx, submission)
    cause = f"{entry.number}:{entry.seq}"
    if card is not None:
        if entry.verb is not Verb.REMIND:
            update_card(tx, card, submission, f"t{entry.seq}", now)
        story = Effect(
            key=f"story:{cause}",
            kind=EffectKind.STORY,
            target=card.target,
            payload=told,
            parent_key=card.key,
            expires_at=now + KEEP_TRYING,
        )
        tx.outbox.add(story, now)
    for user_id in sorted(fired.concerned):
        nudge = Effect(
            key=f"nudge:{cause}:{user_id}",
            kind=EffectKind.NUDGE,
            target=user_id,
            payload=told,
            expires_at=now + KEEP_TRYING,
        )
        tx.outbox.add(nudge, now)
    renew_homes(tx, fired.concerned, cause, now)


_VERBS = {
    TimerKind.REMIND: Verb.REMIND,
    TimerKind.POST_DUE: Verb.REMIND,
    TimerKind.ESCALATE: Verb.ESCALATE,
    TimerKind.ESCALATE_AGAIN: Verb.ESCALATE,
    TimerKind.RETURN: Verb.RETURN,
}


def _entry(
    tx: Transaction,
    submission: Submission,
    fired: Fired,
    now: datetime,
) -> HistoryEntry:
    is_post = fired.done is TimerKind.POST_DUE and submission.scheduled_at is not None
    meant = submission.scheduled_at if is_post else submission.due_at
    return HistoryEntry(
        number=submission.number,
        seq=tx.history.next_seq(submission.number),
        at=now,
        actor_id=DESK,
        verb=_VERBS[fired.done],
        from_state=submission.state,
        to_state=submission.state,
        detail={
            "about": fired.done.value,
            "due": (meant or submission.due_at).isoformat(),
            "people": " ".join(fired.called),
        },
    )

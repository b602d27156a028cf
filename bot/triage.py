"""Deciding: the use cases behind the verbs on a card."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.announce import announce_step
from bot.desk import Desk, Role
from bot.errors import FieldError, NotAllowedError, NotFoundError, StaleError
from bot.forms import check_link, check_sentence
from bot.homes import renew_homes
from bot.lifecycle import (
    ENDED,
    STATE_LABELS,
    UNDECIDED,
    VERB_LABELS,
    VERB_PAST,
    DeclineReason,
    State,
    Verb,
)
from bot.people import (
    check_may_triage,
    current_owner,
    is_admin,
    may_triage,
    others_could_decide,
    without_leavers,
)
from bot.ports import Transaction
from bot.submission import HistoryEntry, Submission
from bot.timers import on_time
from bot.verbs import owner_verbs

NOTE_LENGTH = 500
"""How long the sentence beside a decline may be, in characters."""

TO_LENGTH = 150
"""How long the name of whom a lead is passed on to may be, in characters."""

DECIDING = frozenset({Verb.TAKE, Verb.ACCEPT, Verb.PASS_ON, Verb.DECLINE})
"""The verbs that are somebody else's on one's own submission, while there is somebody else."""

DOUBLE_CLICK = timedelta(seconds=10)
"""The same verb by the same person within this time is the same click twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A verb pressed on a card that showed `version`. `given` holds what its form asked for:
    `reason` and `note` to decline, `link` to publish, `to` to pass a lead on.
    """

    number: int
    version: int
    verb: Verb
    actor_id: str
    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a step led to. `is_repeat`: it was done already, by the same click."""

    submission: Submission
    is_repeat: bool = False


def take_step(tx: Transaction, command: Step, now: datetime) -> Taken:
    """Carry out a verb: authorise, check the version, change, remember, announce.

    Raises NotFoundError, NotAllowedError, FieldError for what the verb's form got wrong, and
    StaleError when somebody else was quicker; then nothing is changed.
    """
    submission = existing(tx, command.number)
    desk = tx.desk.load()
    check_may_triage(tx, desk, submission, command.actor_id)
    if submission.version != command.version:
        return _overtaken(tx, submission, command, now)
    target = submission.kind.lifecycle.target(submission.state, command.verb)
    if target is None:
        raise StaleError(_not_possible(submission, command.verb))
    detail = _detail(command) | _own(tx, desk, submission, command)
    (free,) = without_leavers(tx, [submission])
    changed = on_time(tx, desk, free, _changed(free, command, target, detail, now), now)
    if not tx.submissions.update(changed, expected_version=command.version):
        return _overtaken(tx, existing(tx, command.number), command, now)
    entry = HistoryEntry(
        number=submission.number,
        seq=tx.history.next_seq(submission.number),
        at=now,
        actor_id=command.actor_id,
        verb=command.verb,
        from_state=submission.state,
        to_state=target,
        detail=detail,
    )
    tx.history.append(entry)
    announce_step(tx, changed, entry, now)
    cause = f"{entry.number}:{entry.seq}"
    renew_homes(tx, (command.actor_id, submission.submitter_id), cause, now)
    return Taken(submission=changed)


def check_step(tx: Transaction, command: Step, now: datetime) -> Submission:
    """The submission, if the verb could be carried out now: asked before its form is opened.

    Raises what `take_step` raises, but for what the form will ask for.
    """
    submission = existing(tx, command.number)
    desk = tx.desk.load()
    check_may_triage(tx, desk, submission, command.actor_id)
    if submission.version != command.version:
        _overtaken(tx, submission, command, now)
    if submission.kind.lifecycle.target(submission.state, command.verb) is None:
        raise StaleError(_not_possible(submission, command.verb))
    _own(tx, desk, submission, command)
    return submission


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """Everything about a submission, for a person who may see it."""

    submission: Submission
    role: Role
    personal: Mapping[str, str]
    history: tuple[HistoryEntry, ...]
    verbs: tuple[Verb, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenDetails:
    """A person asks to see all of a submission."""

    number: int
    actor_id: str


def open_details(tx: Transaction, command: OpenDetails, now: datetime) -> Details:
    """Show a submission with its personal fields to its owner, its submitter or an
    admin.

    That personal fields were shown is recorded. Raises NotFoundError and NotAllowedError.
    """
    shown = see_details(tx, command, now)
    if shown.personal:
        tx.history.append(
            HistoryEntry(
                number=command.number,
                seq=tx.history.next_seq(command.number),
                at=now,
                actor_id=command.actor_id,
                verb=Verb.OPEN,
                from_state=shown.submission.state,
                to_state=shown.submission.state,
                detail={},
            )
        )
    return replace(shown, history=tx.history.of(command.number))


def see_details(tx: Transaction, command: OpenDetails, _now: datetime) -> Details:
    """The same for somebody who has the details open already; nothing is recorded."""
    submission = existing(tx, command.number)
    desk = tx.desk.load()
    is_owner = may_triage(tx, desk, submission, command.actor_id)
    is_submitter = command.actor_id == submission.submitter_id
    if not is_submitter and not is_admin(tx, desk, command.actor_id):
        check_may_triage(tx, desk, submission, command.actor_id)
    verbs = owner_verbs(submission) if is_owner else ()
    if is_submitter and others_could_decide(tx, desk, submission, command.actor_id):
        verbs = tuple(verb for verb in verbs if verb not in DECIDING)
    (shown,) = without_leavers(tx, [submission])
    return Details(
        submission=shown,
        role=current_owner(tx, desk, submission.role_id).role,
        personal=tx.submissions.personal(command.number),
        history=tx.history.of(command.number),
        verbs=verbs,
    )


def existing(tx: Transaction, number: int) -> Submission:
    """The submission with this number; raises NotFoundError when there is none."""
    submission = tx.submissions.get(number)
    if submission is None:
        raise NotFoundError(f"There is no number {number} in this workspace.")
    return submission


def _detail(command: Step) -> dict[str, str]:
    match command.verb:
        case Verb.DECLINE:
            return _declined(command.given)
        case Verb.PASS_ON:
            missing = "Please say who has it now: a name or a team."
            to = check_sentence(
                command.given.get("to", ""), field="to", missing=missing, length=TO_LENGTH
            )
            return {"to": to}
        case Verb.PUBLISH:
            return {"link": check_link(command.given.get("link", ""), field="link")}
        case _:
            return {}


def _declined(given: Mapping[str, str]) -> dict[str, str]:
    reason = given.get("reason", "")
    if reason not in set(DeclineReason):
        raise FieldError({"reason": "Please choose a reason."})
    note = check_sentence(
        given.get("note", ""),
        field="note",
        missing="Please say in a sentence why, so that they can learn from it.",
        length=NOTE_LENGTH,
    )
    return {"reason": reason, "note": note}


def _own(tx: Transaction, desk: Desk, submission: Submission, command: Step) -> dict[str, str]:
    """Nobody decides on their own submission while anybody else could; else it is recorded."""
    if command.actor_id != submission.submitter_id or command.verb not in DECIDING:
        return {}
    if others_could_decide(tx, desk, submission, command.actor_id):
        role = current_owner(tx, desk, submission.role_id).role
        raise NotAllowedError(
            f"You handed in number {submission.number} yourself; "
            f"another holder of the {role.label} role decides."
        )
    return {"own": "yes"}


def moved(submission: Submission, target: State, actor_id: str, now: datetime) -> Submission:
    """The submission as its next version in state `target`, with the moments that follow from it:
    when it was decided and by whom, and when it ended.
    """
    is_open = target in UNDECIDED
    was_open = submission.state in UNDECIDED
    return replace(
        submission,
        state=target,
        version=submission.version + 1,
        updated_at=now,
        decided_at=None if is_open else now if was_open else submission.decided_at,
        decided_by=None if is_open else actor_id if was_open else submission.decided_by,
        ended_at=(submission.ended_at or now) if target in ENDED else None,
    )


def _changed(
    submission: Submission, command: Step, target: State, detail: Mapping[str, str], now: datetime
) -> Submission:
    common = moved(submission, target, command.actor_id, now)
    common = replace(common, assignee_id=submission.assignee_id or command.actor_id)
    match command.verb:
        case Verb.DECLINE:
            return replace(common, decline_reason=detail["reason"], decline_note=detail["note"])
        case Verb.PASS_ON:
            return replace(common, passed_to=detail["to"])
        case Verb.PUBLISH:
            return replace(
                common,
                published_at=now,
                published_by=command.actor_id,
                published_url=detail["link"],
            )
        case _:
            return common


def _overtaken(tx: Transaction, submission: Submission, command: Step, now: datetime) -> Taken:
    """The card was older than the submission: the same click again, or a colleague's.

    Raises StaleError, naming who did what, unless it was the same click.
    """
    last = tx.history.last_change(submission.number)
    if last is None:
        raise StaleError(_not_possible(submission, command.verb))
    is_repeat = (
        last.actor_id == command.actor_id
        and last.verb is command.verb
        and now - last.at <= DOUBLE_CLICK
    )
    if is_repeat:
        return Taken(submission=submission, is_repeat=True)
    who = "You" if last.actor_id == command.actor_id else f"<@{last.actor_id}>"
    raise StaleError(
        f"{who} {VERB_PAST[last.verb]} meanwhile: number {submission.number} is now "
        f"{STATE_LABELS[submission.state].lower()}. Nothing was changed by your click."
    )


def _not_possible(submission: Submission, verb: Verb) -> str:
    return (
        f"Number {submission.number} is {STATE_LABELS[submission.state].lower()}; "
        f"“{VERB_LABELS[verb]}” is not possible now."
    )

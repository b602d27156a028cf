"""All of a submission, for its owner, its submitter, and the colleague it was passed on to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.consent import uses_of
from bot.crowds import show_card
from bot.desk import Role
from bot.lifecycle import UNDECIDED, Verb
from bot.people import (
    check_may_triage,
    current_owner,
    is_admin,
    may_triage,
    others_could_decide,
    without_leavers,
)
from bot.ports import Transaction
from bot.served import Serves
from bot.serving import serves
from bot.steps.base import existing
from bot.submission import HistoryEntry, Submission, Use
from bot.tagging import Brought, brought_by
from bot.triage import DECIDING
from bot.verbs import owner_verbs, submitter_verbs

TO_ONESELF = frozenset({Verb.ASK, Verb.REPLY})
"""The verbs that nobody needs on their own submission."""


NOT_FOR_OTHERS = frozenset({Verb.HAND_OVER, Verb.RETRY, Verb.DROP})
"""The verbs whose note is for those who decide, and admins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """Everything about a submission, for a person who may see it. `texts` are what people wrote to
    each other, by the seq of their entries; `uses` are where it was published, `brought`
    what that brought. `hides_personal`:
    there is more that only its owner and its submitter see. `may_erase`: the person is an admin.
    """

    submission: Submission
    role: Role
    personal: Mapping[str, str]
    history: tuple[HistoryEntry, ...]
    verbs: tuple[Verb, ...] = ()
    texts: Mapping[int, str] = field(default_factory=dict)
    uses: tuple[Use, ...] = ()
    brought: Brought = field(default_factory=Brought)
    hides_personal: bool = False
    may_erase: bool = False
    serves: Serves | None = None


def has_it_now(submission: Submission, history: Sequence[HistoryEntry], user_id: str) -> bool:
    """Whether this lead was passed on to `user_id`, and to nobody else since."""
    if submission.passed_to is None or submission.state in UNDECIDED:
        return False
    last = next((entry for entry in reversed(history) if entry.verb is Verb.PASS_ON), None)
    return last is not None and last.detail.get("person") == user_id


def _for_others(history: Sequence[HistoryEntry]) -> tuple[HistoryEntry, ...]:
    """The history without what colleagues say to each other when they hand over, and operators when
    they look after messages.
    """
    return tuple(
        replace(entry, detail={k: v for k, v in entry.detail.items() if k != "note"})
        if entry.verb in NOT_FOR_OTHERS
        else entry
        for entry in history
    )


@dataclass(frozen=True, slots=True)
class OpenDetails:
    """A person asks to see all of a submission."""

    number: int
    actor_id: str


def open_details(tx: Transaction, command: OpenDetails, now: datetime) -> Details:
    """Show a submission with its personal fields to its owner, its submitter, or the colleague who
    has the lead now; without them to an admin.

    That personal fields were shown is recorded, and what was written about people outside.
    Raises NotFoundError and NotAllowedError.
    """
    shown = see_details(tx, command, now)
    if command.actor_id != shown.submission.submitter_id:
        show_card(tx, shown.submission, now)
    if shown.personal or (shown.texts and shown.submission.kind.is_confidential):
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
        return see_details(tx, command, now)
    return shown


def see_details(tx: Transaction, command: OpenDetails, now: datetime) -> Details:
    """The same for somebody who has the details open already; nothing is recorded."""
    submission = existing(tx, command.number)
    desk = tx.desk.load()
    is_owner = may_triage(tx, desk, submission, command.actor_id)
    is_submitter = command.actor_id == submission.submitter_id
    history = tx.history.of(command.number)
    may_see = is_owner or is_submitter or has_it_now(submission, history, command.actor_id)
    if not may_see and not is_admin(tx, desk, command.actor_id):
        check_may_triage(tx, desk, submission, command.actor_id)
    is_of_team = is_owner or is_admin(tx, desk, command.actor_id)
    verbs = owner_verbs(submission) if is_owner else ()
    if is_submitter and others_could_decide(tx, desk, submission, command.actor_id):
        verbs = tuple(verb for verb in verbs if verb not in DECIDING)
    if is_submitter:
        verbs = (*submitter_verbs(submission), *(verb for verb in verbs if verb not in TO_ONESELF))
    (shown,) = without_leavers(tx, [submission])
    personal = tx.submissions.personal(command.number)
    texts = tx.conversations.of(command.number)
    hides = not may_see and submission.kind.is_confidential and bool(personal or texts)
    return Details(
        submission=shown,
        role=current_owner(tx, desk, submission.role_id).role,
        personal={} if hides else personal,
        history=history if is_of_team else _for_others(history),
        verbs=verbs,
        texts={} if hides else texts,
        uses=uses_of(history),
        brought=brought_by(tx, submission, command.actor_id),
        hides_personal=hides,
        may_erase=is_admin(tx, desk, command.actor_id),
        serves=serves(tx, submission, now),
    )

"""What every verb's rules are made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.desk import Desk
from bot.errors import NotFoundError
from bot.forms import check_sentence
from bot.lifecycle import ENDED, UNDECIDED, State, Verb
from bot.ports import Transaction
from bot.submission import FieldValue, HistoryEntry, Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A verb pressed on a card that showed `version`. `given` holds what its form asked for, by
    the names under which `VerbRules.check` reports what is wrong. `source` is the form's own key:
    where no version tells that the same form came again, that does.
    """

    number: int
    version: int
    verb: Verb
    actor_id: str
    given: Mapping[str, FieldValue] = field(default_factory=dict)
    source: str = ""

    def text(self, name: str) -> str:
        """A single value that was given, empty when it was left out."""
        value = self.given.get(name, "")
        return value if isinstance(value, str) else ""

    def values(self, name: str) -> tuple[str, ...]:
        """The values of a multiple choice, none when it was left out."""
        value = self.given.get(name, ())
        return value if isinstance(value, tuple) else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a verb's rules look at: the submission as it stands, and the step about to be taken."""

    tx: Transaction
    desk: Desk
    submission: Submission
    step: Step
    now: datetime


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a choice in a verb's form; entries of one `group` stand together."""

    value: str
    label: str
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a verb's form shows: the submission, what there is to choose from, what is filled in
    already, and a sentence to read before anything is answered; its personal fields where the form
    asks for them. `optional` names the questions that may be left open now.
    """

    submission: Submission
    choices: tuple[Choice, ...] = ()
    initial: Mapping[str, str] = field(default_factory=dict)
    notice: str = ""
    personal: Mapping[str, str] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()


NOTE_LENGTH = 500
"""How long the sentence beside a verb may be, in characters."""

Detail = Mapping[str, str]
"""What a history entry keeps of a step."""


def _nothing(_case: Case) -> Detail:
    return {}


def _as_moved(_case: Case, moved: Submission, _detail: Detail) -> Submission:
    return moved


def _no_more(_case: Case, _changed: Submission, _entry: HistoryEntry) -> None:
    return None


def only_itself(case: Case) -> Asked:
    """A form that shows the submission and nothing to choose from."""
    return Asked(submission=case.submission)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerbRules:
    """One verb.

    `ask` is what its form shows; it raises NotAllowedError when the form need not be opened.
    `check` makes the history's detail of what was given; raises FieldError. `change` gets the
    submission as its next version in its next state (`moved`). `follow` is called once that is
    stored, before it is announced: for what else is to be stored or told.

    A verb that `keeps_version` leaves the submission as it is, so any card may be the one that it
    was pressed on, and `change` is not called. One that is good for `any_version` changes it,
    whatever happened since it was pressed, as long as it is possible.
    """

    ask: Callable[[Case], Asked] = only_itself
    check: Callable[[Case], Detail] = _nothing
    change: Callable[[Case, Submission, Detail], Submission] = _as_moved
    follow: Callable[[Case, Submission, HistoryEntry], None] = _no_more
    keeps_version: bool = False
    any_version: bool = False


def note_given(step: Step, *, missing: str) -> str:
    """The sentence that a form asked for; raises FieldError with `missing` when there is none."""
    return check_sentence(step.text("note"), field="note", missing=missing, length=NOTE_LENGTH)


def note_if_given(step: Step) -> Detail:
    """The sentence of a form that may be left out."""
    if not step.text("note").strip():
        return {}
    return {"note": note_given(step, missing="Please write a word or two, or nothing at all.")}


def moved(submission: Submission, target: State, actor_id: str, now: datetime) -> Submission:
    """The submission as its next version in state `target`, with what follows from that: when it
    was decided and by whom, when it ended, and that nothing is put off, asked or scheduled any
    more.
    """
    is_open = target in UNDECIDED
    was_open = submission.state in UNDECIDED
    stays = target is submission.state
    return replace(
        submission,
        state=target,
        version=submission.version + 1,
        updated_at=now,
        decided_at=None if is_open else now if was_open else submission.decided_at,
        decided_by=None if is_open else actor_id if was_open else submission.decided_by,
        ended_at=(submission.ended_at or now) if target in ENDED else None,
        paused_at=submission.paused_at if stays else None,
        snoozed_until=submission.snoozed_until if stays else None,
        scheduled_at=submission.scheduled_at if stays else None,
    )


def remember(case: Case, to_state: State, detail: Detail) -> HistoryEntry:
    """Write down that the step of `case` was taken, and return the entry."""
    entry = HistoryEntry(
        number=case.submission.number,
        seq=case.tx.history.next_seq(case.submission.number),
        at=case.now,
        actor_id=case.step.actor_id,
        verb=case.step.verb,
        from_state=case.submission.state,
        to_state=to_state,
        detail=detail,
    )
    case.tx.history.append(entry)
    return entry


def existing(tx: Transaction, number: int) -> Submission:
    """The submission with this number; raises NotFoundError when there is none."""
    submission = tx.submissions.get(number)
    if submission is None:
        raise NotFoundError(f"There is no number {number} in this workspace.")
    return submission

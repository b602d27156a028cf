"""How an experiment went: its keepers say so once, and a failed one teaches its lesson (P36)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.announce import tell
from bot.errors import FieldError, NotAllowedError, NotFoundError, StaleError
from bot.experiment import Experiment, Result, Trial
from bot.experiment_list import end_of, trial
from bot.forms import check_sentence
from bot.homes import renew_homes
from bot.lesson import LESSON_PART_LENGTH, Lesson, LessonSource
from bot.ports import Transaction
from bot.standings import roles_to_keep
from bot.text import cut


class EndField(StrEnum):
    """The questions of the form about how it went."""

    RESULT = "result"
    HAPPENED = "happened"
    CAUSE = "cause"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class AskEnd:
    """Somebody wants to say how an experiment went."""

    experiment_id: str
    user_id: str


def end_form(tx: Transaction, command: AskEnd, now: datetime) -> Trial:
    """What the form about its end shows.

    Raises NotFoundError, NotAllowedError, and StaleError once it was said.
    """
    return trial(
        tx, kept_experiment(tx, command.experiment_id, command.user_id), now, command.user_id
    )


def trial_of(tx: Transaction, experiment_id: str, now: datetime) -> Trial:
    """An experiment as its keepers are asked about it; raises NotFoundError without it."""
    found = tx.experiments.get(experiment_id)
    if found is None:
        raise NotFoundError("This experiment is no more.")
    return trial(tx, found, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndExperiment:
    """The form about its end came back; `form_id` is the form's own id."""

    form_id: str
    experiment_id: str
    actor_id: str
    given: Mapping[str, str] = field(default_factory=dict)


def end_experiment(tx: Transaction, command: EndExperiment, now: datetime) -> Experiment:
    """Store how it went, and what it teaches; the same form again changes nothing. What failed
    needs its lesson (P36): why, and what changes. What is dropped needs a reason, and can be only
    while it runs: then it has a result. Who handed the idea in hears of it.

    Raises FieldError with a sentence per bad field, and what `end_form` raises.
    """
    before = tx.experiments.get(command.experiment_id)
    if before is not None and before.end_form == command.form_id:
        return before
    found = kept_experiment(tx, command.experiment_id, command.actor_id)
    result, said = _checked(command.given, is_over=end_of(found) <= now)
    ended = replace(
        found,
        result=result,
        happened=said[EndField.HAPPENED],
        ended_at=now,
        ended_by=command.actor_id,
        end_form=command.form_id,
        ask_at=None,
    )
    if not tx.experiments.end(ended):
        raise StaleError(already_said(tx, found))
    if said[EndField.CHANGE]:
        tx.lessons.add(_lesson(ended, said, now))
    _tell_submitter(tx, ended, now)
    renew_homes(tx, (command.actor_id,), f"experiment:{ended.experiment_id}", now)
    return ended


def _lesson(ended: Experiment, said: Mapping[str, str], now: datetime) -> Lesson:
    return Lesson(
        lesson_id=ended.experiment_id,
        source=LessonSource.EXPERIMENT,
        number=ended.number,
        title=cut(ended.hypothesis, 120),
        expectation=ended.hypothesis,
        happened=said[EndField.HAPPENED],
        cause=said[EndField.CAUSE],
        change=said[EndField.CHANGE],
        at=now,
        actor_id=ended.ended_by or "",
    )


_ENDS = {
    Result.WORKED: "it worked",
    Result.FAILED: "it did not work, and that teaches something",
    Result.UNCLEAR: "it is not clear whether it worked",
    Result.DROPPED: "it was dropped before its end",
}


def _tell_submitter(tx: Transaction, ended: Experiment, now: datetime) -> None:
    submission = tx.submissions.get(ended.number) if ended.number is not None else None
    if submission is None or ended.result is None or submission.submitter_id == ended.ended_by:
        return
    member = tx.members.get(submission.submitter_id)
    if member is not None and not member.is_active_person:
        return
    tell(
        tx,
        submission.submitter_id,
        f"experiment:{ended.experiment_id}:told",
        f"The experiment with your {submission.kind.label.lower()} {submission.number} is over: "
        f"{_ENDS[ended.result]}. Thank you for it. `/social experiments` tells more.",
        now,
    )


def kept_experiment(tx: Transaction, experiment_id: str, user_id: str) -> Experiment:
    """The experiment, if this person may say how it went and nobody did."""
    found = tx.experiments.get(experiment_id)
    if found is None:
        raise NotFoundError("This experiment is no more.")
    desk = tx.desk.load()
    role = desk.role(found.role_id)
    if role.role_id not in roles_to_keep(tx, desk, user_id):
        raise NotAllowedError(
            f"This experiment is kept by the {role.label}; only holders of that role and admins "
            "say how it went."
        )
    if found.result is not None:
        raise StaleError(already_said(tx, found))
    return found


def already_said(tx: Transaction, experiment: Experiment) -> str:
    """Who said how it went, as a sentence for whoever comes after."""
    newest = tx.experiments.get(experiment.experiment_id) or experiment
    who = f"<@{newest.ended_by}>" if newest.ended_by else "Somebody"
    return f"{who} has said how this experiment went already. Nothing was changed."


def _checked(given: Mapping[str, str], *, is_over: bool) -> tuple[Result, Mapping[str, str]]:
    errors: dict[str, str] = {}
    chosen = given.get(EndField.RESULT, "")
    result = Result(chosen) if chosen in tuple(Result) else None
    if result is None:
        errors[EndField.RESULT] = "Please choose how it went."
    elif result is Result.DROPPED and is_over:
        errors[EndField.RESULT] = "Its last day is over, so it has a result. Please choose that."
    missing_happened = "Why is it dropped?" if result is Result.DROPPED else "What happened?"
    said: dict[str, str] = {
        EndField.HAPPENED: _said(given, EndField.HAPPENED, errors, missing_happened)
    }
    missing = {
        EndField.CAUSE: "Why did it not work, as far as you know? A failure is worth its lesson.",
        EndField.CHANGE: "What do you do differently next time? A failure is worth its lesson.",
    }
    for name, sentence in missing.items():
        has_any = bool(given.get(name, "").strip())
        said[name] = (
            _said(given, name, errors, sentence) if has_any or result is Result.FAILED else ""
        )
    if errors or result is None:
        raise FieldError(errors)
    return result, said


def _said(given: Mapping[str, str], name: EndField, errors: dict[str, str], missing: str) -> str:
    try:
        return check_sentence(
            given.get(name, ""), field=name, missing=missing, length=LESSON_PART_LENGTH
        )
    except FieldError as error:
        errors.update(error.fields)
        return ""

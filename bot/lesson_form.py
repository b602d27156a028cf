"""The form of a lesson: written by anybody, changed or taken back by who wrote it or keeps what it
is about (P36).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.closing import LESSON_LENGTH
from bot.consent import today_of
from bot.errors import FieldError, NotAllowedError, NotFoundError
from bot.experiment import Experiment, Result
from bot.forms import check_sentence
from bot.lesson import LESSON_PART_LENGTH, Lesson, LessonSource
from bot.people import is_admin, may_triage
from bot.ports import Transaction
from bot.revision import Revised, Revision
from bot.revisions import changes_of, differing, next_version, revise
from bot.standings import roles_to_keep
from bot.steps.base import existing
from bot.submission import Submission
from bot.telling import gives_away
from bot.text import cut

KEEP, DROP = "keep", "drop"
"""The question whether a lesson stays, and the answer that takes it back."""


class LessonField(StrEnum):
    """The questions of the form; also the names under which it says what is wrong."""

    EXPECTATION = "expectation"
    HAPPENED = "happened"
    CAUSE = "cause"
    CHANGE = "change"


MISSING: Mapping[LessonField, str] = {
    LessonField.EXPECTATION: "What did you expect?",
    LessonField.HAPPENED: "What happened instead?",
    LessonField.CAUSE: "Why, as far as you know?",
    LessonField.CHANGE: "What do you, or all of us, do differently now?",
}
"""What is asked, and said where it is left open."""


def questions(lesson: Lesson | None) -> Mapping[LessonField, str]:
    """What the form asks. Of a goal's lesson only what was learned: the rest is the goal's own."""
    if lesson is not None and lesson.source is LessonSource.GOAL:
        return {LessonField.CHANGE: MISSING[LessonField.CHANGE]}
    return MISSING


def length_of(lesson: Lesson | None) -> int:
    """How long each part may be, in characters."""
    is_goals = lesson is not None and lesson.source is LessonSource.GOAL
    return LESSON_LENGTH if is_goals else LESSON_PART_LENGTH


@dataclass(frozen=True, slots=True, kw_only=True)
class AskLesson:
    """Somebody wants to write a lesson, about a submission or about none; or to change one."""

    user_id: str
    number: int | None = None
    lesson_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonForm:
    """What the form shows: the submission that the lesson is about, the lesson as it stands, None
    for a new one, after `changes` changes. `may_drop`: it may be taken back.
    """

    submission: Submission | None = None
    lesson: Lesson | None = None
    changes: int = 0
    may_drop: bool = False


def lesson_form(tx: Transaction, command: AskLesson, _now: datetime) -> LessonForm:
    """What the form shows.

    Raises NotFoundError, and NotAllowedError for who has nothing to do with it.
    """
    if command.lesson_id is not None:
        lesson = _theirs(tx, command.lesson_id, command.user_id)
        about = tx.submissions.get(lesson.number) if lesson.number is not None else None
        return LessonForm(
            submission=about,
            lesson=lesson,
            changes=len(changes_of(tx, Revised.LESSON, lesson.lesson_id)),
            may_drop=_may_drop(tx, lesson),
        )
    return LessonForm(submission=_about(tx, command.number, command.user_id))


def _about(tx: Transaction, number: int | None, user_id: str) -> Submission | None:
    if number is None:
        return None
    submission = existing(tx, number)
    desk = tx.desk.load()
    is_theirs = submission.submitter_id == user_id or may_triage(tx, desk, submission, user_id)
    if not is_theirs and not is_admin(tx, desk, user_id):
        raise NotAllowedError(
            f"A lesson about number {number} is for who handed it in or decides on it. "
            "`/social lesson` without a number writes one about anything else."
        )
    return submission


def may_change(tx: Transaction, lesson: Lesson, user_id: str) -> bool:
    """Whether somebody may change a lesson: they wrote it, keep the experiment or goal or decide on
    the submission that it is of, or are an admin.
    """
    desk = tx.desk.load()
    if lesson.actor_id == user_id or is_admin(tx, desk, user_id):
        return True
    is_goals = lesson.source is LessonSource.GOAL
    kept = tx.goals.get(lesson.lesson_id) if is_goals else _experiment_of(tx, lesson)
    if kept is not None:
        return desk.role(kept.role_id).role_id in roles_to_keep(tx, desk, user_id)
    about = tx.submissions.get(lesson.number) if lesson.number is not None else None
    return about is not None and may_triage(tx, desk, about, user_id)


def _theirs(tx: Transaction, lesson_id: str, user_id: str) -> Lesson:
    """The lesson, if this person may change it; raises NotFoundError and NotAllowedError."""
    lesson = tx.lessons.get(lesson_id)
    if lesson is None or lesson.dropped_at is not None:
        raise NotFoundError("This lesson is no more.")
    if not may_change(tx, lesson, user_id):
        raise NotAllowedError("A lesson is changed by who wrote it or keeps what it is about.")
    return lesson


def _experiment_of(tx: Transaction, lesson: Lesson) -> Experiment | None:
    if lesson.source is not LessonSource.EXPERIMENT:
        return None
    return tx.experiments.get(lesson.lesson_id)


def _may_drop(tx: Transaction, lesson: Lesson) -> bool:
    """What failed needs its lesson (P36): that of a failed experiment, or of a goal, can be put
    better, not taken away.
    """
    if lesson.source is LessonSource.GOAL:
        return False
    experiment = _experiment_of(tx, lesson)
    return experiment is None or experiment.result is not Result.FAILED


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteLesson:
    """The form came back; `form_id` is the form's own id, which makes the lesson once. `lesson_id`
    is the one that is changed, which was changed `changes` times when the form was opened.
    """

    form_id: str
    actor_id: str
    number: int | None = None
    lesson_id: str | None = None
    changes: int = 0
    given: Mapping[str, str] = field(default_factory=dict)


def write_lesson(tx: Transaction, command: WriteLesson, now: datetime) -> Lesson:
    """Keep a lesson, new or changed; the same form again changes nothing.

    Raises FieldError with a sentence per bad field, for what is personal among others, StaleError
    when somebody changed it meanwhile, and what `lesson_form` raises.
    """
    if command.lesson_id is not None:
        return _change(tx, command, command.lesson_id, now)
    submission = _about(tx, command.number, command.actor_id)
    said = _checked(command.given, _checker(tx, submission, now), None)
    lesson = Lesson(
        lesson_id=command.form_id,
        source=LessonSource.SUBMISSION if submission else LessonSource.OTHER,
        number=command.number,
        title=_title(submission, said[LessonField.EXPECTATION]),
        expectation=said[LessonField.EXPECTATION],
        happened=said[LessonField.HAPPENED],
        cause=said[LessonField.CAUSE],
        change=said[LessonField.CHANGE],
        at=now,
        actor_id=command.actor_id,
    )
    tx.lessons.add(lesson)
    return lesson


def _change(tx: Transaction, command: WriteLesson, lesson_id: str, now: datetime) -> Lesson:
    lesson = _theirs(tx, lesson_id, command.actor_id)
    stood = {name.value: str(getattr(lesson, name)) for name in LessonField}
    if command.given.get(KEEP) == DROP and _may_drop(tx, lesson):
        before: Mapping[str, str] = stood
        after = replace(lesson, dropped_at=now)
    else:
        about = tx.submissions.get(lesson.number) if lesson.number is not None else None
        said = _checked(command.given, _checker(tx, about, now), lesson)
        before = differing({name: stood[name] for name in said}, said)
        if not before:
            return lesson
        after = _with(lesson, said)
    version = next_version(tx, Revised.LESSON, lesson_id, seen=command.changes)
    revision = Revision(
        what=Revised.LESSON,
        of_id=lesson_id,
        version=version,
        at=now,
        actor_id=command.actor_id,
        before=before,
        number=lesson.number,
    )
    revise(tx, revision)
    after = replace(after, changed_at=now, changed_by=command.actor_id)
    tx.lessons.save(after)
    return after


def _with(lesson: Lesson, said: Mapping[str, str]) -> Lesson:
    """A lesson as it is said now; one that is about nothing else is called by what was expected."""
    parts: dict[str, Any] = dict(said)
    after = replace(lesson, **parts)
    is_called = lesson.source in {LessonSource.SUBMISSION, LessonSource.GOAL}
    return after if is_called else replace(after, title=cut(after.expectation, 120))


def _title(submission: Submission | None, expectation: str) -> str:
    if submission is None:
        return cut(expectation, 120)
    return f"{submission.kind.label} {submission.number}"


def _checked(
    given: Mapping[str, str], gives: Callable[[str], str], lesson: Lesson | None
) -> Mapping[str, str]:
    """All parts that are asked for; `gives` says what a text may not say."""
    errors: dict[str, str] = {}
    said: dict[str, str] = {}
    for name, missing in questions(lesson).items():
        try:
            said[name.value] = check_sentence(
                given.get(name, ""), field=name, missing=missing, length=length_of(lesson)
            )
        except FieldError as error:
            errors.update(error.fields)
            continue
        wrong = gives(said[name.value])
        if wrong:
            errors[name] = wrong
    if errors:
        raise FieldError(errors)
    return said


def _checker(tx: Transaction, submission: Submission | None, now: datetime) -> Callable[[str], str]:
    """What says of a text what it gives away of the submission that it is about."""
    if submission is None:
        return lambda _text: ""
    personal = tx.submissions.personal(submission.number)
    today = today_of(tx, tx.desk.load(), submission, now)
    return lambda text: gives_away(submission, personal, text, today)

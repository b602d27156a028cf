"""Lessons: written by hand, and found again, those of experiments and goals among them (P36)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.consent import today_of
from bot.errors import FieldError, NotAllowedError
from bot.find import words_in
from bot.forms import check_sentence
from bot.lesson import LESSON_PART_LENGTH, Lesson, LessonSource
from bot.people import is_admin, may_triage
from bot.ports import Transaction
from bot.steps.base import existing
from bot.stories import JUST_NOW
from bot.submission import Submission
from bot.telling import gives_away
from bot.text import cut, folded

LESSONS_SHOWN = 5
_GOALS = 400
"""How many lessons of goals are looked through: at a dozen goals a quarter, eight years of them."""


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


@dataclass(frozen=True, slots=True)
class AskLesson:
    """Somebody wants to write a lesson, about a submission or about none."""

    user_id: str
    number: int | None = None


def lesson_form(tx: Transaction, command: AskLesson, _now: datetime) -> Submission | None:
    """The submission that the lesson is to be about, None without one.

    Raises NotFoundError, and NotAllowedError for who has nothing to do with it.
    """
    if command.number is None:
        return None
    submission = existing(tx, command.number)
    desk, user_id = tx.desk.load(), command.user_id
    is_theirs = submission.submitter_id == user_id or may_triage(tx, desk, submission, user_id)
    if not is_theirs and not is_admin(tx, desk, user_id):
        raise NotAllowedError(
            f"A lesson about number {command.number} is for who handed it in or decides on it. "
            "`/social lesson` without a number writes one about anything else."
        )
    return submission


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteLesson:
    """The form came back; `form_id` is the form's own id, which makes the lesson once."""

    form_id: str
    actor_id: str
    number: int | None = None
    given: Mapping[str, str] = field(default_factory=dict)


def write_lesson(tx: Transaction, command: WriteLesson, now: datetime) -> Lesson:
    """Keep a lesson; the same form again changes nothing.

    Raises FieldError with a sentence per bad field, for what is personal among others, and what
    `lesson_form` raises.
    """
    submission = lesson_form(tx, AskLesson(command.actor_id, command.number), now)
    said = _checked(tx, command.given, submission, now)
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


def _title(submission: Submission | None, expectation: str) -> str:
    if submission is None:
        return cut(expectation, 120)
    return f"{submission.kind.label} {submission.number}"


def _checked(
    tx: Transaction, given: Mapping[str, str], submission: Submission | None, now: datetime
) -> Mapping[LessonField, str]:
    errors: dict[str, str] = {}
    said: dict[LessonField, str] = {}
    give_away = _checker(tx, submission, now)
    for name, missing in MISSING.items():
        try:
            said[name] = check_sentence(
                given.get(name, ""), field=name, missing=missing, length=LESSON_PART_LENGTH
            )
        except FieldError as error:
            errors.update(error.fields)
            continue
        wrong = give_away(said[name])
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


@dataclass(frozen=True, slots=True)
class FindLessons:
    """Somebody looks for lessons with all words of `text` in them, told before then; `before` None:
    the newest.
    """

    text: str = ""
    before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonsMaterial:
    """A page of lessons; `has_more`: there are older ones."""

    lessons: tuple[Lesson, ...]
    text: str = ""
    is_first: bool = True
    has_more: bool = False


def find_lessons(tx: Transaction, command: FindLessons, now: datetime) -> LessonsMaterial:
    """The next page, the newest first."""
    words, before = words_in(command.text), command.before or now + JUST_NOW
    found = [
        *tx.lessons.find(words, before=before, limit=LESSONS_SHOWN + 1),
        *(
            lesson
            for lesson in tx.lessons.of_goals(before=before, limit=_GOALS)
            if _has_all(lesson, words)
        ),
    ]
    found.sort(key=lambda lesson: (lesson.at, lesson.lesson_id), reverse=True)
    return LessonsMaterial(
        lessons=tuple(found[:LESSONS_SHOWN]),
        text=command.text,
        is_first=command.before is None,
        has_more=len(found) > LESSONS_SHOWN,
    )


def _has_all(lesson: Lesson, words: tuple[str, ...]) -> bool:
    said = folded(f"{lesson.title}\n{lesson.expectation}\n{lesson.happened}\n{lesson.change}")
    return all(word in said for word in words)

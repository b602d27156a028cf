"""Lessons: the form of one, and what `/social lessons` answers."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.lesson import Learned, Lesson, LessonSource
from bot.lesson_form import DROP, KEEP, LessonForm, length_of, questions
from bot.pages import Page
from handlers.carried import WORDS_LENGTH
from handlers.ids import Action, Callback
from handlers.learning_values import LessonMetadata, LessonValue
from handlers.views import examples, words
from handlers.views.blocks import button, context, input_block, modal, section, select
from handlers.views.decision_frame import line_input
from handlers.views.message import Block, Message, View
from handlers.views.pages import Book, Entry, paged
from handlers.views.stories import changed
from handlers.views.text import inline, lines, short_day

NONE_YET = (
    "No lesson is written down yet. What failed and was understood is worth as much as a success: "
    "`/social lesson`."
)


def lesson_form(material: LessonForm, metadata: LessonMetadata) -> View:
    """Asks for a lesson: what was expected, what happened, why, and what changes; or shows one to
    be changed.
    """
    about, lesson = material.submission, material.lesson
    length = length_of(lesson)
    keep = select(((KEEP, "Keep it"), (DROP, "Take it back")), KEEP)
    return modal(
        Callback.LESSONS_FORM,
        "A lesson",
        [
            *([section(words.heading(about))] if about else []),
            *([section(_of_goal(lesson))] if lesson and lesson.source is LessonSource.GOAL else []),
            *(
                input_block(name, asked, _text(getattr(lesson, name) if lesson else "", length))
                for name, asked in questions(lesson).items()
            ),
            *([input_block(KEEP, "Is it still to be shown?", keep)] if material.may_drop else []),
            context("Everybody finds it in `/social lessons`. No customers' names, please."),
        ],
        submit="Keep it",
        close="Cancel",
        metadata=metadata.dump(),
    )


def _of_goal(lesson: Lesson) -> str:
    stood = f"{inline(lesson.happened, 600)}, where {inline(lesson.expectation, 600)} were wanted"
    return f"*{inline(lesson.title, 120)}*\n{stood}"


def _text(initial: str, length: int) -> Block:
    element = {**line_input("", length), "multiline": True}
    return {**element, "initial_value": initial} if initial else element


def lessons(page: Page[Learned]) -> Message:
    """A page of lessons, the newest first; who may change one has a button beside it."""
    return paged(BOOK, page)


def _shown(learned: Learned, page: Page[Learned]) -> Entry:
    one = learned.lesson
    if not learned.may_change:
        return entry(one), None
    value = LessonValue(lesson=one.lesson_id, words=page.text[:WORDS_LENGTH])
    change = button(
        Action.LESSONS_CHANGE.at(one.lesson_id),
        "Change…",
        value.dump(),
        label=f"Change{'' if one.source is LessonSource.GOAL else ' or take back'}: "
        f"{inline(one.title, 40)}",
    )
    return entry(one), change


def entry(lesson: Lesson) -> str:
    """One lesson: all four parts, each said once."""
    heads = {
        LessonSource.EXPERIMENT: "An experiment",
        LessonSource.GOAL: f"Goal: {inline(lesson.title, 120)}",
        LessonSource.SUBMISSION: inline(lesson.title, 120),
        LessonSource.OTHER: "A lesson",
    }
    told = f"{short_day(lesson.at.date())} {lesson.at.year}"
    return lines(
        (
            f"*{heads[lesson.source]}* · {told}{changed(lesson.changed_at)}",
            f"*Expected:* {inline(lesson.expectation, 600)}",
            f"*Happened:* {inline(lesson.happened, 600)}",
            f"*Why:* {inline(lesson.cause, 600)}" if lesson.cause else "",
            f"*Now:* {inline(lesson.change, 600)}",
        )
    )


BOOK: Book[Learned] = Book(
    what="lesson", many="lessons", older=Action.LESSONS_MORE, none_yet=NONE_YET, show=_shown
)

EXPERIMENT = Lesson(
    lesson_id="try:12:3",
    source=LessonSource.EXPERIMENT,
    number=12,
    title="Videos bring more sign-ups",
    expectation="Videos bring <twice> as many sign-ups as pictures.",
    happened="Three sign-ups, where pictures brought five.",
    cause="Nobody watches with sound at work.",
    change="Subtitles first & a still that says it all.",
    at=datetime(2026, 12, 2, 9, 0, tzinfo=UTC),
    actor_id="U0CLEO",
)
_LATER = timedelta(days=3)
_GOAL = replace(
    EXPERIMENT,
    lesson_id="V1",
    source=LessonSource.GOAL,
    number=None,
    title="Trial sign-ups",
    expectation="40 sign-ups",
    happened="31 sign-ups",
    cause="",
    change="Testimonials bring trials.",
)
EXAMPLES: Mapping[str, Page[Learned]] = {
    "none": Page(entries=()),
    "not-found": Page(entries=(), text="<press>"),
    "page": Page(
        entries=(
            Learned(lesson=EXPERIMENT),
            Learned(lesson=_GOAL),
            Learned(lesson=replace(EXPERIMENT, source=LessonSource.SUBMISSION, title="Lead 14")),
            Learned(
                lesson=replace(
                    EXPERIMENT, source=LessonSource.OTHER, changed_at=EXPERIMENT.at + _LATER
                ),
                may_change=True,
            ),
        ),
        text="sign-ups",
        before=EXPERIMENT.at,
    ),
    "last-page": Page(entries=(Learned(lesson=_GOAL, may_change=True),), is_first=False),
}
FORMS: Mapping[str, LessonForm] = {
    "form-alone": LessonForm(),
    "form-about": LessonForm(submission=examples.LEAD),
    "form-change": LessonForm(lesson=EXPERIMENT, changes=1, may_drop=True),
    "form-failed": LessonForm(lesson=EXPERIMENT),
    "form-goal": LessonForm(lesson=_GOAL),
}

"""Lessons: the form of one, and what `/social lessons` answers."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from bot.lesson import LESSON_PART_LENGTH, Lesson, LessonSource
from bot.lessons import MISSING, LessonsMaterial
from bot.submission import Submission
from handlers.ids import Action, Callback
from handlers.learning_values import LessonMetadata
from handlers.views import examples, words
from handlers.views.blocks import context, input_block, modal, section
from handlers.views.decision_frame import line_input
from handlers.views.message import Message, View
from handlers.views.pages import Paged, paged
from handlers.views.text import inline, lines, short_day

NONE_YET = (
    "No lesson is written down yet. What failed and was understood is worth as much as a success: "
    "`/social lesson`."
)


def lesson_form(submission: Submission | None) -> View:
    """Asks for a lesson: what was expected, what happened, why, and what changes."""
    number = submission.number if submission else None
    about = [section(words.heading(submission))] if submission else []
    return modal(
        Callback.LESSONS_FORM,
        "A lesson",
        [
            *about,
            *(
                input_block(name, asked, {**line_input("…", LESSON_PART_LENGTH), "multiline": True})
                for name, asked in MISSING.items()
            ),
            context("Everybody finds it in `/social lessons`. No customers' names, please."),
        ],
        submit="Keep it",
        close="Cancel",
        metadata=LessonMetadata(number=number).dump(),
    )


def lessons(material: LessonsMaterial) -> Message:
    """A page of lessons, the newest first."""
    last = material.lessons[-1].at if material.lessons else None
    return paged(
        Paged(
            what="lesson",
            many="lessons",
            action=Action.LESSONS_MORE,
            entries=tuple(entry(one) for one in material.lessons),
            text=material.text,
            is_first=material.is_first,
            before=last if material.has_more else None,
            none_yet=NONE_YET,
        )
    )


def entry(lesson: Lesson) -> str:
    """One lesson: all four parts, each said once."""
    heads = {
        LessonSource.EXPERIMENT: "An experiment",
        LessonSource.GOAL: f"Goal: {inline(lesson.title, 120)}",
        LessonSource.SUBMISSION: inline(lesson.title, 120),
        LessonSource.OTHER: "A lesson",
    }
    return lines(
        (
            f"*{heads[lesson.source]}* · {short_day(lesson.at.date())} {lesson.at.year}",
            f"*Expected:* {inline(lesson.expectation, 600)}",
            f"*Happened:* {inline(lesson.happened, 600)}",
            f"*Why:* {inline(lesson.cause, 600)}" if lesson.cause else "",
            f"*Now:* {inline(lesson.change, 600)}",
        )
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
EXAMPLES: Mapping[str, LessonsMaterial] = {
    "none": LessonsMaterial(lessons=()),
    "not-found": LessonsMaterial(lessons=(), text="<press>"),
    "page": LessonsMaterial(
        lessons=(
            EXPERIMENT,
            _GOAL,
            replace(EXPERIMENT, source=LessonSource.SUBMISSION, title="Lead 14"),
            replace(EXPERIMENT, source=LessonSource.OTHER),
        ),
        text="sign-ups",
        has_more=True,
    ),
    "last-page": LessonsMaterial(lessons=(_GOAL,), is_first=False),
}
FORMS: Mapping[str, Submission | None] = {"form-alone": None, "form-about": examples.LEAD}

"""Lessons: written with all their parts, found by words, goals' among them (P36)."""

from typing import Any

import pytest

from bot.errors import FieldError, NotAllowedError, NotFoundError
from bot.lesson import Lesson, LessonSource
from bot.lessons import (
    LESSONS_SHOWN,
    AskLesson,
    FindLessons,
    WriteLesson,
    find_lessons,
    lesson_form,
    write_lesson,
)
from bot.lifecycle import Verb
from tests.bot.test_closing import close, over
from tests.support.core import ADA, CORA, LENA, SAM, SUE, Core

SAID = {
    "expectation": "They buy a pump.",
    "happened": "They bought elsewhere.",
    "cause": "We called after a week.",
    "change": "Call within a day.",
}


async def write(
    core: Core, by: str = SAM, form_id: str = "L1", number: int | None = None, **changes: Any
) -> Lesson:
    command = WriteLesson(form_id=form_id, actor_id=by, number=number, given={**SAID, **changes})
    return await core.do(write_lesson, command)


async def titles(core: Core, text: str = "") -> list[str]:
    found = await core.ask(find_lessons, FindLessons(text))
    return [lesson.title for lesson in found.lessons]


async def test_a_lesson_about_a_lost_lead_names_nobody(core: Core) -> None:
    lead = await core.hand_in("lead")
    lead = await core.step(lead, Verb.PASS_ON, by=LENA, to="Sales north")
    await core.step(lead, Verb.LOSE, by=LENA)
    with pytest.raises(FieldError, match="personal"):
        await write(core, by=LENA, number=lead.number, happened="Nadia Neuland said no.")
    lesson = await write(core, by=LENA, number=lead.number)
    assert (lesson.source, lesson.title) == (LessonSource.SUBMISSION, "Lead 1")
    core.clock.forward(minutes=1)
    assert await titles(core, "pump") == ["Lead 1"]
    await core.write(lambda tx: tx.erasure.drop_submission(lead.number))
    assert await titles(core) == []


async def test_all_four_parts_are_needed(core: Core) -> None:
    with pytest.raises(FieldError) as error:
        await write(core, expectation="", happened=" ", cause="...", change="x" * 501)
    assert sorted(error.value.fields) == ["cause", "change", "expectation", "happened"]
    assert core.rows("lesson") == []


async def test_anybody_writes_one_and_about_a_number_who_has_to_do_with_it(core: Core) -> None:
    idea = await core.hand_in(by=SAM)
    for person in (SAM, CORA, ADA):
        assert await core.ask(lesson_form, AskLesson(person, idea.number)) == idea
    with pytest.raises(NotAllowedError, match="number 1"):
        await write(core, by=SUE, number=idea.number)
    with pytest.raises(NotFoundError):
        await core.ask(lesson_form, AskLesson(SAM, 99))
    assert await core.ask(lesson_form, AskLesson(SUE)) is None
    assert (await write(core, by=SUE)).source is LessonSource.OTHER


async def test_the_same_form_again_writes_nothing(core: Core) -> None:
    await write(core)
    await write(core, happened="Something else.")
    assert [row["happened"] for row in core.rows("lesson")] == [SAID["happened"]]


async def test_what_a_goal_taught_is_found_among_them(core: Core) -> None:
    await over(core)
    await write(core, expectation="Ünlü expects it")
    core.clock.forward(minutes=1)
    await close(core)
    core.clock.forward(minutes=1)
    assert await titles(core) == ["Trial sign-ups", "Ünlü expects it"]
    assert await titles(core, "TESTIMONIALS come") == ["Trial sign-ups"]
    assert await titles(core, "ÜNLÜ") == ["Ünlü expects it"]
    (goal, _) = (await core.ask(find_lessons, FindLessons())).lessons
    assert (goal.source, goal.expectation, goal.happened, goal.change) == (
        LessonSource.GOAL,
        "40 sign-ups",
        "31 sign-ups",
        "Sign-ups come from testimonials.",
    )


async def test_older_ones_are_on_the_next_page(core: Core) -> None:
    for place in range(LESSONS_SHOWN + 1):
        await write(core, form_id=f"L{place}", expectation=f"It takes {place} calls.")
        core.clock.forward(minutes=1)
    first = await core.ask(find_lessons, FindLessons())
    assert (len(first.lessons), first.has_more, first.is_first) == (LESSONS_SHOWN, True, True)
    second = await core.ask(find_lessons, FindLessons(before=first.lessons[-1].at))
    assert [lesson.title for lesson in second.lessons] == ["It takes 0 calls."]
    assert (second.has_more, second.is_first) == (False, False)

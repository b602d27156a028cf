"""Lessons: written with all their parts, found by words, goals' among them (P36)."""

import json
from typing import Any

import pytest

from bot.errors import FieldError, NotAllowedError, NotFoundError, StaleError
from bot.goal_list import AskGoals, see_goals
from bot.lesson import Lesson, LessonSource
from bot.lesson_form import (
    AskLesson,
    LessonForm,
    WriteLesson,
    lesson_form,
    questions,
    write_lesson,
)
from bot.lessons import find_lessons, learned_between
from bot.lifecycle import Verb
from bot.pages import SHOWN, Look
from tests.bot.test_closing import close, over
from tests.bot.test_experiments import end, start
from tests.bot.test_stories import published
from tests.support.core import ADA, CONRAD, CORA, LENA, SAM, SUE, Core

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
    found = await core.ask(find_lessons, Look(user_id=SAM, text=text))
    return [one.lesson.title for one in found.entries]


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
        assert await core.ask(
            lesson_form, AskLesson(user_id=person, number=idea.number)
        ) == LessonForm(submission=idea)
    with pytest.raises(NotAllowedError, match="number 1"):
        await write(core, by=SUE, number=idea.number)
    with pytest.raises(NotFoundError):
        await core.ask(lesson_form, AskLesson(user_id=SAM, number=99))
    assert await core.ask(lesson_form, AskLesson(user_id=SUE)) == LessonForm()
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
    (of_goal, _) = (await core.ask(find_lessons, Look(user_id=SAM))).entries
    goal = of_goal.lesson
    assert not of_goal.may_change
    assert (goal.source, goal.expectation, goal.happened, goal.change) == (
        LessonSource.GOAL,
        "40 sign-ups",
        "31 sign-ups",
        "Sign-ups come from testimonials.",
    )


async def test_what_a_goal_taught_is_put_better_by_who_keeps_it(core: Core) -> None:
    await over(core)
    await close(core)
    core.clock.forward(days=1)
    for reader, may in ((SAM, False), (LENA, False), (CORA, True), (CONRAD, True), (ADA, True)):
        (one,) = (await core.ask(find_lessons, Look(user_id=reader, text=""))).entries
        assert one.may_change is may
    lesson_id = one.lesson.lesson_id
    with pytest.raises(NotAllowedError):
        await change(core, lesson_id, change="Mine.")
    with pytest.raises(FieldError) as error:
        await change(core, lesson_id, by=CORA, change="x" * 301)
    assert list(error.value.fields) == ["change"]
    form = await core.ask(lesson_form, AskLesson(user_id=CORA, lesson_id=lesson_id))
    assert not form.may_drop
    assert list(questions(form.lesson)) == ["change"]
    changed = await change(core, lesson_id, by=CORA, change="Ask customers first.", keep="drop")
    assert (changed.changed_by, changed.dropped_at) == (CORA, None)
    late = WriteLesson(
        form_id="F", actor_id=ADA, lesson_id=lesson_id, changes=0, given={"change": "Other."}
    )
    with pytest.raises(StaleError):
        await core.do(write_lesson, late)
    (one,) = (await core.ask(find_lessons, Look(user_id=SAM, text="customers first"))).entries
    told = one.lesson
    assert (told.title, told.expectation, told.happened, told.change, told.changed_at) == (
        "Trial sign-ups",
        "40 sign-ups",
        "31 sign-ups",
        "Ask customers first.",
        core.clock.at,
    )
    (kept,) = core.rows("revision")
    assert (kept["what"], kept["of_id"], kept["actor_id"]) == ("lesson", lesson_id, CORA)
    assert json.loads(kept["before"]) == {"change": "Sign-ups come from testimonials."}
    (ended,) = (await core.ask(see_goals, AskGoals(SAM))).ended
    assert ended.closing is not None
    assert ended.closing.lesson == "Ask customers first."


async def test_older_ones_are_on_the_next_page(core: Core) -> None:
    for place in range(SHOWN + 1):
        await write(core, form_id=f"L{place}", expectation=f"It takes {place} calls.")
        core.clock.forward(minutes=1)
    first = await core.ask(find_lessons, Look(user_id=SAM))
    assert (len(first.entries), first.is_first) == (SHOWN, True)
    assert first.before == first.entries[-1].lesson.at
    second = await core.ask(find_lessons, Look(user_id=SAM, before=first.before))
    assert [one.lesson.title for one in second.entries] == ["It takes 0 calls."]
    assert (second.before, second.is_first) == (None, False)


async def change(core: Core, lesson_id: str = "L1", by: str = SAM, **changes: Any) -> Lesson:
    form = await core.ask(lesson_form, AskLesson(user_id=by, lesson_id=lesson_id))
    command = WriteLesson(
        form_id="F",
        actor_id=by,
        lesson_id=lesson_id,
        changes=form.changes,
        given={**SAID, **changes},
    )
    return await core.do(write_lesson, command)


async def test_who_wrote_it_changes_it_and_what_it_said_is_kept(core: Core) -> None:
    await write(core)
    core.clock.forward(days=1)
    changed = await change(core, happened="They bought a pump elsewhere.")
    assert (changed.changed_by, changed.changed_at) == (SAM, core.clock.at)
    assert (await change(core, happened="They bought a pump elsewhere.")) == changed
    assert await titles(core, "pump elsewhere") == ["They buy a pump."]
    (kept,) = core.rows("revision")
    assert (kept["what"], kept["of_id"], kept["version"], kept["actor_id"]) == (
        "lesson",
        "L1",
        1,
        SAM,
    )
    assert SAID["happened"] in kept["before"]
    with pytest.raises(FieldError) as error:
        await change(core, cause=" ")
    assert list(error.value.fields) == ["cause"]


async def test_two_who_change_it_at_once_do_not_undo_each_other(core: Core) -> None:
    await write(core)
    await change(core, by=ADA, cause="The line was busy.")
    late = WriteLesson(form_id="F", actor_id=SAM, lesson_id="L1", changes=0, given=SAID)
    with pytest.raises(StaleError, match="changed this meanwhile"):
        await core.do(write_lesson, late)


async def test_others_can_not_change_it(core: Core) -> None:
    await write(core)
    with pytest.raises(NotAllowedError, match="who wrote it"):
        await change(core, by=SUE)
    with pytest.raises(NotFoundError):
        await change(core, lesson_id="L9")
    for person, may in ((SAM, True), (ADA, True), (SUE, False)):
        (one,) = (await core.ask(find_lessons, Look(user_id=person))).entries
        assert one.may_change is may


async def test_one_that_was_taken_back_is_shown_nowhere_and_kept(core: Core) -> None:
    await write(core)
    since = core.clock.at
    await change(core, keep="drop")
    assert await titles(core) == []
    core.clock.forward(minutes=1)
    now = core.clock.at
    assert await core.read(lambda tx: learned_between(tx, since, now, now)) == ()
    with pytest.raises(NotFoundError):
        await change(core)
    (kept,) = core.rows("lesson")
    assert kept["happened"] == SAID["happened"]
    assert len(core.rows("revision")) == 1


async def test_the_lesson_of_a_failed_experiment_is_put_better_and_stays(core: Core) -> None:
    await start(core)
    await end(core)
    core.clock.forward(minutes=1)
    for person in (CORA, CONRAD, ADA):
        form = await core.ask(lesson_form, AskLesson(user_id=person, lesson_id="X1"))
        assert not form.may_drop
    with pytest.raises(NotAllowedError):
        await core.ask(lesson_form, AskLesson(user_id=SAM, lesson_id="X1"))
    await change(core, "X1", by=CONRAD, keep="drop", change="Subtitles, always.")
    (one,) = (await core.ask(find_lessons, Look(user_id=SAM))).entries
    assert one.lesson.change == "Subtitles, always."


async def test_a_lesson_that_names_a_customer_goes_with_their_consent(core: Core) -> None:
    told = await published(core, "testimonial", wording="Yes.", shown="name")
    await write(core, by=ADA, number=told.number, happened="Rheinwerk asked twice.")
    core.clock.forward(minutes=1)
    assert await titles(core) == ["Testimonial 1"]
    less = {"wording": "Only without our name.", "shown": "anonymous"}
    await core.step(await core.stored(told.number), Verb.CONSENT, by=ADA, **less)
    assert await titles(core) == []
    await core.write(lambda tx: tx.erasure.drop_submission(told.number))
    assert core.rows("lesson") == []

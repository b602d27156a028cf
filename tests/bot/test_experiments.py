"""Experiments: a plan before, a verdict after, and the lesson of what failed (P36, P37)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.errors import FieldError, NotAllowedError, NotFoundError, StaleError
from bot.experiment import Experiment, Result
from bot.experiment_change import AskChange, ChangeExperiment, change_experiment, change_form
from bot.experiment_end import AskEnd, EndExperiment, end_experiment, end_form
from bot.experiment_form import NO_GOAL
from bot.experiment_list import AskExperiments, see_experiments
from bot.experiments import (
    MOST_EXPERIMENTS,
    AskExperiment,
    AskTesters,
    SetExperiment,
    ask_testers,
    experiment_form,
    set_experiment,
)
from bot.goal import Measure
from bot.lesson import LessonSource
from bot.lifecycle import State, Verb
from tests.bot.test_closing import set_one
from tests.support.core import ADA, CONRAD, CORA, SAM, SUE, Core

PLAN = {
    "hypothesis": "Videos bring twice as many sign-ups.",
    "measure": "hand",
    "measured_by": "Sign-ups that name the video",
    "launch": "Cora films, one a week.",
    "evaluation": "More than 20 in three weeks.",
    "last_day": "2026-12-10",
}
FAILED = {
    "result": "failed",
    "happened": "Three sign-ups.",
    "cause": "Nobody watches on a phone at work.",
    "change": "Subtitles first.",
}
OVER = datetime(2026, 12, 11, 12, 0, tzinfo=UTC)


async def start(core: Core, by: str = CORA, form_id: str = "X1", **changes: Any) -> Experiment:
    given = {**PLAN, "role": "content_lead", **changes}
    return await core.do(set_experiment, SetExperiment(form_id=form_id, actor_id=by, given=given))


async def end(core: Core, by: str = CORA, form_id: str = "E1", **changes: str) -> Experiment:
    command = EndExperiment(
        form_id=form_id, experiment_id="X1", actor_id=by, given={**FAILED, **changes}
    )
    return await core.do(end_experiment, command)


async def test_an_experiment_has_its_plan_and_is_set_once(core: Core) -> None:
    goal = await set_one(core)
    form = await core.ask(experiment_form, AskExperiment(CORA))
    assert form.goals == ((goal.goal_id, goal.title),)
    assert form.roles == (("content_lead", "Content lead"),)
    made = await start(core, goal=goal.goal_id)
    assert (made.measure, made.goal_id, made.days) == (Measure.HAND, goal.goal_id, 22)
    assert await start(core, hypothesis="Another one") == made
    shown = await core.ask(see_experiments, AskExperiments(SAM))
    (one,) = shown.open
    assert (one.goal, one.role, one.is_over, one.may_keep) == (
        goal.title,
        "Content lead",
        False,
        False,
    )
    assert not shown.may_set


async def test_what_is_missing_is_said_beside_its_field(core: Core) -> None:
    with pytest.raises(FieldError) as error:
        await start(
            core,
            hypothesis=" ",
            measured_by="",
            launch="",
            evaluation=":tada:",
            last_day="2026-11-18",
            goal="G99",
            role="nobody",
        )
    assert sorted(error.value.fields) == [
        "evaluation",
        "goal",
        "hypothesis",
        "last_day",
        "launch",
        "measured_by",
        "role",
    ]
    with pytest.raises(FieldError, match="more than a year"):
        await start(core, last_day="2028-01-01")
    with pytest.raises(FieldError, match="150"):
        await start(core, measured_by="x" * 151)
    with pytest.raises(FieldError, match="choose the day"):
        await start(core, last_day="")
    assert core.rows("experiment") == []


async def test_who_holds_no_role_sets_none(core: Core) -> None:
    with pytest.raises(NotAllowedError, match="Social lead"):
        await start(core, by=SAM)


async def test_no_more_run_than_somebody_can_look_after(core: Core) -> None:
    for place in range(MOST_EXPERIMENTS):
        await start(core, form_id=f"X{place}")
    with pytest.raises(FieldError, match="12 experiments"):
        await start(core, form_id="X99")


async def test_its_keepers_are_asked_once_when_it_is_over(core: Core) -> None:
    made = await start(core)
    assert made.ask_at == datetime(2026, 12, 11, 9, 0, tzinfo=UTC)
    here = (core.workspace_id, "X1")
    early = made.ask_at - timedelta(seconds=1)
    assert here not in await core.database.due_experiments(early, limit=9_999)
    assert here in await core.database.due_experiments(made.ask_at, limit=9_999)
    core.clock.at = early
    assert await core.do(ask_testers, AskTesters("X1")) is None
    core.clock.at = made.ask_at
    assert await core.do(ask_testers, AskTesters("X1")) == "asked"
    assert await core.do(ask_testers, AskTesters("X1")) is None
    assert core.effects("experiment:") == [f"experiment:X1:{CORA}", f"experiment:X1:{CONRAD}"]
    assert here not in await core.database.due_experiments(OVER, limit=9_999)


async def test_who_was_quick_is_not_asked_and_an_unheld_role_asks_the_admin(core: Core) -> None:
    await start(core)
    await end(core)
    await start(core, by=ADA, form_id="X2", role="advocacy_lead")
    core.clock.at = OVER
    assert await core.do(ask_testers, AskTesters("X1")) is None
    assert await core.do(ask_testers, AskTesters("X2")) == "asked"
    assert await core.do(ask_testers, AskTesters("gone")) is None
    assert core.effects("experiment:") == [f"experiment:X2:{ADA}"]


async def test_a_failed_one_needs_its_lesson_and_keeps_it(core: Core) -> None:
    await start(core)
    with pytest.raises(FieldError) as error:
        await end(core, cause="", change=" ")
    assert sorted(error.value.fields) == ["cause", "change"]
    with pytest.raises(FieldError) as error:
        await end(core, result="", happened="")
    assert sorted(error.value.fields) == ["happened", "result"]
    ended = await end(core)
    assert ended.result is Result.FAILED
    (lesson,) = await core.read(lambda tx: tx.lessons.find((), before=OVER, limit=9))
    assert lesson.source is LessonSource.EXPERIMENT
    assert (lesson.expectation, lesson.happened, lesson.cause, lesson.change) == (
        PLAN["hypothesis"],
        FAILED["happened"],
        FAILED["cause"],
        FAILED["change"],
    )


async def test_what_worked_needs_none_and_may_have_one(core: Core) -> None:
    await start(core)
    await end(core, result="worked", cause="", change="")
    assert core.rows("lesson") == []
    shown = await core.ask(see_experiments, AskExperiments(CORA))
    assert (shown.open, [one.experiment.result for one in shown.ended]) == ((), [Result.WORKED])


async def test_it_is_told_once_by_who_keeps_it(core: Core) -> None:
    await start(core)
    with pytest.raises(NotAllowedError, match="Content lead"):
        await core.ask(end_form, AskEnd("X1", SAM))
    first = await end(core)
    assert await end(core) == first
    with pytest.raises(StaleError, match=f"<@{CORA}> has said"):
        await end(core, by=CONRAD, form_id="E2")
    with pytest.raises(NotFoundError):
        await core.ask(end_form, AskEnd("X9", CORA))


async def test_an_idea_is_accepted_as_an_experiment_and_who_gave_it_hears_the_end(
    core: Core,
) -> None:
    idea = await core.hand_in(by=SUE)
    with pytest.raises(FieldError) as error:
        await core.step(idea, Verb.TRY)
    assert {"hypothesis", "launch", "evaluation", "last_day"} <= set(error.value.fields)
    accepted = await core.step(idea, Verb.TRY, **PLAN)
    assert (accepted.state, accepted.decided_by) == (State.ACCEPTED, CORA)
    entry = (await core.history(idea.number))[-1]
    assert entry.detail == {"note": PLAN["hypothesis"], "last_day": PLAN["last_day"]}
    (row,) = core.rows("experiment")
    assert (row["number"], row["experiment_id"]) == (idea.number, f"try:{idea.number}:{entry.seq}")
    command = EndExperiment(
        form_id="E1", experiment_id=row["experiment_id"], actor_id=CORA, given=FAILED
    )
    await core.do(end_experiment, command)
    assert core.effects("experiment:") == [f"experiment:{row['experiment_id']}:told"]


async def test_what_the_desk_measures_is_set_beside_the_days_before(core: Core) -> None:
    for _ in range(2):
        await core.hand_in()
    core.clock.forward(days=3)
    await start(core, measure="handed_in", measured_by="", last_day="2026-12-01")
    for _ in range(3):
        await core.hand_in()
    core.clock.forward(days=1)
    (one,) = (await core.ask(see_experiments, AskExperiments(CORA))).open
    assert one.before is not None
    assert one.during is not None
    assert (one.before.value, one.during.value) == (2, 3)
    core.clock.at = OVER
    await core.hand_in()
    (one,) = (await core.ask(see_experiments, AskExperiments(CORA))).open
    assert one.is_over
    assert one.during is not None
    assert one.during.value == 3


async def test_an_erased_submission_takes_its_lessons_along_and_leaves_the_experiment(
    core: Core,
) -> None:
    idea = await core.hand_in()
    await core.step(idea, Verb.TRY, **PLAN)
    experiment_id = core.rows("experiment")[0]["experiment_id"]
    command = EndExperiment(form_id="E1", experiment_id=experiment_id, actor_id=CORA, given=FAILED)
    await core.do(end_experiment, command)
    await core.write(lambda tx: tx.erasure.drop_submission(idea.number))
    assert core.rows("lesson") == []
    assert [row["number"] for row in core.rows("experiment")] == [None]


async def change(
    core: Core, by: str = CORA, changes: int | None = None, of: str = "X1", **given: Any
) -> Experiment:
    form = await core.ask(change_form, AskChange(of, by))
    command = ChangeExperiment(
        experiment_id=of,
        actor_id=by,
        changes=form.changes if changes is None else changes,
        given={**PLAN, "role": "content_lead", **given},
    )
    return await core.do(change_experiment, command)


async def test_a_changed_plan_shows_who_changed_it_when_and_what_it_was(core: Core) -> None:
    goal = await set_one(core)
    await start(core, goal=goal.goal_id)
    core.clock.forward(days=2)
    assert (await change(core, goal=goal.goal_id)).last_day.isoformat() == PLAN["last_day"]
    assert core.rows("revision") == []
    changed = await change(core, by=ADA, last_day="2026-12-17", evaluation="More than 5.")
    assert changed.ask_at == datetime(2026, 12, 18, 9, 0, tzinfo=UTC)
    (one,) = (await core.ask(see_experiments, AskExperiments(SAM))).open
    assert (one.experiment.last_day, one.experiment.goal_id) == (changed.last_day, None)
    (told,) = one.changes
    assert (told.actor_id, told.at) == (ADA, core.clock.at)
    assert told.before == {
        "last_day": "2026-12-10",
        "evaluation": PLAN["evaluation"],
        "goal": goal.title,
    }
    await change(core, last_day="2026-12-17", measure="handed_in")
    (one,) = (await core.ask(see_experiments, AskExperiments(SAM))).open
    assert [set(each.before) for each in one.changes] == [
        {"last_day", "evaluation", "goal"},
        {"evaluation", "measured"},
    ]


async def test_what_was_accepted_as_an_experiment_serves_its_changed_goal(core: Core) -> None:
    for goal_id in ("V1", "V2", "V3"):
        await set_one(core, goal_id, title=f"Goal {goal_id}")
    idea = await core.step(await core.hand_in(by=SUE), Verb.TRY, **PLAN, goal="V1")
    of = core.rows("experiment")[0]["experiment_id"]
    await change(core, of=of, goal="V2")
    assert (await core.stored(idea.number)).goal_id == "V2"
    entry = (await core.history(idea.number))[-1]
    assert (entry.verb, entry.actor_id, entry.detail) == (Verb.SERVE, CORA, {"goal": "V2"})
    await change(core, of=of, goal=NO_GOAL)
    assert (await core.stored(idea.number)).goal_id is None
    # From here on somebody said otherwise on the card.
    await core.step(await core.stored(idea.number), Verb.SERVE, goal="V3")
    await change(core, of=of, goal="V1")
    assert (await core.stored(idea.number)).goal_id == "V3"


async def test_who_may_not_decide_on_it_changes_the_experiment_alone(core: Core) -> None:
    for goal_id in ("V1", "V2"):
        await set_one(core, goal_id, title=f"Goal {goal_id}")
    idea = await core.step(await core.hand_in(by=SUE), Verb.TRY, **PLAN, goal="V1")
    of = core.rows("experiment")[0]["experiment_id"]
    changed = await change(core, by=ADA, of=of, goal="V2")
    assert changed.goal_id == "V2"
    assert (await core.stored(idea.number)).goal_id == "V1"


async def test_it_is_asked_about_when_its_changed_last_day_is_over(core: Core) -> None:
    await start(core)
    await change(core, last_day="2026-12-17")
    core.clock.at = OVER
    assert await core.do(ask_testers, AskTesters("X1")) is None
    core.clock.at = datetime(2026, 12, 18, 9, 0, tzinfo=UTC)
    assert await core.do(ask_testers, AskTesters("X1")) == "asked"


async def test_only_its_keepers_change_it_and_only_while_it_runs(core: Core) -> None:
    await start(core)
    with pytest.raises(NotAllowedError, match="Content lead"):
        await change(core, by=SAM)
    await change(core, last_day="2026-12-17")
    with pytest.raises(StaleError, match="changed this meanwhile"):
        await change(core, changes=0, last_day="2026-12-20")
    with pytest.raises(FieldError, match="more than a year"):
        await change(core, last_day="2027-12-10")
    core.clock.at = datetime(2026, 12, 18, 9, 0, tzinfo=UTC)
    with pytest.raises(StaleError, match="stays as it is"):
        await change(core, last_day="2026-12-30")
    await end(core)
    with pytest.raises(StaleError, match="has said"):
        await change(core)


async def test_it_is_dropped_with_a_reason_while_it_runs(core: Core) -> None:
    await start(core)
    with pytest.raises(FieldError) as error:
        await end(core, result="dropped", happened=" ", cause="", change="")
    assert error.value.fields == {"happened": "Why is it dropped?"}
    await end(core, result="dropped", happened="The camera broke.", cause="", change="")
    shown = await core.ask(see_experiments, AskExperiments(SAM))
    (one,) = shown.ended
    assert (one.experiment.result, one.experiment.happened) == (Result.DROPPED, "The camera broke.")
    core.clock.at = OVER
    assert await core.do(ask_testers, AskTesters("X1")) is None
    assert core.rows("lesson") == []


async def test_what_is_over_has_a_result_and_is_not_dropped(core: Core) -> None:
    await start(core)
    core.clock.at = OVER
    with pytest.raises(FieldError, match="has a result"):
        await end(core, result="dropped")

from dataclasses import replace
from datetime import timedelta

from bot.goal import (
    Confidence,
    Goal,
    Measure,
    Objective,
    Reading,
    ReadingSource,
)
from bot.lesson import Lesson
from bot.pace import Course
from bot.ports import Transaction
from tests.support.storage_examples import (
    DAY,
    NOW,
    SECOND,
    Workspace,
    make_closing,
    make_goal,
    make_revision,
)

OBJECTIVE = Objective(objective_id="O1", title="More people try it", department="Sales")
TODAY = NOW.date()


async def keep(here: Workspace, *goals: Goal) -> None:
    await here.write(lambda tx: tx.goals.add_objective(OBJECTIVE, NOW))
    for goal in goals:
        assert await here.write(lambda tx, goal=goal: tx.goals.add(goal))  # type: ignore[misc]  # mypy can't infer a lambda's default


def ending(goal_id: str, days: int) -> Goal:
    first, last = TODAY - timedelta(days=400), TODAY + timedelta(days=days)
    course = Course(baseline=1.5, target=0.25, first_day=first, last_day=last)
    return make_goal(goal_id, course=course)


async def test_a_goal_comes_back_as_it_was(here: Workspace) -> None:
    goal = make_goal(
        measure=Measure.HANDED_IN,
        kind_key="idea",
        department="Sales",
        outcome="50,000 €",
        changed_at=NOW,
        changed_by="U2",
    )
    await keep(here, goal)
    assert await here.read(lambda tx: tx.goals.get("G1")) == goal
    assert await here.read(lambda tx: tx.goals.get("G9")) is None
    assert await here.read(lambda tx: tx.goals.objectives()) == (OBJECTIVE,)


async def test_an_id_is_taken_once(here: Workspace) -> None:
    await keep(here, make_goal())
    assert not await here.write(lambda tx: tx.goals.add(make_goal(title="Another")))
    found = await here.read(lambda tx: tx.goals.get("G1"))
    assert found == make_goal()


async def test_an_objective_is_one_whatever_its_case(here: Workspace) -> None:
    await here.write(lambda tx: tx.goals.add_objective(OBJECTIVE, NOW))
    again = replace(OBJECTIVE, objective_id="O2", title="MORE people try it")
    assert await here.write(lambda tx: tx.goals.add_objective(again, NOW)) == OBJECTIVE
    everybodys = replace(again, department=None)
    assert await here.write(lambda tx: tx.goals.add_objective(everybodys, NOW)) == everybodys
    assert len(await here.read(lambda tx: tx.goals.objectives())) == 2


async def test_only_the_version_that_was_seen_is_changed(here: Workspace) -> None:
    await keep(here, make_goal())
    changed = make_goal(version=2, title="Changed")
    assert not await here.write(lambda tx: tx.goals.update(changed, expected_version=2))
    assert await here.write(lambda tx: tx.goals.update(changed, expected_version=1))
    assert await here.read(lambda tx: tx.goals.get("G1")) == changed


async def test_goals_live_until_their_last_day_is_over(here: Workspace) -> None:
    dropped = replace(ending("G5", 3), dropped_at=NOW)
    await keep(here, ending("G1", 9), ending("G2", 0), ending("G3", -1), ending("G4", -2), dropped)
    live = await here.read(lambda tx: tx.goals.live(TODAY))
    assert [goal.goal_id for goal in live] == ["G2", "G1"]
    ended = await here.read(lambda tx: tx.goals.ended(TODAY, limit=9))
    assert [goal.goal_id for goal in ended] == ["G3", "G4"]
    assert len(await here.read(lambda tx: tx.goals.ended(TODAY, limit=1))) == 1


async def test_the_newest_reading_by_a_moment(here: Workspace) -> None:
    await keep(here, make_goal("G1"), make_goal("G2"))
    for goal_id, seq, days, value in (("G1", 1, 0, 2), ("G1", 2, 1, 3.5), ("G2", 1, 2, 9)):
        reading = Reading(goal_id=goal_id, seq=seq, at=NOW + days * DAY, value=value, actor_id="U1")
        assert await here.write(lambda tx, reading=reading: tx.goals.add_reading(reading))  # type: ignore[misc]  # as above
        assert not await here.write(lambda tx, reading=reading: tx.goals.add_reading(reading))  # type: ignore[misc]  # as above

    async def values(by_days: float) -> dict[str, float]:
        moment = NOW + by_days * DAY
        found = await here.read(lambda tx: tx.goals.newest_readings(["G1", "G2", "G9"], moment))
        return {goal_id: reading.value for goal_id, reading in found.items()}

    assert await values(-1) == {}
    assert await values(0) == {"G1": 2}
    assert await values(1.5) == {"G1": 3.5}
    assert await values(2) == {"G1": 3.5, "G2": 9}
    assert await here.read(lambda tx: tx.goals.newest_readings([], NOW + SECOND)) == {}


async def test_what_is_of_the_latest_moment_counts_whenever_it_came(here: Workspace) -> None:
    await keep(here, make_goal())
    readings = [
        Reading(goal_id="G1", seq=1, at=NOW, value=1, actor_id="U1"),
        Reading(goal_id="G1", seq=2, at=NOW - DAY, value=2, actor_id="U1", entered_at=NOW),
        Reading(goal_id="G1", seq=3, at=NOW, value=3, actor_id="U1", corrects=1),
    ]
    for reading in readings:
        assert await here.write(lambda tx, reading=reading: tx.goals.add_reading(reading))  # type: ignore[misc]  # as above
    newest = await here.read(lambda tx: tx.goals.newest_readings(["G1"], NOW))
    assert newest == {"G1": readings[2]}
    assert await here.read(lambda tx: tx.goals.trail("G1", limit=2)) == tuple(readings[:0:-1])
    between = await here.read(lambda tx: tx.goals.reading_between("G1", NOW - DAY, NOW))
    assert between == readings[1]
    assert await here.read(lambda tx: tx.goals.reading_between("G1", NOW + DAY, NOW + DAY)) is None


async def test_a_reading_is_found_by_where_it_came_from(here: Workspace) -> None:
    await keep(here, make_goal())
    reading = Reading(
        goal_id="G1",
        seq=1,
        at=NOW,
        value=1.5,
        actor_id="U1",
        confidence=Confidence.DOUBTFUL,
        source=ReadingSource.FILE,
        external_id="row 7",
        entered_at=NOW + DAY,
    )
    await here.write(lambda tx: tx.goals.add_reading(reading))
    found = await here.read(lambda tx: tx.goals.reading_from(ReadingSource.FILE, "row 7"))
    assert found == reading
    other = await here.read(lambda tx: tx.goals.reading_from(ReadingSource.WEBHOOK, "row 7"))
    assert other is None


async def test_what_a_goal_taught_is_put_better(here: Workspace) -> None:
    closing = make_closing()

    def body(tx: Transaction) -> list[Lesson | None]:
        tx.goals.add_objective(Objective(objective_id="O1", title="Grow"), NOW)
        tx.goals.add(make_goal())
        tx.goals.add_closing(closing)
        before = tx.lessons.get("G1")
        assert before is not None
        tx.lessons.save(replace(before, change="Ask customers first."))
        tx.revisions.add(make_revision(of_id="G1", at=NOW + DAY, number=None))
        return [before, tx.lessons.get("G1"), *tx.lessons.of_goals(before=NOW + DAY, limit=9)]

    before, after, listed = await here.write(body)
    assert before is not None
    assert (before.change, before.changed_at) == ("Ask earlier.", None)
    assert after == listed == replace(before, change="Ask customers first.", changed_at=NOW + DAY)
    assert await here.read(lambda tx: tx.lessons.get("G2")) is None

"""Who sets goals, what is kept of them, and what readings do."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.configure import configure
from bot.desk import Department, Member
from bot.errors import FieldError, NotAllowedError, NotFoundError, StaleError
from bot.goal import Goal, Measure
from bot.goal_list import AskGoals, see_goals
from bot.goal_material import GoalsMaterial
from bot.goals import MOST_GOALS, AskForm, DropGoal, SetGoal, drop_goal, goal_form, set_goal
from bot.lifecycle import Verb
from bot.pace import Verdict
from bot.periods import instant
from bot.readings import ReadGoal, read_goal
from tests.support.core import ADA, CONRAD, CORA, GUS, LENA, LEO, SAM, Core, a_desk

FORM = {
    "title": "Trial sign-ups",
    "new_objective": "More people try it",
    "measure": "hand",
    "unit": "sign-ups",
    "target": "40",
    "serves": "Find out which press fits",
    "stage": "trust",
    "first_day": "2026-11-01",
    "last_day": "2026-12-30",
    "role": "content_lead",
}
"""Sixty days, eighteen of which are over on the day on which the tests begin."""


async def set_one(core: Core, form_id: str = "V1", by: str = CORA, **changes: str) -> Goal:
    given = {**FORM, **changes}
    return await core.do(set_goal, SetGoal(form_id=form_id, actor_id=by, given=given))


async def see(core: Core, user_id: str = CORA) -> GoalsMaterial:
    return await core.ask(see_goals, AskGoals(user_id))


async def read(core: Core, value: str | None = None, by: str = CORA, seq: int = 0) -> float:
    command = ReadGoal(goal_id="V1", actor_id=by, value=value, seq=seq)
    return (await core.do(read_goal, command)).value


async def test_a_goal_stands_on_its_objective_with_its_pace(core: Core) -> None:
    await set_one(core)
    (standing,) = (await see(core)).live
    assert standing.objective.title == "More people try it"
    assert (standing.role, standing.value, standing.expected) == ("Content lead", None, 12)
    assert standing.verdict is Verdict.UNKNOWN
    assert standing.may_keep
    await read(core, "11")
    (standing,) = (await see(core)).live
    assert (standing.value, standing.verdict) == (11, Verdict.BEHIND)


async def test_the_same_form_twice_is_one_goal(core: Core) -> None:
    first = await set_one(core)
    assert await set_one(core, title="Another title") == first
    assert len(core.rows("goal")) == len(core.rows("objective")) == 1


async def test_an_objective_is_written_once_whatever_its_case(core: Core) -> None:
    await set_one(core)
    await set_one(core, "V2", title="Demo calls", new_objective="MORE people try it")
    assert {row["objective_id"] for row in core.rows("goal")} == {"V1"}
    await set_one(core, "V3", new_objective="", objective="V1")
    assert len(core.rows("objective")) == 1


@pytest.mark.parametrize("by, may", [(CORA, True), (CONRAD, True), (ADA, True), (LENA, False)])
async def test_goals_of_a_role_are_set_by_its_holders_and_admins(
    core: Core, by: str, may: bool
) -> None:
    if may:
        await set_one(core, by=by)
        return
    with pytest.raises(FieldError) as caught:
        await set_one(core, by=by)
    assert list(caught.value.fields) == ["role"]
    assert core.rows("goal") == core.rows("objective") == []


@pytest.mark.parametrize("user_id", [SAM, GUS, LEO])
async def test_who_keeps_nothing_reads_only(core: Core, user_id: str) -> None:
    await set_one(core)
    material = await see(core, user_id)
    assert not material.may_set
    assert [one.may_keep for one in material.live] == [False]
    with pytest.raises(NotAllowedError, match="who holds a role"):
        await core.ask(goal_form, AskForm(user_id))
    with pytest.raises(NotAllowedError, match="Content lead"):
        await read(core, "3", by=user_id)


async def test_the_form_offers_the_roles_that_are_theirs(core: Core) -> None:
    assert (await core.ask(goal_form, AskForm(CORA))).roles == (("content_lead", "Content lead"),)
    assert len((await core.ask(goal_form, AskForm(ADA))).roles) == 4


async def test_readings_follow_one_another(core: Core) -> None:
    await set_one(core, baseline="5", target="40")
    assert await read(core) == 6
    assert await read(core, seq=1) == 7
    assert await read(core, "20.5") == 20.5
    assert await read(core, seq=3, by=ADA) == 21.5
    assert [row["value"] for row in core.rows("reading")] == [6, 7, 20.5, 21.5]
    assert (await see(core)).live[0].value == 21.5


async def test_one_more_on_what_somebody_else_moved_asks_again(core: Core) -> None:
    await set_one(core)
    await read(core, by=CONRAD)
    with pytest.raises(StaleError, match=f"<@{CONRAD}> entered 1 meanwhile"):
        await read(core)
    assert len(core.rows("reading")) == 1


async def test_a_goal_is_read_until_its_last_day_is_over_where_it_was_set(core: Core) -> None:
    await set_one(core, by=ADA)
    core.clock.at = datetime(2026, 12, 30, 23, 59, tzinfo=UTC)
    assert await read(core, "39") == 39
    core.clock.forward(minutes=1)
    with pytest.raises(StaleError, match=r"ended on 30 Dec 2026.*next period"):
        await read(core, "40")
    with pytest.raises(StaleError, match="ended on 30 Dec 2026"):
        await core.ask(goal_form, AskForm(CORA, "V1"))
    material = await see(core)
    assert material.live == ()
    (ended,) = material.to_close
    assert ended.verdict is Verdict.MISSED


async def test_a_goal_is_not_read_before_it_begins(core: Core) -> None:
    await set_one(core, first_day="2026-11-20")
    with pytest.raises(StaleError, match="begins on 20 Nov 2026"):
        await read(core)
    assert (await see(core)).live[0].verdict is Verdict.NOT_STARTED


async def test_what_the_desk_counts_is_not_entered(core: Core) -> None:
    await set_one(core, measure="handed_in")
    with pytest.raises(NotAllowedError, match="counts this goal itself"):
        await read(core, "3")


async def change(core: Core, version: int, by: str = CORA, **changes: str) -> Goal:
    return await core.do(
        set_goal,
        SetGoal(
            form_id="V9", actor_id=by, given={**FORM, **changes}, goal_id="V1", version=version
        ),
    )


async def test_a_goal_is_changed_once_and_says_by_whom(core: Core) -> None:
    before = await set_one(core)
    after = await change(core, 1, by=ADA, target="30")
    assert (after.goal_id, after.version, after.course.target) == ("V1", 2, 30)
    assert (after.created_by, after.created_at) == (before.created_by, before.created_at)
    with pytest.raises(StaleError, match=f"<@{ADA}> changed this goal"):
        await change(core, 1, target="20")
    assert [row["target"] for row in core.rows("goal")] == [30]


async def test_nobody_changes_what_they_do_not_keep_nor_gives_it_away(core: Core) -> None:
    await set_one(core)
    with pytest.raises(NotAllowedError):
        await change(core, 1, by=LENA, role="lead_desk")
    with pytest.raises(FieldError):
        await change(core, 1, by=CORA, role="lead_desk")


async def test_a_dropped_goal_is_gone_and_kept(core: Core) -> None:
    await set_one(core)
    with pytest.raises(NotAllowedError):
        await core.do(drop_goal, DropGoal(goal_id="V1", version=1, actor_id=LENA))
    with pytest.raises(StaleError):
        await core.do(drop_goal, DropGoal(goal_id="V1", version=2, actor_id=CORA))
    await core.do(drop_goal, DropGoal(goal_id="V1", version=1, actor_id=CORA))
    assert (await see(core)).live == ()
    with pytest.raises(NotFoundError):
        await read(core, "3")
    assert len(core.rows("goal")) == 1


async def test_there_is_an_end_to_how_many_goals_run(core: Core) -> None:
    for number in range(MOST_GOALS):
        await set_one(core, f"V{number}")
    with pytest.raises(FieldError, match="Fewer goals"):
        await set_one(core, "VX")
    core.clock.at += timedelta(days=60)
    await set_one(core, "VX", last_day="2027-03-31")


async def test_those_behind_come_first_the_furthest_on_top(core: Core) -> None:
    await set_one(core, "V1", title="On pace")
    await set_one(core, "V2", title="A little behind")
    await set_one(core, "V3", title="Far behind")
    await set_one(core, "V4", title="To come", first_day="2026-12-01")
    for goal_id, value in (("V1", "20"), ("V2", "11"), ("V3", "2")):
        await core.do(read_goal, ReadGoal(goal_id=goal_id, actor_id=CORA, value=value))
    titles = [one.goal.title for one in (await see(core)).live]
    assert titles == ["Far behind", "A little behind", "On pace", "To come"]


MEASURED: Mapping[Measure, float | None] = {
    Measure.HANDED_IN: 3,
    Measure.ACCEPTED: 1,
    Measure.PUBLISHED: 1,
    Measure.LEADS_WON: 1,
    Measure.IN_TIME: 100,
    Measure.TIME_TO_DECISION: 2,
}


async def test_the_desks_own_measures_follow_what_happens(core: Core) -> None:
    for number, measure in enumerate(MEASURED):
        baseline = "1000" if measure is Measure.TIME_TO_DECISION else ""
        kind = "" if measure in {Measure.LEADS_WON, Measure.TIME_TO_DECISION} else "idea"
        await set_one(
            core, f"V{number}", measure=measure.value, kind=kind, baseline=baseline, target="50"
        )
    idea, lead = await core.hand_in(), await core.hand_in("lead")
    for _ in range(2):
        await core.hand_in()
    core.clock.forward(hours=2)
    accepted = await core.step(idea, Verb.ACCEPT)
    await core.step(accepted, Verb.PUBLISH, link="https://example.com/1")
    passed = await core.step(lead, Verb.PASS_ON, by=LENA, to="Nina")
    await core.step(passed, Verb.WIN, by=LENA)
    core.clock.forward(minutes=1)
    found = {one.goal.measure: one.value for one in (await see(core)).live}
    assert found == MEASURED


@pytest.mark.parametrize("reader", ["Pacific/Auckland", "Pacific/Honolulu"])
@pytest.mark.parametrize("keeper", ["Pacific/Auckland", "Pacific/Honolulu"])
async def test_a_goal_runs_until_its_keepers_midnight_whoever_looks(
    core: Core, keeper: str, reader: str
) -> None:
    people = (Member(user_id=CORA, name="C", tz=keeper), Member(user_id=SAM, name="S", tz=reader))
    await core.write(lambda tx: tx.members.save(people, core.clock.at))
    await set_one(core, last_day="2026-11-20")
    await read(core, "1")
    midnight = instant(date(2026, 11, 21), time(), keeper)
    for at, is_live in ((midnight - timedelta(seconds=1), True), (midnight, False)):
        core.clock.at = at
        found = await see(core, SAM)
        home_part = await core.ask(see_goals, AskGoals(SAM))
        assert [len(one) for one in (found.live, found.ended)] == [is_live, not is_live]
        assert len(home_part.live) == is_live
        verdicts = {one.verdict for one in (*found.live, *found.ended)}
        assert verdicts == {Verdict.BEHIND if is_live else Verdict.MISSED}


async def test_of_those_that_ended_the_newest_are_shown(core: Core) -> None:
    for day in range(20, 28):
        await set_one(core, f"V{day}", title=f"Until {day}", last_day=f"2026-11-{day}")
    core.clock.at = datetime(2026, 11, 27, 12, tzinfo=UTC)
    assert len((await see(core)).to_close) == 7
    found = await see(core, SAM)
    assert [one.goal.title for one in found.live] == ["Until 27"]
    ended = {one.goal.title for one in found.ended}
    assert ended == {f"Until {day}" for day in range(22, 27)}


async def test_faster_decisions_are_fewer_hours(core: Core) -> None:
    for baseline in ("", "8", "4"):
        with pytest.raises(FieldError) as refused:
            await set_one(core, measure="time_to_decision", baseline=baseline, target="8")
        assert set(refused.value.fields) == {"target" if baseline == "8" else "baseline"}
    goal = await set_one(core, measure="time_to_decision", baseline="30", target="8")
    assert (goal.course.baseline, goal.course.target) == (30, 8)


async def test_more_in_time_is_a_larger_share(core: Core) -> None:
    for baseline in ("95", "120"):
        with pytest.raises(FieldError) as refused:
            await set_one(core, measure="in_time", baseline=baseline, target="90")
        assert set(refused.value.fields) == {"baseline"}
    await set_one(core, measure="in_time", baseline="", target="90")


async def test_a_goal_keeps_a_department_that_is_no_more(core: Core) -> None:
    """Changing its title must not make it count everybody's."""
    sales = replace(a_desk(), departments=(Department(name="Sales"),))
    await core.do(configure, sales)
    counted = {"measure": "handed_in", "department": "Sales", "target": "4"}
    goal = await set_one(core, **counted)
    await core.do(configure, a_desk())
    form = await core.ask(goal_form, AskForm(CORA, goal.goal_id))
    assert form.departments == ("Sales",)
    given = {**FORM, **counted, "new_objective": "", "objective": goal.objective_id, "title": "New"}
    command = SetGoal(form_id="F2", actor_id=CORA, given=given, goal_id="V1", version=1)
    changed = await core.do(set_goal, command)
    assert (changed.title, changed.department) == ("New", "Sales")
    with pytest.raises(FieldError):
        await set_one(core, "V2", **counted)

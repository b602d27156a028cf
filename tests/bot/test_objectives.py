"""Objectives under objectives, as healthy as their weakest goal (P18); what a goal says of
customers (P21, P22); what a goal was when it was changed.
"""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.closing import CloseGoal, close_goal
from bot.configure import configure
from bot.desk import Department
from bot.errors import FieldError
from bot.goal import Objective, Standing
from bot.goal_list import AskGoals, see_goals
from bot.goals import SetGoal, set_goal
from bot.objectives import severity, tree
from bot.pace import Course, Verdict
from bot.readings import ReadGoal, read_goal
from bot.standings import standings
from tests.bot.test_goals import set_one
from tests.support.core import CORA, Core, a_desk
from tests.support.storage_examples import make_goal

COURSE = Course(baseline=0, target=10, first_day=date(2026, 11, 1), last_day=date(2026, 11, 20))
COMPANYS = [Objective(objective_id=one, title=one) for one in ("A", "B")]
DEPARTMENTS = [
    Objective(objective_id=f"{above}{one}", title=one, department="Sales", parent_id=above)
    for above in ("A", "B")
    for one in ("1", "2")
]


def a_standing(place: int, value: float | None, objective: Objective) -> Standing:
    above = {one.objective_id: one for one in COMPANYS}.get(objective.parent_id or "")
    return Standing(
        goal=make_goal(f"G{place}", course=COURSE),
        on=date(2026, 11, 11),
        value=value,
        objective=objective,
        parent=above,
        role="Content lead",
    )


@given(
    st.lists(
        st.tuples(st.none() | st.integers(0, 12), st.sampled_from([*COMPANYS, *DEPARTMENTS])),
        max_size=12,
    )
)
def test_every_goal_stands_once_below_its_objective_which_is_as_healthy_as_the_weakest(
    found: list[tuple[int | None, Objective]],
) -> None:
    shown = [a_standing(place, *one) for place, one in enumerate(found)]
    roots = tree(shown)
    below = [goal for root in roots for goal in root.all_goals]
    assert sorted(one.goal.goal_id for one in below) == sorted(one.goal.goal_id for one in shown)
    for root in roots:
        assert root.objective.department is None
        for branch in (root, *root.children):
            assert all(severity(branch.weakest) <= severity(one) for one in branch.all_goals)
            assert all(one.objective == branch.objective for one in branch.goals)
    worst = [severity(root.weakest) for root in roots]
    assert worst == sorted(worst)


@pytest.fixture
async def with_sales(core: Core) -> Core:
    """A workspace with a department."""
    await core.do(configure, replace(a_desk(), departments=(Department(name="Sales"),)))
    return core


SALES = {"new_objective": "More trials", "objective_department": "Sales"}


async def test_a_departments_objective_hangs_on_the_companys(with_sales: Core) -> None:
    core = with_sales
    await set_one(core, new_objective="Grow")
    await set_one(core, "V2", title="Demo calls", **SALES, parent="V1")
    await core.do(read_goal, ReadGoal(goal_id="V1", actor_id=CORA, value="39"))
    await core.do(read_goal, ReadGoal(goal_id="V2", actor_id=CORA, value="1"))
    (root,) = tree((await core.ask(see_goals, AskGoals(CORA))).live)
    assert (root.objective.title, root.goals[0].verdict) == ("Grow", Verdict.ON_PACE)
    assert root.children[0].objective.title == "More trials"
    assert root.weakest.goal.title == "Demo calls"


async def test_an_objective_that_is_there_is_hung_and_taken_down_by_the_form(
    with_sales: Core,
) -> None:
    core = with_sales
    await set_one(core, new_objective="Grow")
    await set_one(core, "V2", **SALES)
    above = {"new_objective": "", "objective": "V2"}

    async def parents() -> list[str | None]:
        return [row["parent_id"] for row in core.rows("objective")]

    assert await parents() == [None, None]
    await set_one(core, "V3", **above, parent="V1")
    assert await parents() == [None, "V1"]
    await set_one(core, "V4", **above)
    assert await parents() == [None, "V1"]
    await set_one(core, "V5", **above, parent="any")
    assert await parents() == [None, None]
    await set_one(core, "V6", **SALES, parent="V1")  # the same title again
    assert await parents() == [None, "V1"]


async def test_what_is_the_companys_hangs_on_nothing(core: Core) -> None:
    await set_one(core, new_objective="Grow")
    await set_one(core, "V2", new_objective="Hire")
    with pytest.raises(FieldError) as caught:
        await set_one(core, "V3", new_objective="", objective="V1", parent="V2")
    assert list(caught.value.fields) == ["parent"]


async def test_a_goal_changed_in_the_middle_keeps_what_it_was(core: Core) -> None:
    goal = await set_one(core)
    before = core.clock.at
    core.clock.forward(days=3)
    changed = await core.do(
        set_goal,
        SetGoal(
            form_id="V9",
            actor_id=CORA,
            given={
                "title": "Sign-ups",
                "objective": "V1",
                "measure": "hand",
                "unit": "sign-ups",
                "serves": "Find out which press fits",
                "stage": "trust",
                "target": "80",
                "first_day": "2026-11-01",
                "last_day": "2026-12-30",
                "role": "content_lead",
            },
            goal_id="V1",
            version=1,
        ),
    )
    kept = await core.ask(lambda tx, _c, _n: tx.goals.versions(["V1"]), None)
    assert [(one.version, one.course.target, one.at) for one in kept] == [
        (1, 40, before),
        (2, 80, core.clock.at),
    ]

    async def target(at_days: int) -> float:
        (found,) = await core.ask(
            lambda tx, _c, _n: standings(tx, [changed], before + timedelta(days=at_days)), None
        )
        return found.goal.course.target

    assert await target(2) == goal.course.target == 40
    assert await target(3) == 80


async def test_what_was_before_anything_was_kept_stays_as_it_is_now(core: Core) -> None:
    goal = replace(await set_one(core), changed_at=core.clock.at, version=7)
    past = core.clock.at - timedelta(days=1)
    (found,) = await core.ask(lambda tx, _c, _n: standings(tx, [goal], past), None)
    assert found.goal == goal


async def test_a_goal_of_before_goes_on_without_what_was_not_asked_then(core: Core) -> None:
    goal = await set_one(core, last_day="2026-11-20")
    old = replace(goal, customer_objective=None, stage=None, version=2)
    await core.do(lambda tx, new, _now: tx.goals.update(new, expected_version=1), old)
    core.clock.forward(days=5)
    said = {"ending": "partly", "lesson": "So.", "next": "again", "target": "9"}
    command = CloseGoal(form_id="V8", goal_id="V1", actor_id=CORA, given=said)
    await core.do(close_goal, command)
    (standing,) = (await core.ask(see_goals, AskGoals(CORA))).live
    assert (standing.goal.goal_id, standing.goal.stage) == ("V8", None)

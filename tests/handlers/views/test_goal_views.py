"""What the views of goals say and offer, beyond their golden files."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digest_parts import AskPart, GoalsPart
from bot.digest_rules import Ask, AskKind
from bot.goal import Measure, Standing
from bot.goal_form import OBJECTIVE_LENGTH, OUTCOME_LENGTH, TITLE_LENGTH, UNIT_LENGTH, GoalField
from bot.goal_list import ENDED_SHOWN
from bot.goal_material import GoalsMaterial
from bot.goals import MOST_GOALS
from handlers.goal_values import GoalFormMetadata
from handlers.views import digest, digest_examples, goal_form, goal_forms, goals
from handlers.views.goal_examples import BEHIND, FALLING, ON_PACE, UNKNOWN
from handlers.views.goal_lines import number
from tests.support.block_rules import message_problems, view_problems

WORST = (
    "<!channel> <@U0ANA> ",
    "&" * 200,
    "👩‍👩‍👧‍👦" * 20,
    "\u202eשלום\u2066 <b>",
    "```*_~`",
    "x",
)
TYPED = st.sampled_from(WORST) | st.text(st.characters(exclude_categories=["Cs"]), max_size=120)


def called(standing: Standing, text: str, **more: Any) -> Standing:
    """The same goal with `text` wherever somebody types, as long as its field takes."""
    goal = replace(
        standing.goal,
        title=text[:TITLE_LENGTH],
        unit=text[:UNIT_LENGTH],
        outcome=text[:OUTCOME_LENGTH],
        department=text[:75] or None,
        **more,
    )
    objective = replace(
        standing.objective, title=text[:OBJECTIVE_LENGTH], department=text[:75] or None
    )
    return replace(standing, goal=goal, objective=objective)


@given(
    TYPED,
    st.sampled_from([BEHIND, ON_PACE, FALLING, UNKNOWN]),
)
def test_whatever_a_goal_is_called_its_list_is_what_slack_takes(
    text: str, standing: Standing
) -> None:
    material = GoalsMaterial(live=(called(standing, text),), ended=(called(standing, text),))
    assert message_problems(goals.goals(material)) == []
    assert view_problems(goals.goals_page(material, notice="Somebody was quicker.")) == []
    home = {"type": "home", "callback_id": "home.show", "blocks": goals.goals_blocks(material)}
    assert view_problems(home) == []


@given(TYPED, st.sampled_from(AskKind))
def test_whatever_a_goal_is_called_its_digest_is_what_slack_takes(text: str, kind: AskKind) -> None:
    standing = called(BEHIND, text)
    asked = Ask(kind=kind, count=3, standing=standing, role_id=text[:60])
    material = digest_examples.example(goals=GoalsPart((standing,)), ask=AskPart(asked, overdue=1))
    assert message_problems(digest.digest(material)) == []


@given(st.dictionaries(st.sampled_from(list(GoalField)), TYPED), st.sampled_from(Measure))
def test_a_form_keeps_what_was_typed_while_the_measure_changes(
    typed: Mapping[GoalField, str], measure: Measure
) -> None:
    kept: dict[str, str] = {
        **{name.value: text[:25] for name, text in typed.items()},
        "measure": measure.value,
        "baseline": "3.5",
        "target": "40",
        "first_day": "2026-10-01",
        "last_day": "2026-12-31",
    }
    material = goal_form.EXAMPLES["another"].material
    view = goal_form.goal_form(material, GoalFormMetadata(), kept)
    assert view_problems(view) == []
    assert view_problems(goal_forms.reading_form(called(BEHIND, "<x>").goal, _SEEN)) == []
    shown = {
        block["block_id"]: block["element"].get("initial_value") or ""
        for block in view["blocks"]
        if block["element"]["type"] == "plain_text_input"
    }
    assert shown == {name: kept.get(name, "") for name in shown}


_SEEN = GoalFormMetadata(goal="V1", version=1)


def test_as_many_goals_as_may_run_fit_into_a_message() -> None:
    live = tuple(
        called(BEHIND, f"{place}" * 120, goal_id=f"V{place}") for place in range(MOST_GOALS)
    )
    material = GoalsMaterial(live=live, ended=live[:ENDED_SHOWN], may_set=True)
    message = goals.goals(material, notice="Somebody was quicker.")
    assert message_problems(message) == []
    for standing in live:
        assert standing.goal.title[:20] in message.text


@pytest.mark.parametrize(
    "today, end",
    [
        ("2026-11-10", "2026-12-31"),
        ("2026-12-03", "2026-12-31"),
        ("2026-12-04", "2027-03-31"),
        ("2026-01-01", "2026-03-31"),
        ("2026-09-30", "2026-12-31"),
    ],
)
def test_a_new_goal_lasts_until_the_quarter_ends_unless_that_is_soon(today: str, end: str) -> None:
    assert goal_form.quarter_end(date.fromisoformat(today)).isoformat() == end


@pytest.mark.parametrize(
    "value, shown",
    [(0, "0"), (12, "12"), (1200, "1,200"), (12.5, "12.5"), (-3, "−3"), (0.004, "0"), (100, "100")],
)
def test_a_number_is_as_short_as_it_can_be(value: float, shown: str) -> None:
    assert number(value) == shown


@pytest.mark.parametrize(
    "changes, offers",
    [
        ({}, True),
        ({"unit": "%"}, False),
        ({"course": replace(BEHIND.goal.course, target=0.5)}, False),
        ({"course": replace(BEHIND.goal.course, baseline=50)}, False),
        ({"course": replace(BEHIND.goal.course, target=5000)}, False),
    ],
)
def test_one_more_is_offered_where_people_count_one_by_one(
    changes: Mapping[str, Any], offers: bool
) -> None:
    standing = replace(BEHIND, goal=replace(BEHIND.goal, **changes))
    shown = str(goals.goals(GoalsMaterial(live=(standing,))).blocks)
    assert ("goals.add_one" in shown) is offers
    assert "goals.read" in shown


def test_a_reading_is_of_the_day_that_it_was_for_the_keeper() -> None:
    late = datetime(2026, 11, 9, 23, 30, tzinfo=UTC)
    assert BEHIND.reading is not None
    read = replace(BEHIND, reading=replace(BEHIND.reading, at=late))
    assert "read 10 Nov" in goals.goals(GoalsMaterial(live=(read,))).text


def test_nothing_has_no_sign() -> None:
    assert [number(value) for value in (-0.0, -0.004, 0.004, -0.01)] == ["0", "0", "0", "−0.01"]

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers import ANY, check_value
from bot.errors import FieldError
from bot.goal import MEASURES, Measure, Objective
from bot.goal_form import MONEY, NEEDS_NEXT, CheckedGoal, GoalField, Known, check_goal

TODAY = date(2026, 11, 19)
KNOWN = Known(
    today=TODAY,
    objectives=(Objective(objective_id="O1", title="More people try it"),),
    departments=("Sales",),
    roles=("content_lead",),
    types=(("signup", "e-mail sign-ups"), ("trial", "trials of the press that we sell")),
)
GOOD = {
    "title": "Trial sign-ups",
    "objective": "O1",
    "measure": "hand",
    "unit": "sign-ups",
    "target": "40",
    "serves": "Find out which press fits",
    "stage": "trust",
    "first_day": "2026-10-01",
    "last_day": "2026-12-31",
    "role": "content_lead",
}


def check(**changes: str) -> CheckedGoal:
    return check_goal({**GOOD, **changes}, KNOWN, form_id="V1")


def faults(**changes: str) -> dict[str, str]:
    with pytest.raises(FieldError) as caught:
        check(**changes)
    return dict(caught.value.fields)


def test_a_good_form_becomes_a_goal() -> None:
    goal = check(outcome="about 50,000 €")
    assert (goal.title, goal.unit, goal.objective_id) == ("Trial sign-ups", "sign-ups", "O1")
    assert (goal.course.baseline, goal.course.target) == (0, 40)
    assert goal.outcome == "about 50,000 €"
    assert goal.new_objective is None


@pytest.mark.parametrize(
    "changes",
    [
        {"unit": "€"},
        {"unit": "thousand euros"},
        {"unit": "kr"},
        {"title": "Revenue from social"},
        {"title": "EUR revenue", "unit": "k"},
        {"title": "Turnover", "unit": "pounds"},
    ],
)
def test_money_is_answered_with_the_question_for_the_leading_goal(changes: dict[str, str]) -> None:
    """P20"""
    wrong = dict.fromkeys(changes, MONEY)
    assert faults(**changes) == {name: said for name, said in wrong.items() if changes[name] != "k"}
    assert "leading goal" in MONEY


def test_there_is_no_goal_without_an_objective() -> None:
    """P19"""
    assert list(faults(objective="")) == ["new_objective"]
    assert list(faults(objective="O9")) == ["objective"]


def test_a_typed_objective_wins_and_belongs_to_a_department() -> None:
    """P18"""
    goal = check(new_objective=" Service is  seen ", objective_department="Sales")
    assert goal.objective_id is None
    assert goal.new_objective == Objective(
        objective_id="V1", title="Service is seen", department="Sales"
    )
    whole = check(new_objective="Service is seen", objective_department=ANY).new_objective
    assert whole is not None
    assert whole.department is None


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"title": ""}, "title"),
        ({"title": ":tada:"}, "title"),
        ({"title": "x" * 81}, "title"),
        ({"unit": ""}, "unit"),
        ({"target": ""}, "target"),
        ({"target": "many"}, "target"),
        ({"target": "nan"}, "target"),
        ({"target": "1e300"}, "target"),
        ({"target": "0"}, "target"),
        ({"target": "12", "baseline": "12.00"}, "target"),
        ({"baseline": "x"}, "baseline"),
        ({"first_day": ""}, "first_day"),
        ({"last_day": "soon"}, "last_day"),
        ({"last_day": "2026-11-18"}, "last_day"),
        ({"first_day": "2027-01-02", "last_day": "2027-01-02"}, "last_day"),
        ({"last_day": "2030-01-01"}, "last_day"),
        ({"role": ""}, "role"),
        ({"role": "nobody"}, "role"),
        ({"measure": "guess"}, "measure"),
        ({"measure": "handed_in", "kind": "hologram"}, "kind"),
        ({"measure": "handed_in", "department": "Nowhere"}, "department"),
        ({"measure": "handed_in", "target": "-3"}, "target"),
        ({"measure": "in_time", "target": "101"}, "target"),
        ({"outcome": "x" * 81}, "outcome"),
        ({"new_objective": "New", "objective_department": "Nowhere"}, "objective_department"),
    ],
)
def test_a_bad_field_gets_one_sentence(changes: dict[str, str], field: str) -> None:
    found = faults(**changes)
    assert list(found) == [field]
    assert found[field].endswith((".", "?", "”.", "example."))


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(FieldError) as caught:
        check_goal({}, KNOWN, form_id="V1")
    assert set(caught.value.fields) == {
        "title",
        "new_objective",
        "unit",
        "target",
        "first_day",
        "last_day",
        "role",
        "serves",
        "stage",
    }


def test_what_the_desk_counts_has_its_own_unit_and_begins_with_nothing() -> None:
    goal = check(measure="handed_in", kind="lead", department="Sales", unit="€", baseline="7")
    assert (goal.unit, goal.course.baseline) == ("handed in", 0)
    assert (goal.kind_key, goal.department) == ("lead", "Sales")
    assert check(measure="handed_in", kind=ANY).kind_key is None


def test_a_level_has_a_baseline_and_no_department() -> None:
    goal = check(measure="time_to_decision", baseline="30", target="8", department="Sales")
    assert (goal.course.baseline, goal.course.target, goal.department) == (30, 8, None)


def test_every_measure_can_be_chosen() -> None:
    for measure, meaning in MEASURES.items():
        falls = measure is Measure.TIME_TO_DECISION
        goal = check(measure=measure.value, baseline="90" if falls else "", conversion="signup")
        assert goal.measure is measure
        assert (goal.unit == "sign-ups") is (meaning.unit is None)
    assert set(MEASURES) == set(Measure)


@given(st.dictionaries(st.sampled_from(list(GoalField)), st.text(max_size=40)))
def test_whatever_comes_is_a_goal_or_a_sentence_per_field(raw: dict[Any, str]) -> None:
    try:
        goal = check_goal({**GOOD, **raw}, KNOWN, form_id="V1")
    except FieldError as error:
        told = error.fields
    else:
        told = {}
        assert goal.course.target != goal.course.baseline
        assert goal.course.last_day >= TODAY
        assert (goal.objective_id is None) is (goal.new_objective is not None)
    assert set(told) <= {field.value for field in GoalField}
    assert all(told.values())


@pytest.mark.parametrize("text, value", [("12", 12), (" 1.239 ", 1.24), ("-3", -3), ("-0.001", 0)])
def test_a_reading_is_a_number(text: str, value: float) -> None:
    found = check_value(text, field="value")
    assert found == value
    assert str(found) != "-0.0"


@pytest.mark.parametrize("text", ["", "twelve", "1,5", "inf"])
def test_a_reading_that_is_none_is_answered_on_its_field(text: str) -> None:
    with pytest.raises(FieldError) as caught:
        check_value(text, field="value")
    assert list(caught.value.fields) == ["value"]


def test_a_goal_says_what_it_helps_customers_with_and_for_which_step() -> None:
    """P21"""
    goal = check(next_step="Ask for a sample")
    assert (goal.customer_objective, goal.stage) == ("Find out which press fits", "trust")
    assert goal.next_step == "Ask for a sample"
    assert list(faults(serves="", stage="")) == ["serves", "stage"]
    assert list(faults(stage="elsewhere")) == ["stage"]
    fast = check(measure="time_to_decision", baseline="60", serves="", stage="")
    assert (fast.customer_objective, fast.stage) == (None, None)


def test_to_be_known_needs_what_comes_next() -> None:
    """P22"""
    assert faults(stage="know") == {"next_step": NEEDS_NEXT}
    assert check(stage="know", next_step="Ask for a sample").next_step == "Ask for a sample"


def test_conversions_of_a_type_are_counted_in_what_they_are_called() -> None:
    goal = check(measure="conversions", conversion="signup", unit="")
    assert (goal.kind_key, goal.unit, goal.course.baseline) == ("signup", "e-mail sign-ups", 0)
    assert check(measure="conversions", conversion="trial").unit == "trials of the press that…"
    missing = {"conversion": "Please choose what is counted."}
    assert faults(measure="conversions") == missing
    assert "from the list" in faults(measure="conversions", conversion="likes")["conversion"]


def test_revenue_is_no_goal_however_it_is_counted() -> None:
    """P20"""
    assert faults(measure="conversions", conversion="revenue") == {"conversion": MONEY}

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digest_rules import OLD_READING, AskKind, ask_of, story_of
from bot.figures import Counts, PublishedItem, Waiting, WeekFigures
from bot.goal import Goal, Measure, Objective, Reading, Standing, WonLead
from bot.pace import Course, Verdict

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
QUIET = WeekFigures(week=Counts(), waiting=Waiting(by_role={}))
WEEK = replace(QUIET, week=Counts(handed_in=1))
WAITING = replace(WEEK, waiting=Waiting(by_role={"content_lead": 3, "lead_desk": 1}))
OVERDUE = replace(WAITING, waiting=replace(WAITING.waiting, overdue=2))
TOO_MUCH = replace(WEEK, waiting=Waiting(by_role={"content_lead": 12}))
ACCEPTED = replace(WEEK, to_publish={"content_lead": 1, "advocacy_lead": 4})


def standing(value: float | None, measure: Measure = Measure.HAND, **more: object) -> Standing:
    """A goal of 100 within 100 days, of which 50 are over; read yesterday."""
    goal = Goal(
        goal_id="G1",
        objective_id="O1",
        title="A goal",
        unit="sign-ups",
        course=Course(
            baseline=0, target=100, first_day=date(2026, 10, 4), last_day=date(2027, 1, 11)
        ),
        role_id="content_lead",
        tz="UTC",
        created_at=NOW - 50 * DAY,
        created_by="U1",
        measure=measure,
    )
    reading = Reading(goal_id="G1", seq=1, at=NOW - DAY, value=value or 0, actor_id="U1")
    given = Standing(
        goal=goal,
        on=NOW.date(),
        value=value,
        reading=None if value is None else reading,
        objective=Objective(objective_id="O1", title="Why"),
        role="Content lead",
    )
    return replace(given, **more)  # type: ignore[arg-type]  # one of several fields


PUBLISHED = tuple(
    PublishedItem(
        number=number,
        kind_key=kind,
        title=kind,
        submitter_id="U1",
        department=None,
        url=None,
        created_at=NOW,
        published_at=NOW,
    )
    for number, kind in ((1, "idea"), (2, "testimonial"), (3, "testimonial"))
)
WON = WonLead(number=9, submitter_id="U1", department=None, created_at=NOW, ended_at=NOW)


def test_a_won_lead_is_the_story_then_a_customers_word_then_the_first() -> None:
    assert story_of(PUBLISHED, WON) == WON
    assert story_of(PUBLISHED, None) == PUBLISHED[1]
    assert story_of(PUBLISHED[:1], None) == PUBLISHED[0]
    assert story_of((), None) is None


@pytest.mark.parametrize(
    "measure, figures, kind, count, role",
    [
        (Measure.HAND, OVERDUE, AskKind.MOVE_GOAL, 30, None),
        (Measure.HANDED_IN, OVERDUE, AskKind.HAND_IN, 30, None),
        (Measure.ACCEPTED, WEEK, AskKind.MOVE_GOAL, 30, None),
        (Measure.ACCEPTED, WAITING, AskKind.DECIDE, 3, "content_lead"),
        (Measure.IN_TIME, OVERDUE, AskKind.DECIDE, 2, None),
        (Measure.TIME_TO_DECISION, WAITING, AskKind.DECIDE, 3, "content_lead"),
        (Measure.PUBLISHED, WEEK, AskKind.MOVE_GOAL, 30, None),
        (Measure.PUBLISHED, ACCEPTED, AskKind.PUBLISH, 4, "advocacy_lead"),
        (Measure.LEADS_WON, ACCEPTED, AskKind.FOLLOW_LEADS, 30, None),
    ],
)
def test_the_ask_fits_what_the_goal_measures(
    measure: Measure, figures: WeekFigures, kind: AskKind, count: int, role: str | None
) -> None:
    behind = standing(20, measure)
    asked = ask_of((behind,), figures, NOW)
    assert asked is not None
    assert (asked.kind, asked.count, asked.role_id) == (kind, count, role)
    assert asked.standing == behind


@pytest.mark.parametrize(
    "measure, kind_key, figures, kind",
    [
        (Measure.HANDED_IN, "testimonial", WEEK, AskKind.INTRODUCE),
        (Measure.HANDED_IN, None, replace(WEEK, from_leaders=0), AskKind.CONTRIBUTE),
        (Measure.HANDED_IN, None, replace(WEEK, from_leaders=1), AskKind.HAND_IN),
        (Measure.HANDED_IN, None, WEEK, AskKind.HAND_IN),
        (Measure.ACCEPTED, None, TOO_MUCH, AskKind.CAPACITY),
        (Measure.HAND, None, TOO_MUCH, AskKind.MOVE_GOAL),
    ],
)
def test_leaders_are_asked_for_what_only_they_can_give(
    measure: Measure, kind_key: str | None, figures: WeekFigures, kind: AskKind
) -> None:
    behind = standing(20, measure)
    behind = replace(behind, goal=replace(behind.goal, kind_key=kind_key))
    asked = ask_of((behind,), figures, NOW, of_leaders=True)
    assert asked is not None
    assert asked.kind is kind
    plain = ask_of((behind,), figures, NOW)
    assert plain is not None
    assert plain.kind not in {AskKind.INTRODUCE, AskKind.CONTRIBUTE, AskKind.CAPACITY}


def test_what_is_overdue_asks_for_hours_where_it_is_too_much() -> None:
    late = replace(TOO_MUCH, waiting=replace(TOO_MUCH.waiting, overdue=3))
    asked = ask_of((), late, NOW, of_leaders=True)
    assert asked is not None
    assert (asked.kind, asked.count, asked.role_id) == (AskKind.CAPACITY, 12, "content_lead")


def test_the_goal_furthest_behind_asks() -> None:
    asked = ask_of((standing(40), standing(10), standing(45)), OVERDUE, NOW)
    assert asked is not None
    assert asked.standing == standing(10)


def test_a_goal_that_nobody_read_for_long_is_asked_about() -> None:
    fine = standing(60)
    assert fine.reading is not None
    assert ask_of((fine,), QUIET, fine.reading.at + OLD_READING) is None
    asked = ask_of((fine,), OVERDUE, fine.reading.at + OLD_READING + DAY)
    assert asked is not None
    assert (asked.kind, asked.role_id) == (AskKind.READ_GOAL, "content_lead")
    never = ask_of((standing(None),), QUIET, NOW)
    assert never is not None
    assert never.kind is AskKind.READ_GOAL


def test_what_the_desk_counts_is_never_asked_for() -> None:
    counted = standing(60, Measure.HANDED_IN, reading=None)
    assert ask_of((counted,), QUIET, NOW) is None


@pytest.mark.parametrize(
    "figures, kind",
    [
        (OVERDUE, AskKind.DECIDE),
        (ACCEPTED, AskKind.PUBLISH),
        (WAITING, AskKind.SET_GOAL),
        (WEEK, AskKind.SET_GOAL),
        (QUIET, None),
    ],
)
def test_without_a_goal_the_desks_own_work_asks_then_a_goal(
    figures: WeekFigures, kind: AskKind | None
) -> None:
    asked = ask_of((), figures, NOW)
    assert (asked.kind if asked else None) is kind


def test_whose_is_overdue_is_said_only_when_it_is_certain() -> None:
    one = replace(OVERDUE, waiting=Waiting(by_role={"lead_desk": 5}, overdue=2))
    asked = ask_of((), one, NOW)
    assert asked is not None
    assert (asked.role_id, asked.count) == ("lead_desk", 2)


@given(
    st.lists(st.tuples(st.none() | st.floats(0, 120), st.sampled_from(Measure)), max_size=5),
    st.sampled_from((QUIET, WEEK, WAITING, OVERDUE, ACCEPTED)),
)
def test_whoever_is_behind_is_asked_for_and_nobody_else(
    given_: list[tuple[float | None, Measure]], figures: WeekFigures
) -> None:
    found = [standing(value, measure) for value, measure in given_]
    asked = ask_of(found, figures, NOW)
    gaps = [one.gap for one in found if one.verdict is Verdict.BEHIND]
    if gaps:
        assert asked is not None
        assert asked.standing is not None
        assert asked.standing.gap == max(gaps)
        assert asked.count > 0
    elif asked is not None and asked.standing is not None:
        assert asked.kind is AskKind.READ_GOAL

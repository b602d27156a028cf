from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digest_rules import (
    MUCH,
    OLD_READING,
    Ask,
    AskKind,
    Subject,
    ask_of,
    story_of,
    subject_of,
)
from bot.figures import Counts, PublishedItem, Waiting, WeekFigures
from bot.goal import Goal, Measure, Objective, Reading, Standing, WonLead
from bot.idle_platform import Idle
from bot.pace import Course, Verdict

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
QUIET = WeekFigures(week=Counts(), waiting=Waiting(by_role={}))
WEEK = replace(QUIET, week=Counts(handed_in=1))
WAITING = replace(WEEK, waiting=Waiting(by_role={"content_lead": 3, "lead_desk": 1}))
OVERDUE = replace(WAITING, waiting=replace(WAITING.waiting, overdue=2))
TOO_MUCH = replace(WEEK, waiting=Waiting(by_role={"content_lead": 12}))
ACCEPTED = replace(WEEK, to_publish={"content_lead": 1, "advocacy_lead": 4})

OF_LEADERS = frozenset(
    {
        AskKind.INTRODUCE,
        AskKind.CONTRIBUTE,
        AskKind.CAPACITY,
        AskKind.SIGN,
        AskKind.DROP_PLATFORM,
    }
)
UNSIGNED = replace(WEEK, to_sign={"content_lead": 1, "advocacy_lead": 2})
BOTH = replace(ACCEPTED, to_sign=UNSIGNED.to_sign)
IDLE = Idle("tiktok", 12, 64)


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
        (Measure.PUBLISHED, UNSIGNED, AskKind.SIGN, 3, "advocacy_lead"),
        (Measure.PUBLISHED, BOTH, AskKind.PUBLISH, 4, "advocacy_lead"),
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
        (Measure.PUBLISHED, None, BOTH, AskKind.SIGN),
        (Measure.CONVERSIONS, None, WEEK, AskKind.DROP_PLATFORM),
    ],
)
def test_leaders_are_asked_for_what_only_they_can_give(
    measure: Measure, kind_key: str | None, figures: WeekFigures, kind: AskKind
) -> None:
    behind = standing(20, measure)
    behind = replace(behind, goal=replace(behind.goal, kind_key=kind_key))
    asked = ask_of((behind,), figures, NOW, of_leaders=True, idle=lambda: IDLE)
    assert asked is not None
    assert asked.kind is kind
    plain = ask_of((behind,), figures, NOW, idle=lambda: IDLE)
    assert plain is not None
    assert plain.kind not in OF_LEADERS


def test_who_is_asked_to_sign_and_to_drop_knows_how_much_it_is() -> None:
    sign = ask_of((), UNSIGNED, NOW)
    assert sign == Ask(kind=AskKind.SIGN, count=3, role_id="advocacy_lead")
    first = ask_of((), BOTH, NOW, of_leaders=True)
    assert first is not None
    assert first.kind is AskKind.SIGN, "the team publishes; who knows the customers can help here"
    fine = standing(60)
    drop = ask_of((fine,), WEEK, NOW, of_leaders=True, idle=lambda: IDLE)
    assert drop == Ask(kind=AskKind.DROP_PLATFORM, count=12, platform="tiktok", sample=64)
    assert ask_of((fine,), WEEK, NOW, idle=lambda: IDLE) is None
    assert ask_of((fine,), WEEK, NOW, of_leaders=True) is None


def test_what_somebody_said_no_to_is_not_asked_again_but_the_next_best() -> None:
    behind = standing(20, Measure.PUBLISHED)
    settled: list[Subject] = []
    asked = []
    while (
        found := ask_of((behind,), BOTH, NOW, of_leaders=True, idle=lambda: IDLE, settled=settled)
    ) is not None:
        asked.append(found.kind)
        settled.append(found.subject)
    assert asked == [AskKind.SIGN, AskKind.PUBLISH, AskKind.DROP_PLATFORM]
    assert subject_of(AskKind.SIGN, "G1", None) in settled, "whichever goal it would help"


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


def given_standings(given_: list[tuple[float | None, Measure]]) -> list[Standing]:
    """A goal each, with an id of its own."""
    found = [standing(value, measure) for value, measure in given_]
    return [
        replace(one, goal=replace(one.goal, goal_id=f"G{place}")) for place, one in enumerate(found)
    ]


GOALS = st.lists(st.tuples(st.none() | st.floats(0, 120), st.sampled_from(Measure)), max_size=5)
ROLES = st.dictionaries(st.sampled_from(("content_lead", "advocacy_lead")), st.integers(1, 40))
FIGURES = st.builds(
    WeekFigures,
    week=st.builds(Counts, handed_in=st.integers(0, 9), accepted=st.integers(0, 9)),
    waiting=st.builds(Waiting, by_role=ROLES).flatmap(
        lambda one: st.integers(0, one.total).map(lambda overdue: replace(one, overdue=overdue))
    ),
    to_publish=ROLES,
    to_sign=ROLES,
    from_leaders=st.none() | st.integers(0, 3),
)


def check_founded(asked: Ask, found: Sequence[Standing], figures: WeekFigures) -> None:
    """What it asks for is wanting, and it says how much of it."""
    match asked.kind:
        case AskKind.SIGN:
            assert asked.count == sum(figures.to_sign.values()) > 0
        case AskKind.DROP_PLATFORM:
            assert (asked.platform, asked.count, asked.sample) == ("tiktok", 12, 64)
        case AskKind.CAPACITY:
            assert asked.count == figures.waiting.total >= MUCH
        case AskKind.PUBLISH:
            assert asked.count == max(figures.to_publish.values())
        case AskKind.DECIDE:
            assert 0 < asked.count <= figures.waiting.total
        case AskKind.SET_GOAL:
            assert not found
        case _:
            assert asked.standing in found


@given(GOALS, FIGURES, st.booleans(), st.none() | st.just(IDLE))
def test_there_is_one_ask_at_a_time_each_once_and_every_one_is_founded(
    given_: list[tuple[float | None, Measure]],
    figures: WeekFigures,
    of_leaders: bool,
    idle: Idle | None,
) -> None:
    found = given_standings(given_)
    settled: list[Subject] = []
    for _ in range(40):
        asked = ask_of(
            found, figures, NOW, of_leaders=of_leaders, idle=lambda: idle, settled=settled
        )
        if asked is None:
            break
        assert asked.subject not in settled
        settled.append(asked.subject)
        assert of_leaders or asked.kind not in OF_LEADERS - {AskKind.SIGN}
        assert idle is not None or asked.kind is not AskKind.DROP_PLATFORM
        assert asked.role_id is None or asked.role_id in {"content_lead", "advocacy_lead"}
        check_founded(asked, found, figures)
    else:
        pytest.fail("it never runs out of asks")


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

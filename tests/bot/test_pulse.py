"""The pulse: asked once a quarter, answered without a name, shown when that is over (P29)."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk import Department, PulseAsks
from bot.errors import NotAllowedError, NotFoundError, StaleError
from bot.pulse import (
    LEAST,
    Pulse,
    ask_day,
    end_of,
    is_open,
    is_shown,
    mark_of,
    next_quarter,
    quarter_of,
    trend,
    with_answer,
)
from bot.pulses import AnswerPulse, AskPulse, answer_pulse, ask_pulse, plan_pulse, see_pulse, whom
from tests.support.core import CONRAD, CORA, GUIDO, LENA, LEO, SAM, SUE, Core, a_desk

Q4 = "2026-Q4"
ASKED = datetime(2026, 12, 10, 9, 0, tzinfo=UTC)
OVER = datetime(2027, 1, 2, 9, 0, tzinfo=UTC)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_quarter_has_its_days(day: date) -> None:
    quarter = quarter_of(day)
    assert quarter_of(ask_day(quarter)) == quarter
    assert quarter_of(end_of(quarter) - timedelta(days=1)) == quarter
    assert day < end_of(quarter) <= day + timedelta(days=92)
    assert quarter_of(end_of(quarter)) == next_quarter(quarter) != quarter
    assert next_quarter(quarter) > quarter


@given(st.lists(st.tuples(st.sampled_from("ABCDEFGH"), st.integers(1, 7)), max_size=30))
def test_each_counts_once_and_no_order_is_left(given_: list[tuple[str, int]]) -> None:
    pulse = Pulse(quarter=Q4)
    first: dict[str, int] = {}
    for person, value in given_:
        after = with_answer(pulse, person, value)
        assert (after is None) is (person in first)
        if after is not None:
            pulse, first[person] = after, value
    assert pulse.size == len(first)
    assert +Counter(dict(pulse.counts)) == Counter(first.values())
    backwards = Pulse(quarter=Q4)
    for person, value in reversed(list(first.items())):
        backwards = with_answer(backwards, person, value) or backwards
    assert backwards == pulse


def test_marks_can_not_be_put_beside_those_of_another_quarter() -> None:
    assert mark_of(Q4, SAM) != mark_of("2026-Q3", SAM) != mark_of("2026-Q3", SUE)
    assert SAM not in mark_of(Q4, SAM)


def test_the_trend_is_the_difference_of_averages() -> None:
    newer, older = Pulse(quarter=Q4, counts={5: 5}), Pulse(quarter="2026-Q3", counts={3: 2, 5: 2})
    assert trend((newer, older)) == 1
    assert trend((newer,)) is None


async def asked(core: Core) -> None:
    await core.do(plan_pulse, None)
    core.clock.at = ASKED
    assert await core.do(ask_pulse, AskPulse(Q4)) == "asked"


async def answer(core: Core, user_id: str, value: int, quarter: str = Q4) -> None:
    await core.do(answer_pulse, AnswerPulse(quarter=quarter, user_id=user_id, value=value))


async def test_it_is_planned_once_and_asked_once(core: Core) -> None:
    assert await core.do(plan_pulse, None) == "planned"
    assert await core.do(plan_pulse, None) is None
    assert await core.do(ask_pulse, AskPulse(Q4)) is None
    await core.hand_in(by=SUE)
    assert (core.workspace_id, Q4) in await core.database.due_pulses(ASKED, limit=99)
    await asked(core)
    assert await core.do(ask_pulse, AskPulse(Q4)) is None
    people = sorted((CORA, CONRAD, LENA, SUE))
    assert core.effects("pulse:") == [f"pulse:{Q4}:{user_id}" for user_id in people]
    assert await core.read(lambda tx: [one.quarter for one in tx.pulses.newest(limit=9)]) == [
        "2027-Q1",
        Q4,
    ]


async def test_nothing_is_planned_before_the_desk_is_set_up_or_where_nobody_is_asked(
    empty: Core,
) -> None:
    assert await empty.do(plan_pulse, None) is None
    await empty.set_up(replace(a_desk(), pulse=PulseAsks.NOBODY))
    assert await empty.do(plan_pulse, None) is None


async def test_after_its_day_the_next_quarter_is_planned(core: Core) -> None:
    core.clock.at = ASKED + timedelta(days=1)
    await core.do(plan_pulse, None)
    assert [row["quarter"] for row in core.rows("pulse")] == ["2027-Q1"]


async def test_whom_is_a_setting(core: Core) -> None:
    await core.hand_in(by=SAM)
    desk = replace(
        a_desk(),
        pulse=PulseAsks.DEPARTMENTS,
        departments=(Department(name="Sales", members=(SUE, LEO, "U0BOB", GUIDO)),),
    )
    await core.set_up(desk)
    assert await core.read(lambda tx: whom(tx, tx.desk.load(), core.clock.at)) == tuple(
        sorted((CORA, CONRAD, LENA, SUE))
    )
    await core.set_up(replace(desk, guests=(GUIDO,)))
    assert GUIDO in await core.read(lambda tx: whom(tx, tx.desk.load(), core.clock.at))


async def test_who_stopped_wanting_it_before_it_was_asked_is_asked_nothing(core: Core) -> None:
    await core.do(plan_pulse, None)
    await core.set_up(replace(a_desk(), pulse=PulseAsks.NOBODY))
    await asked(core)
    assert core.effects("pulse:") == []


async def test_an_answer_counts_once_and_leaves_nothing_beside_a_name(core: Core) -> None:
    await asked(core)
    before = {table: core.rows(table) for table in core.tables()}
    await answer(core, CORA, 6)
    changed = [table for table in core.tables() if core.rows(table) != before[table]]
    assert changed == ["pulse"]
    (row,) = [one for one in core.rows("pulse") if one["quarter"] == Q4]
    assert CORA not in str(row)
    with pytest.raises(StaleError, match="stays as it was"):
        await answer(core, CORA, 1)
    pulse = await core.read(lambda tx: tx.pulses.get(Q4))
    assert pulse is not None
    assert (pulse.size, pulse.mean) == (1, 6)


async def test_who_was_not_asked_does_not_answer(core: Core) -> None:
    await asked(core)
    with pytest.raises(NotAllowedError):
        await answer(core, SAM, 7)
    for value, quarter in ((8, Q4), (0, Q4), (4, "2020-Q1")):
        with pytest.raises(NotFoundError):
            await answer(core, CORA, value, quarter)
    core.clock.at = OVER
    with pytest.raises(StaleError, match="over"):
        await answer(core, CORA, 7)


async def test_numbers_are_shown_when_the_quarter_is_over_and_there_are_five(core: Core) -> None:
    for person in (SAM, SUE):
        await core.hand_in(by=person)
    await asked(core)
    people = [CORA, CONRAD, LENA, SUE, SAM]
    for value, person in enumerate(people[:4], start=2):
        await answer(core, person, value)
    shown = await core.ask(see_pulse, None)
    assert (shown.shown, shown.few, shown.running) == ((), (), Q4)
    core.clock.at = OVER
    shown = await core.ask(see_pulse, None)
    assert (shown.shown, shown.few, shown.running) == ((), (Q4,), None)
    core.clock.at = ASKED
    await answer(core, people[4], 6)
    core.clock.at = OVER
    (one,) = (await core.ask(see_pulse, None)).shown
    assert (one.mean, one.size, one.asked) == (4, LEAST, 5)


def test_it_is_open_until_it_is_over_everywhere() -> None:
    full = Pulse(quarter=Q4, counts={4: LEAST})
    late = datetime(2027, 1, 1, 11, 59, tzinfo=UTC)
    assert is_open(Q4, late)
    assert not is_shown(full, late)
    assert is_shown(full, late + timedelta(minutes=1))
    assert not is_shown(replace(full, counts={4: LEAST - 1}), OVER)

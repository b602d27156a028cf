"""The pulse: asked once a quarter, answered without a name, shown when that is over (P29)."""

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk import Department, PulseAsks
from bot.errors import NotAllowedError, NotFoundError, StaleError
from bot.home import AskHome, home
from bot.ports import Transaction
from bot.pulse import (
    LEAST,
    Pulse,
    ask_day,
    end_of,
    is_open,
    is_shown,
    next_quarter,
    quarter_of,
    trend,
    with_answer,
)
from bot.pulses import AnswerPulse, AskPulse, answer_pulse, ask_pulse, plan_pulse, see_pulse, whom
from bot.working_time import WorkingHours
from storage.database import Database
from storage.vault import Vault
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
        after = with_answer(pulse, (f"new {person}", f"old {person}"), value)
        assert (after is None) is (person in first)
        if after is not None:
            pulse, first[person] = after, value
    assert pulse.size == len(first)
    assert +Counter(dict(pulse.counts)) == Counter(first.values())
    backwards = Pulse(quarter=Q4)
    for person, value in reversed(list(first.items())):
        backwards = with_answer(backwards, (f"new {person}",), value) or backwards
    assert backwards == pulse


def test_who_answered_under_an_older_key_has_answered() -> None:
    pulse = with_answer(Pulse(quarter=Q4), ("old A",), 3)
    assert pulse is not None
    assert with_answer(pulse, ("new A", "old A"), 7) is None
    assert with_answer(pulse, ("new B", "old B"), 7) is not None


async def test_marks_can_not_be_put_beside_those_of_another_quarter_or_workspace(
    core: Core,
) -> None:
    elsewhere = replace(core, workspace_id="W-elsewhere")

    def marks(tx: Transaction) -> list[tuple[str, ...]]:
        asked_of = ((Q4, SAM), ("2026-Q3", SAM), (Q4, SUE))
        return [tx.pulses.marks(quarter, user_id) for quarter, user_id in asked_of]

    every = [*await core.read(marks), *await elsewhere.read(marks)]
    assert len(set(every)) == 6
    assert not any(SAM in mark for (mark, *_) in every)


def test_the_trend_is_the_difference_of_averages() -> None:
    newer, older = Pulse(quarter=Q4, counts={5: 5}), Pulse(quarter="2026-Q3", counts={3: 2, 5: 2})
    assert trend((newer, older)) == 1
    assert trend((newer,)) is None


async def asked(core: Core, *more: str) -> None:
    """Cora, Conrad and Lena are asked for their roles, the others for what they handed in."""
    for person in (SAM, SUE, *more):
        await core.hand_in(by=person)
    core.clock.at = ASKED
    assert await core.do(ask_pulse, AskPulse(Q4)) == "asked"


async def answer(core: Core, user_id: str, value: int, quarter: str = Q4) -> None:
    await core.do(answer_pulse, AnswerPulse(quarter=quarter, user_id=user_id, value=value))


async def test_it_is_planned_once_and_asked_once(core: Core) -> None:
    assert [row["quarter"] for row in core.rows("pulse")] == [Q4]
    assert await core.do(plan_pulse, None) is None
    assert await core.do(ask_pulse, AskPulse(Q4)) is None
    assert (core.workspace_id, Q4) in await core.database.due_pulses(ASKED, limit=9_999)
    await asked(core)
    assert await core.do(ask_pulse, AskPulse(Q4)) is None
    people = sorted((CORA, CONRAD, LENA, SAM, SUE))
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
    assert empty.rows("pulse") == []
    assert (await empty.ask(see_pulse, None)).is_off
    await empty.set_up(a_desk())
    assert [row["quarter"] for row in empty.rows("pulse")] == [Q4]


async def test_after_its_day_the_next_quarter_is_planned(empty: Core) -> None:
    empty.clock.at = ASKED + timedelta(days=1)
    await empty.set_up()
    assert [row["quarter"] for row in empty.rows("pulse")] == ["2027-Q1"]


async def test_it_is_asked_at_the_hours_that_hold_then(core: Core) -> None:
    early = WorkingHours(start=time(7), end=time(15), tz="Europe/Berlin")
    await core.set_up(replace(a_desk(), hours=early))
    ask_at = datetime(2026, 12, 10, 6, 0, tzinfo=UTC)
    assert (await core.ask(see_pulse, None)).next_at == ask_at
    core.clock.at = ask_at
    assert (core.workspace_id, Q4) in await core.database.due_pulses(ask_at, limit=9_999)


async def test_so_few_that_it_would_not_be_shown_are_not_asked(core: Core) -> None:
    await core.hand_in(by=SAM)
    core.clock.at = ASKED
    assert await core.do(ask_pulse, AskPulse(Q4)) == "asked"
    assert core.effects("pulse:") == []
    core.clock.at = OVER
    seen = await core.ask(see_pulse, None)
    assert (seen.unasked, seen.few, seen.shown) == ((Q4,), (), ())


async def test_it_waits_on_home_until_it_is_answered(core: Core) -> None:
    assert await core.ask(home, AskHome(CORA)) == replace(
        await core.ask(home, AskHome(CORA)), pulse=None
    )
    await asked(core)
    for person, waits in ((CORA, True), (SAM, True), (GUIDO, False)):
        assert bool((await core.ask(home, AskHome(person))).pulse) is waits
    await answer(core, CORA, 5)
    assert (await core.ask(home, AskHome(CORA))).pulse is None
    core.clock.at = OVER
    assert (await core.ask(home, AskHome(SAM))).pulse is None


async def test_the_database_does_not_tell_who_answered(core: Core) -> None:
    """With all that stands in it and the way in which marks are made: the key is not in it."""
    keyed = Database(core.url, vault=Vault(secrets=("xoxb-1",)))
    here = replace(core, database=keyed)
    await asked(here)
    await answer(here, CORA, 2)
    stored = {mark for row in core.rows("pulse") for mark in json.loads(row["answered"])}
    guessed = await core.read(lambda tx: tx.pulses.marks(Q4, CORA))
    known = await here.read(lambda tx: tx.pulses.marks(Q4, CORA))
    await keyed.close()
    assert stored == set(known)
    assert not stored & set(guessed)


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
        await answer(core, GUIDO, 7)
    for value, quarter in ((8, Q4), (0, Q4), (4, "2020-Q1")):
        with pytest.raises(NotFoundError):
            await answer(core, CORA, value, quarter)
    core.clock.at = OVER
    with pytest.raises(StaleError, match="over"):
        await answer(core, CORA, 7)


async def test_numbers_are_shown_when_the_quarter_is_over_and_there_are_five(core: Core) -> None:
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

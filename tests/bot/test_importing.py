"""What a file brings is stored once, line by line, for who may."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.columns import NAMES, Fault
from bot.conversion import types_of
from bot.errors import NotAllowedError, StaleError, UnreadableError
from bot.goals import DropGoal, drop_goal
from bot.importing import (
    AT_ONCE,
    Stored,
    StoreLines,
    found_in,
    known_to,
    parts_of,
    store_lines,
)
from bot.imports import Found
from bot.lifecycle import OPERATOR
from bot.readings import ReadGoal, read_goal
from bot.sheet import read_csv
from bot.sheet_material import Known
from tests.bot.test_goals import set_one
from tests.support.core import ADA, CORA, GUIDO, LENA, SAM, START, Core

READINGS = (
    "goal,date,value\nTrial sign-ups,2026-11-02,11\nTrial sign-ups,2026-11-03,12\n"
    "Trial sign-ups,2026-11-04,13\n"
)


async def look(core: Core, text: str = READINGS, by: str = CORA) -> Found:
    known = await core.ask(known_to, by)
    return found_in(read_csv(text.encode(), NAMES), known, core.clock.now())


async def store(core: Core, found: Found, by: str = CORA) -> Stored:
    stored = Stored()
    for part in parts_of(found, by):
        stored += await core.do(store_lines, part)
    return stored


async def test_each_line_counts_once_and_another_number_puts_it_right(core: Core) -> None:
    await set_one(core)
    found = await look(core)
    assert await store(core, found) == Stored(new=3)
    once = (START, START)
    core.clock.forward(minutes=5)
    assert await store(core, found) == Stored(before=3, earlier=once)
    assert await store(core, await look(core, READINGS.replace(",12", ",12.5"))) == Stored(
        new=1, before=2, earlier=once
    )
    values = [(row["value"], row["corrects"]) for row in core.rows("reading")]
    assert values == [(11, None), (12, None), (13, None), (12.5, 12)]


async def test_what_can_t_be_stored_any_more_keeps_no_other_line_from_it(core: Core) -> None:
    goal = await set_one(core)
    await set_one(core, "V2", title="Demo calls")
    found = await look(core, READINGS + "Demo calls,2026-11-04,1\n")
    await core.do(drop_goal, DropGoal(goal_id=goal.goal_id, version=goal.version, actor_id=CORA))
    stored = await store(core, found)
    assert (stored.new, [fault.line for fault in stored.faults]) == (1, [2, 3, 4])


@pytest.mark.parametrize("by", [SAM, GUIDO])
async def test_who_keeps_nothing_imports_nothing(core: Core, by: str) -> None:
    await set_one(core)
    if by == SAM:
        with pytest.raises(NotAllowedError, match="by who keeps goals"):
            await core.ask(known_to, by)
        with pytest.raises(NotAllowedError):
            await core.do(store_lines, StoreLines(actor_id=by))
    else:  # a guest with a role of his own
        assert [fault.line for fault in (await look(core, by=by)).faults] == [2, 3, 4]


@pytest.mark.parametrize("by, may", [(CORA, True), (ADA, True), (OPERATOR, True), (LENA, False)])
async def test_goals_are_read_for_by_who_keeps_them(core: Core, by: str, may: bool) -> None:
    await set_one(core)
    found = await look(core, by=by)
    assert bool(found.readings) is may
    stored = await store(core, await look(core), by)
    assert stored.new == (3 if may else 0)
    if not may:
        assert stored.faults[0] == Fault(2, "This goal is kept by others now.")


async def test_an_operator_s_import_is_told_to_who_was_about_to_add_one(core: Core) -> None:
    await set_one(core)
    await store(core, await look(core, by=OPERATOR), OPERATOR)
    with pytest.raises(StaleError, match="An operator entered 13 meanwhile"):
        await core.do(read_goal, ReadGoal(goal_id="V1", actor_id=CORA, seq=0))


async def test_conversions_are_stored_once(core: Core) -> None:
    found = await look(core, "type,occurred_at\nsignup,2026-11-02\nsignup,2026-11-02\n")
    assert await store(core, found) == Stored(new=2)
    core.clock.forward(minutes=5)
    assert await store(core, found) == Stored(before=2, earlier=(START, START))
    assert len(core.rows("conversion")) == 2


async def test_a_run_after_one_that_broke_off_says_when_the_first_lines_came_in(core: Core) -> None:
    found = await look(core, "type,occurred_at\n" + "signup,2026-11-02\n" * (2 * AT_ONCE + 1))
    await core.do(store_lines, parts_of(found, CORA)[0])
    second = core.clock.forward(minutes=5)
    await core.do(store_lines, parts_of(found, CORA)[1])
    core.clock.forward(days=1)
    assert await store(core, found) == Stored(new=1, before=2 * AT_ONCE, earlier=(START, second))
    assert len(core.rows("conversion")) == 2 * AT_ONCE + 1


async def test_a_file_without_lines_is_told(core: Core) -> None:
    with pytest.raises(UnreadableError, match="no lines"):
        await look(core, "type,occurred_at\n")


@given(st.integers(1, 3 * AT_ONCE))
def test_parts_hold_every_line_once(count: int) -> None:
    rows = "".join("signup,2026-11-02\n" for _ in range(count))
    known = Known(goals=(), kept=frozenset(), types=types_of(()), tz="UTC", hooks={})
    found = found_in(read_csv(f"type,occurred_at\n{rows}".encode(), NAMES), known, START)
    parts: Sequence[StoreLines] = parts_of(found, CORA)
    assert [one for part in parts for one in part.conversions] == list(found.conversions)
    assert all(0 < len(part.conversions) <= AT_ONCE for part in parts)

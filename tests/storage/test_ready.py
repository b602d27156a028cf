"""Which lanes are drained next: no workspace starves another, and looking stays quick."""

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import chain
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert, text

from bot.outbox import EffectKind, Finish, Verdict
from bot.ports import LaneRef
from storage import ready
from storage.database import Database
from storage.ready import LATER, SHARES, URGENT, ReadyLanes, in_turns
from storage.tables import lane
from tests.support.storage_examples import DAY, NOW, SECOND, Workspace, make_effect

CROWD, ALONE = "T1", "T2"
MANY = 10_000
SENT = Finish(verdict=Verdict.SENT)


def rows_of(
    workspace_id: str, count: int, *, rank: int = URGENT, after: float = 0.0
) -> list[dict[str, Any]]:
    """Lanes that are ready since the day before, one a millisecond, `after` seconds later."""
    return [
        {
            "workspace_id": workspace_id,
            "lane": f"{'C' if rank == URGENT else 'home:U'}{place:05}",
            "last_id": 1,
            "epoch": 0,
            "rank": rank,
            "ready_at": NOW - DAY + timedelta(milliseconds=place, seconds=after),
        }
        for place in range(count)
    ]


async def store(database: Database, *parts: list[dict[str, Any]]) -> None:
    """Write lanes as they are, and let the database learn how many there are."""

    def body(connection: Connection) -> None:
        connection.execute(insert(lane), list(chain(*parts)))
        connection.execute(text("ANALYZE"))

    await database._writer.run(body)


async def test_one_workspace_with_ten_thousand_lanes_does_not_hide_another(
    database: Database,
) -> None:
    await store(database, rows_of(CROWD, MANY), rows_of(ALONE, 1, after=1000))
    found = await database.ready_lanes(NOW, limit=500)
    assert len(found) == 500
    assert len(set(found)) == 500
    assert found.index(LaneRef(ALONE, "C00000")) <= 1


async def test_a_workspace_shows_what_waited_longest(database: Database) -> None:
    await store(database, rows_of(CROWD, MANY), rows_of("T3", MANY))
    found = await database.ready_lanes(NOW, limit=20)
    for workspace_id in (CROWD, "T3"):
        names = [ref.lane for ref in found if ref.workspace_id == workspace_id]
        assert names == [f"C{place:05}" for place in range(10)]


async def test_what_somebody_waits_for_goes_before_all_else(database: Database) -> None:
    await store(
        database, rows_of(CROWD, MANY, rank=LATER), rows_of(CROWD, 3, after=4000), rows_of(ALONE, 1)
    )
    found = await database.ready_lanes(NOW, limit=500)
    urgent = [ref for ref in found if ref.is_urgent]
    assert found[: len(urgent)] == tuple(urgent)
    assert {(ref.workspace_id, ref.lane) for ref in urgent} == {
        (CROWD, "C00000"),
        (CROWD, "C00001"),
        (CROWD, "C00002"),
        (ALONE, "C00000"),
    }


async def test_each_of_many_workspaces_gets_its_turn(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than one look goes through: the next goes on where it stopped."""
    monkeypatch.setattr("storage.ready.WORKSPACES", 10)
    ready._shares_of_each.cache_clear()
    try:
        others = [rows_of(f"W{number:02}", 1, after=5000) for number in range(25)]
        await store(database, rows_of(CROWD, 200), *others)
        seen: set[str] = set()
        for _ in range(3):
            found = await database.ready_lanes(NOW, limit=50)
            seen |= {ref.workspace_id for ref in found}
        assert seen == {CROWD, *(f"W{number:02}" for number in range(25))}
    finally:
        ready._shares_of_each.cache_clear()


async def test_a_lane_whose_time_has_not_come_is_left_alone(database: Database) -> None:
    await store(database, rows_of(CROWD, 5), rows_of(ALONE, 1, after=2 * 86_400))
    found = await database.ready_lanes(NOW, limit=5)
    assert {ref.workspace_id for ref in found} == {CROWD}


async def test_a_lane_is_urgent_as_long_as_somebody_waits_for_what_came_since_it_was_empty(
    here: Workspace, database: Database
) -> None:
    async def urgent() -> list[bool]:
        return [ref.is_urgent for ref in await database.ready_lanes(NOW + DAY, limit=9)]

    await here.enqueue(make_effect("digest:1", kind=EffectKind.DIGEST))
    assert await urgent() == [False]
    await here.enqueue(make_effect("card:1"))
    assert await urgent() == [True]
    await here.enqueue(make_effect("digest:2", kind=EffectKind.DIGEST))
    assert await urgent() == [True]
    for place in range(3):
        claim = await here.claimed("C1", NOW + place * 2 * SECOND)
        await here.write(
            lambda tx, claim=claim: tx.outbox.finish(claim, SENT, NOW)  # type: ignore[misc]  # mypy can't infer a lambda's default
        )
    await here.enqueue(make_effect("digest:3", kind=EffectKind.DIGEST))
    assert await urgent() == [False]


def test_turns() -> None:
    a, b, c = (LaneRef("T1", name) for name in "abc")
    later = LaneRef("T1", "home:U1", is_urgent=False)
    other, third = LaneRef("T2", "a"), LaneRef("T3", "home:U1", is_urgent=False)
    assert in_turns([later, a, b, c, a, other, third]) == (a, other, b, c, later, third)
    assert in_turns([]) == ()


@pytest.fixture
async def plans(database: Database) -> AsyncIterator[list[str]]:
    """How the database goes about what is read in this test."""
    found: list[str] = []
    explain = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN "}
    asking = False

    def note(
        connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool
    ) -> None:
        nonlocal asking
        if asking or not statement.lstrip().startswith(("SELECT", "WITH")):
            return
        asking = True
        plan = connection.exec_driver_sql(explain[connection.dialect.name] + statement, parameters)
        found.extend(str(row[-1]) for row in plan)
        asking = False

    event.listen(database._backend.reader, "before_cursor_execute", note)
    yield found
    event.remove(database._backend.reader, "before_cursor_execute", note)


async def test_no_look_goes_through_all_lanes(database: Database, plans: list[str]) -> None:
    workspaces = [rows_of(f"W{number:03}", 20) for number in range(100)]
    await store(database, rows_of(CROWD, MANY), *workspaces)
    await database.ready_lanes(NOW, limit=500)
    steps = "\n".join(plans)
    assert "ix_lane_ready" in steps
    assert steps.count("ix_lane_fair") >= sum(SHARES.values())
    assert "Seq Scan on lane" not in steps
    scanned = [step for step in plans if step.startswith("SCAN") and "busy" not in step.lower()]
    assert scanned == []


async def test_looking_again_finds_the_same(database: Database) -> None:
    """What is found is only ever written by who drains it."""
    await store(database, rows_of(CROWD, 30), rows_of(ALONE, 30))

    def look(connection: Connection) -> tuple[LaneRef, ...]:
        return ReadyLanes()(connection, NOW, 10)

    assert await database._query(look) == await database._query(look)

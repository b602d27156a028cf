"""How everything stands, in all workspaces together."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event

from bot.installation import Installation
from bot.outbox import Claim, EffectKind, Finish, Verdict
from bot.ports import Schedule, Transaction
from bot.submission import TimerKind
from storage.database import Database
from storage.pulse import Line, Pulse, feel
from tests.support.storage_examples import MINUTE, NOW, make_effect, make_submission

HOUR = timedelta(hours=1)
LEASE = timedelta(seconds=60)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    found = Database(database_url)
    yield found
    await found.close()


async def test_nothing_stands_in_an_empty_database(database: Database) -> None:
    assert await database.ask(partial(feel, now=NOW)) == Pulse(at=NOW)


def effects(tx: Transaction, _: None, now: datetime) -> None:
    tx.outbox.add(make_effect("card:1", target="C1"), NOW - 3 * MINUTE)
    tx.outbox.add(make_effect("card:2", target="C1"), NOW - MINUTE)
    tx.outbox.add(make_effect("home:1", kind=EffectKind.HOME, target="U1"), NOW - 2 * MINUTE)


async def test_effects_by_kind_and_state_of_all_workspaces(database: Database) -> None:
    for workspace_id in ("T1", "T2"):
        await database.transact(workspace_id, effects, None, NOW)

    def claim(tx: Transaction, _: None, now: datetime) -> None:
        tx.outbox.claim("C1", owner="me", now=NOW, lease=LEASE)

    await database.transact("T1", claim, None, NOW)
    found = await database.ask(partial(feel, now=NOW))
    assert found.effects == {
        ("card", "pending"): Line(3, NOW - 3 * MINUTE),
        ("card", "sending"): Line(1, NOW - 3 * MINUTE),
        ("home", "pending"): Line(2, NOW - 2 * MINUTE),
    }
    assert found.oldest("card") == 180
    assert found.oldest("digest") == 0
    assert found.leased == 1
    assert found.ready == Line(3, NOW - 3 * MINUTE)  # the leased one has its worker
    assert (await database.ask(partial(feel, now=NOW + LEASE))).leased == 0


async def test_dead_effects_and_those_of_the_last_hour(database: Database) -> None:
    def die(tx: Transaction, _: None, now: datetime) -> None:
        tx.outbox.add(make_effect(f"card:{now}", target="C1"), NOW - 3 * HOUR)
        claim = tx.outbox.claim("C1", owner="me", now=now, lease=LEASE)
        assert isinstance(claim, Claim)
        tx.outbox.finish(claim, Finish(verdict=Verdict.DEAD, error="is_archived"), now)

    for ago in (2 * HOUR, 30 * MINUTE):
        await database.transact("T1", die, None, NOW - ago)
    found = await database.ask(partial(feel, now=NOW))
    assert (found.set_aside, found.set_aside_lately) == (2, 1)
    assert found.effects == {}


async def test_what_is_due_and_what_is_overdue(database: Database) -> None:
    def fill(tx: Transaction, _: None, now: datetime) -> None:
        tx.schedules.save(
            Schedule(subscription_id="late", next_date="2026-11-16", next_at=NOW - 20 * MINUTE)
        )
        tx.schedules.save(
            Schedule(subscription_id="soon", next_date="2026-11-23", next_at=NOW + MINUTE)
        )
        of = make_submission(1)
        rows = (
            replace(of, due_at=NOW - HOUR),
            replace(of, number=2, due_at=NOW + HOUR),
            replace(of, number=3, due_at=NOW - HOUR, paused_at=NOW - 2 * HOUR),
            replace(of, number=4, due_at=NOW - HOUR, decided_at=NOW - MINUTE),
            replace(
                of,
                number=5,
                due_at=NOW - 2 * HOUR,
                timer=TimerKind.ESCALATE,
                timer_at=NOW - 2 * MINUTE,
            ),
        )
        for row in rows:
            tx.submissions.add(row, source_key=f"V{row.number}", origin_key=None, personal={})

    await database.transact("T1", fill, None, NOW)
    found = await database.ask(partial(feel, now=NOW))
    assert found.digests == Line(1, NOW - 20 * MINUTE)
    assert found.digests.age(NOW) == 1200
    assert found.timers == Line(1, NOW - 2 * MINUTE)
    assert found.overdue == Line(2, NOW - 2 * HOUR)


async def test_what_waits_where_the_app_was_removed_is_not_late(database: Database) -> None:
    for workspace_id in ("T1", "T2"):
        await database.transact(workspace_id, effects, None, NOW)

    def park(tx: Transaction, _: None, now: datetime) -> None:
        here = Installation(workspace_id="T2", bot_id="B1", bot_user_id="U1", installed_at=NOW)
        tx.installations.save(here.parked(now, HOUR), now)

    await database.transact("T2", park, None, NOW)
    found = await database.ask(partial(feel, now=NOW))
    assert found.effects["card", "pending"] == Line(2, NOW - 3 * MINUTE)
    assert found.ready.count == 2


async def test_no_look_goes_through_what_is_done(sqlite_url: str) -> None:
    """A long past costs nothing: SQLite answers each question from an index of what is open."""
    database = Database(sqlite_url)
    asked: list[tuple[str, Any]] = []
    event.listen(
        database._backend.reader,
        "before_cursor_execute",
        lambda _c, _cursor, statement, values, *_: asked.append((statement, values)),
    )
    await database.ask(partial(feel, now=NOW))
    with database._backend.reader.connect() as connection:
        for statement, values in asked:
            if "alembic" in statement or not statement.startswith("SELECT"):
                continue
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
            for row in plan:
                step = str(row[-1])
                if step.startswith(("SCAN", "SEARCH")) and " installation" not in step:
                    assert " INDEX ix_" in step, (statement, step)
    assert len(asked) >= 6
    await database.close()

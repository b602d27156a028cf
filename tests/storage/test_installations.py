"""Where the app is installed: tokens sealed, work parked, everything erased in the end."""

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Connection, NullPool, Table, create_engine, insert, select

from bot.desk import Member
from bot.installation import Installation, Tokens
from bot.installing import (
    Grant,
    Leave,
    Refreshed,
    claim_reading,
    claim_refresh,
    erase_some,
    grant,
    install,
    installed,
    keep_refreshed,
    leave,
)
from bot.ports import LaneRef, Schedule
from storage import installed as places
from storage.database import Database
from storage.sealing import SEALED
from storage.tables import metadata
from storage.tables.columns import UtcDateTime
from storage.vault import SealedError, Vault
from tests.support.storage_examples import DAY, MINUTE, NOW, Workspace, make_effect, make_submission

DAYS_30 = timedelta(days=30)
TOKENS = Tokens(access="xoxe.xoxb-1-abc", refresh="xoxe-1-def", expires_at=NOW + 12 * 60 * MINUTE)
HERE = Installation(
    workspace_id="T1",
    name="Northwind",
    url="https://northwind.slack.com/",
    bot_id="B1",
    bot_user_id="UBOT",
    scopes="chat:write",
    installer_id="U1",
    tokens=TOKENS,
    installed_at=NOW,
)
LEFT = Leave(at=NOW + MINUTE, promised=DAYS_30)
LATER = NOW + 2 * MINUTE


async def run(database: Database, use_case: Any, command: Any, now: datetime = NOW) -> Any:
    return await database.transact("T1", use_case, command, now)


async def test_it_comes_back_as_it_was_stored(database: Database) -> None:
    stored = await run(database, install, HERE)
    assert stored == replace(HERE, version=1)
    assert await database.read("T1", installed, None, NOW) == stored
    assert await database.read("T2", installed, None, NOW) is None
    assert (await run(database, install, HERE)).version == 2


async def test_no_token_is_shown_when_it_is_printed() -> None:
    assert "xox" not in repr(HERE)
    assert "xox" not in repr(Refreshed(1, TOKENS))


async def test_tokens_are_sealed_and_older_keys_still_read(database_url: str) -> None:
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    first = Database(database_url, vault=Vault([old]))
    await run(first, install, HERE)
    stored = await first.ask(lambda c: c.execute(select(metadata.tables["installation"])).all())
    await first.close()
    assert "xox" not in str(stored)
    both = Database(database_url, vault=Vault([new, old]))
    found = await both.read("T1", installed, None, NOW)
    await both.close()
    assert found is not None
    assert found.tokens == TOKENS
    other = Database(database_url, vault=Vault([new]))
    with pytest.raises(SealedError):
        await other.read("T1", installed, None, NOW)
    await other.close()


def test_new_keys_reach_the_tokens() -> None:
    sealed = {(one.table.name, one.name) for one in SEALED}
    assert sealed >= {("installation", "bot_token"), ("installation", "refresh_token")}


async def test_one_of_many_exchanges_the_token(database: Database) -> None:
    await run(database, install, HERE)
    got = await asyncio.gather(*(run(database, claim_refresh, 1) for _ in range(8)))
    assert sorted(got) == [False] * 7 + [True]
    assert await run(database, claim_refresh, 1, NOW + MINUTE), "whoever claimed it died"
    fresh = Tokens(access="xoxe.xoxb-2", refresh="xoxe-2", expires_at=NOW + DAY)
    kept = await run(database, keep_refreshed, Refreshed(1, fresh))
    assert (kept.tokens, kept.version) == (fresh, 2)
    assert not await run(database, claim_refresh, 1, NOW + DAY), "it was exchanged already"
    late = await run(database, keep_refreshed, Refreshed(1, TOKENS))
    assert late == kept, "an answer that comes late changes nothing"


async def test_one_of_many_reads_a_workspace(database: Database) -> None:
    await run(database, install, HERE)
    assert await database.ask(partial(places.to_read, before=NOW, limit=9)) == ("T1",)
    got = await asyncio.gather(*(run(database, claim_reading, NOW - DAY) for _ in range(5)))
    assert sorted(got) == [False] * 4 + [True]
    assert await database.ask(partial(places.to_read, before=NOW, limit=9)) == ()


async def fill(workspace: Workspace) -> None:
    """Something due of each sort."""
    await workspace.add(make_submission(1, timer_at=NOW))
    await workspace.enqueue(make_effect("card:1"))
    await workspace.write(
        lambda tx: tx.schedules.save(
            Schedule(subscription_id="s1", next_date="2026-11-02", next_at=NOW)
        )
    )
    await workspace.write(lambda tx: tx.members.save([Member(user_id="U7", name="Ann")], NOW))
    await workspace.write(lambda tx: tx.members.set_away("U7", NOW, None))


async def due(database: Database) -> list[Any]:
    return [
        {ref.workspace_id for ref in await database.ready_lanes(LATER, limit=9)},
        {one[0] for one in await database.due_schedules(LATER, limit=9)},
        {one[0] for one in await database.due_timers(LATER, limit=9)},
        {one[0] for one in await database.due_returns(LATER, limit=9)},
    ]


async def test_where_the_app_was_taken_out_nothing_is_tried_until_it_comes_back(
    here: Workspace, elsewhere: Workspace, database: Database
) -> None:
    for one in (here, elsewhere):
        await fill(one)
        await database.transact(
            one.workspace_id, install, replace(HERE, workspace_id=one.workspace_id), NOW
        )
    assert await due(database) == [{"T1", "T2"}] * 4
    assert await run(database, leave, LEFT)
    assert await due(database) == [{"T2"}] * 4
    parked = await database.read("T1", installed, None, NOW)
    assert parked is not None
    assert (parked.tokens, parked.erase_at) == (None, NOW + DAYS_30)
    await run(database, install, replace(HERE, installed_at=LATER), LATER)
    assert await due(database) == [{"T1", "T2"}] * 4
    assert isinstance((await database.ready_lanes(LATER, limit=9))[0], LaneRef)


async def test_nothing_is_due_next_where_the_app_was_taken_out(
    here: Workspace, database: Database
) -> None:
    await fill(here)
    await run(database, install, HERE)
    assert await database.next_due() == NOW
    await run(database, leave, LEFT)
    assert await database.next_due() is None


@pytest.mark.parametrize(
    "event, is_it",
    [
        (LEFT, True),
        (replace(LEFT, revoked=frozenset({"UBOT"})), True),
        (replace(LEFT, revoked=frozenset({"U1"})), False),
        (replace(LEFT, at=NOW - MINUTE), False),
        (replace(LEFT, org_id="E1"), False),
    ],
    ids=["uninstalled", "bot revoked", "a person revoked", "before it came back", "org left"],
)
async def test_which_events_take_the_app_out(
    database: Database, event: Leave, *, is_it: bool
) -> None:
    await run(database, install, HERE)
    assert await run(database, leave, event) is is_it
    assert not await run(database, leave, event), "once is enough"


async def test_the_first_event_sets_the_day(database: Database) -> None:
    await run(database, install, HERE)
    await run(database, leave, LEFT, NOW)
    await run(database, leave, replace(LEFT, revoked=frozenset({"UBOT"})), NOW + DAY)
    found = await database.read("T1", installed, None, NOW)
    assert found is not None
    assert found.erase_at == NOW + DAYS_30
    assert await database.ask(partial(places.to_erase, now=NOW + DAYS_30 - MINUTE, limit=9)) == ()
    assert await database.ask(partial(places.to_erase, now=NOW + DAYS_30, limit=9)) == ("T1",)


async def test_an_organisation_serves_its_workspaces(database: Database) -> None:
    org = replace(HERE, workspace_id="E1", enterprise_id="E1", is_org=True, url="")
    await database.transact("E1", install, org, NOW)
    await run(database, grant, Grant("T1", org, NOW, "Northwind"))
    served = await database.read("T1", installed, None, NOW)
    assert served is not None
    assert (served.tokens, served.enterprise_id, served.is_served) == (None, "E1", True)
    assert await database.ask(partial(places.of_org, enterprise_id="E1")) == ("T1",)
    assert [one.workspace_id for one in await database.ask(places.places)] == ["T1"]
    assert await run(database, leave, replace(LEFT, org_id="E1"))
    await run(database, grant, Grant("T1", org, LATER), LATER)
    assert (await database.read("T1", installed, None, NOW)).is_served  # type: ignore[union-attr]


VALUES = {str: "x", int: 1, float: 1.0, bool: False, date: NOW.date(), dict: {}}


def row_of(table: Table, workspace_id: str, place: int) -> dict[str, Any]:
    """A row with every column filled, alike in all tables, so that it points to what is there."""
    row: dict[str, Any] = {}
    for column in table.columns:
        is_moment = isinstance(column.type, UtcDateTime)
        value: Any = NOW if is_moment else VALUES.get(column.type.python_type, {})
        row[column.name] = f"{value}{place}" if value == "x" else value
        if value == 1 and column.primary_key:
            row[column.name] = place
    return row | {"workspace_id": workspace_id}


def fill_all(connection: Connection, workspace_id: str, times: int) -> None:
    for table in metadata.sorted_tables:
        has_one = list(table.primary_key.columns) == [table.c.workspace_id]
        for place in range(1, (1 if has_one else times) + 1):
            connection.execute(insert(table), row_of(table, workspace_id, place))


def counts(connection: Connection, workspace_id: str) -> dict[str, int]:
    return {
        table.name: len(
            connection.execute(select(table).where(table.c.workspace_id == workspace_id)).all()
        )
        for table in metadata.sorted_tables
    }


async def test_erasing_forgets_no_table_and_no_other_workspace(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In small portions, so that nobody waits for it; a table that comes new is erased, too."""
    monkeypatch.setattr("bot.installing.ERASED_AT_ONCE", 2)
    engine = create_engine(database_url, poolclass=NullPool)
    with engine.begin() as connection:
        for workspace_id in ("T1", "T2"):
            fill_all(connection, workspace_id, 5)
    engine.dispose()
    before = await database.ask(partial(counts, workspace_id="T2"))
    assert min(before.values()) > 0
    assert await run(database, erase_some, None, NOW - MINUTE), "not before its day"
    assert min((await database.ask(partial(counts, workspace_id="T1"))).values()) > 0
    portions = 0
    while not await run(database, erase_some, None, NOW + DAY):
        portions += 1
    assert portions > len(metadata.tables)
    assert set((await database.ask(partial(counts, workspace_id="T1"))).values()) == {0}
    assert await database.ask(partial(counts, workspace_id="T2")) == before


async def test_who_comes_back_in_time_is_not_erased(here: Workspace, database: Database) -> None:
    await fill(here)
    await run(database, install, HERE)
    await run(database, leave, LEFT)
    await run(database, install, replace(HERE, installed_at=LATER), NOW + 29 * DAY)
    assert await run(database, erase_some, None, NOW + 99 * DAY)
    assert await here.read(lambda tx: tx.submissions.get(1)) is not None

"""What the release before had under way is done by this one, once; the two work side by side."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, MetaData, NullPool, create_engine, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.outbox_care import TryAgain, try_again
from storage.migrate import upgrade
from tests.support.databases import drop_postgresql, new_postgresql_url
from tests.support.desk import Scene, scene
from tests.support.rows_in_flight import AT, KEPT, fill, keys_in, leave_behind, rows, rows_for

pytestmark = pytest.mark.filterwarnings(
    # SQLAlchemy's own types for tables as SQLite tells of them; ours keep UTC.
    "ignore:The default datetime adapter is deprecated:DeprecationWarning"
)

FOUND = "SELECT key, state, error FROM outbox ORDER BY lane, id"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without anything in it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/desk.db"
        return
    url = new_postgresql_url(is_migrated=False)
    yield url
    drop_postgresql(url)


async def go_on(s: Scene) -> None:
    """This release starts where the one before stopped, and has five minutes."""
    fill(s.ws)
    await s.desk.dispatcher.sweep()
    await s.settle()
    await s.wait(minutes=5)


def texts(s: Scene) -> list[str]:
    return [m.text for by_ts in s.ws.messages.values() for m in by_ts.values() if m.bot_id]


async def test_what_was_under_way_arrives_once_and_in_order(empty_url: str) -> None:
    leave_behind(empty_url)
    upgrade(empty_url)
    async with scene(empty_url, start=AT + timedelta(minutes=1), is_set_up=False) as s:
        await go_on(s)
        posted = Counter(keys_in(s.ws))
        assert {key: count for key, count in posted.items() if count > 1} == {}
        wanted = {f"card:{number}" for number in range(1, 8)}
        wanted |= {f"receipt:{number}" for number in range(1, 9)}
        wanted |= {"story:3:2", "word:3:2"}
        assert wanted <= set(posted)
        assert "card:8" not in posted
        left = {row["key"]: row for row in rows(empty_url, FOUND) if row["state"] != "sent"}
        assert {key for key in left if "home" not in key} == {"card:8"}
        assert "Taken" in s.cards(s.leads)[0].text
        places = [row["ts"] for row in rows(empty_url, _RECEIPTS)]
        assert places == sorted(places)
        await _revived(s)
        assert Counter(keys_in(s.ws))["card:8"] == 1
        await _goes_by_the_calendar(s)


_RECEIPTS = (
    "SELECT p.ts FROM posting p JOIN outbox o ON o.workspace_id = p.workspace_id AND o.key = p.key "
    "WHERE o.kind = 'receipt' ORDER BY o.id"
)


async def _revived(s: Scene) -> None:
    told = [text for text in texts(s) if "card of number 8 could not be delivered" in text]
    assert len(told) == 1
    command = TryAgain(key="card:8", actor_id=s.olga.user.id)
    here = s.desk.identity.workspace_id
    await s.desk.database.transact(here, try_again, command, s.clock.now())
    await s.settle()


async def _goes_by_the_calendar(s: Scene) -> None:
    """Timers, the digest, the absence, the draft and the goal of before."""
    await s.jump(datetime(2026, 11, 23, 8, 0, 5, tzinfo=UTC))
    await s.jump(datetime(2026, 11, 30, 12, 0, tzinfo=UTC))
    posted = [key for key in keys_in(s.ws) if key.startswith("digest:leadership:")]
    digests = {week: f"digest:leadership:2026-W{week}" for week in (48, 49)}
    assert [key for key in posted if key in digests.values()] == list(digests.values())
    # Each with its thread, and all of the first before the second.
    assert posted.index(f"{digests[48]}:week") < posted.index(digests[49])
    assert f"{digests[49]}:goals" in posted
    assert any(key.startswith("nudge:") for key in keys_in(s.ws))
    assert not any(count > 1 for count in Counter(keys_in(s.ws)).values())
    assert rows(s.desk.database._url.render_as_string(hide_password=False), _AWAY) == []
    await s.cora.slash("/social", "goals", channel=s.general)
    assert "1 of 40 sign-ups" in s.cora.ephemerals[-1].text
    await s.cora.slash("/social-idea", "", channel=s.general)
    assert "Half an idea" in str(s.modal(s.cora).blocks)


_AWAY = "SELECT user_id FROM member WHERE away_until IS NOT NULL"


async def test_statements_of_the_release_before_work_on_the_new_schema(empty_url: str) -> None:
    known = leave_behind(empty_url)
    upgrade(empty_url)
    _works_as_before(empty_url, known)
    async with scene(empty_url, start=AT + timedelta(minutes=1), is_set_up=False) as s:
        await go_on(s)
        posted = Counter(keys_in(s.ws))
        assert posted["card:9"] == 1
        assert not any(count > 1 for count in posted.values())
        assert "Written by the old one" in s.cards(s.leads)[-1].text


def _works_as_before(url: str, known: MetaData) -> None:
    """Every column that the program of before knows is written, changed and read by it, and it
    hands a submission in, with its lane locked and counted as it does that.
    """
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        tables = [table for table in known.sorted_tables if table.name in KEPT["tables"]]
        given = {table.name: rows_for(table, connection) for table in tables}
        for table in reversed(tables):
            connection.execute(delete(table))
        for table in tables:
            connection.execute(insert(table), given[table.name])
            for row in given[table.name]:
                same = [table.c[column.name] == row[column.name] for column in table.primary_key]
                connection.execute(update(table).where(*same).values(row))
            found = connection.execute(select(table)).mappings().all()
            assert len(found) == len(given[table.name])
        _hand_in(connection, known, given)
    engine.dispose()


def _hand_in(
    connection: Connection, known: MetaData, given: dict[str, list[dict[str, Any]]]
) -> None:
    seventh = next(row for row in given["submission"] if row["number"] == 7)
    nine = {"number": 9, "source_key": "view:9", "title": "Written by the old one"}
    connection.execute(insert(known.tables["submission"]), {**seventh, **nine})
    lane = known.tables["lane"]
    dialect: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
    row = next(one for one in given["lane"] if one["lane"] == "C00000004")
    counted = connection.execute(
        dialect.insert(lane)
        .values({**row, "last_id": 1})
        .on_conflict_do_update(
            index_elements=["workspace_id", "lane"], set_={"last_id": lane.c.last_id + 1}
        )
        .returning(lane.c.last_id)
    ).scalar_one()
    card = next(one for one in given["outbox"] if one["key"] == "card:7")
    fresh = {"id": counted, "key": "card:9", "payload": {"number": 9}, "state": "pending"}
    tries = {"attempts": 0, "first_try_at": None, "last_try_at": None}
    connection.execute(insert(known.tables["outbox"]), {**card, **fresh, **tries})

"""What a database of an earlier version holds goes on after the upgrade."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, text

from bot.lifecycle import State
from bot.submission import TimerKind
from storage import scripts
from storage.database import Database
from storage.migrate import upgrade
from tests.support.databases import drop_postgresql, new_postgresql_url
from tests.support.storage_examples import NOW, Workspace

OLD = """
INSERT INTO submission (workspace_id, number, kind_key, state, version, submitter_id, role_id,
    title, fields, created_at, updated_at, due_at, decided_at, ended_at, source_key)
VALUES ('T1', :number, :kind, :state, 1, 'U1', 'lead_desk', :title, '{}', :at, :at, :at, :decided,
    :ended, :source)
"""


def fill_the_first_schema(url: str) -> None:
    """A lead that was accepted, which ended it then, and one that waits."""
    engine = create_engine(url)
    with engine.begin() as connection:
        scripts.run_until(connection, "0001")
        _insert(connection, number=1, state="accepted", decided=NOW, ended=NOW)
        _insert(connection, number=2, state="new", decided=None, ended=None)
    engine.dispose()


def _insert(connection: Connection, *, number: int, **given: object) -> None:
    values = {"kind": "lead", "title": "A Pump", "at": NOW, "source": f"v{number}"}
    connection.execute(text(OLD), {**values, "number": number, **given})


async def assert_goes_on(url: str) -> None:
    upgrade(url)
    database = Database(url)
    here = Workspace(database)
    try:
        lead = await here.read(lambda tx: tx.submissions.get(1))
        assert lead is not None
        assert (lead.state, lead.ended_at, lead.decided_at) == (State.PASSED_ON, None, NOW)
        waiting = await here.read(lambda tx: tx.submissions.get(2))
        assert waiting is not None
        assert (waiting.timer, waiting.timer_at) == (TimerKind.ESCALATE, NOW)
        assert (waiting.card, waiting.escalation, waiting.files) == (1, 0, ())
        assert await database.due_timers(NOW + timedelta(seconds=1), limit=9) == (("T1", 2),)
        found = await here.read(
            lambda tx: tx.submissions.find(["pump"], role_ids=None, user_id="U9", limit=9)
        )
        assert {one.number for one in found} == {1, 2}
    finally:
        await database.close()


@pytest.mark.filterwarnings("ignore:The default datetime adapter is deprecated:DeprecationWarning")
async def test_from_the_first_schema_on_sqlite(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/desk.db"
    fill_the_first_schema(url)
    await assert_goes_on(url)


@pytest.mark.postgres
async def test_from_the_first_schema_on_postgresql() -> None:
    url = new_postgresql_url(is_migrated=False)
    fill_the_first_schema(url)
    await assert_goes_on(url)
    drop_postgresql(url)

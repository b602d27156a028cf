import asyncio
from datetime import timedelta
from threading import Event

import psycopg
import pytest
from sqlalchemy import make_url

from bot.errors import (
    StorageBusyError,
    StorageDownError,
)
from bot.ports import Transaction
from runtime.clocks import SystemClock
from storage.database import Database
from tests.support.storage_examples import Workspace, make_submission

pytestmark = pytest.mark.postgres


def end_all_connections(url: str) -> None:
    """As a server that restarts does."""
    parsed = make_url(url)
    with psycopg.connect(
        host=parsed.host,
        port=parsed.port,
        user=parsed.username,
        dbname=parsed.database,
        autocommit=True,
    ) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


async def test_a_lost_connection_is_replaced(postgresql: Database, postgresql_url: str) -> None:
    here = Workspace(postgresql)
    await here.add(make_submission(1))
    end_all_connections(postgresql_url)
    await here.add(make_submission(2))


async def test_a_server_that_does_not_answer_is_down(postgresql_url: str) -> None:
    nobody = make_url(postgresql_url).set(port=1)
    database = Database(nobody.render_as_string(hide_password=False))
    with pytest.raises(StorageDownError):
        await database.start()
    with pytest.raises(StorageDownError):
        await Workspace(database).add(make_submission(1))
    await database.close()


async def test_a_locked_row_is_busy(postgresql: Database) -> None:
    here = Workspace(postgresql)
    begun, may_end = Event(), Event()

    def hold(tx: Transaction) -> None:
        tx.submissions.next_number()
        begun.set()
        may_end.wait(5)

    holder = asyncio.create_task(here.write(hold))
    await asyncio.to_thread(begun.wait, 5)
    with pytest.raises(StorageBusyError):
        await here.write(lambda tx: tx.submissions.next_number())
    may_end.set()
    await holder


async def test_a_commit_without_answer_is_not_repeated(postgresql_url: str) -> None:
    """It may have worked: who hands in again is recognised by the source key."""
    passed: list[str] = []

    def cut_the_line(checkpoint: str) -> None:
        passed.append(checkpoint)
        end_all_connections(postgresql_url)

    database = Database(postgresql_url, checkpoint=cut_the_line)
    with pytest.raises(StorageDownError):
        await Workspace(database).add(make_submission(1))
    assert passed == ["transact.before_commit"]
    await database.close()


async def test_the_clock_that_all_processes_go_by(postgresql_url: str, sqlite_url: str) -> None:
    database = Database(postgresql_url)
    found = await database.time()
    assert found is not None
    assert abs(found - SystemClock().now()) < timedelta(seconds=30)
    await database.close()
    assert await Database(sqlite_url).time() is None

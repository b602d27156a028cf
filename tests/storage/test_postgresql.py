import asyncio
from threading import Event

import psycopg
import pytest
from sqlalchemy import make_url

from bot.errors import (
    StorageBusyError,
    StorageDownError,
)
from bot.ports import Transaction
from storage.database import Database
from tests.support.storage_examples import Workspace, make_submission

pytestmark = pytest.mark.postgres


async def test_a_lost_connection_is_replaced(postgresql: Database, postgresql_url: str) -> None:
    here = Workspace(postgresql)
    await here.add(make_submission(1))
    url = make_url(postgresql_url)
    with psycopg.connect(
        host=url.host, port=url.port, user=url.username, dbname=url.database, autocommit=True
    ) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
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

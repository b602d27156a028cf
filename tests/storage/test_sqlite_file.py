import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import event, make_url

from bot.errors import (
    StorageBusyError,
    StorageDownError,
)
from bot.ports import Transaction
from storage import sqlite_file
from storage.database import Database
from tests.support.storage_examples import Workspace, make_submission

HUGE = "x" * 200_000


@contextmanager
def foreign_write_lock(url: str) -> Iterator[None]:
    """Another program holds SQLite's write lock."""
    connection = sqlite3.connect(str(make_url(url).database), isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    yield
    connection.execute("ROLLBACK")
    connection.close()


def delete_file(url: str, *, put_a_copy: bool = False) -> None:
    path = Path(str(make_url(url).database))
    copy = path.with_suffix(".copy")
    copy.write_bytes(path.read_bytes())
    path.unlink()
    if put_a_copy:
        copy.rename(path)


async def test_the_cached_set_up_needs_no_database(sqlite_url: str) -> None:
    assert Database(sqlite_url).cached_desk("T1").version == 0


async def test_sqlite_serves_writers_first_come_first_served(sqlite: Database) -> None:
    here = Workspace(sqlite)
    numbers = await asyncio.gather(
        *(here.write(lambda tx: tx.submissions.next_number()) for _ in range(50))
    )
    assert numbers == list(range(1, 51))


async def test_sqlite_is_set_up_as_durable_as_promised(sqlite_url: str) -> None:
    backend = sqlite_file.build(make_url(sqlite_url))
    pragmas = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 2000}
    for engine in (backend.writer, backend.reader):
        with engine.connect() as connection:
            found = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in pragmas
            }
        assert found == pragmas
    backend.dispose()


async def test_a_locked_file_makes_nobody_wait_longer_than_agreed(
    sqlite: Database, sqlite_url: str
) -> None:
    here = Workspace(sqlite)
    with foreign_write_lock(sqlite_url):
        begun = monotonic()
        results = await asyncio.gather(
            *(here.add(make_submission(number)) for number in (1, 2, 3)), return_exceptions=True
        )
        waited = monotonic() - begun
        # Reading goes on meanwhile.
        assert await here.read(lambda tx: tx.submissions.get(1)) is None
    assert [type(result) for result in results] == [StorageBusyError] * 3
    assert 1.5 < waited < 2.9
    assert await here.read(lambda tx: tx.submissions.of_submitter("U1", limit=9)) == ((), 0)
    await here.add(make_submission(1))


async def test_a_short_lock_is_waited_for(sqlite: Database, sqlite_url: str) -> None:
    with foreign_write_lock(sqlite_url):
        task = asyncio.create_task(Workspace(sqlite).add(make_submission(1)))
        await asyncio.sleep(0.1)
        assert not task.done()
    await task


@pytest.mark.parametrize("is_replaced", [False, True], ids=["gone", "replaced"])
async def test_a_deleted_file_is_noticed(
    sqlite: Database, sqlite_url: str, is_replaced: bool
) -> None:
    here = Workspace(sqlite)
    await here.add(make_submission(1))
    delete_file(sqlite_url, put_a_copy=is_replaced)
    with pytest.raises(StorageDownError):
        await here.add(make_submission(2))
    with pytest.raises(StorageDownError):
        await here.read(lambda tx: tx.submissions.get(1))
    with pytest.raises(StorageDownError):
        await sqlite.ping()


async def test_a_file_deleted_during_a_transaction_is_noticed_before_the_commit(
    sqlite: Database, sqlite_url: str
) -> None:
    def delete_the_file(tx: Transaction) -> None:
        tx.submissions.next_number()
        delete_file(sqlite_url)

    with pytest.raises(StorageDownError):
        await Workspace(sqlite).write(delete_the_file)


async def test_a_missing_file_is_not_created(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/desk.db")
    with pytest.raises(StorageDownError):
        await database.start()
    await database.close()
    with pytest.raises(FileNotFoundError):
        delete_file(f"sqlite:///{tmp_path}/desk.db")


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "desk.db").write_text("not a database " * 100)
    database = Database(f"sqlite:///{tmp_path}/desk.db")
    with pytest.raises(StorageDownError):
        await database.start()
    await database.close()


async def test_a_file_that_was_never_migrated(tmp_path: Path) -> None:
    (tmp_path / "desk.db").touch()
    database = Database(f"sqlite:///{tmp_path}/desk.db")
    with pytest.raises(StorageDownError):
        await database.start()
    await database.close()


async def test_a_full_disk_stores_nothing_and_is_no_end(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    limit = {"pages": 1}  # SQLite raises it to what the file has already

    def set_limit(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count={limit['pages']}")

    event.listen(database._backend.writer, "connect", set_limit)
    here = Workspace(database)
    full = make_submission(1, fields={"text": HUGE})
    with pytest.raises(StorageDownError):
        await here.add(full)
    assert await here.read(lambda tx: tx.submissions.get(1)) is None
    database._backend.writer.dispose()
    limit["pages"] = 1_000_000
    await here.add(full)
    await database.close()


async def test_a_read_only_file_is_down(sqlite_url: str) -> None:
    database = Database(sqlite_url)

    def refuse(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA query_only=ON")

    event.listen(database._backend.writer, "connect", refuse)
    with pytest.raises(StorageDownError):
        await database.ping()
    await database.close()

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event
from time import monotonic

import psycopg
import pytest
from sqlalchemy import event, make_url, text
from sqlalchemy.exc import DBAPIError

from bot.errors import (
    ConfigurationError,
    NotFoundError,
    StaleError,
    StorageBusyError,
    StorageDownError,
)
from bot.ports import LaneRef, Transaction
from storage.database import Database
from tests.support.storage_examples import NOW, Workspace, make_effect, make_submission

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


async def test_a_use_case_gets_its_command_and_the_time(database: Database) -> None:
    def use_case(_tx: Transaction, command: str, now: object) -> tuple[str, object]:
        return command, now

    assert await database.transact("T1", use_case, "hello", NOW) == ("hello", NOW)
    assert await database.read("T1", use_case, "hello", NOW) == ("hello", NOW)


async def test_an_error_rolls_back_and_passes_through(here: Workspace) -> None:
    def fail(tx: Transaction) -> None:
        tx.submissions.add(make_submission(), source_key="v", origin_key=None, personal={})
        raise StaleError("somebody was quicker")

    with pytest.raises(StaleError, match="quicker"):
        await here.write(fail)
    assert await here.read(lambda tx: tx.submissions.get(1)) is None


async def test_lanes_with_work_are_told_after_the_commit(database_url: str) -> None:
    order: list[object] = []
    database = Database(database_url, on_effects=order.append, checkpoint=order.append)
    here = Workspace(database)

    def enqueue(tx: Transaction) -> None:
        for key, target in (("card:1", "C1"), ("card:2", "C2"), ("card:3", "C1")):
            tx.outbox.add(make_effect(key, target=target), NOW)

    await here.write(enqueue)
    lanes = frozenset({LaneRef("T1", "C1"), LaneRef("T1", "C2")})
    checkpoints = ["transact.before_commit", "transact.after_commit"]
    assert order == [*checkpoints, lanes]
    order.clear()
    await here.write(enqueue)  # the same keys: nothing new to do
    assert order == checkpoints
    await database.close()


async def test_nobody_is_told_of_what_was_rolled_back(database_url: str) -> None:
    told: list[object] = []
    database = Database(database_url, on_effects=told.append)

    def fail(tx: Transaction) -> None:
        tx.outbox.add(make_effect(), NOW)
        raise NotFoundError("no")

    with pytest.raises(NotFoundError):
        await Workspace(database).write(fail)
    await asyncio.sleep(0)
    assert told == []
    await database.close()


async def test_a_crash_before_the_commit_stores_nothing_and_after_it_everything(
    database_url: str,
) -> None:
    crash_at = "transact.before_commit"

    def crash(checkpoint: str) -> None:
        if checkpoint == crash_at:
            raise KeyboardInterrupt

    database = Database(database_url, checkpoint=crash)
    here = Workspace(database)
    with pytest.raises(KeyboardInterrupt):
        await here.add(make_submission(1))
    crash_at = "transact.after_commit"
    with pytest.raises(KeyboardInterrupt):
        await here.add(make_submission(2))
    assert await here.read(lambda tx: tx.submissions.get(1)) is None
    assert await here.read(lambda tx: tx.submissions.get(2)) == make_submission(2)
    await database.close()


async def test_who_was_cancelled_while_waiting_has_still_stored_and_told(
    database_url: str,
) -> None:
    told: list[object] = []
    database = Database(database_url, on_effects=told.append)
    begun, may_end = Event(), Event()

    def slow(tx: Transaction) -> None:
        tx.outbox.add(make_effect(), NOW)
        begun.set()
        may_end.wait(5)

    here = Workspace(database)
    task = asyncio.create_task(here.write(slow))
    await asyncio.to_thread(begun.wait, 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    may_end.set()
    await database.close()
    await asyncio.sleep(0)
    assert told == [frozenset({LaneRef("T1", "C1")})]


async def test_writing_in_a_reading_transaction_is_a_bug(here: Workspace) -> None:
    with pytest.raises(DBAPIError, match=r"read-?only"):
        await here.read(lambda tx: tx.submissions.next_number())


async def test_the_cached_set_up_needs_no_database(sqlite_url: str) -> None:
    assert Database(sqlite_url).cached_desk("T1").version == 0


async def test_sqlite_serves_writers_first_come_first_served(sqlite: Database) -> None:
    here = Workspace(sqlite)
    numbers = await asyncio.gather(
        *(here.write(lambda tx: tx.submissions.next_number()) for _ in range(50))
    )
    assert numbers == list(range(1, 51))


async def test_sqlite_is_set_up_as_durable_as_promised(sqlite: Database) -> None:
    pragmas = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 2000}
    for engine in (sqlite._backend.writer, sqlite._backend.reader):
        with engine.connect() as connection:
            found = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in pragmas
            }
        assert found == pragmas


async def test_eight_who_read_change_and_write_lose_nothing(
    here: Workspace, database: Database
) -> None:
    await here.add(make_submission(1))

    def add_one(tx: Transaction) -> bool:
        submission = tx.submissions.get(1)
        assert submission is not None
        changed = replace(
            submission,
            version=submission.version + 1,
            title=str(int(submission.title.removeprefix("Idea ")) + 1),
        )
        return tx.submissions.update(changed, expected_version=submission.version)

    async def client() -> int:
        return sum([await here.write(add_one) for _ in range(12)])

    done = sum(await asyncio.gather(*(client() for _ in range(8))))
    submission = await here.read(lambda tx: tx.submissions.get(1))
    assert submission is not None
    assert submission.version == done + 1
    assert submission.title == str(done + 1)
    if database._backend.writer_threads == 1:
        assert done == 96  # one writer: nobody comes too late


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


async def test_ping_leaves_nothing_behind(database: Database) -> None:
    await database.ping()
    await database.ping()
    with database._backend.reader.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM inbox_seen")).scalar_one() == 0


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "mysql://root@localhost/desk", "sqlite:///file:x"]
)
def test_other_urls_are_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match="database URL must be"):
        Database(url)


def test_a_refused_url_does_not_show_its_password() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Database("mysql://root:secret@localhost/desk")
    assert "secret" not in caught.value.sentence


@pytest.mark.postgres
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


@pytest.mark.postgres
async def test_a_server_that_does_not_answer_is_down(postgresql_url: str) -> None:
    nobody = make_url(postgresql_url).set(port=1)
    database = Database(nobody.render_as_string(hide_password=False))
    with pytest.raises(StorageDownError):
        await database.start()
    with pytest.raises(StorageDownError):
        await Workspace(database).add(make_submission(1))
    await database.close()


@pytest.mark.postgres
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

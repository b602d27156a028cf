"""A copy beside the server, and back again: whole, for its owner alone, never half in place."""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine

from bot.errors import ConfigurationError, DeskError
from storage import schema, scripts
from storage.backup import BackupError, back_up, database_file, look_through, put_in_place
from storage.database import Database
from storage.migrate import TooNewError
from tests.support.storage_examples import NOW, Workspace, make_effect, make_submission

LATER = NOW + timedelta(hours=1)


async def filled(url: str, *numbers: int) -> None:
    database = Database(url)
    here = Workspace(database)
    for number in numbers:
        await here.add(make_submission(number, created_at=NOW + timedelta(minutes=number)))
    await database.close()


def names_in(folder: Path, part: str) -> list[str]:
    return [path.name for path in folder.iterdir() if part in path.name]


def numbers_in(file: Path) -> list[int]:
    with closing(sqlite3.connect(file)) as connection:
        return [n for (n,) in connection.execute("SELECT number FROM submission ORDER BY number")]


async def test_a_copy_made_beside_a_writer_is_one_moment_of_it(
    sqlite_url: str, tmp_path: Path
) -> None:
    database = Database(sqlite_url)
    here = Workspace(database)
    stopping = threading.Event()

    def copy() -> None:
        for number in range(5):
            back_up(sqlite_url, tmp_path / f"{number}.db")
        stopping.set()

    copier = threading.Thread(target=copy)
    copier.start()
    number = 0
    while not stopping.is_set():
        number += 1
        await here.add(make_submission(number))
        await here.enqueue(make_effect(f"card:{number}"))
    copier.join()
    await database.close()
    for name in range(5):
        found = numbers_in(tmp_path / f"{name}.db")
        assert found == list(range(1, len(found) + 1))
    assert len(numbers_in(tmp_path / "4.db")) <= number


async def test_a_copy_is_its_owners_alone_and_says_how_far_it_goes(
    sqlite_url: str, tmp_path: Path
) -> None:
    await filled(sqlite_url, 1, 2)
    file = tmp_path / "copy.db"
    copy = back_up(sqlite_url, file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert copy.size == file.stat().st_size
    assert (copy.revision, copy.newest_number) == (schema.HEAD, 2)
    assert copy.newest_at == NOW + timedelta(minutes=2)
    assert copy.last_at == NOW
    assert names_in(tmp_path, "copy") == ["copy.db"]


def test_nothing_is_written_over_and_nothing_is_left_behind(
    sqlite_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "copy.db"
    file.write_text("mine")
    with pytest.raises(ConfigurationError, match="exists already"):
        back_up(sqlite_url, file)
    assert file.read_text() == "mine"
    with pytest.raises(BackupError, match="can't be written"):
        back_up(sqlite_url, tmp_path / "nowhere" / "copy.db")
    with pytest.raises(BackupError, match="there is no database"):
        back_up(f"sqlite:///{tmp_path}/none.db", tmp_path / "new.db")
    broken = tmp_path / "broken.db"
    broken.write_bytes(database_file(sqlite_url).read_bytes()[:5000])
    with pytest.raises(BackupError):
        back_up(f"sqlite:///{broken}", tmp_path / "new.db")
    assert not (tmp_path / "new.db").exists()
    with pytest.raises(ConfigurationError, match="pg_dump"):
        back_up("postgresql://nobody@127.0.0.1:1/desk", tmp_path / "new.db")


def damage(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[8192:12288] = b"\xff" * 4096
    file.write_bytes(content)


def of_somebody_else(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE submission (id INTEGER)")


def of_a_newer_program(file: Path) -> None:
    engine = create_engine(f"sqlite:///{file}", poolclass=NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0999'")
        schema.raise_floor(connection, "0999")
    engine.dispose()


def missing(file: Path) -> None:
    file.unlink()


@pytest.mark.parametrize(
    "spoil, error",
    [
        (damage, BackupError),
        (of_somebody_else, BackupError),
        (of_a_newer_program, TooNewError),
        (missing, BackupError),
        (lambda file: file.write_bytes(b"no database at all" * 100), BackupError),
    ],
)
async def test_what_can_t_be_used_stays_out_of_the_databases_place(
    sqlite_url: str, tmp_path: Path, spoil: Callable[[Path], None], error: type[DeskError]
) -> None:
    file = tmp_path / "copy.db"
    back_up(sqlite_url, file)
    await filled(sqlite_url, 1)
    spoil(file)
    with pytest.raises(error):
        look_through(file)
    with pytest.raises(DeskError):
        put_in_place(file, sqlite_url, LATER)
    target = database_file(sqlite_url)
    assert numbers_in(target) == [1]
    assert not target.with_name(target.name + ".restoring").exists()


async def test_a_copy_takes_the_databases_place_and_the_old_one_is_kept(
    sqlite_url: str, tmp_path: Path
) -> None:
    await filled(sqlite_url, 1)
    back_up(sqlite_url, tmp_path / "copy.db")
    await filled(sqlite_url, 2)
    aside = put_in_place(tmp_path / "copy.db", sqlite_url, LATER)
    target = database_file(sqlite_url)
    assert numbers_in(target) == [1]
    assert target.stat().st_mode & 0o777 == 0o600
    assert aside is not None
    assert numbers_in(aside) == [1, 2]
    assert numbers_in(tmp_path / "copy.db") == [1]
    await filled(sqlite_url, 3)
    assert numbers_in(target) == [1, 3]


async def test_what_was_left_in_the_log_of_a_killed_process_is_not_mixed_in(
    sqlite_url: str, tmp_path: Path
) -> None:
    await filled(sqlite_url, 1)
    back_up(sqlite_url, tmp_path / "copy.db")
    target = database_file(sqlite_url)
    wal = target.with_name(target.name + "-wal")
    with closing(sqlite3.connect(target)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("UPDATE submission SET title = 'In the log'")
        connection.commit()
        left, main = wal.read_bytes(), target.read_bytes()
    target.write_bytes(main)
    wal.write_bytes(left)  # as a process leaves it that is killed
    aside = put_in_place(tmp_path / "copy.db", sqlite_url, LATER)
    assert aside is not None
    assert not wal.exists()
    for file, title in ((target, "Idea 1"), (aside, "In the log")):
        with closing(sqlite3.connect(file)) as connection:
            assert connection.execute("SELECT title FROM submission").fetchall() == [(title,)]


async def test_a_damaged_database_is_replaced_and_kept_with_its_log(
    sqlite_url: str, tmp_path: Path
) -> None:
    await filled(sqlite_url, 1)
    back_up(sqlite_url, tmp_path / "copy.db")
    target = database_file(sqlite_url)
    target.write_bytes(b"nothing that SQLite knows" * 400)
    target.with_name(target.name + "-wal").write_bytes(b"left")
    aside = put_in_place(tmp_path / "copy.db", sqlite_url, LATER)
    assert numbers_in(target) == [1]
    assert aside is not None
    assert aside.read_bytes().startswith(b"nothing that SQLite knows")
    assert aside.with_name(aside.name + "-wal").read_bytes() == b"left"


async def test_where_there_is_no_database_a_copy_becomes_it(
    sqlite_url: str, tmp_path: Path
) -> None:
    await filled(sqlite_url, 1)
    back_up(sqlite_url, tmp_path / "copy.db")
    new = f"sqlite:///{tmp_path}/new.db"
    assert put_in_place(tmp_path / "copy.db", new, LATER) is None
    assert numbers_in(tmp_path / "new.db") == [1]


def test_a_copy_of_an_older_schema_is_known(tmp_path: Path) -> None:
    file = tmp_path / "old.db"
    engine = create_engine(f"sqlite:///{file}", poolclass=NullPool)
    with engine.begin() as connection:
        scripts.run_until(connection, "0003")
    engine.dispose()
    assert look_through(file).revision == "0003"


async def test_numbers_go_on_behind_the_gap(here: Workspace) -> None:
    assert await here.write(lambda tx: tx.submissions.skip_numbers(1000)) == 0
    for number in (1, 2):
        assert await here.write(lambda tx: tx.submissions.next_number()) == number
    assert await here.write(lambda tx: tx.submissions.skip_numbers(1000)) == 1000
    assert await here.write(lambda tx: tx.submissions.next_number()) == 1001
    assert await here.write(lambda tx: tx.submissions.skip_numbers(1000)) == 2000

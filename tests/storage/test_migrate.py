import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect

from storage import schema
from storage.database import Database
from storage.migrate import upgrade
from storage.scripts import head
from storage.tables import metadata
from storage.tables.columns import with_conditions
from tests.support.databases import drop_postgresql, new_postgresql_url


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Procrastinate's tables are not made by our migrations."""
    return kind != "table" or not str(name).startswith("procrastinate_")


def assert_is_what_the_tables_say(url: str) -> None:
    engine = create_engine(url)
    with engine.connect() as connection:
        ours = {"compare_type": True, "include_name": _is_ours}
        context = MigrationContext.configure(connection, opts=ours)
        differences = compare_metadata(context, with_conditions(metadata))
        assert schema.current(connection) == schema.HEAD
    engine.dispose()
    assert differences == []


def test_the_head_in_the_code_is_the_newest_migration() -> None:
    assert head() == schema.HEAD


def test_sqlite_from_nothing_to_head_and_again(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new folder/100% desk.db"
    upgrade(url)
    assert_is_what_the_tables_say(url)
    upgrade(url)
    assert_is_what_the_tables_say(url)


@pytest.mark.postgres
def test_postgresql_from_nothing_to_head_and_again() -> None:
    url = new_postgresql_url(is_migrated=False)
    upgrade(url)
    assert_is_what_the_tables_say(url)
    upgrade(url)
    assert_is_what_the_tables_say(url)
    drop_postgresql(url)


def test_both_databases_have_the_same_partial_indexes(sqlite_url: str) -> None:
    engine = create_engine(sqlite_url)
    with engine.connect() as connection:
        found = {
            index["name"]
            for table in metadata.tables
            for index in inspect(connection).get_indexes(table)
            if index["dialect_options"].get("sqlite_where") is not None
        }
    engine.dispose()
    wanted = {
        index.name
        for table in metadata.tables.values()
        for index in table.indexes
        if index.dialect_options["sqlite"]["where"] is not None
    }
    assert found == wanted


def test_a_failed_migration_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE submission (number INTEGER)")  # in the migration's way
    connection.close()
    with pytest.raises(Exception, match="submission already exists"):
        upgrade(f"sqlite:///{path}")
    with sqlite3.connect(path) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        assert [name for (name,) in tables] == ["submission"]
    connection.close()


async def test_the_schema_is_current_once_migrated(database: Database) -> None:
    assert await database.schema_is_current()


async def test_a_database_without_schema_is_not_current(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    path.touch()
    database = Database(f"sqlite:///{path}")
    assert not await database.schema_is_current()
    await database.close()


def test_a_current_database_is_left_alone_and_needs_no_alembic(sqlite_url: str) -> None:
    code = (
        "import sys; from storage.migrate import upgrade; "
        "upgrade(sys.argv[1]); sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code, sqlite_url], check=False).returncode == 0


def test_a_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    upgrade(f"sqlite:///{path}")
    assert path.stat().st_mode & 0o777 == 0o600

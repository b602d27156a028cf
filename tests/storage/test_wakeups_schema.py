"""Procrastinate's schema: installed once, left to others, renewed beside who still runs."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine, text

from storage import wakeups_schema
from storage.database import Database
from storage.migrate import upgrade
from tests.support.databases import drop_postgresql, new_postgresql_url

pytestmark = pytest.mark.postgres


@pytest.fixture
def bare() -> Iterator[str]:
    """The URL of an empty database."""
    url = new_postgresql_url(is_migrated=False)
    yield url
    drop_postgresql(url)


@pytest.fixture
def connection(bare: str) -> Iterator[Connection]:
    engine = create_engine(bare)
    with engine.begin() as found:
        yield found
    engine.dispose()


def tables(connection: Connection) -> int:
    query = "SELECT count(*) FROM pg_tables WHERE tablename LIKE 'procrastinate%'"
    count: int = connection.execute(text(query)).scalar_one()
    return count


def test_it_is_installed_once(connection: Connection) -> None:
    assert not wakeups_schema.is_installed(connection)
    for _ in range(2):
        wakeups_schema.install(connection)
        assert wakeups_schema.is_installed(connection)
        assert tables(connection) == 4


def test_what_the_library_calls_is_looked_for_one_by_one(connection: Connection) -> None:
    wakeups_schema.install(connection)
    assert "procrastinate_fetch_job_v2" in wakeups_schema.needed()
    connection.execute(text("DROP FUNCTION procrastinate_fetch_job_v2"))
    assert not wakeups_schema.is_installed(connection)


def test_what_somebody_else_installed_is_left_to_them(connection: Connection) -> None:
    connection.execute(text("CREATE TABLE procrastinate_jobs (id bigint)"))
    wakeups_schema.install(connection)
    assert tables(connection) == 1
    assert not wakeups_schema.is_installed(connection)


def test_an_older_one_gets_what_came_since(bare: str) -> None:
    """As the version before 3.4 left it: all scripts up to then, one after the other."""
    old = [script for script in wakeups_schema._scripts() if script.name < "03.04"]
    engine = create_engine(bare)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for script in old:
            wakeups_schema._run(connection, script.read_text(encoding="utf-8"))
        wakeups_schema._mark(connection, old[-1].name)
    for expected in (False, True, True):
        with engine.begin() as connection:
            assert wakeups_schema.is_installed(connection) is expected
            wakeups_schema.install(connection)
            assert wakeups_schema.is_installed(connection)
    engine.dispose()


NAMES = ["1_01_initial", "2_01_pre_a", "2_50_post_a", "3_01_pre_b", "3_50_post_b"]


@pytest.mark.parametrize(
    "mark, expected",
    [
        (None, []),
        ("1_01_initial", ["2_01_pre_a", "2_50_post_a", "3_01_pre_b"]),
        ("2_01_pre_a", ["2_50_post_a", "3_01_pre_b"]),
        ("3_01_pre_b", []),
        ("3_50_post_b", []),
    ],
)
def test_what_takes_away_waits_for_the_next_upgrade(mark: str | None, expected: list[str]) -> None:

    assert wakeups_schema.missing_of(NAMES, mark) == expected


async def test_the_release_makes_it_and_may_run_twice(bare: str) -> None:
    database = Database(bare)
    assert not await database.carries_wakeups()
    for _ in range(2):
        upgrade(bare)
        assert await database.carries_wakeups()
    await database.close()

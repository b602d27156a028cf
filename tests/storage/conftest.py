from collections.abc import AsyncIterator

import pytest

from storage.database import Database
from tests.support.databases import database_url, postgresql_url, sqlite_url
from tests.support.storage_examples import Workspace

__all__ = ["database_url", "postgresql_url", "sqlite_url"]


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A started database of each sort."""
    database = Database(database_url)
    await database.start()
    yield database
    await database.close()


@pytest.fixture
async def sqlite(sqlite_url: str) -> AsyncIterator[Database]:
    database = Database(sqlite_url)
    await database.start()
    yield database
    await database.close()


@pytest.fixture
async def postgresql(postgresql_url: str) -> AsyncIterator[Database]:
    database = Database(postgresql_url)
    await database.start()
    yield database
    await database.close()


@pytest.fixture
def here(database: Database) -> Workspace:
    """The workspace T1."""
    return Workspace(database)


@pytest.fixture
def elsewhere(database: Database) -> Workspace:
    """Another workspace in the same database."""
    return Workspace(database, "T2")

from collections.abc import AsyncIterator

import pytest

from storage.database import Database
from tests.support.databases import database_url, postgresql_url, sqlite_url

__all__ = ["database", "database_url", "postgresql_url", "sqlite_url"]


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    await database.start()
    yield database
    await database.close()

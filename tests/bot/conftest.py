from collections.abc import AsyncIterator

import pytest

from storage.database import Database
from tests.support.core import Core
from tests.support.databases import sqlite_url

__all__ = ["sqlite_url"]


@pytest.fixture
async def empty(sqlite_url: str) -> AsyncIterator[Core]:
    """A workspace that nobody has set up."""
    database = Database(sqlite_url)
    await database.start()
    yield Core(database, sqlite_url)
    await database.close()


@pytest.fixture
async def core(empty: Core) -> Core:
    """A workspace with people and a set-up."""
    await empty.set_up()
    return empty

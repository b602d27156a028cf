from collections.abc import AsyncIterator

import pytest

from tests.support.databases import postgresql_url, sqlite_url
from tests.support.desk import Scene, scene
from tests.support.signed import Caller, caller, counted

__all__ = ["postgresql_url", "sqlite_url"]


@pytest.fixture
async def at_work(sqlite_url: str) -> AsyncIterator[Scene]:
    async with scene(sqlite_url) as found:
        yield found


@pytest.fixture
async def call(at_work: Scene, sqlite_url: str) -> AsyncIterator[Caller]:
    async with caller(at_work, sqlite_url) as found:
        yield found


@pytest.fixture
async def nothing_stored(at_work: Scene, sqlite_url: str) -> AsyncIterator[None]:
    """Whatever the test sends, the database is as before. Slack may be asked in vain."""
    await at_work.settle()
    before = counted(sqlite_url)
    yield
    await at_work.settle()
    assert counted(sqlite_url) == before
    at_work.ws.problems.clear()

from collections.abc import AsyncIterator

import pytest

from tests.support.databases import database_url, postgresql_url, sqlite_url
from tests.support.town import Town, town

__all__ = ["database_url", "postgresql_url", "sqlite_url"]


@pytest.fixture
async def t(database_url: str) -> AsyncIterator[Town]:
    """Two workspaces, and a desk that is in neither yet."""
    async with town(database_url) as found:
        yield found


@pytest.fixture
async def both(t: Town) -> Town:
    """The same, with the desk installed in both."""
    for place in t.places:
        await t.install(place)
    return t

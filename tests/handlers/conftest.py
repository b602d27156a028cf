from collections.abc import AsyncIterator

import pytest

from tests.support.databases import sqlite_url
from tests.support.desk import Scene, scene

__all__ = ["sqlite_url"]


@pytest.fixture
async def at_work(sqlite_url: str) -> AsyncIterator[Scene]:
    async with scene(sqlite_url) as found:
        yield found

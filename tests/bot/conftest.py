import asyncio
from collections.abc import Iterator
from itertools import count

import pytest

from storage.database import Database
from storage.migrate import upgrade
from tests.support.core import Core

_workspaces = count(1)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, str]]:
    """One database for all tests of the core: a new file for each would take most of the time."""
    url = f"sqlite:///{tmp_path_factory.mktemp('core') / 'desk.db'}"
    upgrade(url)
    database = Database(url)
    yield database, url
    asyncio.run(database.close())


@pytest.fixture
def empty(shared: tuple[Database, str]) -> Core:
    """A workspace of its own that nobody has set up."""
    return Core(*shared, f"W{next(_workspaces)}")


@pytest.fixture
async def core(empty: Core) -> Core:
    """A workspace with people and a set-up."""
    await empty.set_up()
    return empty

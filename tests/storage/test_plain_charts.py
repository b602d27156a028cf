"""That a workspace takes no charts is known to all processes, and to the next one."""

from datetime import timedelta

import pytest

from bot.errors import StorageDownError
from bot.plain_charts import KEPT, refuse, refused_until
from handlers.plain import Plain
from storage.database import Database
from tests.support.core import FixedClock
from tests.support.storage_examples import NOW

HERE = "T1"


async def test_what_one_process_found_all_know_until_it_is_time_to_try_again(
    database: Database,
) -> None:
    clock = FixedClock(NOW)
    one, other = Plain(database, clock), Plain(database, clock)
    assert not await one.holds(HERE)
    await one.remember(HERE)
    assert await one.holds(HERE)
    assert await other.holds(HERE), "another process reads it"
    assert not await other.holds("T2"), "another workspace may take them"
    clock.at = NOW + KEPT - timedelta(seconds=1)
    assert await Plain(database, clock).holds(HERE), "so does one that starts later"
    clock.at = NOW + KEPT
    assert not await one.holds(HERE)
    assert not await other.holds(HERE)


async def test_a_refusal_holds_as_long_as_the_first_one_says(database: Database) -> None:
    later = NOW + timedelta(days=1)
    assert await database.transact(HERE, refuse, None, NOW) == NOW + KEPT
    assert await database.transact(HERE, refuse, None, later) == NOW + KEPT
    assert await database.read(HERE, refused_until, None, later) == NOW + KEPT


async def test_a_database_that_is_away_holds_no_message_up(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise StorageDownError

    plain = Plain(database, FixedClock(NOW))
    monkeypatch.setattr(database, "read", away)
    monkeypatch.setattr(database, "transact", away)
    await plain.remember(HERE)
    assert not await plain.holds(HERE)

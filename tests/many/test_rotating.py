"""Tokens that expire are exchanged in time, once, by whichever process sees it first."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from runtime.compose import SocialDesk
from tests.support.town import Town, many_settings, process, town


@pytest.fixture
async def r(database_url: str) -> AsyncIterator[Town]:
    async with town(database_url, rotates=True) as found:
        await found.install(found.north)
        yield found


@pytest.fixture
async def second(r: Town, database_url: str) -> AsyncIterator[SocialDesk]:
    """Another process on the same database, as far as SQLite lets two in: it does not serve."""
    desk = process(r.realm, many_settings(database_url), "second")
    await desk.start()
    yield desk
    await desk.close()


async def token_of(t: Town) -> str:
    found = await t.installation("T0NORTH")
    assert found is not None
    assert found.tokens is not None
    return found.tokens.access


async def test_it_is_exchanged_before_it_expires(r: Town) -> None:
    first = await token_of(r)
    assert first.startswith("xoxe.xoxb-")
    await r.clock.advance(timedelta(hours=10, minutes=1))
    await r.north.sam.slash("/social-idea", "Ten tips", channel=r.north.general)
    assert r.north.sam.view is not None, "the old token still works meanwhile"
    await r.settle()
    assert await token_of(r) != first
    assert r.realm.registrar.refreshes == 1


async def test_one_that_is_over_is_exchanged_before_the_answer(r: Town) -> None:
    await r.clock.advance(timedelta(days=3))
    await r.north.sam.slash("/social-idea", "Ten tips", channel=r.north.general)
    assert r.north.sam.view is not None
    assert r.realm.registrar.refreshes == 1


async def test_two_processes_exchange_it_once(r: Town, second: SocialDesk) -> None:
    await second.workplaces.find("T0NORTH")
    await r.clock.advance(timedelta(days=1))
    found = await asyncio.gather(
        *(desk.workplaces.find("T0NORTH") for desk in (r.desk, second) for _ in range(5))
    )
    assert r.realm.registrar.refreshes == 1
    assert {one.client.token for one in found if one is not None} == {await token_of(r)}
    assert len(found) == 10


async def test_another_process_takes_the_new_token_up(r: Town, second: SocialDesk) -> None:
    await second.workplaces.find("T0NORTH")
    await r.clock.advance(timedelta(hours=11))
    await r.desk.workplaces.find("T0NORTH")
    await r.settle()
    await second.workplaces.take_up()  # type: ignore[attr-defined]
    found = await second.workplaces.find("T0NORTH")
    assert found is not None
    assert found.client.token == await token_of(r)


async def test_a_slack_that_does_not_answer_is_asked_again_later(r: Town) -> None:
    first = await token_of(r)
    await r.clock.advance(timedelta(hours=10, minutes=30))
    r.realm.faults.add("oauth.v2.access", "500", 1, {})
    for _ in range(5):
        await r.north.sam.slash("/social", "help", channel=r.north.general)
    await r.settle()
    assert r.realm.registrar.refreshes == 0, "not once more for each request"
    assert await token_of(r) == first
    await r.clock.advance(timedelta(minutes=1))
    await r.north.sam.slash("/social", "help", channel=r.north.general)
    await r.settle()
    assert await token_of(r) != first


async def test_removed_in_one_process_no_other_lets_anybody_in(r: Town, second: SocialDesk) -> None:
    assert await second.workplaces.find("T0NORTH") is not None
    r.realm.uninstall(r.north.ws)
    await r.settle()
    await second.workplaces.take_up()  # type: ignore[attr-defined]
    assert await second.workplaces.find("T0NORTH") is None

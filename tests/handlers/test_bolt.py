"""Bolt's app, where ours leaves out what it does for each request."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from tests.support.desk import scene


def _context(app: AsyncApp, init: Any) -> Mapping[str, Any]:
    request = AsyncBoltRequest(body={"type": "event_callback", "team_id": "T1"}, mode="socket_mode")
    init(app, request)
    return request.context


@pytest.fixture
async def app(sqlite_url: str) -> AsyncIterator[AsyncApp]:
    async with scene(sqlite_url) as stage:
        yield stage.desk.app


async def test_a_requests_context_has_all_that_bolt_puts_there(app: AsyncApp) -> None:
    """An upgrade of Bolt that puts something else there shows here."""
    ours, usual = (
        _context(app, init) for init in (type(app)._init_context, AsyncApp._init_context)
    )
    assert ours.keys() == usual.keys()
    assert {**ours, "client": None, "logger": None} == {**usual, "client": None, "logger": None}
    assert ours["client"].proxy == usual["client"].proxy
    assert ours["client"].ssl is usual["client"].ssl


async def test_no_workspaces_token_stays_for_the_next(app: AsyncApp) -> None:
    client = _context(app, type(app)._init_context)["client"]
    client.token = "xoxb-of-one"
    assert client.token is None


@pytest.mark.parametrize("name", ["token", "proxy", "ssl"])
def test_the_client_in_its_place_is_asked_what_slacks_own_could_be(name: str) -> None:
    assert hasattr(AsyncWebClient(), name)

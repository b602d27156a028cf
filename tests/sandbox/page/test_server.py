"""The page's routes over HTTP."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientWebSocketResponse, WSMsgType, WSServerHandshakeError, web
from aiohttp.test_utils import TestClient, TestServer

from sandbox.page.server import add_page
from tests.support.page_app import Desk

Client = TestClient[web.Request, web.Application]


@pytest_asyncio.fixture
async def desk() -> Desk:
    return Desk()


@pytest_asyncio.fixture
async def client(desk: Desk) -> AsyncIterator[Client]:
    app = web.Application()
    add_page(app, desk.world.ws)
    async with TestClient(TestServer(app)) as client:
        yield client


def origin(client: Client) -> dict[str, str]:
    return {"Origin": str(client.make_url("/")).rstrip("/")}


async def connect(client: Client, person: str, fresh: int = 1) -> ClientWebSocketResponse:
    return await client.ws_connect(f"/live?as={person}&fresh={fresh}", headers=origin(client))


async def until(socket: ClientWebSocketResponse, found: str) -> Any:
    while True:
        message = await socket.receive_json(timeout=2)
        if found in str(message):
            return message


async def test_the_shell_loads_nothing_from_elsewhere(client: Client) -> None:
    response = await client.get("/")
    text = await response.text()
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert "http" not in text
    for path in ("/page.css", "/page.js"):
        assert path.strip("/") in text
        found = await client.get(path)
        assert found.status == 200
        assert "https://" not in await found.text()


async def test_only_local_names_and_the_page_itself_are_answered(client: Client) -> None:
    refused = await client.get("/", headers={"Host": "evil.example"})
    assert refused.status == 403
    for headers in ({}, {"Origin": "http://evil.example"}):
        with pytest.raises(WSServerHandshakeError):
            await client.ws_connect("/live", headers=headers)


async def test_a_tab_gets_all_and_then_what_changed(client: Client, desk: Desk) -> None:
    world = desk.world
    socket = await connect(client, world.ada.id)
    first = await socket.receive_json(timeout=2)
    assert {"top", "side", "main", "overlay"} <= set(first["parts"])
    assert first["address"] == f"?as={world.ada.id}&in={world.ideas.id}"
    await world.bob.say(world.ideas.id, "Hello")
    second = await until(socket, "Hello")
    assert "top" not in second["parts"]
    await socket.send_str("not json")
    await socket.send_json(["no event"])
    event = {"do": "say", "n": 7, "place": world.ideas.id, "form": {"text": ["From here"]}}
    await socket.send_json(event)
    assert "done" in str(await until(socket, "[7]"))
    assert world.bob.messages(world.ideas.id)[-1].text == "From here"
    await socket.close()


async def test_reloading_loses_what_slack_loses(client: Client, desk: Desk) -> None:
    world = desk.world
    first = await connect(client, world.ada.id)
    await world.ada.slash("/digest", channel=world.ideas.id)
    await world.ada.slash("/idea", channel=world.ideas.id)
    second = await connect(client, world.ada.id)
    assert world.ada.view is not None, "another tab is open"
    await first.close()
    await second.close()
    again = await connect(client, world.ada.id, fresh=0)
    assert world.ada.view is not None, "only the connection was lost"
    await again.close()
    await (await connect(client, world.ada.id)).close()
    assert world.ada.view is None
    assert world.ada.ephemerals == []


async def test_the_page_lets_go_when_the_server_stops(desk: Desk) -> None:
    app = web.Application()
    page = add_page(app, desk.world.ws)
    async with TestClient(TestServer(app)) as client:
        socket = await connect(client, desk.world.ada.id)
        await socket.receive(timeout=2)
        assert len(page.wakers) == 1
        await client.server.close()
        while (message := await socket.receive(timeout=2)).type is WSMsgType.TEXT:
            pass
        assert message.type in {WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.CLOSING}
    assert page.wakers == set()

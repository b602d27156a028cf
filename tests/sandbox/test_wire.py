"""The wire itself: form bodies, queries, envelopes and their acks."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.clock import FrozenClock
from sandbox.server import Server
from sandbox.transports.http import HttpDelivery, sign
from sandbox.workspace import Workspace
from tests.support.sandbox_app import MANIFEST, START, card, granted


@pytest.fixture
async def ws() -> Workspace:
    made = Workspace.build(MANIFEST, FrozenClock(START))
    ada = made.add_user("ada")
    made.add_channel("ideas", ada.id, made.identity.bot_user, channel_id="C0IDEAS")
    return made


@pytest.fixture
async def server(ws: Workspace) -> AsyncIterator[Server]:
    def hello(app: web.Application) -> None:
        async def page(_request: web.Request) -> web.Response:
            return web.Response(text="the page")

        app.router.add_get("/", page)

    made = Server(ws, hello)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def http(ws: Workspace, server: Server) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(ws.base_url) as session:
        yield session


async def test_arguments_come_as_form_as_json_and_in_the_query(
    ws: Workspace, http: aiohttp.ClientSession
) -> None:
    form = {
        "token": ws.identity.bot_token,
        "channel": "C0IDEAS",
        "text": "form",
        "blocks": json.dumps(card("form")),
    }
    async with http.post("/api/chat.postMessage", data=form) as response:
        assert (await response.json())["message"]["blocks"][0]["text"]["text"] == "form"
    bearer = {"Authorization": f"Bearer {ws.identity.bot_token}"}
    query = {"channel": "C0IDEAS"}
    async with http.post(
        "/api/chat.postMessage", params=query, json={"text": "json"}, headers=bearer
    ) as response:
        assert (await response.json())["ok"]
    empty = bearer | {"Content-Type": "application/json"}
    async with http.post("/api/auth.test", params={"team_id": "T1"}, headers=empty) as response:
        assert (await response.json())["ok"]
    async with http.get("/api/nonsense", headers=bearer) as response:
        assert (await response.json())["error"] == "unknown_method"
    assert [message.text for message in ws.messages["C0IDEAS"].values()] == ["form", "json"]
    ws.expect_problem("api")
    assert ws.problems == []


async def test_a_plugin_s_route_is_served(http: aiohttp.ClientSession) -> None:
    async with http.get("/") as response:
        assert await response.text() == "the page"


async def test_a_response_url_is_a_path_of_the_server(
    ws: Workspace, server: Server, http: aiohttp.ClientSession
) -> None:
    assert server.link.connections == 0
    url = ws.hook("U00000001", "C0IDEAS")
    async with http.post(url, json={"text": "Only you"}) as response:
        assert (response.status, await response.text()) == (200, "ok")
    async with http.post(f"{ws.base_url}/response/made-up", json={"text": "x"}) as response:
        assert response.status == 404
    assert [message.text for message in ws.person("U00000001").ephemerals] == ["Only you"]


async def connect(ws: Workspace, http: aiohttp.ClientSession) -> aiohttp.ClientWebSocketResponse:
    bearer = {"Authorization": f"Bearer {ws.identity.app_token}"}
    async with http.post("/api/apps.connections.open", headers=bearer) as response:
        url = (await response.json())["url"]
    socket = await http.ws_connect(url)
    assert (await socket.receive_json())["type"] == "hello"
    return socket


async def test_an_envelope_is_acked_by_its_id(
    ws: Workspace, server: Server, http: aiohttp.ClientSession
) -> None:
    ws.connect(server.link)
    socket = await connect(ws, http)
    ada = ws.person("U00000001")
    typing = asyncio.create_task(ada.slash("/plain", "x", channel="C0IDEAS"))
    envelope: dict[str, Any] = await socket.receive_json()
    assert envelope["type"] == "slash_commands"
    assert envelope["accepts_response_payload"]
    ack = {"envelope_id": envelope["envelope_id"], "payload": {"text": "Thanks"}}
    await socket.send_json(ack)
    await typing
    assert [message.text for message in ada.ephemerals] == ["Thanks"]
    await socket.send_json(ack)
    await ws.until(lambda: ws.problems)
    assert ws.expect_problem("double_ack").where == "/plain"
    await socket.close()


async def test_an_envelope_that_is_not_acked(
    ws: Workspace, server: Server, http: aiohttp.ClientSession
) -> None:
    ws.connect(server.link)
    socket = await connect(ws, http)
    ada = ws.person("U00000001")
    typing = asyncio.create_task(ada.slash("/plain"))
    envelope = await socket.receive_json()
    await ws.clock.advance(timedelta(seconds=3))
    await typing
    assert ada.notices == ["/plain failed with the error operation_timeout"]
    assert ws.expect_problem("no_ack").where == "/plain"
    await socket.send_json({"envelope_id": envelope["envelope_id"]})
    await ws.until(lambda: ws.problems)
    assert ws.expect_problem("late_ack").where == "/plain"
    await socket.close()


async def test_ten_connections_and_no_more(
    ws: Workspace, server: Server, http: aiohttp.ClientSession
) -> None:
    sockets = [await connect(ws, http) for _ in range(10)]
    assert server.link.connections == 10
    ticket = ws.ids.digest("test")
    ws.tickets.add(ticket)
    refused = await http.ws_connect(f"/link?ticket={ticket}")
    assert (await refused.receive_json())["reason"] == "too_many_websockets"
    await asyncio.gather(refused.close(), *(socket.close() for socket in sockets))


async def test_a_dropped_socket_fails_what_waits_on_it(
    ws: Workspace, server: Server, http: aiohttp.ClientSession
) -> None:
    ws.connect(server.link)
    socket = await connect(ws, http)
    ada = ws.person("U00000001")
    typing = asyncio.create_task(ada.slash("/plain"))
    await socket.receive_json()
    await socket.close()
    await typing
    assert ada.notices == ["/plain failed with the error operation_timeout"]
    assert ws.problems == []


async def test_retries_over_http_carry_their_headers(ws: Workspace) -> None:
    heard: list[dict[str, str]] = []

    async def endpoint(request: web.Request) -> web.Response:
        body = await request.text()
        stamp = request.headers["X-Slack-Request-Timestamp"]
        assert request.headers["X-Slack-Signature"] == sign(ws.identity.signing_secret, stamp, body)
        heard.append({name: request.headers.get(name, "") for name in RETRY})
        headers = {"x-slack-no-retry": "1"} if len(heard) == 2 else {}
        return web.Response(status=500, text="broken", headers=headers)

    app = web.Application()
    app.router.add_post("/slack/events", endpoint)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    transport = HttpDelivery(ws, f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    ws.connect(transport)
    await ws.person("U00000001").say("C0IDEAS", "hello")
    await ws.clock.advance(timedelta(hours=1))
    assert heard == [
        {"X-Slack-Retry-Num": "", "X-Slack-Retry-Reason": ""},
        {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_error"},
    ]
    details = [ws.expect_problem("no_ack").detail for _ in range(2)]
    assert details == ["http_service_error status 500: broken"] * 2
    await transport.close()
    await runner.cleanup()


RETRY = ("X-Slack-Retry-Num", "X-Slack-Retry-Reason")


async def test_files_go_over_http() -> None:
    ws = Workspace.build(granted("files:read", "files:write"), FrozenClock(START))
    ada = ws.person(ws.add_user("ada").id)
    ideas = ws.add_channel("ideas", ada.id, ws.identity.bot_user)
    server = Server(ws)
    url = await server.start()
    bearer = {"Authorization": f"Bearer {ws.identity.bot_token}"}
    content = bytes(range(256)) * 3000
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(
            token=ws.identity.bot_token, base_url=f"{url}/api/", session=session, retry_handlers=[]
        )
        await client.files_upload_v2(filename="ä b.bin", content=content, channel=ideas.id)
        [message] = ada.messages(ideas.id)
        told = await client.files_info(file=message.files[0])
        address = told["file"]["url_private_download"]
        async with session.get(address, headers=bearer) as response:
            assert response.content_type == "application/octet-stream"
            assert await response.read() == content
        async with session.get(address) as response:
            assert (response.status, response.content_type) == (200, "text/html")
        ws.expect_problem("api")
        # aiohttp repeats a GET once by itself when a connection that it kept breaks.
        ws.fault("files.download", "lost", times=2)
        with pytest.raises(aiohttp.ClientError):
            await session.get(address, headers=bearer)
        told = await client.files_getUploadURLExternal(filename="a.txt", length=3)
        form = aiohttp.FormData()
        form.add_field("filename", b"one", filename="a.txt")
        async with session.post(told["upload_url"], data=form) as response:
            assert (response.status, await response.text()) == (200, "OK - 3")
    await server.stop()
    assert ws.problems == []

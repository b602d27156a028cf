"""Files over the page's routes: who may send and open them, and how they are served."""

import io
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from sandbox.page import uploads
from sandbox.page.server import add_page
from tests.support.page_app import Desk

Client = TestClient[web.Request, web.Application]


@pytest_asyncio.fixture
async def desk() -> Desk:
    made = Desk()
    made.world.ws.connect(None)
    return made


@pytest_asyncio.fixture
async def client(desk: Desk) -> AsyncIterator[Client]:
    app = web.Application()
    add_page(app, desk.world.ws)
    async with TestClient(TestServer(app)) as client:
        yield client


async def send(client: Client, person: str, name: str, content: bytes, **headers: str) -> Any:
    given = {"Origin": str(client.make_url("/")).rstrip("/")} | headers
    query = {"as": person, "name": name}
    return await client.post("/files", params=query, data=io.BytesIO(content), headers=given)


async def test_a_file_comes_in_and_its_owner_can_open_it(client: Client, desk: Desk) -> None:
    ada, bob = desk.world.ada, desk.world.bob
    answer = await send(client, ada.id, "../up/ä.txt", b"R&D \xc3\xa4" * 300_000)
    assert answer.status == 200
    file = desk.world.ws.files[await answer.text()]
    assert (file.name, file.user, len(file.content)) == ("ä.txt", ada.id, 1_800_000)
    opened = await client.get(f"/files/{file.id}", params={"as": ada.id})
    assert await opened.read() == file.content
    assert opened.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert opened.headers["Content-Disposition"] == "inline; filename*=UTF-8''%C3%A4.txt"
    assert (await client.get(f"/files/{file.id}", params={"as": bob.id})).status == 404
    said = await ada.say(desk.world.ideas.id, files=[file])
    assert (await client.get(f"/files/{file.id}", params={"as": bob.id})).status == 200
    await ada.delete(said)
    assert (await client.get(f"/files/{file.id}", params={"as": bob.id})).status == 404


async def test_what_could_act_as_a_page_is_saved(client: Client, desk: Desk) -> None:
    ada = desk.world.ada
    for name in ("page.html", "drawing.svg", "code.js", "unknown"):
        file = ada.attach(name, b"<script>alert(1)</script>")
        opened = await client.get(f"/files/{file.id}", params={"as": ada.id})
        assert opened.headers["Content-Disposition"].startswith("attachment")
        assert opened.headers["Content-Type"] == "application/octet-stream"
        assert "sandbox" in opened.headers["Content-Security-Policy"]
        assert opened.headers["X-Content-Type-Options"] == "nosniff"


async def test_private_channels_keep_their_files(client: Client, desk: Desk) -> None:
    ada, bob, ws = desk.world.ada, desk.world.bob, desk.world.ws
    board = ws.add_channel("board", ada.id, is_private=True)
    secret, hello = ada.attach("secret.png", b"1"), ada.attach("hello.png", b"2")
    await ada.say(board.id, files=[secret])
    await ada.say(ws.dm(ada.id).id, files=[hello])
    for file in (secret, hello):
        assert (await client.get(f"/files/{file.id}", params={"as": bob.id})).status == 404
        assert (await client.get(f"/files/{file.id}", params={"as": ada.id})).status == 200


async def test_who_may_not_send(
    client: Client, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = desk.world.ada.id
    assert (await send(client, ada, "a", b"1", Origin="http://evil.example")).status == 403
    assert (await send(client, ada, "a", b"1", Host="evil.example")).status == 403
    assert (await send(client, "U0NOBODY", "a", b"1")).status == 403
    assert (await send(client, desk.world.ws.identity.bot_user, "a", b"1")).status == 403
    monkeypatch.setattr(uploads, "MOST_BYTES", 10)
    assert (await send(client, ada, "a", bytes(11))).status == 413
    assert desk.world.ws.files == {}
    refused = await client.get("/files/F1", params={"as": ada}, headers={"Host": "evil.example"})
    assert refused.status == 403

"""Nobody is called whom nobody named, and no redirect leads anywhere."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.webhook.async_client import AsyncWebhookClient
from yarl import URL

from handlers.outcomes import TROUBLE
from runtime.outward import ElsewhereError, guard
from runtime.slack import new_session


@dataclass(slots=True)
class Inside:
    """Something inside the network, and what it was asked for."""

    url: str
    asked: list[str] = field(default_factory=list)


@pytest.fixture
async def inside() -> AsyncIterator[Inside]:
    found = Inside("")

    async def answer(request: web.Request) -> web.Response:
        found.asked.append(request.path)
        if request.path.startswith("/to/"):
            status = int(request.path.rpartition("/")[2])
            return web.Response(status=status, headers={"Location": f"{found.url}/secret"})
        return web.Response(text="secret")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    async with TestServer(app) as server:
        found.url = str(server.make_url("")).rstrip("/")
        yield found


@pytest.mark.parametrize(
    "url",
    [
        "{inside}/x",
        "http://localhost:{port}/x",
        "http://[::1]:{port}/x",
        "http://[::ffff:127.0.0.1]:{port}/x",
        "http://2130706433:{port}/x",
        "http://0:{port}/x",
        "http://169.254.169.254/latest/meta-data",
        "http://[fd00:ec2::254]/latest",
        "http://rebinds.example/x",
        "https://hooks.slack.com@127.0.0.1:{port}/x",
        "https://notslack.com/x",
        "https://slack.com.example/x",
        "http://hooks.slack.com/x",
    ],
)
async def test_who_is_not_named_is_not_called(
    inside: Inside, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up: list[object] = []
    monkeypatch.setattr(aiohttp.TCPConnector, "_create_connection", looked_up.append)
    address = url.format(inside=inside.url, port=inside.url.rpartition(":")[2])
    async with new_session("https://slack.com/api/", "") as session:
        with pytest.raises(ElsewhereError):
            await session.get(address)
    assert (inside.asked, looked_up) == ([], [])
    assert issubclass(ElsewhereError, TROUBLE)


async def test_who_is_named_is_called(inside: Inside) -> None:
    async with (
        new_session(f"{inside.url}/api/") as session,
        session.get(f"{inside.url}/files/1") as answer,
    ):
        assert await answer.text() == "secret"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_no_redirect_is_followed_however_it_is_called(inside: Inside, status: int) -> None:
    """Not even to who is named: Slack's API redirects nobody."""
    url = f"{inside.url}/to/{status}"
    async with new_session(inside.url) as session:
        for call in (
            lambda: session.get(url),
            lambda: session.post(url, data=b"x"),
            lambda: AsyncWebhookClient(url, session=session, retry_handlers=[]).send(text="x"),
        ):
            with pytest.raises(ElsewhereError):
                await call()
        async with session.get(url, allow_redirects=False) as answer:
            assert answer.status == status
    assert inside.asked == [f"/to/{status}"] * 4


async def test_slack_s_own_hosts_are_let_through() -> None:
    (check,) = guard().on_request_start
    for url in ("https://slack.com/api/x", "https://files.slack.com/x", "https://HOOKS.slack.com/"):
        params = aiohttp.TraceRequestStartParams("GET", URL(url), None)  # type: ignore[arg-type]
        await check(None, None, params)  # type: ignore[arg-type]  # of no session

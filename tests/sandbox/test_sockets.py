"""The same journey over real Socket Mode and over signed HTTP, with faults of the link."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.clock import ShiftedClock
from sandbox.model import Channel
from sandbox.people import Person
from sandbox.server import Server
from sandbox.transports.http import HttpDelivery
from sandbox.workspace import Workspace
from tests.support.sandbox_app import MANIFEST, idea_desk


@dataclass(frozen=True)
class Net:
    ws: Workspace
    server: Server
    url: str
    client: AsyncWebClient
    app: AsyncApp
    ada: Person
    bob: Person
    ideas: Channel


@pytest.fixture
async def net() -> AsyncIterator[Net]:
    clock = ShiftedClock()
    ws = Workspace.build(MANIFEST, clock)
    ada, bob = ws.person(ws.add_user("ada").id), ws.person(ws.add_user("bob").id)
    ideas = ws.add_channel("ideas", ada.id, bob.id, ws.identity.bot_user)
    server = Server(ws)
    url = await server.start()
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.5)) as session:
        client = AsyncWebClient(
            token=ws.identity.bot_token,
            base_url=f"{url}/api/",
            session=session,
            retry_handlers=[],
        )
        app = AsyncApp(
            client=client,
            signing_secret=ws.identity.signing_secret,
            process_before_response=True,
        )
        idea_desk(app, ideas.id)
        yield Net(ws, server, url, client, app, ada, bob, ideas)
    await server.stop()
    clock.close()


@pytest.fixture
async def linked(net: Net) -> AsyncIterator[Net]:
    handler = AsyncSocketModeHandler(
        net.app, net.ws.identity.app_token, web_client=net.client, ping_interval=1
    )
    net.ws.connect(net.server.link)
    await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt's own
    await net.ws.until(lambda: net.server.link.connections == 1)
    yield net
    await handler.close_async()  # type: ignore[no-untyped-call]  # Bolt's own


async def journey(net: Net) -> None:
    before = len(net.ada.messages(net.ideas.id))
    await net.ada.slash("/idea", "", channel=net.ideas.id)
    await net.ada.submit({"title": "taken"})
    assert net.ada.errors == {"title": "Taken already"}
    await net.ada.submit({"title": "Ten tips"})
    message = net.bob.messages(net.ideas.id)[before]
    await net.bob.click(message, "accept")
    assert net.bob.messages(net.ideas.id)[before].text == "Accepted"
    await net.ws.settled()
    assert net.ws.problems == []


async def test_the_journey_over_socket_mode(linked: Net) -> None:
    await journey(linked)


async def test_the_journey_over_signed_http(net: Net) -> None:
    runner = web.AppRunner(net.app.web_app(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    transport = HttpDelivery(net.ws, f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    net.ws.connect(transport)
    assert await transport.verify()
    await journey(net)
    await transport.close()
    await runner.cleanup()


async def test_a_wrong_signature_is_refused_by_the_app(net: Net) -> None:
    runner = web.AppRunner(net.app.web_app(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    stranger = Workspace.build(MANIFEST, net.ws.clock)
    object.__setattr__(stranger.identity, "signing_secret", "another")
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    transport = HttpDelivery(stranger, url)
    stranger.connect(transport)
    ada = stranger.person(stranger.add_user("ada").id)
    await ada.slash("/idea")
    assert ada.notices == ["/idea failed with the error http_service_error"]
    assert "status 401" in stranger.problems[-1].detail
    await transport.close()
    await runner.cleanup()


@pytest.mark.parametrize("kind", ["disconnect", "close", "abort"])
async def test_the_link_comes_back_after_a_cut(linked: Net, kind: str) -> None:
    link = linked.server.link
    linked.ws.fault("link", kind)
    await linked.ws.until(lambda: link.opened == 2 and link.connections == 1, seconds=5)
    await journey(linked)


async def test_without_a_connection_a_command_fails(net: Net) -> None:
    net.ws.connect(net.server.link)
    await net.ada.slash("/idea")
    assert net.ada.notices == ["/idea failed with the error dispatch_failed"]


async def test_a_ticket_opens_one_connection(linked: Net) -> None:
    async with aiohttp.ClientSession() as session:
        refused = await session.get(f"{linked.url}/link?ticket=made-up")
        assert refused.status == 403


async def test_a_foreign_host_name_is_refused(net: Net) -> None:
    async with aiohttp.ClientSession() as session:
        headers = {"Host": "evil.example"}
        response = await session.post(f"{net.url}/api/auth.test", headers=headers)
        assert response.status == 403


async def test_another_page_can_t_post_here(net: Net) -> None:
    """A form of another site reaches this machine by its own name, and the token is known."""
    async with aiohttp.ClientSession() as session:
        headers = {"Origin": "https://evil.example"}
        response = await session.post(f"{net.url}/api/auth.test", headers=headers)
        assert response.status == 403


async def test_a_lost_answer_has_had_its_effect(net: Net) -> None:
    net.ws.fault("chat.postMessage", "lost")
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await net.client.chat_postMessage(channel=net.ideas.id, text="once")
    assert [message.text for message in net.ada.messages(net.ideas.id)] == ["once"]


async def test_a_hanging_answer_ends_with_the_session_s_own_timeout(net: Net) -> None:
    net.ws.fault("chat.postMessage", "timeout")
    with pytest.raises(asyncio.TimeoutError):
        await net.client.chat_postMessage(channel=net.ideas.id, text="never")
    assert net.ada.messages(net.ideas.id) == []


async def test_a_refused_call_has_no_effect(net: Net) -> None:
    net.ws.fault("chat.postMessage", "refused")
    with pytest.raises(aiohttp.ClientConnectionError):
        await net.client.chat_postMessage(channel=net.ideas.id, text="never")
    assert net.ada.messages(net.ideas.id) == []


async def test_faults_that_answer(net: Net) -> None:
    net.ws.fault("auth.test", "429", retry_after=7)
    with pytest.raises(SlackApiError) as limited:
        await net.client.auth_test()
    assert limited.value.response.headers["Retry-After"] == "7"
    net.ws.fault("auth.test", "html")
    with pytest.raises(SlackApiError) as broken:
        await net.client.auth_test()
    assert not broken.value.response.data
    assert (await net.client.auth_test())["bot_id"] == net.ws.identity.bot_id


async def test_a_jump_does_not_expire_an_open_form(linked: Net) -> None:
    await linked.ada.slash("/idea")
    await linked.ws.clock.advance(timedelta(days=3))
    await linked.ada.submit({"title": "Ten tips"})
    assert linked.ada.view is None
    assert linked.ws.problems == []

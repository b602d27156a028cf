"""`python app.py serve` for two workspaces, over real HTTP, as an operator runs it."""

from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from sandbox.clock import ShiftedClock
from sandbox.gate import perform
from sandbox.realm import Realm
from sandbox.server import arguments_of
from sandbox.transports.http import HttpDelivery
from tests.support.processes import LONG, answers_at, free_port, program
from tests.support.town import KEY, Place, build, many_settings

pytestmark = pytest.mark.slow


def slack_of(realm: Realm) -> web.Application:
    """The Web API of all its workspaces."""

    async def api(request: web.Request) -> web.Response:
        args = await arguments_of(request)
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
        token = bearer or str(args.pop("token", ""))
        found = (await perform(realm, request.match_info["method"], token, args)).answer
        headers = {**found.headers, "Content-Type": found.kind}
        return web.Response(body=found.sent(), status=found.status, headers=headers)

    app = web.Application()
    app.router.add_route("*", "/api/{method}", api)
    return app


async def install(realm: Realm, place: Place, desk: str) -> None:
    """A browser installs the app: to Slack, and back with a code."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as browser:
        async with browser.get(f"{desk}/slack/install", allow_redirects=False) as first:
            cookie = first.headers["Set-Cookie"].partition(";")[0]
            back = realm.allow(first.headers["Location"], place.ws, place.olga.user.id)
        async with browser.get(back, headers={"Cookie": cookie}) as last:
            assert last.status == 200, await last.text()


def everything(place: Place) -> str:
    return str([m for by in place.ws.messages.values() for m in by.values()])


async def hand_in(place: Place, title: str) -> None:
    """Somebody hands in; the receipt and the card arrive, once each: whoever installed the desk
    holds every role of it at first.
    """
    await place.sam.slash("/social-idea", "", channel=place.general)
    await place.sam.submit({"title": title})

    def cards() -> list[str]:
        return [text for text in place.told(place.olga) if title in text]

    await place.ws.until(lambda: cards() and place.told(place.sam), seconds=LONG)
    await place.ws.settled()
    (receipt,), (card,) = place.told(place.sam), cards()
    assert "Idea 1" in receipt
    assert f"*Idea 1:* {title}" in card
    assert f"From <@{place.sam.user.id}>" in card


async def test_two_workspaces_over_http(database_url: str, tmp_path: Path) -> None:
    port, clock = free_port(), ShiftedClock()
    desk = f"http://127.0.0.1:{port}"
    back = f"{desk}/slack/oauth_redirect"
    realm, given = Realm(clock, redirect_urls=(back,)), many_settings(database_url)
    north, south = (build(realm, given, f"T0{n.upper()}", n) for n in ("North", "South"))
    async with TestServer(slack_of(realm)) as server:
        plain = {
            "slack_client_id": realm.registrar.client_id,
            "slack_client_secret": realm.registrar.client_secret,
            "slack_redirect_uri": back,
            "slack_signing_secret": north.ws.identity.signing_secret,
            "slack_api_url": str(server.make_url("/api/")),
            "encryption_keys": KEY,
            "database_url": database_url,
            "port": port,
        }
        async with program(tmp_path, "serve", **plain) as served:
            await answers_at(port)
            for place, title in ((north, "Northern lights"), (south, "Southern cross")):
                delivery = HttpDelivery(place.ws, f"{desk}/slack/events")
                place.ws.connect(delivery)
                try:
                    await install(realm, place, desk)
                    await hand_in(place, title)
                finally:
                    await delivery.close()
            assert "Southern cross" not in everything(north)
            assert "Northern lights" not in everything(south)
            assert north.ws.problems == south.ws.problems == []
            assert await served.stop() == 0
            assert "Traceback" not in served.errors
        for arguments in (("doctor",), ("export", "--workspace", "T0SOUTH")):
            async with program(tmp_path, *arguments, **plain) as short:
                status, printed = await short.ended()
                assert status == 0, printed + short.errors
    clock.close()

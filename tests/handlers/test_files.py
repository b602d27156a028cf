"""Which files are fetched, and where our token goes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.web.async_client import AsyncWebClient

from bot.kept_file import Missing
from handlers.files import LARGEST, fetch
from handlers.requests import refs_of


class Untouched:
    """A session that nobody may use."""

    def get(self, *_: object, **__: object) -> None:
        raise AssertionError("nothing is to be fetched")


class Telling:
    """A client whose files.info tells of one file."""

    base_url = "https://slack.com/api/"
    token = "xoxb-1"
    session = Untouched()

    def __init__(self, **file: Any) -> None:
        self._file = file

    async def files_info(self, *, file: str) -> dict[str, Any]:
        return {"file": {"id": file, **self._file}}


OURS = {"url_private_download": "https://files.slack.com/files-pri/T1-F1/a.png"}


@pytest.mark.parametrize(
    "file, why",
    [
        ({"url_private_download": "https://evil.example.com/files-pri/x"}, Missing.HIDDEN),
        ({"url_private_download": "https://slack.com.evil.example/x"}, Missing.HIDDEN),
        ({"url_private_download": "https://evilslack.com/x"}, Missing.HIDDEN),
        ({}, Missing.HIDDEN),
        ({"url_private_download": "http://files.slack.com/files-pri/T1-F1/a"}, Missing.HIDDEN),
        ({**OURS, "is_external": True}, Missing.HIDDEN),
        ({**OURS, "mode": "tombstone"}, Missing.DELETED),
        ({**OURS, "size": LARGEST + 1}, Missing.TOO_LARGE),
    ],
)
async def test_what_can_t_be_had_is_not_asked_for(file: dict[str, Any], why: Missing) -> None:
    assert await fetch(cast("AsyncWebClient", Telling(**file)), "F1") is why


async def test_slack_s_own_addresses_are_asked() -> None:
    client = Telling(**OURS)
    with pytest.raises(AssertionError, match="nothing is to be fetched"):
        await fetch(cast("AsyncWebClient", client), "F1")


@asynccontextmanager
async def serving(answer: Any, **file: Any) -> AsyncIterator[AsyncWebClient]:
    """A client whose one file lies on a local server that answers so."""
    app = web.Application()
    app.router.add_get("/a", answer)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        client = Telling(url_private_download=str(server.make_url("/a")), **file)
        client.base_url, client.session = str(server.make_url("/api/")), session  # type: ignore[assignment]  # as much of it as is used
        yield cast("AsyncWebClient", client)


async def test_the_page_to_sign_in_is_never_taken_for_the_file() -> None:
    async def page(_: web.Request) -> web.Response:
        return web.Response(text="<p>Sign in</p>", content_type="text/html")

    async def away(_: web.Request) -> web.Response:
        raise web.HTTPFound("http://127.0.0.1:9/elsewhere")

    for answer in (page, away):
        for kind in ("image/png", "text/html"):
            async with serving(answer, mimetype=kind, size=3) as client:
                assert await fetch(client, "F1") is Missing.HIDDEN
    async with serving(page, mimetype="text/html", size=14) as client:
        assert getattr(await fetch(client, "F1"), "content", None) == b"<p>Sign in</p>"


async def test_no_more_is_read_than_fits() -> None:
    async def endless(_: web.Request) -> web.Response:
        return web.Response(body=bytes(LARGEST + 1), content_type="image/png")

    async with serving(endless, size=5) as client:
        assert await fetch(client, "F1") is Missing.TOO_LARGE


def test_files_as_slack_tells_of_them() -> None:
    files = [
        {"id": "F1", "name": "a b.png"},
        {"id": "F2", "mode": "tombstone"},
        {"id": "F3", "title": "Untitled"},
        {"name": "no id"},
        "nothing",
    ]
    assert [ref.given for ref in refs_of(files)] == ["F1 a b.png", "F3 Untitled"]
    assert refs_of(None) == refs_of("F1") == ()

"""Spoilt requests at the two addresses of OAuth: no 5xx, no task dies, nothing is logged as a bug,
and no row is written but by a whole, genuine installation.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, quote_plus, urlsplit

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from handlers import oauth
from handlers.oauth import INSTALL_PATH, REDIRECT_PATH
from runtime.doors import listening
from runtime.readiness import Condition
from runtime.web import FrontDoor, install_endpoint
from tests.support.databases import sqlite_url
from tests.support.mutations import STRANGE, mutated, raw_mutated
from tests.support.processes import LONG, rows_of
from tests.support.town import Town, many_settings, town
from tests.support.watch import Watch, watch

__all__ = ["sqlite_url", "watch"]

SHARE = 20
"""One of so many payloads of `--fuzz` goes here, in addition."""

USED = "inbox_seen"
"""Where a state is kept that was used, also with a code that Slack does not take."""

METHODS = (b"POST", b"HEAD", b"PUT", b"DELETE", b"OPTIONS", b"TRACE", b"get", b"BREW")
NAMES = (b"code", b"state", b"error", b"code[]", b"STATE", b"redirect_uri", b"\xff", b"%ff")
BYTES = (b"\xff\xfe", b"%ff%fe", b"%00", b"%ed%a0%80", b"%", b"+", b"%0d%0aX: y", b"%c0%ae", b"")


@dataclass(frozen=True, slots=True)
class Visit:
    """What a browser asks for, in bytes."""

    path: bytes
    pairs: tuple[tuple[bytes, bytes], ...]
    cookie: bytes
    method: bytes = b"GET"
    query: bytes | None = None

    @property
    def asked(self) -> bytes:
        """The query as it is sent: `query`, or the pairs in order."""
        if self.query is not None:
            return self.query
        return b"&".join(name + b"=" + value for name, value in self.pairs)

    @property
    def sent(self) -> bytes:
        """The whole request."""
        lines = (
            self.method + b" " + self.path + b"?" + self.asked + b" HTTP/1.1",
            b"Host: desk.test",
            b"Cookie: " + self.cookie,
            b"Connection: close",
        )
        return b"\r\n".join((*lines, b"", b""))


def strange(rng: random.Random) -> bytes:
    """A value that no Slack sends, escaped as a browser does, or not at all."""
    text = rng.choice(STRANGE)
    return rng.choice(
        (
            quote_plus(text, errors="surrogatepass").encode(),
            rng.choice(BYTES),
            b"9" * rng.choice((1, 400, 9_000)),
            b"a." * rng.choice((1, 400, 9_000)),
        )
    )


def _value(visit: Visit, rng: random.Random) -> Visit:
    """One value is another one, or has something strange in its middle."""
    place, pairs = rng.randrange(len(visit.pairs)), list(visit.pairs)
    name, old = pairs[place]
    cut = rng.randint(0, len(old))
    pairs[place] = (name, rng.choice((strange(rng), old[:cut] + strange(rng) + old[cut:])))
    return replace(visit, pairs=tuple(pairs))


def _pairs(visit: Visit, rng: random.Random) -> Visit:
    """One field is missing, there twice, or one more."""
    place, pairs = rng.randrange(len(visit.pairs)), list(visit.pairs)
    more = (rng.choice(NAMES), rng.choice((pairs[place][1], strange(rng))))
    change: Any = rng.choice(("less", "more", "many"))
    if change == "less" and len(pairs) > 1:
        del pairs[place]
    else:
        pairs[place:place] = [more] * (1 if change == "more" else 300)
    return replace(visit, pairs=tuple(pairs))


def _query(visit: Visit, rng: random.Random) -> Visit:
    return replace(visit, query=raw_mutated(visit.asked, rng))


def _cookie(visit: Visit, rng: random.Random) -> Visit:
    """A cookie that is cut, strange, another browser's, or there twice."""
    name = visit.cookie.partition(b"=")[0]
    found = (
        b"",
        name,
        name + b"=" + strange(rng),
        visit.cookie + b"; " + name + b"=" + strange(rng),
        name + b'="; ' + visit.cookie,
        raw_mutated(visit.cookie, rng),
        b"; ".join([visit.cookie] * 40),
        b"x[$]=1; " + rng.choice(BYTES) + b"; " + visit.cookie,
    )
    return replace(visit, cookie=rng.choice(found))


def _method(visit: Visit, rng: random.Random) -> Visit:
    return replace(visit, method=rng.choice(METHODS))


def _first_page(visit: Visit, rng: random.Random) -> Visit:
    return replace(visit, path=INSTALL_PATH.encode())


Change = Callable[[Visit, random.Random], Visit]
CHANGES: tuple[Change, ...] = (_value, _value, _pairs, _query, _cookie, _cookie, _method)


def spoilt(visit: Visit, rng: random.Random) -> Visit:
    """The same with one to three changes."""
    for change in rng.choices(CHANGES, k=rng.choice((1, 1, 2, 3))):
        visit = change(visit, rng)
    return _first_page(visit, rng) if rng.random() < 0.15 else visit


@pytest.fixture
async def t(sqlite_url: str) -> AsyncIterator[Town]:
    async with town(sqlite_url) as found:
        yield found


@pytest.fixture
async def port(t: Town, sqlite_url: str) -> AsyncIterator[int]:
    """Where the desk's two addresses are reached."""
    door = FrontDoor()

    async def ready() -> Condition:
        return Condition()

    door.open_up(ready, installs=install_endpoint(t.flow))
    async with listening(many_settings(sqlite_url, port=0), door.routes()) as address:
        yield urlsplit(address).port or 0


async def answer_to(port: int, sent: bytes) -> int:
    """The status that bytes are answered with."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    async with asyncio.timeout(LONG):
        writer.write(sent)
        line = await reader.readline()
    writer.close()
    return int(line.split()[1])


async def genuine(t: Town, rng: random.Random) -> tuple[Visit, tuple[bytes, bytes]]:
    """The way back of somebody who allowed the app, and its code and state."""
    place = rng.choice(t.places)
    address, cookie = await t.begin()
    back = t.realm.allow(address, place.ws, place.olga.user.id)
    pairs = tuple(
        (name.encode(), value.encode()) for name, value in parse_qsl(urlsplit(back).query)
    )
    asked = dict(pairs)
    return Visit(REDIRECT_PATH.encode(), pairs, cookie.encode()), (asked[b"code"], asked[b"state"])


def kept(url: str) -> dict[str, list[dict[str, Any]]]:
    tables = rows_of(url, "sqlite_master", "type = 'table'")
    return {row["name"]: rows_of(url, row["name"]) for row in tables}


def odd(answer: AsyncSlackResponse, rng: random.Random) -> AsyncSlackResponse:
    """An answer of Slack's of which one to three parts are not what they should be."""
    data: Any = answer.data
    for _ in range(rng.choice((1, 1, 2, 3))):
        data, _told = mutated(data, data, rng)
    return AsyncSlackResponse(
        client=None,
        http_verb="POST",
        api_url="",
        req_args={},
        data=data,
        headers={},
        status_code=200,
    )


def is_whole(row: dict[str, Any]) -> bool:
    """Whether an installation that is stored can be worked with."""
    return all(
        isinstance(row[name], str) and row[name]
        for name in ("workspace_id", "bot_id", "bot_user_id", "bot_token")
    ) and (row["refresh_token"] is None) == (row["expires_at"] is None)


async def test_spoilt_requests_of_browsers_install_nothing(
    t: Town, port: int, sqlite_url: str, watch: Watch, request: pytest.FixtureRequest
) -> None:
    statuses: set[int] = set()
    for number in range(int(request.config.getoption("--fuzz")) // SHARE):
        rng = random.Random(f"installing:{number}")  # noqa: S311  (chance that is the same again)
        whole, (code, state) = await genuine(t, rng)
        visit, before = spoilt(whole, rng), kept(sqlite_url)
        status = await answer_to(port, visit.sent)
        statuses.add(status)
        assert status < 500, (number, visit.sent[:2_000])
        if status == 200:
            assert visit.path == whole.path, visit.sent
            assert code in visit.asked, visit.sent
            assert state in visit.asked, visit.sent
            assert state in visit.cookie, visit.sent
            await t.settle()
            continue
        after = kept(sqlite_url)
        if state in visit.asked and state in visit.cookie:
            before.pop(USED)
            after.pop(USED)
        assert after == before, (number, visit.sent)
    assert {302, 400, 401, 405} <= statuses


@pytest.mark.parametrize("what", ["exchange", "auth_test"])
async def test_odd_answers_of_slack_install_nothing(
    t: Town,
    port: int,
    sqlite_url: str,
    watch: Watch,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
) -> None:
    """Of the exchange of a code, and of the question whose the token is: one clear page, or a
    whole installation, where what was spoilt is nothing that is needed.
    """
    rng = random.Random()  # noqa: S311  (chance that is the same again)
    place: Any = oauth if what == "exchange" else AsyncWebClient
    asked = getattr(place, what)

    async def answered(*args: Any, **given: Any) -> AsyncSlackResponse:
        return odd(await asked(*args, **given), rng)

    monkeypatch.setattr(place, what, answered)
    statuses: set[int] = set()
    for number in range(int(request.config.getoption("--fuzz")) // SHARE // 2):
        rng.seed(f"{what}:{number}")
        visit, _ = await genuine(t, rng)
        before = rows_of(sqlite_url, "installation")
        status = await answer_to(port, visit.sent)
        statuses.add(status)
        assert status < 500, number
        after = rows_of(sqlite_url, "installation")
        assert all(is_whole(row) for row in after), number
        if status != 200:
            assert after == before, number
        await t.settle()
    assert {200, 401} <= statuses


async def test_what_is_not_spoilt_installs(
    t: Town, port: int, sqlite_url: str, watch: Watch
) -> None:
    """The requests that are spoilt above are good ones."""
    for number in range(4):
        visit, _ = await genuine(t, random.Random(number))  # noqa: S311  (the same)
        assert await answer_to(port, visit.sent) == 200
        await t.settle()
    assert rows_of(sqlite_url, "installation")

"""Spoilt payloads at every door: nothing answers with 5xx, no task dies, nothing is logged as a
bug, and of what nobody may do no row is written. `make fuzz` does five times as much.
"""

import json
import logging
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_sdk.socket_mode.request import SocketModeRequest

from runtime.payloads import OddRequestError, parsed
from runtime.web import answered
from sandbox import payloads
from sandbox.rates import Rates
from sandbox.transports.http import FORM, JSON
from tests.support.databases import migrated, postgresql_url, sqlite_url
from tests.support.desk import KEY, Scene, scene
from tests.support.door_table import ACTIONS, CLOSED, COMMANDS, SHORTCUTS, TABLE_FORMS
from tests.support.doors import Doorstep, Try
from tests.support.mutations import mutated, raw_mutated
from tests.support.signed import Caller, caller
from tests.support.watch import Watch, watch

__all__ = ["postgresql_url", "sqlite_url", "watch"]

SHARES = {
    "insiders": 36,
    "outsiders": 36,
    "socket": 5,
    "bytes": 10,
    "unsigned": 5,
    "insiders on PostgreSQL": 4,
    "outsiders on PostgreSQL": 4,
}
"""What of a hundred goes where."""

AT_ONCE = 400
"""How many an insiders' scene bears before a new one begins: what they are about moves on."""

EVENTS = 0.2
"""How many of the insiders' are events."""


@pytest.fixture
async def somewhere() -> AsyncIterator[str]:
    """Bolt tells those of other workspaces that the app is not there, at the payload's address."""

    async def nod(_request: web.Request) -> web.Response:
        return web.Response()

    app = web.Application()
    app.router.add_post("/{rest:.*}", nod)
    async with TestServer(app) as server:
        yield str(server.make_url("")).rstrip("/")


@asynccontextmanager
async def at_the_door(sqlite_url: str, somewhere: str) -> AsyncIterator[Doorstep]:
    """A scene in which Slack limits no rates: many come at once, and the clock stands."""
    async with scene(sqlite_url, keys=(KEY,)) as s:
        found = await Doorstep.of(s, sqlite_url)
        s.ws.base_url, s.ws.rates = somewhere, Rates(s.clock, lenient=True)
        s.ws.fault("users.info", "error", times=10**6, code="user_not_found")
        yield found
        found.close()
        await s.settle()
        s.ws.problems.clear()


@pytest.fixture
async def doorstep(sqlite_url: str, somewhere: str) -> AsyncIterator[Doorstep]:
    async with at_the_door(sqlite_url, somewhere) as found:
        yield found


@pytest.fixture
async def call(doorstep: Doorstep) -> AsyncIterator[Caller]:
    async with caller(doorstep.scene, doorstep.database_url) as found:
        yield found


def times(request: pytest.FixtureRequest, share: str) -> int:
    return int(request.config.getoption("--fuzz")) * SHARES[share] // 100


async def requests(d: Doorstep) -> list[Try]:
    """What every listener is asked for, ready to be asked."""
    tables = (COMMANDS, SHORTCUTS, ACTIONS, TABLE_FORMS, CLOSED)
    found = [await prepare(d) for table in tables for prepare in table.values()]
    d.scene.ws.problems.clear()
    return found


def events(s: Scene, user_id: str) -> list[dict[str, Any]]:
    """One event of each kind; what it tells is about this person."""
    channel = s.ws.dm(user_id).id
    told: list[dict[str, Any]] = [
        {"type": "app_home_opened", "user": user_id, "tab": "home", "channel": channel},
        {
            "type": "message",
            "channel_type": "im",
            "channel": channel,
            "user": user_id,
            "text": "Hello",
            "ts": s.ws.next_ts(),
        },
        {"type": "user_change", "user": {"id": user_id, "name": "x", "profile": {}}},
        {"type": "channel_rename", "channel": {"id": s.general, "name": "general"}},
        {"type": "member_joined_channel", "user": user_id, "channel": s.general},
    ]
    return [payloads.envelope(s.ws, one) for one in told]


async def dispatched(d: Doorstep, body: dict[str, Any]) -> int:
    """The status that Slack would get, everything done that follows at once."""
    try:
        found = parsed(JSON, json.dumps({"type": "command"} | body))
        answer = await answered(d.scene.desk.app, found)
    except RecursionError:
        return HTTPStatus.BAD_REQUEST  # too deep to be sent at all
    except OddRequestError as odd:
        return odd.status
    await d.scene.desk.background.rest()
    d.scene.ws.problems.clear()
    return answer.status


def kept(d: Doorstep) -> dict[str, Any]:
    """All that is stored, but for what is on its way to Slack meanwhile."""
    return {name: rows for name, rows in d.rows().items() if name not in UNDER_WAY}


UNDER_WAY = frozenset({"lane", "outbox", "posting"})


def chance(share: str, number: int) -> random.Random:
    """A source of chance for one payload; the same ones in every run."""
    return random.Random(f"{share}:{number}")  # noqa: S311  (chance that is the same again)


def turns(request: pytest.FixtureRequest, share: str) -> list[random.Random]:
    return [chance(share, number) for number in range(times(request, share))]


async def test_what_outsiders_send_writes_no_row(
    doorstep: Doorstep, watch: Watch, request: pytest.FixtureRequest
) -> None:
    await outsiders(doorstep, turns(request, "outsiders"))


async def outsiders(d: Doorstep, turns: list[random.Random]) -> None:
    """Spoilt payloads of people who may not use the desk."""
    tries, people = await requests(d), list(d.outsiders.values())
    await d.scene.settle()
    before = d.rows()
    for rng in turns:
        person = rng.choice(people)
        body = rng.choice(tries).make(person)
        spoilt, told = mutated(body, rng.choice(tries).make(person), rng)
        status = await dispatched(d, spoilt)
        assert status < 500, told
        assert d.is_as_before() or d.rows() == before, (told, spoilt)


async def test_what_insiders_send_breaks_nothing(
    tmp_path: Path, somewhere: str, watch: Watch, request: pytest.FixtureRequest
) -> None:
    for number in range(0, times(request, "insiders"), AT_ONCE):
        (tmp_path / str(number)).mkdir()
        async with at_the_door(migrated(tmp_path / str(number)), somewhere) as d:
            count = min(AT_ONCE, times(request, "insiders") - number)
            await insiders(d, [chance("insiders", number + one) for one in range(count)])


@pytest.mark.postgres
@pytest.mark.parametrize("who", ["insiders", "outsiders"])
async def test_the_same_on_postgresql(
    postgresql_url: str, somewhere: str, watch: Watch, request: pytest.FixtureRequest, who: str
) -> None:
    """What a text or a number is to PostgreSQL is not what it is to SQLite."""
    send = {"insiders": insiders, "outsiders": outsiders}[who]
    async with at_the_door(postgresql_url, somewhere) as d:
        await send(d, turns(request, f"{who} on PostgreSQL"))


async def insiders(d: Doorstep, turns: list[random.Random]) -> None:
    """Spoilt payloads of people who may do what they ask for."""
    tries = await requests(d)
    for rng in turns:
        one = rng.choice(tries)
        told_of = events(d.scene, one.may.user.id)
        body = rng.choice(told_of) if rng.random() < EVENTS else one.make(one.may)
        other = rng.choice(tries)
        spoilt, told = mutated(body, other.make(other.may), rng)
        before = kept(d)
        status = await dispatched(d, spoilt)
        assert status < HTTPStatus.INTERNAL_SERVER_ERROR, told
        if status != HTTPStatus.OK:
            assert kept(d) == before, (told, spoilt)
    here = d.scene.desk.identity.workspace_id
    for name, rows in d.rows().items():
        if name != "alembic_version":
            assert {row[0] for row in rows} <= {here}, name


class _Wire:
    """What the SDK's client does with an answer."""

    def __init__(self) -> None:
        self.answers: list[str] = []
        self.logger = logging.getLogger("wire")

    async def send_socket_mode_response(self, response: Any) -> None:
        self.answers.append(json.dumps(response.to_dict()))


async def test_spoilt_envelopes_of_the_socket_break_nothing(
    doorstep: Doorstep, watch: Watch, request: pytest.FixtureRequest
) -> None:
    d = doorstep
    tries, person = await requests(d), d.outsiders["guest"]
    handler = AsyncSocketModeHandler(d.scene.desk.app, "xapp-test")
    wire: Any = _Wire()
    await d.scene.settle()
    before = d.rows()
    for rng in turns(request, "socket"):
        body = rng.choice(tries).make(person)
        body.pop("response_url", None)  # Bolt answers there before it asks us anything
        kind = "slash_commands" if "command" in body else "interactive"
        envelope = {"type": kind, "envelope_id": "E1", "payload": body, "retry_attempt": 0}
        spoilt, _ = mutated(envelope, envelope, rng)
        try:
            found = SocketModeRequest.from_dict(spoilt)
            if found is not None:
                await handler.handle(wire, found)
        except Exception:  # noqa: BLE001, S112  the SDK logs it; nothing of ours may be stored
            continue
        await d.scene.desk.background.rest()
        d.scene.ws.problems.clear()
    assert d.rows() == before
    await handler.close_async()  # type: ignore[no-untyped-call]  # Bolt ships no type for it


async def test_spoilt_bytes_over_http_are_answered_without_5xx(
    doorstep: Doorstep, watch: Watch, call: Caller, request: pytest.FixtureRequest
) -> None:
    d = doorstep
    tries, person = await requests(d), d.outsiders["guest"]
    await d.scene.settle()
    before = d.rows()
    for rng in turns(request, "bytes"):
        body = rng.choice(tries).make(person)
        as_form = urlencode(body if "command" in body else {"payload": json.dumps(body)})
        event = json.dumps(rng.choice(events(d.scene, person.user.id)[:2]))
        raw, kind = rng.choice(((as_form, FORM), (as_form, FORM), (event, JSON)))
        reply = await call.send(raw_mutated(raw.encode(), rng), kind)
        await d.scene.desk.background.rest()
        d.scene.ws.problems.clear()
        assert reply.status < 500
    await d.scene.settle()
    after = d.rows()
    for name in ("submission", "history", "draft", "goal", "desk_admin", "role", "subscription"):
        assert after[name] == before[name]


async def test_unsigned_bytes_are_refused_whatever_they_are(
    doorstep: Doorstep, watch: Watch, call: Caller, request: pytest.FixtureRequest
) -> None:
    d = doorstep
    tries = await requests(d)
    await d.scene.settle()
    before = d.rows()
    call.secret = "not the secret"
    for rng in turns(request, "unsigned"):
        one = rng.choice(tries)
        body = one.make(one.may)
        raw = urlencode(body if "command" in body else {"payload": json.dumps(body)})
        reply = await call.send(raw_mutated(raw.encode(), rng), rng.choice((FORM, JSON)))
        assert reply.status in {400, 401}
    assert d.rows() == before

"""Signed requests as Slack makes them, and how they can be odd."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import aiohttp

from runtime.doors import listening
from runtime.readiness import Condition
from runtime.web import SLACK_PATH, FrontDoor, slack_endpoint
from sandbox.clock import wall_time
from sandbox.transports.http import FORM, JSON
from tests.support.desk import Scene, settings
from tests.support.processes import rows_of


def signed(secret: str, timestamp: str, body: bytes) -> str:
    """The signature of any bytes, also of those that are no text."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return f"v0={hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    text: str

    @property
    def body(self) -> Any:
        return json.loads(self.text)


@dataclass(slots=True)
class Caller:
    """Calls the desk over HTTP, as Slack or as somebody else."""

    session: aiohttp.ClientSession
    url: str
    secret: str

    async def send(self, body: str | bytes, kind: str = JSON, **headers: str | None) -> Reply:
        """Send a signed body; `timestamp` and `signature` replace what Slack would send, None
        leaves it out.
        """
        timestamp = headers.get("timestamp", str(int(wall_time().timestamp())))
        raw = body.encode() if isinstance(body, str) else body
        signature = headers.get("signature", signed(self.secret, str(timestamp), raw))
        given = {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature,
        }
        sent = {name: value for name, value in given.items() if value is not None}
        async with self.session.post(self.url, data=BytesIO(raw), headers=sent) as response:
            return Reply(response.status, await response.text())

    async def interact(self, payload: object) -> Reply:
        """Send an interactive payload."""
        return await self.send(urlencode({"payload": json.dumps(payload)}), FORM)

    async def command(self, fields: dict[str, Any]) -> Reply:
        """Send a slash command."""
        return await self.send(urlencode(fields), FORM)

    async def event(self, payload: object) -> Reply:
        """Send an event."""
        return await self.send(json.dumps(payload))


@asynccontextmanager
async def caller(scene: Scene, database_url: str) -> AsyncIterator[Caller]:
    """The scene's desk behind HTTP, and somebody who calls it."""
    secret = scene.ws.identity.signing_secret
    given = settings(database_url, port=0)
    door = FrontDoor()

    async def ready() -> Condition:
        return Condition()

    door.open_up(ready, slack=slack_endpoint(scene.desk.app, secret))
    async with (
        listening(given, door.routes()) as address,
        aiohttp.ClientSession() as session,
    ):
        yield Caller(session, f"{address}{SLACK_PATH}", secret)


def counted(database_url: str) -> dict[str, int]:
    """How many rows each table has."""
    tables = [row["name"] for row in rows_of(database_url, "sqlite_master", "type = 'table'")]
    counts = ", ".join(f"(SELECT count(*) FROM {name}) AS {name}" for name in tables)  # noqa: S608
    (row,) = rows_of(database_url, f"(SELECT {counts})")
    return row

"""A workspace on a local port, and desks that are processes of their own beside it."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

import aiohttp
import psycopg
from psycopg.rows import dict_row

from bot.configure import configure
from runtime.manifest import manifest_of
from sandbox.clock import ShiftedClock
from sandbox.model import Message
from sandbox.people import Person
from sandbox.server import Server
from sandbox.transports.http import HttpDelivery
from sandbox.workspace import Workspace
from storage.database import Database
from tests.support.desk import set_up, settings

ROOT = Path(__file__).parents[2]
LONG = 30.0
"""Seconds that a slow machine may take for a step."""


@dataclass(slots=True, kw_only=True)
class Town:
    """A workspace that listens on a port, with the people and channels of the desk's scene."""

    ws: Workspace
    server: Server
    url: str
    database_url: str
    sam: Person
    cora: Person
    olga: Person
    general: str
    content: str
    delivery: HttpDelivery | None = field(default=None)

    def settings(self, *, port: int = 0, socket_mode: bool = True, **more: Any) -> dict[str, Any]:
        """The settings of a desk for this workspace, in plain values."""
        identity = self.ws.identity
        return {
            "slack_bot_token": identity.bot_token,
            "slack_app_token": identity.app_token if socket_mode else "",
            "slack_signing_secret": identity.signing_secret,
            "slack_api_url": f"{self.url}/api/",
            "database_url": self.database_url,
            "port": port,
            **more,
        }

    async def call_over_http(self, port: int) -> None:
        """Let Slack call the desk at this port from now on."""
        if self.delivery is not None:
            await self.delivery.close()
        self.delivery = HttpDelivery(self.ws, f"http://127.0.0.1:{port}/slack/events")
        self.ws.connect(self.delivery)

    async def linked(self) -> None:
        """Wait until a desk has opened its socket."""
        await self.ws.until(lambda: self.server.link.connections == 1, seconds=LONG)

    async def quiet(self) -> None:
        """Wait until the desk has nothing left to do."""
        await self.ws.settled()
        await self.ws.until(lambda: not self.rows("outbox", "done_at IS NULL"), seconds=LONG)
        await self.ws.settled()

    def rows(self, table: str, where: str = "TRUE") -> list[dict[str, Any]]:
        """What stands in the desk's database."""
        return rows_of(self.database_url, table, where)

    def cards(self) -> list[Message]:
        """The desk's messages in the owner's channel that are no replies."""
        found = self.ws.messages.get(self.content, {}).values()
        return [m for m in found if m.bot_id and not m.is_reply and m.ephemeral_to is None]

    def story(self) -> list[str]:
        """What stands in the threads of the owner's channel."""
        found = self.ws.messages.get(self.content, {}).values()
        return [m.text for m in found if m.is_reply]

    def dm(self, person: Person) -> list[Message]:
        """What the desk wrote to a person, oldest first."""
        ims = [c.id for c in self.ws.channels.values() if c.is_im and c.user == person.user.id]
        return [m for im in ims for m in self.ws.messages.get(im, {}).values() if m.bot_id]


@contextlib.asynccontextmanager
async def town(database_url: str, *, port: int = 0, is_set_up: bool = True) -> AsyncIterator[Town]:
    """A workspace on a port; nothing of the desk runs yet."""
    clock = ShiftedClock()
    ws = Workspace.build(manifest_of(settings(database_url)), clock)
    names = ("olga", "sam", "cora", "adam", "ava", "lena", "xena")
    rights = {"olga": {"is_admin": True, "is_owner": True, "is_primary_owner": True}}
    people = {
        name: ws.person(ws.add_user(name, f"{name.title()} Marker", **rights.get(name, {})).id)
        for name in names
    }
    ids = {name: person.user.id for name, person in people.items()}
    bot = ws.identity.bot_user
    places = {
        name: ws.add_channel(name, *ids.values(), bot).id
        for name in ("general", "content", "advocacy", "leads", "leadership")
    }
    if is_set_up:
        await _apply(database_url, ws.identity.team_id, ids | places)
    server = Server(ws)
    url = await server.start(port=port)
    ws.connect(server.link)
    built = Town(
        ws=ws,
        server=server,
        url=url,
        database_url=database_url,
        sam=people["sam"],
        cora=people["cora"],
        olga=people["olga"],
        general=places["general"],
        content=places["content"],
    )
    try:
        yield built
    finally:
        if built.delivery is not None:
            await built.delivery.close()
        await server.stop()
        clock.close()


async def _apply(database_url: str, workspace_id: str, ids: dict[str, str]) -> None:
    """The scene's set-up without its digest, which real time would fire."""
    database = Database(database_url)
    desk = replace(set_up(ids), subscriptions=())
    await database.transact(workspace_id, configure, desk, datetime(2026, 1, 1, tzinfo=UTC))
    await database.close()


class Nursery:
    """Starts desks quickly; see `tests.support.crashing_desk`."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._program = subprocess.Popen(
            [sys.executable, "-m", "tests.support.crashing_desk"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    def ask(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """One line out, one line in."""
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        with self._lock:
            self._program.stdin.write(json.dumps(order) + "\n")
            answer: dict[str, Any] = json.loads(self._program.stdout.readline())
            return answer

    def close(self) -> None:
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        self._program.stdin.close()
        self._program.wait(LONG)
        self._program.stdout.close()


@contextlib.contextmanager
def nursery() -> Iterator[Nursery]:
    found = Nursery()
    try:
        yield found
    finally:
        found.close()


class DeskProcess:
    """A desk as a process. `armed`: let it die at its point from now on."""

    def __init__(self, mother: Nursery, folder: Path, name: str = "desk") -> None:
        self._mother = mother
        self._armed = folder / f"{name}.armed"
        self.log = folder / f"{name}.log"
        self.pid = 0

    async def start(
        self, given: Mapping[str, Any], *, point: str | None = None, **how: Any
    ) -> None:
        """`how` is the rest of an order; see `tests.support.crashing_desk`."""
        self._armed.unlink(missing_ok=True)
        order = {
            **how,
            "settings": dict(given),
            "log": str(self.log),
            "point": point,
            "armed": str(self._armed),
        }
        self.pid = (await asyncio.to_thread(self._mother.ask, order))["pid"]

    def arm(self) -> None:
        self._armed.touch()

    def kill(self) -> None:
        """As a power cut: at once, and with nothing said."""
        assert self.pid, "no desk runs"
        os.kill(self.pid, signal.SIGKILL)

    def freeze(self) -> None:
        """It stands still, and holds what it holds."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    async def has_ended(self) -> bool:
        """Whether it ended, by itself or not."""
        answer = await asyncio.to_thread(self._mother.ask, {"look": self.pid})
        if answer["status"] is None:
            return False
        self.pid = 0
        return True

    async def ended(self) -> int:
        """Wait for its end: its exit code, or the signal's number below zero."""
        waiting = asyncio.ensure_future(asyncio.to_thread(self._mother.ask, {"wait": self.pid}))
        done, _ = await asyncio.wait([waiting], timeout=LONG)
        if not done:
            self.kill()
        status: int = (await waiting)["status"]
        self.pid = 0
        assert done, f"it did not end by itself; see {self.log}"
        return status

    async def stop(self) -> int:
        """Ask it to stop."""
        assert self.pid, "no desk runs"
        os.kill(self.pid, signal.SIGTERM)
        return await self.ended()

    async def close(self) -> None:
        """The end of the test, however it went."""
        if self.pid:
            self.kill()
            await self.ended()


async def answers_at(port: int, path: str = "/readyz", seconds: float = LONG) -> None:
    """Wait until somebody answers with 200 at the port."""
    async with asyncio.timeout(seconds), aiohttp.ClientSession() as session:
        while True:
            with contextlib.suppress(aiohttp.ClientError):
                async with session.get(f"http://127.0.0.1:{port}{path}") as response:
                    if response.status == 200:
                        return
            await asyncio.sleep(0.02)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def rows_of(database_url: str, table: str, where: str = "TRUE") -> list[dict[str, Any]]:
    """Rows of the database, seen from outside; moments in ISO's form, without a zone."""
    query = f"SELECT * FROM {table} WHERE {where}"  # noqa: S608  (ours)
    if database_url.startswith("postgresql"):
        return [
            {name: _plain(value) for name, value in row.items()} for row in ask(database_url, query)
        ]
    path = Path(database_url.removeprefix("sqlite:///"))
    with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(query)]


def ask(database_url: str, query: str) -> list[dict[str, Any]]:
    """What PostgreSQL answers to a statement of its own transaction."""
    plain = database_url.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(plain, autocommit=True, row_factory=dict_row) as connection:
        cursor = connection.execute(query.encode())
        return cursor.fetchall() if cursor.description else []


def _plain(value: Any) -> Any:
    """A moment as SQLite has it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")
    return value


class Program:
    """`python app.py …`, run as an operator runs it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._lines: list[str] = []
        assert process.stderr is not None
        self._reader = asyncio.ensure_future(self._read(process.stderr))

    @classmethod
    async def start(cls, folder: Path, *arguments: str, **given: Any) -> "Program":
        """Start it in `folder` with these settings, and nothing else in its environment."""
        env = {name.upper(): str(value) for name, value in given.items()}
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(ROOT / "app.py"),
            *arguments,
            cwd=folder,
            env={"PATH": "/usr/bin:/bin", "PYTHONWARNINGS": "error::ResourceWarning", **env},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        return cls(process)

    async def _read(self, stream: asyncio.StreamReader) -> None:
        async for line in stream:
            self._lines.append(line.decode())

    @property
    def errors(self) -> str:
        """What it wrote on standard error so far: its log."""
        return "".join(self._lines)

    async def said(self, words: str) -> None:
        """Wait until its log has these words."""
        async with asyncio.timeout(LONG):
            while words not in self.errors:
                assert self._process.returncode is None, self.errors
                await asyncio.sleep(0.01)

    async def ended(self) -> tuple[int, str]:
        """Wait for its end: its exit code and what it printed."""
        assert self._process.stdout is not None
        async with asyncio.timeout(LONG):
            printed = (await self._process.stdout.read()).decode()
            await self._reader
            return await self._process.wait(), printed

    def ask_to_stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        self._process.send_signal(number)

    async def stop(self) -> int:
        """Ask it to stop, and wait."""
        self.ask_to_stop()
        return (await self.ended())[0]

    async def close(self) -> None:
        """The end of the test, however it went."""
        if self._process.returncode is None:
            self._process.kill()
        await self.ended()


@contextlib.asynccontextmanager
async def program(folder: Path, *arguments: str, **given: Any) -> AsyncIterator[Program]:
    found = await Program.start(folder, *arguments, **given)
    try:
        yield found
    finally:
        await found.close()

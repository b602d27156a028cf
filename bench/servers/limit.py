"""The limit: a bare handler without any framework, and one sqlite3 writer with a commit each.

    python -m bench.servers.limit PORT DATABASE SECRET

It checks the signature, reads the form, writes the same rows as the desk, and answers.
"""

import asyncio
import hashlib
import hmac
import json
import sqlite3
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from typing_extensions import override

from sandbox.clock import wall_time

ROWS = json.loads((Path(__file__).parents[1] / "rows.json").read_text(encoding="utf-8"))
CHANNEL = "C00000001"
HEAD_END = b"\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
REFUSED = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"


def document(value: dict[str, Any]) -> str:
    """As the desk writes JSON: without spaces, in UTF-8."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


class Store:
    """One connection, one commit for each submission, synchronous=FULL."""

    def __init__(self, file: str) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            self._connection.execute(f"PRAGMA {pragma}")

    def submit(self, payload: Mapping[str, Any], now: datetime) -> None:
        """Write the rows of one submission."""
        run = self._connection.execute
        fields = fields_of(payload["view"]["state"]["values"])
        row = {
            "workspace_id": payload["team"]["id"],
            "user_id": payload["user"]["id"],
            "title": fields["title"],
            "fields": document(fields),
            "source_key": f"view:{payload['view']['id']}",
            "now": moment(now),
            "due_at": moment(now + timedelta(days=2)),
            "remind_at": moment(now + timedelta(hours=28)),
            "words": f"{fields['title']}  {fields['link']}".casefold(),
            "expires_at": moment(now + timedelta(days=7)),
        }
        run("BEGIN IMMEDIATE")
        row["number"] = run(ROWS["number"], row).fetchone()[0]
        run(ROWS["submission"], row)
        run(ROWS["history"], row)
        row["payload"] = document({"number": row["number"]})
        for kind, lane in (("card", CHANNEL), ("receipt", row["user_id"])):
            row |= {"kind": kind, "lane": lane, "key": f"{kind}:{row['number']}"}
            row["id"] = run(ROWS["lane"], row).fetchone()[0]
            run(ROWS["effect"], row)
        run("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def moment(at: datetime) -> str:
    """A moment as the desk's tables keep it."""
    return at.strftime("%Y-%m-%d %H:%M:%S.%f")


def fields_of(values: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The filled-in fields of a form."""
    found: dict[str, Any] = {}
    for block_id, actions in values.items():
        for held in actions.values():
            option = held.get("selected_option") or {}
            options = [one["value"] for one in held.get("selected_options") or []]
            value = held.get("value") or option.get("value") or options
            if value:
                found[block_id] = value
    return found


class Handler:
    """What the limit does with a request."""

    def __init__(self, store: Store, secret: str) -> None:
        self._store = store
        self._secret = secret.encode()
        self._writer = ThreadPoolExecutor(1)

    async def answer(self, head: bytes, body: bytes) -> bytes:
        """The whole response."""
        timestamp = _header(head, b"x-slack-request-timestamp")
        base = b"v0:" + timestamp + b":" + body
        expected = b"v0=" + hmac.new(self._secret, base, hashlib.sha256).hexdigest().encode()
        if not hmac.compare_digest(expected, _header(head, b"x-slack-signature")):
            return REFUSED
        fields = parse_qs(body.decode())
        if "payload" in fields:
            payload = json.loads(fields["payload"][0])
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self._writer, self._store.submit, payload, wall_time())
        return OK


def _header(head: bytes, name: bytes) -> bytes:
    start = head.lower().index(name + b":") + len(name) + 1
    return head[start : head.index(b"\r\n", start)].strip()


class Protocol(asyncio.Protocol):
    """As much HTTP as kept-alive connections of one request at a time need."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._received = b""
        self._tasks: set[asyncio.Task[None]] = set()

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    @override
    def data_received(self, data: bytes) -> None:
        self._received += data
        head, found, body = self._received.partition(HEAD_END)
        if not found:
            return
        head += b"\r\n"
        if head.startswith(b"GET"):
            self._transport.write(OK)
        elif len(body) < int(_header(head, b"content-length")):
            return
        else:
            task = asyncio.ensure_future(self._answer(head, body))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        self._received = b""

    async def _answer(self, head: bytes, body: bytes) -> None:
        self._transport.write(await self._handler.answer(head, body))


async def main(port: int, file: str, secret: str) -> None:
    """Serve until killed."""
    handler = Handler(Store(file), secret)
    server = await asyncio.get_running_loop().create_server(
        lambda: Protocol(handler), "127.0.0.1", port, backlog=512
    )
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], sys.argv[3]))

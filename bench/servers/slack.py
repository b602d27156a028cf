"""As much of Slack as a desk under load calls, answered at once and counted.

    python -m bench.servers.slack PORT

`GET /counts` tells how often each method was called, and over how many connections.
"""

import asyncio
import sys
from collections import Counter, defaultdict
from itertools import count
from time import perf_counter
from typing import Any

from aiohttp import web

from bench.payloads import USERS, user_id
from bench.servers.limit import CHANNEL

IDENTITY = {
    "team_id": "T00000001",
    "bot_id": "B00000001",
    "user_id": "U99999999",
    "url": "https://acme.example.com/",
}


class Slack:
    """The Web API's answers. A connection is counted by its first request."""

    def __init__(self) -> None:
        self._calls: Counter[str] = Counter()
        self._posts: Counter[str] = Counter()
        self._moments: defaultdict[str, list[float]] = defaultdict(list)
        self._connections: set[int] = set()
        self._clock = count(1)

    async def call(self, request: web.Request) -> web.Response:
        """Answer any method."""
        method = request.match_info["method"]
        self._calls[method] += 1
        assert request.transport is not None
        self._connections.add(request.transport.get_extra_info("peername")[1])
        is_json = request.content_type == "application/json"
        told = await (request.json() if is_json else request.post())
        fields = {**request.query, **told}
        if method == "chat.postMessage":
            self._posts[str(fields["channel"])] += 1
            self._moments[str(fields["channel"])].append(perf_counter())
        return web.json_response({"ok": True, **self._answer(method, fields)})

    def _answer(self, method: str, fields: dict[str, Any]) -> dict[str, Any]:
        match method:
            case "auth.test":
                return {**IDENTITY}
            case "users.list":
                return {"members": [_user(place) for place in range(USERS)]}
            case "conversations.list":
                return {"channels": [{"id": CHANNEL, "name": "content", "is_member": True}]}
            case "conversations.open":
                return {"channel": {"id": f"D{str(fields.get('users', '0'))[1:]}"}}
            case _:
                ts = f"1700000000.{next(self._clock):06d}"
                return {"channel": fields.get("channel", CHANNEL), "ts": ts}

    async def counts(self, _request: web.Request) -> web.Response:
        """What was counted so far; moments by the clock that all processes here share."""
        counted = {"calls": self._calls, "posts": self._posts, "moments": self._moments}
        return web.json_response({**counted, "connections": len(self._connections)})


def _user(place: int) -> dict[str, Any]:
    return {
        "id": user_id(place),
        "name": f"user{place}",
        "real_name": f"User {place}",
        "tz": "Europe/Berlin",
        "is_primary_owner": place == 0,
        "is_owner": place == 0,
        "is_admin": place == 0,
    }


async def main(port: int) -> None:
    """Serve until killed."""
    slack = Slack()
    app = web.Application()
    app.add_routes(
        [
            web.route("*", "/api/{method}", slack.call),
            web.get("/counts", slack.counts),
            web.get("/readyz", slack.counts),
        ]
    )
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))

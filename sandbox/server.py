"""The workspace on a local port: Web API, Socket Mode, response URLs, and what a plugin adds.

server = Server(ws)
url = await server.start()
client = AsyncWebClient(token=ws.identity.bot_token, base_url=f"{url}/api/")
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from sandbox.gate import Reply, perform
from sandbox.hooks import respond
from sandbox.session import HTML
from sandbox.state import State
from sandbox.transports.socket_mode import SocketLink

Plugin = Callable[[web.Application], None]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

# Longer than any client waits for an answer.
FOREVER = 3600


class Server:
    """`POST /api/{method}`, `/link`, `POST /response/{hook}`; plugins add routes of their own.

    Only requests for this machine's own names are answered, so that no web page can reach the
    workspace by a name that it lets point here (DNS rebinding).
    """

    def __init__(self, state: State, *plugins: Plugin, hosts: Sequence[str] = ()) -> None:
        self._state = state
        self._hosts = {"127.0.0.1", "localhost", "::1", *hosts}
        self.link = SocketLink(state)
        self.app = web.Application(middlewares=[self._host_check()])
        self.app.router.add_route("*", "/api/{method}", self._api)
        self.app.router.add_get("/link", self.link.serve)
        self.app.router.add_post("/response/{hook}", self._respond)
        for plugin in plugins:
            plugin(self.app)
        self._runner = web.AppRunner(
            self.app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1
        )

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listen (port 0: any free one) and return the address, without a slash at the end."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        bound = self._runner.addresses[0]
        self._state.base_url = f"http://{host}:{bound[1]}"
        return self._state.base_url

    async def stop(self) -> None:
        """Close all connections and stop listening."""
        await self.link.cut("close")
        await self._runner.cleanup()

    def _host_check(self) -> Any:
        @web.middleware
        async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
            if urlsplit(f"//{request.host}").hostname not in self._hosts:
                raise web.HTTPForbidden(text="this workspace answers to local names only")
            return await handler(request)

        return check

    async def _api(self, request: web.Request) -> web.StreamResponse:
        args = await _arguments(request)
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
        token = bearer or str(args.pop("token", ""))
        reply = await perform(self._state, request.match_info["method"], token, args)
        return await self._answer(request, reply)

    @staticmethod
    async def _answer(request: web.Request, reply: Reply) -> web.StreamResponse:
        if reply.mishap == "html":
            return web.Response(text=HTML, content_type="text/html")
        if reply.mishap == "timeout":
            await asyncio.sleep(FOREVER)
        if reply.mishap != "none" and request.transport is not None:
            request.transport.abort()
        answer = reply.answer
        return web.json_response(answer.body, status=answer.status, headers=answer.headers)

    async def _respond(self, request: web.Request) -> web.Response:
        status, text = respond(
            self._state, request.match_info["hook"], json.loads(await request.text())
        )
        return web.Response(status=status, text=text)


async def _arguments(request: web.Request) -> dict[str, Any]:
    """Query and body together: some clients send both."""
    args: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        text = await request.text()
        args.update(json.loads(text) if text else {})
    else:
        args.update({name: str(value) for name, value in (await request.post()).items()})
    return args

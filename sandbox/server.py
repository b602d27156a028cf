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

from sandbox.gate import Reply, download, perform, upload
from sandbox.hooks import respond
from sandbox.methods.transfers import DOWNLOADS, SIGN_IN, SIGN_IN_PAGE, UPLOADS
from sandbox.session import HTML
from sandbox.state import State
from sandbox.transports.socket_mode import SocketLink

Plugin = Callable[[web.Application], None]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

# Longer than any client waits for an answer.
FOREVER = 3600

# The largest body that is taken; Slack takes files of 1 GB.
BODY_BYTES = 64 * 1024 * 1024


class Server:
    """`POST /api/{method}`, `/link`, `POST /response/{hook}`, the bytes of files.

    Plugins add routes of their own.

    Only requests for this machine's own names are answered, so that no web page can reach the
    workspace by a name that it lets point here (DNS rebinding); and of those that a browser makes
    only such as come from our own page, so that no other page can post here.
    """

    def __init__(self, state: State, *plugins: Plugin, hosts: Sequence[str] = ()) -> None:
        self._state = state
        self._hosts = {"127.0.0.1", "localhost", "::1", *hosts}
        self.link = SocketLink(state)
        self.app = web.Application(middlewares=[self._host_check()], client_max_size=BODY_BYTES)
        self.app.router.add_route("*", "/api/{method}", self._api)
        self.app.router.add_get("/link", self.link.serve)
        self.app.router.add_post("/response/{hook}", self._respond)
        self.app.router.add_post(f"{UPLOADS}{{ticket}}", self._upload)
        self.app.router.add_get(f"{DOWNLOADS}{{file}}/{{name:.+}}", self._download)
        self.app.router.add_get(SIGN_IN, self._sign_in)
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
            origin = request.headers.get("Origin")
            if origin is not None and urlsplit(origin).netloc != request.host:
                raise web.HTTPForbidden(text="only the page itself may ask here")
            return await handler(request)

        return check

    async def _api(self, request: web.Request) -> web.StreamResponse:
        args = await arguments_of(request)
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
        return web.Response(
            body=answer.sent(),
            status=answer.status,
            headers={**answer.headers, "Content-Type": answer.kind},
        )

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        reply = await upload(self._state, request.match_info["ticket"], await _uploaded(request))
        return await self._answer(request, reply)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return await self._answer(request, await download(self._state, request.path, token))

    async def _sign_in(self, _request: web.Request) -> web.Response:
        return web.Response(text=SIGN_IN_PAGE, content_type="text/html")

    async def _respond(self, request: web.Request) -> web.Response:
        status, text = respond(
            self._state, request.match_info["hook"], json.loads(await request.text())
        )
        return web.Response(status=status, text=text)


async def _uploaded(request: web.Request) -> bytes:
    """The bytes of an upload: the body itself, or the file in a form."""
    if request.content_type != "multipart/form-data":
        return await request.read()
    for part in (await request.post()).values():
        if isinstance(part, web.FileField):
            return part.file.read()
    return b""


async def arguments_of(request: web.Request) -> dict[str, Any]:
    """Query and body together: some clients send both."""
    args: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        text = await request.text()
        args.update(json.loads(text) if text else {})
    else:
        args.update({name: str(value) for name, value in (await request.post()).items()})
    return args

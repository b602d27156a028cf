"""The page's routes for files: what people attach comes in, what they may see goes out."""

import re
from collections.abc import Callable
from urllib.parse import quote, urlsplit

from aiohttp import web

from sandbox.model import File
from sandbox.page.attached import PICTURES
from sandbox.page.scene import Scene
from sandbox.workspace import Workspace

# Slack takes 1 GB; the sandbox keeps everything in memory.
MOST_BYTES = 32 * 1024 * 1024

# What a browser may show itself. All else is saved, so that no file acts as a page of this origin.
SHOWN = PICTURES | {"application/pdf", "text/plain"}
LOCKED = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"


class FileRoutes:
    """`POST files?as=&name=` keeps a file and answers its id; `GET files/{id}?as=` shows one."""

    def __init__(self, ws: Workspace, check_host: Callable[[web.Request], None]) -> None:
        self._ws = ws
        self._check_host = check_host

    async def take(self, request: web.Request) -> web.Response:
        """Keep a file for a colleague: 413 if it is too large."""
        self._check_host(request)
        if urlsplit(request.headers.get("Origin", "")).netloc != request.host:
            raise web.HTTPForbidden(text="only the page itself may send files here")
        scene = self._scene(request)
        name = re.split(r"[/\\]", request.query.get("name", ""))[-1].strip()[:255]
        content = bytearray()
        async for chunk in request.content.iter_chunked(64 * 1024):
            content += chunk
            if len(content) > MOST_BYTES:
                raise web.HTTPRequestEntityTooLarge(MOST_BYTES, len(content))
        file = self._ws.person(scene.viewer.id).attach(name or "file", bytes(content))
        return web.Response(text=file.id)

    async def give(self, request: web.Request) -> web.Response:
        """Show a file to a colleague who may see it; 404 for all others."""
        self._check_host(request)
        scene = self._scene(request)
        file = self._ws.files.get(request.match_info["file"])
        if file is None or not visible(file, scene):
            raise web.HTTPNotFound(text="there is no such file")
        how = "inline" if file.mimetype in SHOWN else "attachment"
        headers = {
            "Content-Disposition": f"{how}; filename*=UTF-8''{quote(file.name)}",
            "Content-Type": _kind(file),
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        }
        if file.mimetype != "application/pdf":
            # A PDF is drawn by a part of the browser that this would lock out, too.
            headers["Content-Security-Policy"] = LOCKED
        return web.Response(body=file.content, headers=headers)

    def _scene(self, request: web.Request) -> Scene:
        user = self._ws.users.get(request.query.get("as", ""))
        if user is None or user.is_bot or user.deleted:
            raise web.HTTPForbidden(text="nobody of this name is here")
        return Scene(self._ws, user)


def _kind(file: File) -> str:
    if file.mimetype == "text/plain":
        return "text/plain; charset=utf-8"
    return file.mimetype if file.mimetype in SHOWN else "application/octet-stream"


def visible(file: File, scene: Scene) -> bool:
    """Whether a colleague may open a file: their own, or in a message that they can look at."""
    if file.deleted:
        return False
    if file.user == scene.viewer.id:
        return True
    for place, ts in file.shares:
        channel = scene.ws.channels.get(place)
        if channel is None or scene.ws.message(place, ts) is None:
            continue
        if scene.viewer.id in channel.members or scene.sees(channel):
            return True
    return False

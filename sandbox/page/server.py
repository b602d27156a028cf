"""The page's routes: the shell, its style and script, and one WebSocket per tab.

    page = add_page(app, ws, guide=[GuideStep("Hand in an idea", "Type `/social-idea`.")])

Only this machine's own names are answered, and a WebSocket only to a page of the same origin, so
that no other site can act here (https://owasp.org/www-community/attacks/csrf).
"""

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

from sandbox.page.frame import shell
from sandbox.page.live import Live
from sandbox.page.screen import GuideStep, Page
from sandbox.page.tab import Tab
from sandbox.page.uploads import FileRoutes
from sandbox.workspace import Workspace

STATIC = Path(__file__).parent / "static"
LOCAL = ("127.0.0.1", "localhost", "::1")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}


def add_page(
    app: web.Application,
    ws: Workspace,
    *,
    guide: Sequence[GuideStep] = (),
    can_jump: bool = True,
    why_not: str = "",
    prefix: str = "/",
    hosts: Sequence[str] = (),
) -> Page:
    """Put the page of `ws` into `app`, at `prefix` (which ends with a slash).

    `guide` are things to try. `can_jump` False locks the clock, `why_not` says why. `hosts` are
    names besides this machine's own under which the page is served.
    """
    page = Page(ws, guide=guide, can_jump=can_jump, why_not=why_not)
    routes = _Routes(page, prefix, {*LOCAL, *hosts})
    app.router.add_get(prefix, routes.shell)
    app.router.add_get(f"{prefix}page.css", routes.style)
    app.router.add_get(f"{prefix}page.js", routes.script)
    app.router.add_get(f"{prefix}live", routes.live)
    files = FileRoutes(ws, routes.check_host)
    app.router.add_post(f"{prefix}files", files.take)
    app.router.add_get(f"{prefix}files/{{file}}", files.give)
    app.on_shutdown.append(routes.close)
    return page


class _Routes:
    def __init__(self, page: Page, prefix: str, hosts: set[str]) -> None:
        self._page = page
        self._hosts = hosts
        self._shell = shell(page.ws.identity.team_name, prefix)
        self._style = (STATIC / "page.css").read_text(encoding="utf-8")
        self._script = (STATIC / "page.js").read_text(encoding="utf-8")
        self._sockets: dict[web.WebSocketResponse, Tab] = {}
        self._met: set[str] = set()
        self._stop = page.ws.on_change(page.wake)

    async def shell(self, request: web.Request) -> web.Response:
        self.check_host(request)
        return web.Response(text=self._shell, content_type="text/html", headers=HEADERS)

    async def style(self, request: web.Request) -> web.Response:
        self.check_host(request)
        return web.Response(text=self._style, content_type="text/css", headers=HEADERS)

    async def script(self, request: web.Request) -> web.Response:
        self.check_host(request)
        return web.Response(text=self._script, content_type="text/javascript", headers=HEADERS)

    async def live(self, request: web.Request) -> web.WebSocketResponse:
        """A tab: `as` and `in` say who and where, `fresh` that the page was loaded just now."""
        self.check_host(request)
        origin = request.headers.get("Origin", "")
        if urlsplit(origin).netloc != request.host:
            raise web.HTTPForbidden(text="only the page itself may connect here")
        tab = Tab(self._page, request.query.get("as"), request.query.get("in"))
        self._meet(tab, fresh=request.query.get("fresh") == "1")
        socket = web.WebSocketResponse(heartbeat=30)
        await socket.prepare(request)
        self._sockets[socket] = tab
        try:
            await Live(self._page, tab, socket).run()
        finally:
            del self._sockets[socket]
        return socket

    async def close(self, _app: web.Application) -> None:
        """Let go of all tabs."""
        self._stop()
        for socket in list(self._sockets):
            await socket.close(code=1001, message=b"the sandbox stops")

    def _meet(self, tab: Tab, *, fresh: bool) -> None:
        """A page loaded anew has lost its modals and the messages for its eyes only, as in Slack;
        not if the colleague has another tab open.
        """
        person = tab.screen.person
        others = {other.screen.person.id for other in self._sockets.values()}
        if fresh and person.id in self._met and person.id not in others:
            person.reload()
        self._met.add(person.id)

    def check_host(self, request: web.Request) -> None:
        """403 unless the page was asked for by a name of this machine."""
        if urlsplit(f"//{request.host}").hostname not in self._hosts:
            raise web.HTTPForbidden(text="this page answers to local names only")

"""One tab's WebSocket: events come in, the parts that changed go out."""

import asyncio
import json
import logging
from typing import Any

from aiohttp import WSMsgType, web

from sandbox.page.screen import Event, Page
from sandbox.page.tab import Tab

# Changes that come together are drawn together.
PAUSE = 0.02

log = logging.getLogger(__name__)


class Live:
    """Keeps what the browser has been sent, and sends only the difference."""

    def __init__(self, page: Page, tab: Tab, socket: web.WebSocketResponse) -> None:
        self._page = page
        self._tab = tab
        self._socket = socket
        self._wake = asyncio.Event()
        self._done: list[int] = []
        self._sent: dict[str, str] = {}
        self._around: dict[str, str] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Serve until the browser goes away."""
        self._page.wakers.add(self._wake.set)
        self._start(self._opened())
        writer = asyncio.get_running_loop().create_task(self._write())
        try:
            async for message in self._socket:
                if message.type is WSMsgType.TEXT:
                    self._receive(message.data)
        finally:
            self._page.wakers.discard(self._wake.set)
            writer.cancel()
            for task in list(self._tasks):
                task.cancel()

    def difference(self) -> dict[str, Any]:
        """What the browser does not know yet; empty if it knows all."""
        parts: dict[str, str] = dict(self._tab.parts())
        screen = self._tab.screen
        around = {"title": self._tab.title, "address": screen.address}
        message: dict[str, Any] = {
            "parts": {key: part for key, part in parts.items() if self._sent.get(key) != part},
            "done": self._done,
            "focus": screen.focus,
            **{key: value for key, value in around.items() if self._around.get(key) != value},
        }
        self._sent, self._around = parts, around
        self._done, screen.focus = [], None
        return {key: value for key, value in message.items() if value}

    def _receive(self, text: str) -> None:
        try:
            raw = json.loads(text)
            event = Event.parse(raw)
        except ValueError as error:
            log.warning("the page sent something else than an event: %s", error)
            return
        number = raw.get("n")
        self._start(self._handle(event, number if isinstance(number, int) else 0))

    async def _opened(self) -> None:
        await self._tab.open()
        self._wake.set()

    async def _handle(self, event: Event, number: int) -> None:
        try:
            await self._tab.handle(event)
        except Exception:
            log.exception("the page could not do %r", event.do)
            self._tab.screen.refusal = "The sandbox could not do this; its log says why."
        self._done.append(number)
        self._page.wake()

    def _start(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _write(self) -> None:
        try:
            await self._keep_writing()
        except ConnectionError:
            log.debug("the browser went away")
        except Exception:
            log.exception("the page could not be drawn")
            await self._socket.close(code=1011, message=b"the page could not be drawn")

    async def _keep_writing(self) -> None:
        while not self._socket.closed:
            self._wake.clear()
            message = self.difference()
            if message:
                await self._socket.send_json(message)
            try:
                await asyncio.wait_for(self._wake.wait(), self._until_next_minute())
            except TimeoutError:
                continue  # only the time on the clock has changed
            await asyncio.sleep(PAUSE)

    def _until_next_minute(self) -> float:
        now = self._page.ws.clock.now()
        return 60.05 - now.second - now.microsecond / 1_000_000

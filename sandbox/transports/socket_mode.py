"""Socket Mode: the server's end of the WebSocket.

Source: https://docs.slack.dev/apis/events-api/using-socket-mode
"""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from sandbox.delivery import Ack, Delivery
from sandbox.limits import most
from sandbox.model import Json
from sandbox.state import State


@dataclass(slots=True, eq=False)
class _Connection:
    socket: web.WebSocketResponse
    transport: asyncio.Transport | None
    waiting: dict[str, asyncio.Future[Json]] = field(default_factory=dict)


class SocketLink:
    """Delivers over the WebSockets that the app has opened: `ws.connect(SocketLink(ws))`.

    `serve` is the handler of `/link`, see `server.Server`.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self.opened = 0
        """How many sockets the app has opened since the start."""
        self._connections: list[_Connection] = []
        self._turn = 0
        self._answered: dict[str, str] = {}
        self._cutting: set[asyncio.Task[None]] = set()
        state.on_cut = self._cut_soon

    @property
    def connections(self) -> int:
        """How many sockets the app has open."""
        return len(self._connections)

    async def deliver(self, delivery: Delivery) -> Ack:
        """Send an envelope over one of the connections in turn; see `Transport`."""
        if not self._connections:
            return Ack(failure="dispatch_failed", blamed=True)
        self._turn += 1
        connection = self._connections[self._turn % len(self._connections)]
        envelope = self._envelope(delivery)
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        connection.waiting[envelope["envelope_id"]] = answer
        try:
            await connection.socket.send_json(envelope)
        except ConnectionError:
            answer.cancel()
        window = asyncio.ensure_future(self._state.clock.window(most("ack_seconds")))
        racing: set[asyncio.Future[Any]] = {answer, window}
        await asyncio.wait(racing, return_when=asyncio.FIRST_COMPLETED)
        window.cancel()
        connection.waiting.pop(envelope["envelope_id"], None)
        if answer.cancelled():
            return Ack(failure="operation_timeout", blamed=True)
        if not answer.done():
            self._answered[envelope["envelope_id"]] = f"late_ack {delivery.name}"
            return Ack(failure="operation_timeout")
        self._answered[envelope["envelope_id"]] = f"double_ack {delivery.name}"
        return Ack(body=answer.result().get("payload") or None)

    def _envelope(self, delivery: Delivery) -> Json:
        envelope: Json = {
            "envelope_id": self._state.ids.digest("envelope"),
            "type": delivery.kind,
            "accepts_response_payload": delivery.kind != "events_api",
            "payload": delivery.payload,
        }
        if delivery.kind == "events_api":
            envelope["retry_attempt"] = delivery.retry_attempt
            envelope["retry_reason"] = delivery.retry_reason
        return envelope

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One connection of the app, from `hello` until it goes."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._state.tickets:
            raise web.HTTPForbidden(text="no such ticket")
        self._state.tickets.remove(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if len(self._connections) >= most("connections"):
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        connection = _Connection(socket, request.transport)
        self._connections.append(connection)
        self.opened += 1
        await socket.send_json(self._hello())
        try:
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    self._acked(connection, json.loads(message.data))
        finally:
            self._gone(connection)
        return socket

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._connections),
            "connection_info": {"app_id": self._state.identity.app_id},
            "debug_info": {"host": "sandbox", "approximate_connection_time": 3600},
        }

    def _acked(self, connection: _Connection, ack: Any) -> None:
        envelope_id = str(ack.get("envelope_id", ""))
        answer = connection.waiting.get(envelope_id)
        if answer is not None and not answer.done():
            answer.set_result(ack)
            return
        said, _, name = self._answered.get(envelope_id, f"double_ack {envelope_id}").partition(" ")
        if said == "late_ack":
            self._state.problem("late_ack", name, "the ack came after 3 seconds")
        else:
            self._state.problem("double_ack", name, "acked more than once")

    def _gone(self, connection: _Connection) -> None:
        if connection in self._connections:
            self._connections.remove(connection)
        for answer in connection.waiting.values():
            answer.cancel()

    async def cut(self, kind: str) -> None:
        """End all connections: `disconnect` says so before, `close` closes, `abort` just goes."""
        for connection in list(self._connections):
            if kind == "disconnect":
                self._connections.remove(connection)
                await connection.socket.send_json(
                    {"type": "disconnect", "reason": "refresh_requested"}
                )
            elif kind == "close":
                await connection.socket.close()
            elif connection.transport is not None:
                connection.transport.abort()

    def _cut_soon(self, kind: str) -> None:
        task = asyncio.get_running_loop().create_task(self.cut(kind))
        self._cutting.add(task)
        task.add_done_callback(self._cutting.discard)

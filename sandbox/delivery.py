"""How payloads travel to the app: faults on the way, acks, and the retries of events.

Source: https://docs.slack.dev/apis/events-api
"""

import asyncio
import copy
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Literal, Protocol

from sandbox import payloads
from sandbox.faults import Fault
from sandbox.model import Json
from sandbox.state import State

DeliveryKind = Literal["events_api", "interactive", "slash_commands"]
Failure = Literal["operation_timeout", "dispatch_failed", "http_service_error"]

# An event that was not acked comes again: at once, after a minute, after five.
RETRY_DELAYS = (0, 60, 300)
RETRY_REASONS: dict[Failure, str] = {
    "operation_timeout": "http_timeout",
    "dispatch_failed": "connection_failed",
    "http_service_error": "http_error",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One payload on its way; `retry_attempt` counts from 1, 0 is the first try."""

    kind: DeliveryKind
    payload: Json
    retry_attempt: int = 0
    retry_reason: str = ""

    @property
    def name(self) -> str:
        """What it is, for people: the command, the event, the callback."""
        payload = self.payload
        if self.kind == "slash_commands":
            return str(payload["command"])
        if self.kind == "events_api":
            return str(payload["event"]["type"])
        view = payload.get("view") or {}
        actions = "+".join(action["action_id"] for action in payload.get("actions", []))
        callback_id = payload.get("callback_id") or view.get("callback_id", "")
        return f"{payload['type']} {actions or callback_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ack:
    """What came back. `failure` is None when it was acked in time.

    `blamed`: the reason is on `problems` already. `no_retry`: the app asked for no more tries.
    """

    failure: Failure | None = None
    detail: str = ""
    body: Json | None = None
    blamed: bool = False
    no_retry: bool = False


class Transport(Protocol):
    """A way to the app: in process, over Socket Mode or over signed HTTP."""

    async def deliver(self, delivery: Delivery) -> Ack:
        """Hand the payload over and wait for the ack, at most 3 seconds."""


class PostOffice:
    """Sends payloads through whatever transport is connected."""

    def __init__(self, state: State) -> None:
        self.transport: Transport | None = None
        self._state = state
        self._tasks: set[asyncio.Task[None]] = set()

    async def send(self, delivery: Delivery) -> Ack:
        """Deliver, with the fault that waits for it; a missing ack goes on `problems`."""
        if delivery.kind == "interactive" and not self._state.manifest.interactive:
            self._state.problem("unhandled", delivery.name, "interactivity is off in the manifest")
            return Ack(failure="dispatch_failed", blamed=True)
        fault = self._state.faults.take(delivery.kind, "deliveries")
        if fault is not None:
            return await self._with_fault(delivery, fault)
        ack = await self._hand_over(delivery)
        if ack.failure is not None and not ack.blamed:
            self._state.problem("no_ack", delivery.name, f"{ack.failure} {ack.detail}".strip())
        return ack

    def emit(self, subscription: str, event: Json, *, of_org: bool = False) -> None:
        """Send an event in the background, if the app is connected and subscribed to it; `of_org`:
        about the organisation, not about this workspace.
        """
        if self.transport is None or not self._state.manifest.sends(subscription):
            return
        payload = payloads.envelope(self._state, event, of_org=of_org)
        self._spawn(self._event(Delivery(kind="events_api", payload=payload)))

    async def settled(self) -> None:
        """Wait until nothing is under way in the background."""
        current = asyncio.current_task()
        while waiting := [task for task in self._tasks if task is not current]:
            await asyncio.gather(*waiting)

    async def _hand_over(self, delivery: Delivery) -> Ack:
        if self.transport is None:
            return Ack(failure="dispatch_failed", blamed=True)
        fresh = replace(delivery, payload=copy.deepcopy(delivery.payload))
        return await self.transport.deliver(fresh)

    async def _with_fault(self, delivery: Delivery, fault: Fault) -> Ack:
        lost = Ack(failure="operation_timeout", blamed=True)
        if fault.kind == "twice":
            ack = await self._hand_over(delivery)
            await self._hand_over(delivery)
            return ack
        if fault.kind == "ack_lost":
            await self._hand_over(delivery)
        if fault.kind == "late":
            seconds = float(fault.options.get("seconds", 4))
            due = self._state.clock.now() + timedelta(seconds=seconds)
            self._state.clock.at(due, lambda: self._unheard(delivery))
        return lost

    async def _unheard(self, delivery: Delivery) -> None:
        await self._hand_over(delivery)

    async def _event(self, delivery: Delivery) -> None:
        ack = await self.send(delivery)
        attempt = delivery.retry_attempt
        if ack.failure is None or ack.no_retry or attempt >= len(RETRY_DELAYS):
            return
        again = replace(
            delivery, retry_attempt=attempt + 1, retry_reason=RETRY_REASONS[ack.failure]
        )
        if not RETRY_DELAYS[attempt]:
            await self._event(again)
            return
        due = self._state.clock.now() + timedelta(seconds=RETRY_DELAYS[attempt])
        self._state.clock.at(due, lambda: self._event(again))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

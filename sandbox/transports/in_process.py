"""In process: payloads go straight to `AsyncApp.async_dispatch`, without sockets.

For an app that is built with `process_before_response=True` and a client on `local_session`.
"""

import json
from collections.abc import Sequence
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.listener.async_listener_error_handler import AsyncListenerErrorHandler
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient
from slack_sdk.webhook.webhook_response import WebhookResponse
from typing_extensions import override

from sandbox.delivery import Ack, Delivery
from sandbox.limits import most
from sandbox.model import Json
from sandbox.session import local_session
from sandbox.state import State


class _CountedAck(AsyncAck):
    """Bolt's ack, which knows how often it was called."""

    calls = 0

    @override
    async def __call__(self, *args: Any, **kwargs: Any) -> BoltResponse:
        self.calls += 1
        return await super().__call__(*args, **kwargs)


class _LocalRespond:
    """`respond()` that stays in the process."""

    def __init__(self, state: State, response_url: str) -> None:
        self._client = AsyncWebhookClient(response_url, session=local_session(state))

    async def __call__(
        self, text: str | Json = "", blocks: Sequence[Any] | None = None, **more: Any
    ) -> WebhookResponse:
        body = text if isinstance(text, dict) else {"text": text, "blocks": blocks, **more}
        return await self._client.send_dict(body)


class _WatchedErrors(AsyncListenerErrorHandler):
    """Passes a listener's exception on, and remembers it."""

    def __init__(self, inner: AsyncListenerErrorHandler) -> None:
        self.inner = inner
        self.raised: list[Exception] = []

    @override
    async def handle(
        self, error: Exception, request: AsyncBoltRequest, response: BoltResponse | None
    ) -> None:
        self.raised.append(error)
        await self.inner.handle(error, request, response)


class InProcess:
    """Delivers to an `AsyncApp` in this process: `ws.connect(InProcess(ws, app))`.

    ValueError if the app is not built with `process_before_response=True`: then a listener
    would go on after the ack, and nobody would know when it is done.
    """

    def __init__(self, state: State, app: AsyncApp) -> None:
        if not app.process_before_response:
            raise ValueError("build the AsyncApp with process_before_response=True")
        self._state = state
        self._app = app

    async def deliver(self, delivery: Delivery) -> Ack:
        """Dispatch and wait for the listener; see `Transport`."""
        ack = _CountedAck()  # type: ignore[no-untyped-call]  # Bolt's own constructor
        context: Json = {"ack": ack}
        if "response_url" in delivery.payload:
            context["respond"] = _LocalRespond(self._state, delivery.payload["response_url"])
        headers: dict[str, str | Sequence[str]] = {}
        if delivery.retry_attempt:
            headers["x-slack-retry-num"] = str(delivery.retry_attempt)
            headers["x-slack-retry-reason"] = delivery.retry_reason
        request = AsyncBoltRequest(
            body=delivery.payload, mode="socket_mode", headers=headers, context=context
        )
        errors = self._watch()
        before = len(errors.raised)
        started = self._state.clock.monotonic()
        response = await self._app.async_dispatch(request)
        took = self._state.clock.monotonic() - started
        if ack.calls > 1:
            self._state.problem("double_ack", delivery.name, f"acked {ack.calls} times")
        return self._judge(delivery, response, took, errors.raised[before:])

    def _watch(self) -> _WatchedErrors:
        runner = self._app.listener_runner
        if not isinstance(runner.listener_error_handler, _WatchedErrors):
            runner.listener_error_handler = _WatchedErrors(runner.listener_error_handler)
        return runner.listener_error_handler

    def _judge(
        self, delivery: Delivery, response: BoltResponse, took: float, raised: Sequence[Exception]
    ) -> Ack:
        failed = Ack(failure="operation_timeout", blamed=True)
        if raised:
            detail = f"{type(raised[0]).__name__}: {raised[0]}"
            self._state.problem("listener_raised", delivery.name, detail, error=raised[0])
        elif response.status == 404:
            self._state.problem("unhandled", delivery.name, "no listener, or none that acked")
        elif response.status != 200:
            detail = f"status {response.status}: {response.body}"
            self._state.problem("listener_raised", delivery.name, detail)
        if response.status != 200:
            return failed
        if took > most("ack_seconds"):
            self._state.problem("late_ack", delivery.name, f"acked after {took:.1f} s")
            return failed
        return Ack(body=ack_body(response))


def ack_body(response: BoltResponse) -> Json | None:
    """What an ack carries, as Bolt's Socket Mode adapter sends it."""
    if not response.body:
        return None
    kind = response.headers.get("content-type", [""])[0]
    if kind.startswith("application/json"):
        body: Json = json.loads(response.body)
        return body
    return {"text": response.body}

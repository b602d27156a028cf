"""Signed HTTP delivery to a request URL.

Sources: https://docs.slack.dev/authentication/verifying-requests-from-slack,
https://docs.slack.dev/apis/events-api
"""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import aiohttp

from sandbox.clock import wall_time
from sandbox.delivery import Ack, Delivery
from sandbox.limits import most
from sandbox.model import Json
from sandbox.state import State

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


def sign(secret: str, timestamp: str, body: str) -> str:
    """The v0 signature of a request. `timestamp` is real time in Unix seconds."""
    base = f"v0:{timestamp}:{body}".encode()
    return f"v0={hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()}"


class HttpDelivery:
    """Delivers to the app's request URL: `ws.connect(HttpDelivery(ws, url))`; `close()` at the end.

    Signatures carry the machine's time, whatever the workspace's clock says.
    """

    def __init__(self, state: State, url: str) -> None:
        self._state = state
        self._url = url
        self._session = aiohttp.ClientSession()

    async def close(self) -> None:
        await self._session.close()

    async def verify(self) -> bool:
        """The `url_verification` of a new request URL: whether the app gives back the challenge."""
        challenge = self._state.ids.digest("challenge")
        body = json.dumps(
            {
                "type": "url_verification",
                "token": self._state.identity.verification_token,
                "challenge": challenge,
            }
        )
        async with self._session.post(
            self._url, data=body, headers=self._headers(body, JSON)
        ) as response:
            answer = await response.text()
            return response.status == 200 and challenge in answer

    async def deliver(self, delivery: Delivery) -> Ack:
        """Post the payload and read the answer as the ack; see `Transport`."""
        body, kind = _encode(delivery)
        headers = self._headers(body, kind)
        if delivery.retry_attempt:
            headers["X-Slack-Retry-Num"] = str(delivery.retry_attempt)
            headers["X-Slack-Retry-Reason"] = delivery.retry_reason
        post = asyncio.ensure_future(self._post(body, headers))
        window = asyncio.ensure_future(self._state.clock.window(most("ack_seconds")))
        racing: set[asyncio.Future[Any]] = {post, window}
        await asyncio.wait(racing, return_when=asyncio.FIRST_COMPLETED)
        window.cancel()
        if post.done():
            return post.result()
        post.cancel()
        return Ack(failure="operation_timeout")

    async def _post(self, body: str, headers: Mapping[str, str]) -> Ack:
        try:
            async with self._session.post(self._url, data=body, headers=headers) as response:
                text = await response.text()
                no_retry = response.headers.get("x-slack-no-retry") == "1"
                if response.status != 200:
                    detail = f"status {response.status}: {text[:120]}"
                    return Ack(failure="http_service_error", detail=detail, no_retry=no_retry)
                return Ack(body=_decode(text, response.content_type))
        except aiohttp.ClientConnectionError as error:
            return Ack(failure="dispatch_failed", detail=str(error))

    def _headers(self, body: str, kind: str) -> dict[str, str]:
        timestamp = str(int(wall_time().timestamp()))
        return {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": sign(self._state.identity.signing_secret, timestamp, body),
        }


def _encode(delivery: Delivery) -> tuple[str, str]:
    if delivery.kind == "events_api":
        return json.dumps(delivery.payload), JSON
    if delivery.kind == "slash_commands":
        return urlencode(delivery.payload), FORM
    return urlencode({"payload": json.dumps(delivery.payload)}), FORM


def _decode(text: str, kind: str) -> Json | None:
    if not text:
        return None
    if kind == JSON:
        body: Json = json.loads(text)
        return body
    return {"text": text}

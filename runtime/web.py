"""HTTP in: Slack's signed requests, and health for whoever watches over the process.

Everything odd is refused here, before Bolt sees it: unsigned or stale requests with 401, malformed
ones with 400; nothing is stored and nothing is answered with 500.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from aiohttp import web
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier

from bot.hook import PATH as HOOKS_PATH
from handlers.bolt import SHAPED
from handlers.oauth import INSTALL_PATH, REDIRECT_PATH, InstallFlow
from handlers.shapes import is_shaped
from runtime.payloads import OddRequestError, parsed
from runtime.readiness import Condition

log = logging.getLogger(__name__)

MAX_BODY = 1024 * 1024
BODY_SECONDS = 3.0
"""How long a request's body may take to arrive: Slack itself waits no longer for the answer."""
SLACK_PATH = "/slack/events"


def slack_endpoint(
    app: AsyncApp, signing_secret: str, on_refused: Callable[[str], None] = lambda _: None
) -> Callable[..., Awaitable[web.Response]]:
    """The handler of every request that Slack makes. `on_refused` hears the status of those that
    are none of Slack's.
    """
    verifier = SignatureVerifier(signing_secret)

    async def handle(request: web.Request) -> web.Response:
        try:
            raw = await _body_of(request)
        except TimeoutError:
            on_refused(str(HTTPStatus.REQUEST_TIMEOUT.value))
            return _refusal(HTTPStatus.REQUEST_TIMEOUT)
        if _is_ssl_check(request, raw):
            return web.Response()
        try:
            return await answered(app, checked_body(verifier, request, raw))
        except OddRequestError as odd:
            on_refused(str(odd.status.value))
            log.info("request refused", extra={"status": odd.status.value, "why": str(odd)})
            return _refusal(odd.status)

    return handle


async def _body_of(request: web.Request) -> bytes:
    """What came with a request; raises TimeoutError. Mostly all of it is there already."""
    if request.content.is_eof():
        return await request.read()
    async with asyncio.timeout(BODY_SECONDS):
        return await request.read()


async def answered(app: AsyncApp, body: dict[str, Any]) -> web.Response:
    """What Bolt and our listeners make of a payload that is verified and taken apart already; Bolt
    would do both once more, so it gets it as one of Socket Mode's.

    Raises OddRequestError for one that is shaped as none of Slack's is.
    """
    if not is_shaped(body):
        raise OddRequestError(HTTPStatus.BAD_REQUEST, "not shaped as Slack shapes it")
    request = AsyncBoltRequest(body=body, mode="socket_mode", context={SHAPED: True})
    try:
        answer = await app.async_dispatch(request)
    except Exception:
        log.exception("a signed request could not be read")
        return _refusal(HTTPStatus.BAD_REQUEST)
    if answer.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return _refusal(HTTPStatus.BAD_REQUEST)
    return _response(answer)


def install_endpoint(flow: InstallFlow) -> "Handler":
    """The handler of the two addresses that a browser comes to when the app is installed."""

    async def handle(request: web.Request) -> web.Response:
        answer = await flow.answer(request.path, request.query, request.headers)
        response = web.Response(status=answer.status, body=answer.body.encode())
        for name, values in answer.headers.items():
            for value in [values] if isinstance(values, str) else values:
                if name.lower() == "content-type":
                    response.headers["Content-Type"] = value
                else:
                    response.headers.add(name, value)
        return response

    return handle


def _is_ssl_check(request: web.Request, raw: bytes) -> bool:
    """Slack looks at the certificate, unsigned, and wants no more than 200:
    https://docs.slack.dev/interactivity/implementing-slash-commands
    """
    query = request.query_string.encode() if request.method == "GET" else raw
    return query.startswith(b"ssl_check=1")


def checked_body(verifier: SignatureVerifier, request: web.Request, raw: bytes) -> dict[str, Any]:
    """What a request says that is signed, fresh and shaped as Slack shapes it: a command's fields,
    or the payload. Nothing else verifies it.

    Raises OddRequestError for anything else. Slack's rules:
    https://docs.slack.dev/authentication/verifying-requests-from-slack
    """
    timestamp = _only(request, "X-Slack-Request-Timestamp")
    signature = _only(request, "X-Slack-Signature")
    try:
        body = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise OddRequestError(HTTPStatus.BAD_REQUEST, "not UTF-8") from None
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise OddRequestError(HTTPStatus.UNAUTHORIZED, "no readable timestamp")
    if not signature.isascii() or not verifier.is_valid(body, timestamp, signature):
        raise OddRequestError(HTTPStatus.UNAUTHORIZED, "not signed, or stale")
    return parsed(request.content_type, body)


def _only(request: web.Request, name: str) -> str:
    """A header that stands there once; empty for none, and for several that may contradict."""
    values = request.headers.getall(name, ())
    return values[0] if len(values) == 1 else ""


def _response(answer: BoltResponse) -> web.Response:
    """Bolt's answer over HTTP: a status, and JSON or nothing."""
    kind = "application/json" if answer.body.startswith("{") else "text/plain"
    return web.Response(
        status=answer.status,
        body=answer.body.encode(),
        headers={"Content-Type": f"{kind}; charset=utf-8"},
    )


def _refusal(status: HTTPStatus) -> web.Response:
    return web.json_response({"error": status.phrase.lower()}, status=status)


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class FrontDoor:
    """Everything that HTTP answers. It opens before the desk can work, so that whoever watches
    over the process sees that it lives; until `open_up` it is not ready and takes no requests.
    """

    def __init__(self) -> None:
        self._look: Callable[[], Awaitable[Condition]] = _starting
        self._slack: Handler | None = None
        self._installs: Handler | None = None
        self._hooks: Handler | None = None

    def open_up(
        self,
        look: Callable[[], Awaitable[Condition]],
        *,
        slack: Handler | None = None,
        installs: Handler | None = None,
        hooks: Handler | None = None,
    ) -> None:
        """The desk can work: from now on `/readyz` says what `look` finds, and Slack's requests go
        to `slack`, if it calls over HTTP, messages of other systems to `hooks`.
        """
        self._look = look
        self._slack = slack
        self._installs = installs
        self._hooks = hooks

    def routes(self) -> list[web.RouteDef]:
        """`/healthz`: the process lives. `/readyz`: it can do its work, or says what it lacks. And
        where Slack calls; by GET it only looks at the certificate. And, with many workspaces, where
        a browser comes to install the app. And where other systems send to webhooks.
        """
        return [
            web.get("/healthz", self._healthz),
            web.get("/readyz", self._readyz),
            web.post(SLACK_PATH, self._from_slack),
            web.get(SLACK_PATH, self._from_slack, allow_head=False),
            web.get(INSTALL_PATH, self._from_browser, allow_head=False),
            web.get(REDIRECT_PATH, self._from_browser, allow_head=False),
            web.post(HOOKS_PATH, self._from_elsewhere),
        ]

    async def _healthz(self, _request: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def _readyz(self, _request: web.Request) -> web.Response:
        found = await self._look()
        status = HTTPStatus.SERVICE_UNAVAILABLE if found.lacking else HTTPStatus.OK
        said = {
            "ready": not found.lacking,
            "lacking": list(found.lacking),
            "warnings": list(found.warnings),
        }
        return web.json_response(said, status=status)

    async def _from_slack(self, request: web.Request) -> web.StreamResponse:
        return await self._handed_on(self._slack, request)

    async def _from_browser(self, request: web.Request) -> web.StreamResponse:
        return await self._handed_on(self._installs, request)

    async def _from_elsewhere(self, request: web.Request) -> web.StreamResponse:
        return await self._handed_on(self._hooks, request)

    async def _handed_on(self, handler: Handler | None, request: web.Request) -> web.StreamResponse:
        """What `handler` answers; none takes anything before the desk can work."""
        if self._look is _starting:
            return _refusal(HTTPStatus.SERVICE_UNAVAILABLE)
        if handler is None:
            return _refusal(HTTPStatus.NOT_FOUND)
        return await handler(request)


async def _starting() -> Condition:
    return Condition(("the start: Slack or the database did not answer yet",))

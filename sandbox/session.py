"""A session for `AsyncWebClient` that answers from the workspace, without sockets.

    client = AsyncWebClient(token=ws.identity.bot_token, session=local_session(ws))

It is the seam that Bolt keeps when it builds a new client for each request.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from types import TracebackType
from typing import Any, Self, cast
from urllib.parse import parse_qsl, urlsplit

import aiohttp
from aiohttp.client_reqrep import ConnectionKey
from multidict import CIMultiDict, CIMultiDictProxy

from sandbox.gate import Reply, download, perform, upload
from sandbox.hooks import respond
from sandbox.methods.base import Answer
from sandbox.methods.transfers import DOWNLOADS, SIGN_IN_PAGE, UPLOADS
from sandbox.realm import Realm
from sandbox.state import State


class LocalContent:
    """A body that is read in pieces."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    async def iter_chunked(self, size: int) -> AsyncIterator[bytes]:
        """The body, `size` bytes at a time."""
        for start in range(0, len(self._body), size):
            yield self._body[start : start + size]


class LocalResponse:
    """What the SDK reads of an aiohttp response."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes, kind: str) -> None:
        self.status = status
        self.ok = status < 400
        self.content_type = kind
        self.content_length = len(body)
        length = {"Content-Length": str(len(body))}
        self.headers = CIMultiDictProxy(CIMultiDict({**headers, **length, "Content-Type": kind}))
        self.content = LocalContent(body)
        self._body = body

    async def text(self) -> str:
        return self._body.decode()

    async def read(self) -> bytes:
        return self._body

    async def json(self) -> Any:
        """The body; as in aiohttp, an HTML page is a ContentTypeError."""
        if self.content_type != "application/json":
            info = cast("aiohttp.RequestInfo", None)
            raise aiohttp.ContentTypeError(
                info, (), message=f"unexpected mimetype: {self.content_type}"
            )
        return json.loads(self._body)


class _Request:
    """`async with session.request(...) as response`, or just `await` it."""

    def __init__(self, place: State | Realm, url: str, given: Mapping[str, Any]) -> None:
        self._place = place
        self._url = urlsplit(url)
        self._given = given

    async def __aenter__(self) -> LocalResponse:
        path = self._url.path
        headers = self._given.get("headers") or {}
        token = str(headers.get("Authorization", "")).removeprefix("Bearer ")
        state = self._place.workspace_of(path) if isinstance(self._place, Realm) else self._place
        if state is not None:
            path = path.removeprefix(urlsplit(state.base_url).path)
            answer = await self._of_workspace(state, path, token)
            if answer is not None:
                return answer
        name = path.rpartition("/api/")[2]
        return _arrive(await perform(self._place, name, token, self._arguments()))

    async def _of_workspace(self, state: State, path: str, token: str) -> LocalResponse | None:
        """What one workspace answers at addresses of its own."""
        if path.startswith("/response/"):
            status, text = respond(state, path.removeprefix("/response/"), self._arguments())
            return LocalResponse(status, {}, text.encode(), "text/plain")
        if path.startswith(UPLOADS):
            content = _bytes(self._given.get("data"))
            return _arrive(await upload(state, path.removeprefix(UPLOADS), content))
        if path.startswith(DOWNLOADS):
            return self._followed(_arrive(await download(state, path, token)))
        return None

    def _followed(self, response: LocalResponse) -> LocalResponse:
        """A redirect leads to the page where people sign in."""
        if response.status != 302 or not self._given.get("allow_redirects", True):
            return response
        return LocalResponse(200, {}, SIGN_IN_PAGE.encode(), "text/html")

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing to close."""

    def _arguments(self) -> dict[str, Any]:
        given = dict(parse_qsl(self._url.query))
        data = self._given.get("data")
        if isinstance(data, str):
            data = json.loads(data)
        for part in (self._given.get("params"), data, self._given.get("json")):
            given.update(part or {})
        # Through JSON and back: nobody shares an object with the workspace.
        arguments: dict[str, Any] = json.loads(json.dumps(given))
        return arguments


def _arrive(reply: Reply) -> LocalResponse:
    if reply.mishap == "lost":
        raise aiohttp.ServerDisconnectedError
    if reply.mishap == "timeout":
        raise asyncio.TimeoutError  # noqa: UP041  (the name that aiohttp's users know)
    if reply.mishap == "refused":
        key = ConnectionKey("sandbox.invalid", 443, True, True, None, None, None)  # noqa: FBT003
        raise aiohttp.ClientConnectorError(key, OSError(111, "Connection refused"))
    if reply.mishap == "html":
        return LocalResponse(200, {}, HTML.encode(), "text/html")
    return _answered(reply.answer)


HTML = "<!doctype html><title>Slack</title><p>We are having some trouble.</p>"


def _answered(answer: Answer) -> LocalResponse:
    return LocalResponse(answer.status, answer.headers, answer.sent(), answer.kind)


def _bytes(data: Any) -> bytes:
    """The body of an upload: bytes, or something to read them from."""
    return bytes(data.read() if hasattr(data, "read") else data)


class LocalSession:
    """As much of `aiohttp.ClientSession` as slack_sdk uses."""

    def __init__(self, place: State | Realm) -> None:
        self._place = place
        self.closed = False

    def request(self, _verb: str, url: str, **given: Any) -> _Request:
        """One request; `given` is what slack_sdk hands to aiohttp."""
        return _Request(self._place, url, given)

    def get(self, url: str, **given: Any) -> _Request:
        """A request for a file."""
        return self.request("GET", url, **given)

    def post(self, url: str, **given: Any) -> _Request:
        """A request with the bytes of a file."""
        return self.request("POST", url, **given)

    async def close(self) -> None:
        self.closed = True

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


def local_session(place: State | Realm) -> aiohttp.ClientSession:
    """A session to give to `AsyncWebClient(session=...)` or `AsyncWebhookClient(session=...)`."""
    return cast("aiohttp.ClientSession", LocalSession(place))

"""Webhooks in: signed messages of other systems, as Standard Webhooks has them.

Everything odd is refused here with a status and one sentence, before anything is stored; what is
wrong with a message of the sender's own is kept for the admins' page, once a minute at most.
"""

import asyncio
import logging
import re
from collections import OrderedDict
from datetime import datetime, timedelta
from http import HTTPStatus

from aiohttp import web

from bot.errors import DeskError, SealedError, StorageBusyError, StorageDownError
from bot.hook import ID_LENGTH, Signed, is_fresh
from bot.hook_events import read_event
from bot.hooks import Delivered, Door, Knock, RefusedMessage, look, note_refusal, take
from bot.ports import Clock, Storage

log = logging.getLogger(__name__)

MOST_BYTES = 20_000
"""How large a message may be; the standard's own advice."""

BODY_SECONDS = 5.0
BURST = 60
PER_SECOND = 2.0
"""How many messages a webhook takes at once, and how many a second from then on."""

BUCKETS = 1_000
NOTED_EVERY = timedelta(minutes=1)

_PLACE = re.compile(r"([A-Za-z0-9]{1,64})\.([A-Za-z0-9_-]{1,64})")


class RefusedError(Exception):
    """A request that is not taken: with which status, and the sentence that says why."""

    def __init__(self, status: HTTPStatus, sentence: str, *, after: float | None = None) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.after = after


class Buckets:
    """How much each webhook may still send, by this process's own count."""

    def __init__(self) -> None:
        self._left: OrderedDict[str, tuple[float, datetime]] = OrderedDict()

    def wait(self, key: str, now: datetime) -> float:
        """Take one message; 0 when it may be taken, else in how many seconds one may."""
        left, at = self._left.pop(key, (float(BURST), now))
        left = min(left + max((now - at).total_seconds(), 0.0) * PER_SECOND, float(BURST))
        wait = 0.0 if left >= 1 else (1 - left) / PER_SECOND
        self._left[key] = (left if wait else left - 1, max(at, now))
        while len(self._left) > BUCKETS:
            self._left.popitem(last=False)
        return wait


class Hooks:
    """Answers whoever sends to a webhook."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock
        self._buckets = Buckets()
        self._noted: OrderedDict[str, datetime] = OrderedDict()

    async def answer(self, request: web.Request) -> web.Response:
        """Take a message, or say why not."""
        try:
            return await self._answer(request)
        except RefusedError as refused:
            log.info("webhook refused", extra={"status": refused.status.value})
            headers = {} if refused.after is None else {"Retry-After": f"{int(refused.after) + 1}"}
            said = {"error": refused.sentence}
            return web.json_response(said, status=refused.status, headers=headers)

    async def _answer(self, request: web.Request) -> web.Response:
        place = _PLACE.fullmatch(request.match_info["place"])
        if place is None:
            raise _nowhere()
        workspace_id, hook_id = place.groups()
        message = await _message(request)
        try:
            door = await self._door(workspace_id, Knock(hook_id, message))
            await self._take(workspace_id, door, message)
        except (StorageBusyError, StorageDownError):
            raise RefusedError(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "Nothing could be saved just now; send it again.",
                after=30,
            ) from None
        return web.json_response({"ok": True})

    async def _door(self, workspace_id: str, knock: Knock) -> Door:
        """The webhook, if the message is its sender's and fresh."""
        try:
            door = await self._storage.read(workspace_id, look, knock, self._clock.now())
        except SealedError:
            log.exception("a webhook's secret can't be opened")
            raise RefusedError(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "This can't be checked just now; send it again.",
                after=300,
            ) from None
        if door is None:
            raise _nowhere()
        why = ""
        if not door.is_signed:
            why = "The signature is wrong: it is made with another secret, or of another body."
        elif not is_fresh(knock.message.timestamp, self._clock.now()):
            why = "webhook-timestamp is more than five minutes off."
        if why:
            await self._note(workspace_id, RefusedMessage(knock.hook_id, why, is_signed=False))
            raise RefusedError(HTTPStatus.UNAUTHORIZED, why)
        if door.hook.off_at is not None:
            raise RefusedError(HTTPStatus.GONE, "This webhook was switched off; send no more.")
        return door

    async def _take(self, workspace_id: str, door: Door, message: Signed) -> None:
        hook_id = door.hook.hook_id
        wait = self._buckets.wait(f"{workspace_id}.{hook_id}", self._clock.now())
        if wait:
            why = "Too many messages at a time; wait as long as Retry-After says."
            raise RefusedError(HTTPStatus.TOO_MANY_REQUESTS, why, after=wait)
        try:
            command = Delivered(hook_id, message.message_id, read_event(message.body))
            await self._storage.transact(workspace_id, take, command, self._clock.now())
        except (StorageBusyError, StorageDownError):
            raise
        except DeskError as error:
            refused = RefusedMessage(hook_id, error.sentence, is_signed=True)
            await self._note(workspace_id, refused)
            raise RefusedError(HTTPStatus.BAD_REQUEST, error.sentence) from None

    async def _note(self, workspace_id: str, refused: RefusedMessage) -> None:
        """Keep why, but not each time: whoever knows the address could keep the database busy."""
        now = self._clock.now()
        key = f"{workspace_id}.{refused.hook_id}.{refused.is_signed}"
        if now < self._noted.get(key, now):
            return
        self._noted[key] = now + NOTED_EVERY
        while len(self._noted) > BUCKETS:
            self._noted.popitem(last=False)
        try:
            await self._storage.transact(workspace_id, note_refusal, refused, now)
        except (StorageBusyError, StorageDownError):
            log.warning("not noted why a message was refused")


def _nowhere() -> RefusedError:
    return RefusedError(HTTPStatus.NOT_FOUND, "There is no such webhook here.")


async def _message(request: web.Request) -> Signed:
    """The headers and the body, if they can be a message's."""
    if request.content_type != "application/json":
        raise RefusedError(HTTPStatus.BAD_REQUEST, "Content-Type should be application/json.")
    if "Content-Encoding" in request.headers:
        raise RefusedError(HTTPStatus.BAD_REQUEST, "The body should not be compressed.")
    headers = {name: _only(request, f"webhook-{name}") for name in ("id", "timestamp", "signature")}
    if len(headers["id"]) > ID_LENGTH or not (headers["id"].isascii()):
        why = f"webhook-id should be at most {ID_LENGTH} plain characters."
        raise RefusedError(HTTPStatus.BAD_REQUEST, why)
    body = await _body(request)
    return Signed(headers["id"], headers["timestamp"], headers["signature"], body)


def _only(request: web.Request, name: str) -> str:
    values = request.headers.getall(name, ())
    if len(values) != 1 or not values[0]:
        why = f"{name} is missing." if not "".join(values) else f"{name} is there twice."
        raise RefusedError(HTTPStatus.UNAUTHORIZED, why)
    return values[0]


async def _body(request: web.Request) -> bytes:
    """The body, no more of it than a message may have."""
    large = RefusedError(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"A message may have {MOST_BYTES:,} bytes."
    )
    if (request.content_length or 0) > MOST_BYTES:
        raise large
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for part in request.content.iter_chunked(2**14):
                body += part
                if len(body) > MOST_BYTES:
                    raise large
    except TimeoutError:
        why = "The body did not come in time."
        raise RefusedError(HTTPStatus.REQUEST_TIMEOUT, why) from None
    return bytes(body)

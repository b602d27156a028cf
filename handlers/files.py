"""The files that people hand in: fetched where they gave them, to be kept in the card's thread.

Nothing here is seen by anybody yet, so all of it may be done again. Steps and limits:
https://docs.slack.dev/messaging/working-with-files
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.kept_file import FileMaterial, Missing
from bot.outbox import Claim, Posted
from bot.ports import NotSent, Outcome, Refused, Sent, Unclear
from handlers.outcomes import TROUBLE, classify, error_code
from handlers.requests import GONE_MODES
from handlers.views.file_notice import file_notice
from handlers.views.message import Message

LARGEST = 25 * 2**20
"""How many bytes are carried over at most; a form of Slack's takes 10 MB per file
(https://docs.slack.dev/reference/block-kit/block-elements/file-input-element).
"""

CARRY_TIME = aiohttp.ClientTimeout(total=20, connect=5)
"""For the bytes of one file, each way."""

CARRY_SECONDS = 35
"""For a file on its way, so that the rest of the lease is enough to share it."""

CARRY_TRIES = 6
"""After so many tries that broke off, about a minute, a file does not hold up its lane any more."""

NOT_SHOWN = {
    "file_not_found": Missing.HIDDEN,
    "file_deleted": Missing.DELETED,
    "not_in_channel": Missing.HIDDEN,
    "channel_not_found": Missing.HIDDEN,
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file as it came."""

    name: str
    content: bytes


async def carry(client: AsyncWebClient, file_id: str) -> str | Missing:
    """Bring a copy of a file to Slack; the copy's id, or why the file can't be had.

    Raises what the client raises (`handlers.outcomes.TROUBLE`) when it may work another time.
    """
    file = await fetch(client, file_id)
    return file if isinstance(file, Missing) else await upload(client, file)


async def bring(
    client: AsyncWebClient, claim: Claim, material: FileMaterial
) -> str | Message | Outcome:
    """Bring a copy of a file that was handed in; its id, or a sentence when it can't be had. Until
    it is shared nothing is seen, so what goes wrong before is simply done again.
    """
    try:
        async with asyncio.timeout(CARRY_SECONDS):
            carried = await carry(client, material.file.file_id)
    except TROUBLE as error:
        outcome = classify(error)
        if not isinstance(outcome, Unclear):
            return outcome
        if claim.attempts < CARRY_TRIES:
            return NotSent(outcome.error)
        carried = Missing.TROUBLE
    return file_notice(material, carried) if isinstance(carried, Missing) else carried


async def fetch(client: AsyncWebClient, file_id: str, largest: int = LARGEST) -> Fetched | Missing:
    """The bytes of a file, at most `largest`, or why they can't be had.

    Raises what the client raises (`handlers.outcomes.TROUBLE`) when it may work another time.
    """
    try:
        answer = await client.files_info(file=file_id)
    except SlackApiError as error:
        why = NOT_SHOWN.get(error_code(error))
        if why is None:
            raise
        return why
    file: Mapping[str, Any] = answer["file"]
    if file.get("mode") in GONE_MODES:
        return Missing.DELETED
    if int(file.get("size") or 0) > largest:
        return Missing.TOO_LARGE
    url = str(file.get("url_private_download") or "")
    if file.get("is_external") or not _is_slacks(client, url):
        return Missing.HIDDEN
    content = await _download(client, url, largest)
    return content if isinstance(content, Missing) else _fetched(file, content)


@dataclass(frozen=True, slots=True)
class _Body:
    """What stood behind an address, and whether it came as a web page."""

    read: bytes
    is_page: bool


def _fetched(file: Mapping[str, Any], body: _Body) -> Fetched | Missing:
    is_page = file.get("mimetype") == "text/html" and file.get("size") == len(body.read)
    if body.is_page and not is_page:
        return Missing.HIDDEN
    return Fetched(str(file.get("name") or "file"), body.read) if body.read else Missing.EMPTY


async def _download(client: AsyncWebClient, url: str, largest: int) -> _Body | Missing:
    """What is behind an address. Who may not see a file is led to a page to sign in, or gets that
    page with status 200.
    """
    headers = {"Authorization": f"Bearer {client.token}"}
    async with _session(client).get(
        url, headers=headers, timeout=CARRY_TIME, allow_redirects=False
    ) as response:
        if response.status in {401, 403} or 300 <= response.status < 400:
            return Missing.HIDDEN
        if response.status in {404, 410}:
            return Missing.DELETED
        if response.status != 200:
            raise aiohttp.ClientPayloadError(f"a download answered {response.status}")
        content = bytearray()
        async for part in response.content.iter_chunked(2**16):
            content += part
            if len(content) > largest:
                return Missing.TOO_LARGE
        return _Body(bytes(content), response.content_type == "text/html")


async def upload(client: AsyncWebClient, file: Fetched) -> str:
    """Bring the bytes to Slack; returns the id of a file that nobody sees before it is shared."""
    told = await client.files_getUploadURLExternal(filename=file.name, length=len(file.content))
    url = str(told["upload_url"])
    async with _session(client).post(url, data=file.content, timeout=CARRY_TIME) as response:
        if response.status != 200:
            raise aiohttp.ClientPayloadError(f"an upload answered {response.status}")
    return str(told["file_id"])


THREAD_PAGES = 10
"""How far the thread of a card is read for the copies of its files: so many times a hundred."""


async def remove_copies(client: AsyncWebClient, card: Posted, title: str) -> Sent | Refused:
    """Delete the copies in a card's thread whose titles begin with `title`. Once more finds nothing
    left to do.

    Raises what the client raises. https://docs.slack.dev/reference/methods/files.delete
    """
    asked: dict[str, Any] = {"channel": card.channel_id, "ts": card.ts, "limit": 100}
    for _ in range(THREAD_PAGES):
        answer = await client.conversations_replies(**asked)
        messages: list[dict[str, Any]] = answer["messages"]
        for file in (file for message in messages for file in message.get("files") or ()):
            is_there = file.get("mode") not in GONE_MODES
            if is_there and f"{file.get('title') or ''} ".startswith(title):
                await client.files_delete(file=str(file["id"]))
        if not answer.get("has_more"):
            return Sent(None)
        asked["cursor"] = answer["response_metadata"]["next_cursor"]
    return Refused("too_many_messages")


def _session(client: AsyncWebClient) -> aiohttp.ClientSession:
    if client.session is None:
        raise ValueError("the posting client needs a session of its own")
    return client.session


def _is_slacks(client: AsyncWebClient, url: str) -> bool:
    """Whether an address is one that our token may be sent to."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    is_slacks = parts.scheme == "https" and host.endswith(".slack.com")
    return is_slacks or host == urlsplit(client.base_url).hostname

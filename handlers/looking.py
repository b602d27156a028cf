"""Looks for what an earlier try may have left in a conversation: by the key in its metadata.

Reading back may be as little as one call a minute and 15 messages a call: for apps that are sold
outside the Marketplace (https://docs.slack.dev/apis/web-api/rate-limits). So a look asks for as few
messages as can hold it, those between shortly before the first try and shortly after the last; and
when Slack gives no further page now, the next look goes on where this one stopped. In a lane one
effect at a time is in doubt, so one look settles all of its lane.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.outbox import Claim, Effect, EffectKind, Posted, file_title, paper_name
from bot.ports import CannotLook
from handlers.outcomes import error_code

METADATA_EVENT = "social_desk_effect"
LOOK_AROUND = timedelta(seconds=120)
"""How much earlier or later than by our clock a message may stand: clocks differ, and what Slack
did not answer it may apply a little later.
"""

PAGES = 10
PAGE_SIZE = 100
REMEMBERED = 1_000


@dataclass(frozen=True, slots=True)
class _Read:
    """How far a look came: so many pages, and where the next one begins."""

    pages: int = 0
    cursor: str = ""


class Lookups:
    """The looks of one process. How far each came is kept until it has come to an end."""

    def __init__(self) -> None:
        self._read: OrderedDict[tuple[str, str], _Read] = OrderedDict()

    async def search(
        self, client: AsyncWebClient, workspace_id: str, claim: Claim, channel_id: str
    ) -> Posted | CannotLook | None:
        """The effect's message in `channel_id`, or in its parent's thread there; None when it is
        not there. Raises what the client raises.
        """
        of = (workspace_id, claim.effect.key)
        read = self._read.get(of, _Read())
        while read.pages < PAGES:
            try:
                answer = await _page(client, claim, channel_id, read.cursor)
            except SlackApiError as error:
                if error_code(error) != "invalid_cursor" or not read.cursor:
                    raise
                read = _Read()
                self._read.pop(of, None)
                continue
            messages: list[dict[str, Any]] = answer["messages"]
            for message in messages:
                if is_of(message, claim.effect):
                    self._read.pop(of, None)
                    return Posted(channel_id=channel_id, ts=str(message["ts"]))
            if not answer.get("has_more"):
                self._read.pop(of, None)
                return None
            read = _Read(read.pages + 1, str(answer["response_metadata"]["next_cursor"]))
            self._read[of] = read
            while len(self._read) > REMEMBERED:
                self._read.popitem(last=False)
        self._read.pop(of, None)
        return CannotLook("too_many_messages")


async def _page(
    client: AsyncWebClient, claim: Claim, channel_id: str, cursor: str
) -> Mapping[str, Any]:
    asked: dict[str, Any] = {
        "channel": channel_id,
        "oldest": _ts(claim.first_try_at - LOOK_AROUND),
        "include_all_metadata": True,
        "limit": PAGE_SIZE,
    }
    if claim.last_try_at is not None:
        asked["latest"] = _ts(claim.last_try_at + LOOK_AROUND)
    if cursor:
        asked["cursor"] = cursor
    if claim.parent is not None:
        replies: Any = await client.conversations_replies(ts=claim.parent.ts, **asked)
        return dict(replies.data)
    found: Any = await client.conversations_history(**asked)
    return dict(found.data)


def _ts(at: datetime) -> str:
    return f"{at.timestamp():.6f}"


def is_of(message: Mapping[str, Any], effect: Effect) -> bool:
    """Whether a message is the one of this effect: it carries its key, or the file that it kept."""
    if _key_of(message) == effect.key:
        return True
    files: list[Mapping[str, Any]] = message.get("files") or []
    if effect.kind is EffectKind.PAPER:
        return any(file.get("name") == paper_name(effect) for file in files)
    if effect.kind is not EffectKind.FILE:
        return False
    return any(f"{one.get('title') or ''} ".startswith(file_title(effect)) for one in files)


def _key_of(message: Mapping[str, Any]) -> str | None:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != METADATA_EVENT:
        return None
    payload = metadata.get("event_payload") or {}
    key = payload.get("key")
    return key if isinstance(key, str) else None

"""Reads what people did with a digest: its thread, once.

Messages of `conversations.replies` carry their reactions with counts, so that `*:history`, which is
there to look whether a digest arrived, is enough
(https://docs.slack.dev/reference/methods/conversations.replies).
"""

from typing import Any

from bot.outbox import Posted
from bot.ports import NotSent, Unclear
from bot.reach import Counted, Uncounted
from handlers.outcomes import TROUBLE, classify
from handlers.workplaces import Workplace

PAGES = 10
PAGE_SIZE = 100
"""How far a thread is read. Slack may give 15 messages a call and one call a minute, to apps that
are sold outside the Marketplace (https://docs.slack.dev/apis/web-api/rate-limits): what the first
calls found then counts, since a thread that long has readers.
"""


async def read_reach(workplace: Workplace, digest: Uncounted) -> Counted | None:
    """The counts; without counts where Slack refuses to tell. None when it is to be tried again."""
    key, period = digest.subscription_id, digest.period
    unknown = Counted(subscription_id=key, period=period)
    if digest.at is None:
        return unknown
    found: list[dict[str, Any]] = []
    try:
        await _read(workplace, digest.at, found)
    except TROUBLE as error:
        if not isinstance(classify(error), NotSent | Unclear):
            return unknown
        if not any(_is_theirs(one) for one in found):
            return None
    return Counted(
        subscription_id=key,
        period=period,
        reactions=sum(_reactions(one, workplace.identity.bot_user_id) for one in found),
        answers=sum(_is_theirs(one) for one in found),
    )


async def _read(workplace: Workplace, at: Posted, found: list[dict[str, Any]]) -> None:
    """Fill `found` with the thread; raises what the client raises."""
    asked: dict[str, Any] = {"channel": at.channel_id, "ts": at.ts, "limit": PAGE_SIZE}
    seen: set[str] = set()
    for _ in range(PAGES):
        answer = await workplace.client.conversations_replies(**asked)
        messages: list[dict[str, Any]] = answer["messages"]
        # A page may begin with the parent again.
        found += (one for one in messages if one["ts"] not in seen)
        seen.update(str(one["ts"]) for one in messages)
        if not answer.get("has_more"):
            return
        asked["cursor"] = answer["response_metadata"]["next_cursor"]


def _is_theirs(message: dict[str, Any]) -> bool:
    return not message.get("bot_id")


def _reactions(message: dict[str, Any], bot_user_id: str) -> int:
    """How many reactions a message has, but for our own. `users` may name fewer than `count`
    (https://docs.slack.dev/reference/methods/reactions.get).
    """
    return sum(
        int(one["count"]) - (bot_user_id in one.get("users", ()))
        for one in message.get("reactions") or ()
    )

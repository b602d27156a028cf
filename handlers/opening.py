"""Opening and changing views while somebody waits: once, within two seconds, or a clear sentence.

A trigger lives three seconds and works once
(https://docs.slack.dev/interactivity/handling-user-interaction), so nothing is tried twice.
"""

import asyncio
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.errors import DeskError, SlackError
from bot.ports import Refused
from handlers.outcomes import TROUBLE, classify, error_code
from handlers.requests import Request
from handlers.views.message import Message

log = logging.getLogger(__name__)

LIMIT_SECONDS = 2.0
NOT_IN_TIME = "Slack did not open the form in time. Please try once more."
BAD_REQUEST = 400
GONE = frozenset({"not_found", "hash_conflict", "view_not_found"})
EXPIRED = "expired_trigger_id"


class NotInTimeError(SlackError):
    """The trigger's time is over, or Slack did not answer: no other view opens either."""


@contextmanager
def already_done(said: str = "This is done.") -> Iterator[None]:
    """Show what came of something that is stored by now, which `said` tells in a sentence.

    Raises SlackError with `said` when it can't be shown: whoever hears "please try once more" would
    do it twice.
    """
    try:
        yield
    except DeskError as error:
        raise SlackError(f"{said} It could not be shown here in time.") from error


def is_in_modal(request: Request) -> bool:
    """Whether the request comes from inside a modal."""
    view = request.body.get("view")
    return isinstance(view, Mapping) and view.get("type") == "modal"


def has_no_room(request: Request) -> bool:
    """Whether the modal that the request comes from is the third: none goes on top of it
    (https://docs.slack.dev/surfaces/modals).
    """
    below = request.view.get("previous_view_id") if is_in_modal(request) else None
    return bool(below) and below != request.view.get("root_view_id")


async def open_view(client: AsyncWebClient, request: Request, view: Mapping[str, Any]) -> None:
    """Open a modal for the person who asked; on top of the one that they have open, if any. In
    place of that one where it is the third.

    Raises SlackError when Slack does not open it.
    """
    if not request.trigger_id:
        raise SlackError(NOT_IN_TIME)
    if has_no_room(request):
        await update_view(client, request, view)
        return
    try:
        async with asyncio.timeout(LIMIT_SECONDS):
            if is_in_modal(request):
                await client.views_push(trigger_id=request.trigger_id, view=dict(view))
            else:
                await client.views_open(trigger_id=request.trigger_id, view=dict(view))
    except TROUBLE as error:
        raise _not_opened(error) from error


async def update_view(client: AsyncWebClient, request: Request, view: Mapping[str, Any]) -> None:
    """Replace the modal that the request comes from; a newer change or its closing wins.

    Raises SlackError when Slack does not do it.
    """
    shown = request.view
    try:
        async with asyncio.timeout(LIMIT_SECONDS):
            await client.views_update(view_id=shown["id"], hash=shown["hash"], view=dict(view))
    except TROUBLE as error:
        if isinstance(error, SlackApiError) and error_code(error) in GONE:
            return
        raise _not_opened(error) from error


async def update_parent(client: AsyncWebClient, request: Request, view: Mapping[str, Any]) -> None:
    """Replace the modal below the form that was sent, if there is one; what goes wrong is logged.

    What the form asked for is done already; a page that stays old is all that is lost.
    """
    parent = request.view.get("previous_view_id")
    if not parent:
        return
    try:
        async with asyncio.timeout(LIMIT_SECONDS):
            await client.views_update(view_id=parent, view=dict(view))
    except TROUBLE as error:
        log.warning("page below not renewed", extra={"why": str(classify(error))})


async def replace_message(client: AsyncWebClient, response_url: str, message: Message) -> None:
    """Write a message anew that only one person sees; what goes wrong is logged, as above.

    An address works five times within half an hour
    (https://docs.slack.dev/interactivity/handling-user-interaction).
    """
    webhook = AsyncWebhookClient(response_url, session=client.session, retry_handlers=[])
    blocks = message.plain_blocks or message.blocks
    try:
        answer = await webhook.send(
            text=message.text, blocks=blocks, response_type="ephemeral", replace_original=True
        )
    except TROUBLE as error:
        log.warning("message not renewed", extra={"why": str(classify(error))})
        return
    if answer.status_code >= BAD_REQUEST:
        log.warning("message not renewed", extra={"status": answer.status_code})


def _not_opened(error: Exception) -> SlackError:
    code = error_code(error) if isinstance(error, SlackApiError) else type(error).__name__
    if code in {"invalid_arguments", "missing_scope", "not_authed", "invalid_auth"}:
        log.error("view refused", extra={"error": code, "answer": _messages(error)})
    else:
        log.warning("view not opened", extra={"error": code})
    is_late = code == EXPIRED or not isinstance(classify(error), Refused)
    return NotInTimeError(NOT_IN_TIME) if is_late else SlackError(NOT_IN_TIME)


def _messages(error: Exception) -> str:
    response = getattr(error, "response", None) or {}
    return str((response.get("response_metadata") or {}).get("messages", ""))

"""The connection to Slack: one session, one client, and who the bot is."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Any, TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from typing_extensions import override

from bot.ports import Refused
from handlers.outcomes import TROUBLE, classify, error_code
from handlers.workplaces import Identity
from runtime.outward import guard
from runtime.settings import Settings, SettingsError
from runtime.spans import Spans
from runtime.watching import span_here

log = logging.getLogger(__name__)

R = TypeVar("R")
Sleep = Callable[[float], Awaitable[None]]

CALL_SECONDS = 10
CONNECTIONS = 100
"""More than deliveries can hold at once: a form must open while they hang."""
BAD_TOKENS = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"}
)


def new_session(*addresses: str) -> aiohttp.ClientSession:
    """The one session for all calls, to Slack and to whom `addresses` of the settings name
    (`runtime/outward.py`). The SDK's own timeout is dead when a session is given, so the session
    has its own.
    """
    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=CALL_SECONDS, connect=5),
        connector=aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=60),
        trace_configs=[guard(*addresses)],
    )


Heard = Callable[[str, str, float, str | None], None]
"""Hears of each call, as `runtime.sight.Sight.heard` does."""


class CountedClient(AsyncWebClient):
    """A client that tells how long Slack takes and what it answers. `heard` hears of each call;
    `spans` begins a span for those that belong to something, where traces are kept.
    """

    heard: Heard | None = None
    spans: Spans | None = None

    @override
    async def api_call(self, api_method: str, **options: Any) -> AsyncSlackResponse:
        span = span_here(self.spans, f"slack {api_method}", {"method": api_method})
        begun = perf_counter()
        code, date = "ok", None
        try:
            answer = await super().api_call(api_method, **options)
            date = answer.headers.get("Date")
        except TROUBLE as error:
            code = classify(error).error
            raise
        except asyncio.CancelledError:
            code = "timeout"  # whoever asked waits no longer
            raise
        else:
            return answer
        finally:
            if span is not None:
                span.end(code)
            if self.heard is not None:
                self.heard(api_method, code, perf_counter() - begun, date)


def new_client(
    settings: Settings,
    session: aiohttp.ClientSession,
    heard: Heard | None = None,
    spans: Spans | None = None,
) -> AsyncWebClient:
    """The client for everything. It repeats nothing by itself: the SDK's default handler turns a
    lost answer into a second post.
    """
    client = CountedClient(
        token=settings.slack_bot_token.get_secret_value(),
        base_url=settings.slack_api_url,
        session=session,
        timeout=CALL_SECONDS,
        retry_handlers=[],
    )
    client.heard, client.spans = heard, spans
    return client


async def identify(client: AsyncWebClient) -> Identity:
    """Who the bot is; raises SettingsError for a token that is none, else what the call raises."""
    try:
        answer = await client.auth_test()
    except SlackApiError as error:
        if error_code(error) in BAD_TOKENS:
            raise SettingsError(
                f"SLACK_BOT_TOKEN: Slack answers “{error_code(error)}”. Copy the bot token "
                "(xoxb-…) from the app's “OAuth & Permissions” page again."
            ) from error
        raise
    return Identity(
        workspace_id=str(answer["team_id"]),
        bot_id=str(answer["bot_id"]),
        bot_user_id=str(answer["user_id"]),
        url=str(answer["url"]),
        name=str(answer.get("team") or ""),
    )


async def identify_patiently(client: AsyncWebClient, sleep: Sleep = asyncio.sleep) -> Identity:
    """`identify`, again and again until Slack answers; raises SettingsError as it does, and what
    `sleep` raises.
    """
    return await _patiently(lambda: identify(client), sleep)


async def check_app_token(
    settings: Settings, client: AsyncWebClient, sleep: Sleep = asyncio.sleep
) -> None:
    """Ask Slack for a Socket Mode address that is not used: the SDK would ask for ever.

    Raises SettingsError for a token that opens none, and what `sleep` raises.
    """
    token = settings.slack_app_token.get_secret_value()

    async def ask() -> None:
        try:
            await client.apps_connections_open(app_token=token)
        except SlackApiError as error:
            if isinstance(classify(error), Refused) or error_code(error) in BAD_TOKENS:
                raise SettingsError(
                    f"SLACK_APP_TOKEN: Slack answers “{error_code(error)}”. It should be an "
                    "app-level token (xapp-…) with connections:write, from the app's “Basic "
                    "Information” page; Socket Mode has to be enabled."
                ) from error
            raise

    await _patiently(ask, sleep)


async def _patiently(ask: Callable[[], Awaitable[R]], sleep: Sleep) -> R:
    wait = 1.0
    while True:
        try:
            return await ask()
        except TROUBLE as error:
            log.warning("Slack does not answer yet", extra={"why": str(classify(error))})
            await sleep(wait)
            wait = min(wait * 2, 30)

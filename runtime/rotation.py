"""Tokens that expire are exchanged in time, once, however many processes see that it is time.

Slack takes a refresh token once (https://docs.slack.dev/authentication/using-token-rotation). So
whoever exchanges it claims it first, in the row of the installation, and for a while; others go on
with the old token, which works until it expires, or wait.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from slack_sdk.web.async_client import AsyncWebClient

from bot.installation import Installation, Tokens
from bot.installing import (
    REFRESH_LEASE,
    Refreshed,
    claim_refresh,
    installed,
    keep_refreshed,
)
from bot.ports import Clock, Storage
from handlers.oauth_answers import OddAnswerError, renewed
from handlers.outcomes import TROUBLE, classify
from handlers.token_exchange import AppCredentials, exchange

log = logging.getLogger(__name__)

LOOK_AGAIN = 0.2
"""Seconds between two looks whether another process has the new token."""


class TokenExchange:
    """Exchanges tokens with the app's own credentials."""

    def __init__(
        self,
        *,
        storage: Storage,
        client: AsyncWebClient,
        app: AppCredentials,
        clock: Clock,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`client` is one without a token."""
        self._storage = storage
        self._client = client
        self._app = app
        self._clock = clock
        self._sleep = sleep

    async def refreshed(self, old: Installation) -> Installation | None:
        """The installation with a token that works, as far as Slack lets us; None when the app was
        taken out meanwhile. Raises the storage's errors.
        """
        now = self._clock.now()
        if await self._storage.transact(old.workspace_id, claim_refresh, old.version, now):
            return await self._exchange(old)
        return await self._awaited(old)

    async def _exchange(self, old: Installation) -> Installation | None:
        here = old.workspace_id
        try:
            tokens = await self._ask(old)
        except TROUBLE as error:
            log.warning("token not exchanged", extra={"workspace": here, "why": classify(error)})
            return old  # whoever comes after the lease tries again
        except OddAnswerError as error:
            log.warning("token not exchanged", extra={"workspace": here, "why": str(error)})
            return old
        log.info("token exchanged", extra={"workspace": here})
        command = Refreshed(old.version, tokens)
        return await self._storage.transact(here, keep_refreshed, command, self._clock.now())

    async def _ask(self, old: Installation) -> Tokens:
        answer = await exchange(
            self._client,
            self._app,
            grant_type="refresh_token",
            refresh_token=(old.tokens.refresh if old.tokens else None) or "",
        )
        told = renewed(answer.data)
        return Tokens(
            access=told.access_token,
            refresh=told.refresh_token,
            expires_at=self._clock.now() + timedelta(seconds=told.expires_in),
        )

    async def _awaited(self, old: Installation) -> Installation | None:
        """Somebody else is at it: the old token does until it is over, then theirs is awaited."""
        found: Installation | None = old
        for _ in range(int(REFRESH_LEASE.total_seconds() / LOOK_AGAIN)):
            now = self._clock.now()
            found = await self._storage.read(old.workspace_id, installed, None, now)
            if found is None or found.tokens is None or not found.tokens.is_over(now):
                break
            await self._sleep(LOOK_AGAIN)
        return found

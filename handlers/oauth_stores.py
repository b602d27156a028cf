"""What Slack's OAuth flow stores: states that are used once, and installations.

Source: https://docs.slack.dev/authentication/installing-with-oauth
"""

import hashlib
import hmac
import logging
import secrets
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_sdk.oauth.installation_store import Bot
from slack_sdk.oauth.installation_store import Installation as SlackInstallation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient
from typing_extensions import override

from bot.installation import Installation, Tokens
from bot.installing import install, installed
from bot.ports import Transaction
from handlers.installing import serve_teams, teams_of
from handlers.outcomes import TROUBLE, classify
from handlers.services import Services
from handlers.workplaces import client_with

log = logging.getLogger(__name__)

STATE_LIVES = timedelta(minutes=10)
NOWHERE = ""
"""The workspace of what belongs to none: states that were used."""


class SignedStates(AsyncOAuthStateStore):
    """States that prove themselves: signed with the app's secret, valid for ten minutes, and used
    once. Whoever only looks at the first page leaves no row behind.
    """

    def __init__(self, services: Services, secret: str) -> None:
        self._services = services
        self._key = hashlib.sha256(b"oauth state " + secret.encode()).digest()

    @override
    async def async_issue(self, *args: Any, **kwargs: Any) -> str:
        body = f"{int(self._services.clock.now().timestamp())}.{secrets.token_urlsafe(16)}"
        return f"{body}.{self._sign(body)}"

    @override
    async def async_consume(self, state: str) -> bool:
        body, _, signature = state.rpartition(".")
        if not state.isascii() or not hmac.compare_digest(self._sign(body), signature):
            return False
        now = self._services.clock.now()
        issued = datetime.fromtimestamp(int(body.partition(".")[0]), UTC)
        if not timedelta() <= now - issued <= STATE_LIVES:
            return False
        return await self._services.storage.transact(NOWHERE, _first_time, body, now)

    def _sign(self, body: str) -> str:
        return hmac.new(self._key, body.encode(), hashlib.sha256).hexdigest()


def _first_time(tx: Transaction, state: str, now: datetime) -> bool:
    return tx.seen.first_time(f"oauth:{state}", now)


class Installations(AsyncInstallationStore):
    """Slack's own words for where installations are kept, over our table.

    Bolt only saves here: requests are let in by `handlers.workplaces`, which asks the database once
    and Slack never.
    """

    def __init__(
        self,
        services: Services,
        client: AsyncWebClient,
        on_installed: Callable[[str], Awaitable[None]],
    ) -> None:
        """`client` is one without a token. `on_installed` hears of each workspace that is served
        from now on.
        """
        self._services = services
        self._client = client
        self._on_installed = on_installed

    @override
    async def async_save(self, installation: SlackInstallation) -> None:
        services, new = self._services, installation_of(installation, self._services.clock.now())
        services.workplaces.look_again(new.workspace_id)
        now = services.clock.now()
        stored = await services.storage.transact(new.workspace_id, install, new, now)
        services.workplaces.look_again(new.workspace_id)
        log.info("installed", extra={"workspace": new.workspace_id, "org": new.is_org})
        served = [new.workspace_id]
        if new.is_org:
            teams = await self._teams(new)
            await serve_teams(services, stored, teams)
            served = list(teams)
        for workspace_id in served:
            await self._on_installed(workspace_id)

    async def _teams(self, org: Installation) -> dict[str, str]:
        """The workspaces that an organisation granted already. The others come by event."""
        token = org.tokens.access if org.tokens is not None else ""
        try:
            return await teams_of(client_with(self._client, token))
        except TROUBLE as error:
            log.warning("workspaces not listed", extra={"why": str(classify(error))})
            return {}

    @override
    async def async_find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,
        is_enterprise_install: bool | None = False,
    ) -> SlackInstallation | None:
        key = enterprise_id if is_enterprise_install else team_id
        now = self._services.clock.now()
        found = await self._services.storage.read(key or "", installed, None, now)
        if found is None or found.tokens is None:
            return None
        return SlackInstallation(
            enterprise_id=found.enterprise_id,
            team_id=None if found.is_org else found.workspace_id,
            team_name=found.name,
            bot_token=found.tokens.access,
            bot_id=found.bot_id,
            bot_user_id=found.bot_user_id,
            bot_scopes=found.scopes,
            bot_refresh_token=found.tokens.refresh,
            bot_token_expires_at=_seconds(found.tokens.expires_at),
            user_id=found.installer_id or "",
            is_enterprise_install=found.is_org,
            installed_at=found.installed_at.timestamp(),
        )

    @override
    async def async_find_bot(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        is_enterprise_install: bool | None = False,
    ) -> Bot | None:
        found = await self.async_find_installation(
            enterprise_id=enterprise_id,
            team_id=team_id,
            is_enterprise_install=is_enterprise_install,
        )
        return None if found is None else found.to_bot()


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


def installation_of(found: SlackInstallation, now: datetime) -> Installation:
    """Ours, from what Slack answered. Tokens of people are not kept: the desk needs none."""
    is_org = bool(found.is_enterprise_install)
    expires = found.bot_token_expires_at
    return Installation(
        workspace_id=str(found.enterprise_id if is_org else found.team_id),
        enterprise_id=found.enterprise_id,
        is_org=is_org,
        name=str((found.enterprise_name if is_org else found.team_name) or ""),
        url=str(found.get_custom_value("url") or ""),
        bot_id=str(found.bot_id or ""),
        bot_user_id=str(found.bot_user_id or ""),
        scopes=",".join(found.bot_scopes or ()),
        installer_id=found.user_id or None,
        tokens=Tokens(
            access=str(found.bot_token),
            refresh=found.bot_refresh_token,
            expires_at=None if expires is None else datetime.fromtimestamp(expires, UTC),
        ),
        installed_at=now,
    )

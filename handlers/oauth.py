"""Installing over OAuth: Bolt leads through it, with our stores and our pages.

Source: https://docs.slack.dev/authentication/installing-with-oauth
"""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence

from slack_bolt.async_app import AsyncBoltRequest
from slack_bolt.oauth.async_callback_options import (
    AsyncCallbackOptions,
    AsyncFailureArgs,
    AsyncSuccessArgs,
)
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.response import BoltResponse
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.web.async_client import AsyncWebClient
from typing_extensions import override

from bot.errors import DeskError
from handlers.manifest import SCOPES
from handlers.oauth_answers import Granted, Known, OddAnswerError, granted, known
from handlers.oauth_stores import STATE_LIVES, Installations, SignedStates
from handlers.outcomes import TROUBLE, classify
from handlers.services import Services
from handlers.token_exchange import AppCredentials, exchange
from handlers.views.install_page import failed_page, installed_page
from handlers.workplaces import client_with

log = logging.getLogger(__name__)

INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"
HTML: dict[str, str | Sequence[str]] = {"Content-Type": ["text/html; charset=utf-8"]}


class InstallFlow(AsyncOAuthFlow):
    """Bolt's flow: to Slack with a new state, back with a code, which is exchanged and stored."""

    def __init__(
        self,
        services: Services,
        client: AsyncWebClient,
        app: AppCredentials,
        *,
        redirect_uri: str,
        authorize_url: str,
        on_installed: Callable[[str], Awaitable[None]],
    ) -> None:
        """`client` is one without a token. `redirect_uri` is where Slack sends people back, empty
        for the first one that the app's page names; `authorize_url` where they allow the app.
        `on_installed` hears of each workspace that is served
        from now on.
        """
        logger = logging.getLogger("slack_bolt.install")
        logger.setLevel(logging.ERROR)  # it tells codes at a lower one
        self._clock = services.clock
        self._app = app
        settings = AsyncOAuthSettings(
            client_id=app.client_id,
            client_secret=app.client_secret,
            scopes=sorted(SCOPES),
            user_scopes=[],
            redirect_uri=redirect_uri or None,
            install_path=INSTALL_PATH,
            redirect_uri_path=REDIRECT_PATH,
            install_page_rendering_enabled=False,
            authorization_url=authorize_url,
            callback_options=AsyncCallbackOptions(success=_installed, failure=_failed),
            installation_store=Installations(services, client, on_installed),
            state_store=SignedStates(services, app.client_secret),
            state_expiration_seconds=int(STATE_LIVES.total_seconds()),
            logger=logger,
        )
        super().__init__(client=client, logger=logger, settings=settings)

    async def answer(
        self, path: str, query: Mapping[str, str], headers: Mapping[str, str]
    ) -> BoltResponse:
        """The answer to a browser at one of the two addresses."""
        request = AsyncBoltRequest(
            body="", query=dict(query), headers={name.lower(): v for name, v in headers.items()}
        )
        if path == INSTALL_PATH:
            return await self.handle_installation(request)
        try:
            return await self.handle_callback(request)
        except DeskError as error:
            log.warning("not installed", extra={"why": str(error)})
            return BoltResponse(status=503, body=failed_page("storage_error"), headers=HTML)

    @override
    async def run_installation(self, code: str) -> Installation | None:
        """Exchange the code for a token, and ask once whose it is."""
        try:
            back = self.settings.redirect_uri
            given = {"code": code, "redirect_uri": back} if back else {"code": code}
            told = granted((await exchange(self.client, self._app, **given)).data)
            client = client_with(self.client, told.access_token)
            return self._made(told, known((await client.auth_test()).data))
        except TROUBLE as error:
            log.warning("not installed", extra={"why": str(classify(error))})
        except OddAnswerError as error:
            log.warning("not installed", extra={"why": str(error)})
        return None

    def _made(self, told: Granted, who: Known) -> Installation:
        now = self._clock.now().timestamp()
        team, org, user = told.team, told.enterprise, told.authed_user
        return Installation(
            app_id=told.app_id,
            enterprise_id=org.id if org else None,
            enterprise_name=org.name if org else None,
            team_id=team.id if team else None,
            team_name=team.name if team else None,
            bot_token=told.access_token,
            bot_id=who.bot_id,
            bot_user_id=told.bot_user_id,
            bot_scopes=told.scope or "",
            bot_refresh_token=told.refresh_token,
            bot_token_expires_at=None if told.expires_in is None else int(now) + told.expires_in,
            user_id="" if user is None else user.id,
            is_enterprise_install=bool(told.is_enterprise_install),
            installed_at=now,
            custom_values={"url": who.url},
        )


async def _installed(args: AsyncSuccessArgs) -> BoltResponse:
    found = args.installation
    is_org = bool(found.is_enterprise_install)
    page = installed_page(
        name=str((found.enterprise_name if is_org else found.team_name) or "your workspace"),
        app_id=str(found.app_id or ""),
        team_id=None if is_org else found.team_id,
        org_id=found.enterprise_id,
    )
    gone = args.settings.state_utils.build_set_cookie_for_deletion()
    return BoltResponse(status=200, body=page, headers={**HTML, "Set-Cookie": [gone]})


async def _failed(args: AsyncFailureArgs) -> BoltResponse:
    log.info("not installed", extra={"why": args.reason})
    status = args.suggested_status_code
    return BoltResponse(status=status, body=failed_page(args.reason), headers=HTML)

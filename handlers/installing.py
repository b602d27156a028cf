"""The app is granted to workspaces of an organisation, and taken out of workspaces again."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.installation import Installation
from bot.installing import Grant, Leave, grant, installed, leave
from handlers.answers import NOTHING, Answer
from handlers.listeners import Listeners
from handlers.requests import Request
from handlers.services import Services

log = logging.getLogger(__name__)

EVENTS = ("app_uninstalled", "tokens_revoked", "team_access_granted", "team_access_revoked")
"""The last two are only sent where an organisation installed the app."""

TEAMS_PAGE = 100


class InstallListeners:
    """Slack tells where the app may work."""

    def __init__(
        self,
        services: Services,
        *,
        promised: timedelta | None,
        served_by: Callable[[str], Awaitable[tuple[str, ...]]],
    ) -> None:
        """`promised` is how long a workspace's data is kept without the app; None with one token,
        where the operator decides. `served_by` names the workspaces that an organisation's
        installation serves.
        """
        self._services = services
        self._promised = promised
        self._served_by = served_by

    def table(self) -> Listeners:
        """What this journey listens to."""
        return Listeners(
            events={
                "app_uninstalled": self.uninstalled,
                "tokens_revoked": self.revoked,
                "team_access_granted": self.granted,
                "team_access_revoked": self.taken_back,
            }
        )

    async def uninstalled(self, request: Request) -> Answer:
        """The app was removed, from a workspace or from a whole organisation."""
        await self._leave(request, None)
        return NOTHING

    async def revoked(self, request: Request) -> Answer:
        """Tokens are void: the bot's, or those of people, of which the desk has none."""
        tokens = request.body["event"].get("tokens")
        bots = tokens.get("bot") if isinstance(tokens, Mapping) else None
        if isinstance(bots, list) and bots:
            await self._leave(request, frozenset(str(bot) for bot in bots))
        return NOTHING

    async def granted(self, request: Request) -> Answer:
        """An organisation's installation may work in more workspaces."""
        here = request.workspace_id
        now = self._services.clock.now()
        org = await self._services.storage.read(here, installed, None, now)
        if self._promised is not None and org is not None and org.is_org:
            await serve_teams(self._services, org, dict.fromkeys(_teams(request), ""))
        return NOTHING

    async def taken_back(self, request: Request) -> Answer:
        """An organisation's installation may not work in some workspaces any more."""
        for team_id in _teams(request):
            await self._leave_one(team_id, request, None, request.workspace_id)
        return NOTHING

    async def _leave(self, request: Request, revoked: frozenset[str] | None) -> None:
        here = request.workspace_id
        served = await self._served_by(here)
        for team_id in served:
            if team_id != here:
                await self._leave_one(team_id, request, revoked, here)
        await self._leave_one(here, request, revoked, None)

    async def _leave_one(
        self, team_id: str, request: Request, revoked: frozenset[str] | None, org_id: str | None
    ) -> None:
        if self._promised is None:
            log.warning("the app was taken out of the workspace", extra={"workspace": team_id})
            return
        command = Leave(
            at=_moment(request), promised=self._promised, revoked=revoked, org_id=org_id
        )
        now = self._services.clock.now()
        if await self._services.storage.transact(team_id, leave, command, now):
            log.info("workspace parked", extra={"workspace": team_id})
        self._services.workplaces.look_again(team_id)


async def serve_teams(services: Services, org: Installation, teams: Mapping[str, str]) -> None:
    """Let an organisation's installation serve these workspaces, names by id."""
    for team_id, name in teams.items():
        now = services.clock.now()
        await services.storage.transact(team_id, grant, Grant(team_id, org, now, name), now)
        services.workplaces.look_again(team_id)


async def teams_of(client: AsyncWebClient) -> dict[str, str]:
    """The workspaces that an organisation's token works in, names by id.

    Raises what the client raises.
    """
    found: dict[str, str] = {}
    cursor: str | None = None
    while True:
        answer = await client.auth_teams_list(limit=TEAMS_PAGE, cursor=cursor)
        teams: list[dict[str, Any]] = answer["teams"]
        found |= {str(team["id"]): str(team.get("name") or "") for team in teams}
        cursor = (answer.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return found


def _teams(request: Request) -> tuple[str, ...]:
    ids = request.body["event"].get("team_ids")
    return tuple(str(one) for one in ids) if isinstance(ids, list) else ()


def _moment(request: Request) -> datetime:
    """When it happened, in full seconds, as Slack wraps every event."""
    return datetime.fromtimestamp(int(request.body.get("event_time") or 0), UTC)

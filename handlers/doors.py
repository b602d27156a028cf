"""The door before every listener: whoever acts is somebody who may use the desk (P04).

What a person may do beyond that is decided by each use case, which looks into the database. Here it
is memory that answers, so that a form still opens in time; who is unknown is asked for once.
"""

import asyncio
import logging
from collections.abc import Mapping
from functools import partial
from typing import TypeVar

from slack_sdk.errors import SlackApiError

from bot import directory
from bot.desk import Member
from bot.errors import NotAllowedError
from bot.people import NOT_HERE, Arrival, check_in, why_kept_out
from handlers.answers import Answer, Listener
from handlers.listeners import Listeners
from handlers.outcomes import TROUBLE, error_code
from handlers.requests import Request
from handlers.services import Services

log = logging.getLogger(__name__)

K = TypeVar("K")

PEOPLES_EVENTS = frozenset({"app_home_opened", "message"})
"""The events that tell what a person did; the others tell of people and channels. They are not
refused: Home and the direct message are where somebody reads why they are kept out.
"""

LOOK_SECONDS = 1.0
"""How long somebody unknown waits for Slack to tell who they are; a trigger lives three seconds."""

NOBODY = frozenset({"user_not_found", "user_not_visible"})
"""Slack's answers about somebody who is nothing to this workspace
(https://docs.slack.dev/reference/methods/users.info).
"""


class Door:
    """Stands before the listeners of one process."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def before(self, table: Listeners) -> Listeners:
        """The same table, each listener behind the door."""
        return Listeners(
            commands=self._each(table.commands),
            actions=self._each(table.actions),
            forms=self._each(table.forms),
            closed=self._each(table.closed),
            shortcuts=self._each(table.shortcuts),
            events={
                name: partial(self._look_first, listener) if name in PEOPLES_EVENTS else listener
                for name, listener in table.events.items()
            },
        )

    def _each(self, listeners: Mapping[K, Listener]) -> dict[K, Listener]:
        return {name: partial(self._admit, listener) for name, listener in listeners.items()}

    async def _admit(self, listener: Listener, request: Request) -> Answer:
        member = await self._who(request)
        desk = self._services.desk(request.workspace_id)
        if why_kept_out(desk, member, request.user_id):
            # The set-up in memory may be older than the one in which somebody was named.
            await self._services.read(request, check_in, Arrival(request.user_id, member))
        return await listener(request)

    async def _look_first(self, listener: Listener, request: Request) -> Answer:
        if request.user_id:
            await self._who(request)
        return await listener(request)

    async def _who(self, request: Request) -> Member | None:
        """Who acts, as this process, the database or Slack knows them; None when none of them says.

        Raises NotAllowedError for somebody of whom Slack knows nothing here, and for who may be
        from outside while Slack says nothing at all.
        """
        known = self._services.directory(request).members.get(request.user_id)
        if known is not None:
            return known
        known = await self._services.read(request, directory.member, request.user_id)
        if known is not None:
            return self._services.directory(request).keep(known)
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                found = await self._services.directory(request).member(request.user_id)
        except TROUBLE as error:
            if isinstance(error, SlackApiError) and error_code(error) in NOBODY:
                raise NotAllowedError(NOT_HERE) from None
            log.warning("a member could not be looked up")
            _check_home(request)
            return None
        told = directory.Known(members=(found,))
        await self._services.transact(request, directory.remember, told)
        return found


def _check_home(request: Request) -> None:
    """Raise NotAllowedError for who comes from another workspace, as the payload itself tells."""
    user = request.body.get("user")
    team_id = user.get("team_id") if isinstance(user, Mapping) else None
    if team_id not in {None, request.workspace_id}:
        raise NotAllowedError(
            "Social Desk can't look up who you are just now. Please try again in a minute."
        )

"""Many workspaces: each one's workplace is looked up once, kept in memory, and looked up again when
its installation changed.
"""

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from slack_sdk.web.async_client import AsyncWebClient
from typing_extensions import override

from bot.directory import faces
from bot.errors import DeskError
from bot.installation import Installation, Tokens
from bot.installing import REFRESH_LEASE, Grant, grant, installed
from bot.ports import Clock
from handlers.slack_directory import SlackDirectory
from handlers.workplaces import Identity, Workplace, Workplaces, client_with
from runtime.rotation import TokenExchange
from storage import installed as places
from storage.database import Database

log = logging.getLogger(__name__)

KEPT = 2_000
"""How many workplaces are kept in memory; those that were not used for longest go."""

PEOPLE_KEPT = 100_000
"""How many people may be in memory with them, about 40 MB: those who hold a role or did something
since their workplace was looked up. When there are more, the same ones go.
"""

FOLLOW_SECONDS = 5
"""How soon a process notices what another one changed."""

OVERLAP = timedelta(seconds=30)
"""What changed so long before the last look is looked at once more: clocks differ, and a commit may
come after a later one.
"""


@dataclass(frozen=True, slots=True)
class _Seat:
    """A workplace, the tokens that it works with, and what it was made from: versions by id. Not
    before `again_at` a newer token is asked for.
    """

    workplace: Workplace
    tokens: Tokens
    versions: dict[str, int]
    again_at: datetime


class ManyWorkspaces(Workplaces):
    """Every workspace in the table of installations."""

    def __init__(
        self, *, database: Database, client: AsyncWebClient, exchange: TokenExchange, clock: Clock
    ) -> None:
        """`client` is one without a token."""
        self._database = database
        self._client = client
        self._exchange = exchange
        self._clock = clock
        self._seats: OrderedDict[str, _Seat] = OrderedDict()
        self._under_way: dict[str, asyncio.Task[_Seat | None]] = {}
        self._looked_at = clock.now()

    @override
    def known(self, workspace_id: str) -> Workplace | None:
        seat = self._seats.get(workspace_id)
        return None if seat is None else seat.workplace

    @override
    async def find(self, workspace_id: str, enterprise_id: str | None = None) -> Workplace | None:
        seat, now = self._seats.get(workspace_id), self._clock.now()
        if not self._database.has_desk(workspace_id):
            seat = None  # listeners go by the set-up in memory: to look up brings it back
        if seat is not None and (now < seat.again_at or not seat.tokens.is_stale(now)):
            self._seats.move_to_end(workspace_id)
            return seat.workplace
        task = self._under_way.get(workspace_id)
        if task is None:
            task = asyncio.ensure_future(self._look_up(workspace_id, enterprise_id))
            self._under_way[workspace_id] = task
            task.add_done_callback(partial(self._done, workspace_id))
        if seat is not None and not seat.tokens.is_over(now):
            return seat.workplace  # its token still works; a newer one is on its way
        found = await asyncio.shield(task)
        return None if found is None else found.workplace

    @override
    def look_again(self, workspace_id: str) -> None:
        for name, seat in list(self._seats.items()):
            if workspace_id in seat.versions:
                del self._seats[name]

    async def take_up(self) -> None:
        """Take up what other processes changed. Raises the storage's errors."""
        now = self._clock.now()
        since = self._looked_at - OVERLAP
        changed = await self._database.ask(partial(places.changed_since, moment=since))
        self._looked_at = now
        for workspace_id, version, is_parked in changed:
            self._compare(workspace_id, version)
            if is_parked:
                self._database.forget_desk(workspace_id)

    @override
    async def rest(self) -> None:
        while self._under_way:
            await asyncio.wait(list(self._under_way.values()))

    def _compare(self, workspace_id: str, version: int) -> None:
        if any(
            seat.versions.get(workspace_id, version) != version for seat in self._seats.values()
        ):
            self.look_again(workspace_id)

    def _done(self, workspace_id: str, task: asyncio.Task[_Seat | None]) -> None:
        del self._under_way[workspace_id]
        if not task.cancelled() and task.exception() is not None:
            log.warning("workspace not looked up", extra={"why": str(task.exception())})

    async def _look_up(self, workspace_id: str, enterprise_id: str | None) -> _Seat | None:
        """What the database says; with a newer token when it is time for one."""
        found = await self._installed(workspace_id)
        if found is None and enterprise_id is not None:
            found = await self._granted(workspace_id, enterprise_id)
        holder = found
        if found is not None and found.tokens is None and found.enterprise_id is not None:
            holder = await self._installed(found.enterprise_id)
        if holder is not None and holder.tokens and holder.tokens.is_stale(self._clock.now()):
            holder = await self._exchange.refreshed(holder)
            found = holder if holder and holder.workspace_id == workspace_id else found
        seat = None if found is None or holder is None else await self._seat(found, holder)
        if seat is None:
            self._seats.pop(workspace_id, None)
            return None
        self._seats[workspace_id] = seat
        self._seats.move_to_end(workspace_id)
        self._make_room()
        return seat

    def _make_room(self) -> None:
        people = sum(len(seat.workplace.directory.members) for seat in self._seats.values())
        while len(self._seats) > KEPT or (people > PEOPLE_KEPT and len(self._seats) > 1):
            _, left = self._seats.popitem(last=False)
            people -= len(left.workplace.directory.members)

    async def _installed(self, workspace_id: str) -> Installation | None:
        return await self._database.read(workspace_id, installed, None, self._clock.now())

    async def _granted(self, workspace_id: str, enterprise_id: str) -> Installation | None:
        """A workspace that Slack speaks of for the first time, of an organisation that has the app:
        it was granted to it.
        """
        org = await self._installed(enterprise_id)
        if org is None or not org.is_org or org.parked_at is not None:
            return None
        now = self._clock.now()
        return await self._database.transact(
            workspace_id, grant, Grant(workspace_id, org, now), now
        )

    async def _seat(self, found: Installation, holder: Installation) -> _Seat | None:
        if found.parked_at is not None or holder.parked_at is not None or holder.tokens is None:
            return None
        here = found.workspace_id
        # What takes `team_id` must have it under an organisation's token, and ignores it elsewhere.
        client = client_with(self._client, holder.tokens.access, None if found.is_org else here)
        directory = SlackDirectory(client, here, keeps_all=False)
        for member in await self._database.read(here, faces, None, self._clock.now()):
            directory.keep(member)
        workplace = Workplace(
            identity=Identity(
                workspace_id=here,
                bot_id=holder.bot_id,
                bot_user_id=holder.bot_user_id,
                url=found.url,
                enterprise_id=found.enterprise_id,
                name=found.name,
            ),
            client=client,
            directory=directory,
        )
        versions = {found.workspace_id: found.version, holder.workspace_id: holder.version}
        return _Seat(workplace, holder.tokens, versions, self._clock.now() + REFRESH_LEASE)


async def follow(workplaces: ManyWorkspaces) -> None:
    """Take up for ever what other processes change; a database that is away is asked again."""
    while True:
        await asyncio.sleep(FOLLOW_SECONDS)
        try:
            await workplaces.take_up()
        except DeskError as error:
            log.warning("installations not looked at", extra={"why": str(error)})

"""The composition root: the only place that knows all concrete parts. Web, worker, the demo and the
tests build through it; nothing is made at import.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.belated import TellBelated, tell_belated
from bot.delivery import Checkpoint, Delivery, Pace
from bot.hook import SECRET_BYTES, secret_of
from bot.importing import Stored, StoreLines, store_lines
from bot.ports import LaneRef
from handlers.answers import Answers, Background
from handlers.bolt import build_app
from handlers.installing import InstallListeners
from handlers.messenger import SlackMessenger
from handlers.oauth import InstallFlow
from handlers.plain import Plain
from handlers.requests import Request
from handlers.services import Services
from handlers.token_exchange import AppCredentials
from handlers.workplaces import Identity, OneWorkspace, Workplaces, at_work
from runtime.clocks import SystemClock, Timer
from runtime.counting import count_everywhere
from runtime.dispatcher import Dispatcher
from runtime.journeys import listeners_of
from runtime.keys import vault_of
from runtime.many import ManyWorkspaces, follow
from runtime.reading import Care, CareForMany, CareForOne, load_desk
from runtime.rotation import TokenExchange
from runtime.settings import Settings
from runtime.spans import Spans
from runtime.tallies import Tallies
from runtime.ticks import Ticks
from runtime.watching import WatchedDatabase, Watching
from storage.installed import of_org

log = logging.getLogger(__name__)

WORTH_TELLING = timedelta(seconds=1)
"""By how much a clock is off before the log says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What differs between a machine, the demo and a test: time, chance, patience.

    `owner` names this process in leases. `jitter` gives a number from 0 to 1. `new_reference`
    makes the short reference of a bug, `new_key` the random bytes of a webhook's secret.
    `follows_clock`: the clock may jump, so digests are fired
    by it and not by ticks alone. `tallies` is where everything counts, `spans` begins spans
    where traces are kept.
    """

    clock: Timer
    owner: str
    jitter: Callable[[], float]
    new_reference: Callable[[], str]
    new_key: Callable[[], bytes] = lambda: secrets.token_bytes(SECRET_BYTES)
    pace: Pace = field(default_factory=Pace)
    checkpoint: Checkpoint = lambda _: None
    follows_clock: bool = False
    tallies: Tallies = field(default_factory=Tallies)
    spans: Spans | None = None


class SocialDesk:
    """One desk, put together and not yet started.

    `announce` is called after each commit with the lanes that got work: this process's own
    dispatcher, unless others deliver.
    """

    def __init__(
        self,
        *,
        settings: Settings,
        surroundings: Surroundings,
        client: AsyncWebClient,
        identity: Identity | None,
    ) -> None:
        """`client` has the one token, and `identity` is whose it is; None with many workspaces,
        each of which has a token of its own.
        """
        self._identity = identity
        self._following: asyncio.Task[None] | None = None
        self._clock = surroundings.clock
        self._is_clock_followed = surroundings.follows_clock
        self.watching = Watching(surroundings.tallies, surroundings.owner[-4:], surroundings.spans)
        self.database = WatchedDatabase(
            settings.database_url,
            on_effects=self._wake,
            checkpoint=surroundings.checkpoint,
            vault=vault_of(settings),
        )
        self.database.tallies = surroundings.tallies
        self.database.spans = surroundings.spans
        self.background = Background()
        self.workplaces, self.care = self._places(settings, client)
        self.answers = Answers(
            workplaces=self.workplaces,
            background=self.background,
            new_reference=surroundings.new_reference,
            tell_belated=self._tell_belated,
        )
        self.services = Services(
            storage=self.database,
            clock=surroundings.clock,
            workplaces=self.workplaces,
            background=self.background,
            whisper=self.answers.whisper,
            desk=self.database.cached_desk,
            command=settings.command,
            commands=settings.commands,
            public_url=settings.public_url,
            new_secret=lambda: secret_of(surroundings.new_key()),
        )
        self.listeners = listeners_of(self.services, self._installs(settings))
        self.app: AsyncApp = build_app(
            workplaces=self.workplaces,
            signing_secret=settings.slack_signing_secret.get_secret_value(),
            client=client,
            listeners=self.listeners,
            answers=self.answers,
            watch=self.watching,
        )
        plain = Plain(self.database, surroundings.clock)
        self.messenger = SlackMessenger(self.workplaces, self._keep, plain, settings.pdf_font)
        self.dispatcher = Dispatcher(
            delivery=Delivery(
                storage=self.database,
                messenger=self.messenger,
                clock=surroundings.clock,
                owner=surroundings.owner,
                jitter=surroundings.jitter,
                pace=surroundings.pace,
                checkpoint=surroundings.checkpoint,
                watch=self.watching,
            ),
            storage=self.database,
            timer=surroundings.clock,
        )
        self.announce: Callable[[frozenset[LaneRef]], None] = self.dispatcher.wake
        self.ticks = Ticks(
            storage=self.database,
            dispatcher=self.dispatcher,
            clock=surroundings.clock,
            care=self.care,
            set_clock=self.set_clock,
            count_reach=self.count_reach,
            watching=self.watching,
            follow=surroundings.clock if surroundings.follows_clock else None,
        )

    async def _keep(self, workspace_id: str, lines: StoreLines) -> Stored:
        """Store some lines of a file that somebody imports."""
        return await self.database.transact(workspace_id, store_lines, lines, self._clock.now())

    async def _tell_belated(self, request: Request, sentence: str) -> None:
        """Tell a person by direct message; raises the storage's errors."""
        said = TellBelated(user_id=request.user_id, cause=request.trigger_id, sentence=sentence)
        now = self._clock.now()
        await self.database.transact(request.workspace_id, tell_belated, said, now)

    def _wake(self, lanes: frozenset[LaneRef]) -> None:
        self.announce(lanes)
        if self._is_clock_followed:
            self.background.start(self.ticks.expect())

    async def start(self) -> None:
        """Open the database, load the set-up, and learn who and what is in the workspace.

        Raises StorageDownError or StorageBusyError; a Slack that does not answer is asked again by
        the tick.
        """
        await self.database.start()
        await self.care.start()
        if isinstance(self.workplaces, ManyWorkspaces):
            self._following = asyncio.ensure_future(follow(self.workplaces))

    @property
    def serves_many(self) -> bool:
        """Whether each workspace has a token of its own."""
        return self._identity is None

    @property
    def identity(self) -> Identity:
        """Whose the one token is; raises ValueError with many workspaces."""
        if self._identity is None:
            raise ValueError("with many workspaces there is an identity in each")
        return self._identity

    async def set_clock(self) -> None:
        """Go by the database's clock, where it has one, as all other processes do."""
        if isinstance(self._clock, SystemClock):
            moved = await self._clock.follow(self.database.time)
            if abs(moved) > WORTH_TELLING:
                log.warning("clock set", extra={"seconds": round(moved.total_seconds(), 1)})

    async def count_reach(self) -> None:
        """Count what people did with digests that have been out for six days."""
        await count_everywhere(self.database, self.care, self.workplaces, self._clock)

    async def load_desk(self) -> None:
        """Take up the newest set-up, so that forms know of it without a look into the database."""
        await load_desk(self.database, self.identity.workspace_id, self._clock)

    async def refresh(self) -> None:
        """Read people and channels anew from Slack, and the set-up from the database."""
        await self.care.refresh()

    def _places(self, settings: Settings, client: AsyncWebClient) -> tuple[Workplaces, Care]:
        """The workspaces, and who looks after them."""
        if self._identity is not None:
            one = OneWorkspace(self._identity, client)
            here = at_work(one, self._identity.workspace_id)
            return one, CareForOne(self.database, here, self._clock)
        exchange = TokenExchange(
            storage=self.database,
            client=client,
            app=_app_of(settings),
            clock=self._clock,
        )
        many = ManyWorkspaces(
            database=self.database, client=client, exchange=exchange, clock=self._clock
        )
        return many, CareForMany(self.database, many, self._clock)

    def _installs(self, settings: Settings) -> InstallListeners:
        kept = timedelta(days=settings.erase_after_days) if settings.serves_many else None

        async def served_by(enterprise_id: str) -> tuple[str, ...]:
            return await self.database.ask(partial(of_org, enterprise_id=enterprise_id))

        return InstallListeners(self.services, promised=kept, served_by=served_by)

    def install_flow(self, settings: Settings) -> InstallFlow:
        """What leads a browser through installing the app, with many workspaces."""

        async def on_installed(workspace_id: str) -> None:
            if isinstance(self.care, CareForMany):
                self.background.start(self.care.read(workspace_id))

        return InstallFlow(
            self.services,
            self.app.client,
            _app_of(settings),
            redirect_uri=settings.slack_redirect_uri,
            authorize_url=f"{settings.slack_api_url.removesuffix('api/')}oauth/v2/authorize",
            on_installed=on_installed,
        )

    async def rest(self) -> None:
        """Wait until nothing is being delivered or told; what waits for a time waits on."""
        await self.workplaces.rest()
        while not (self.dispatcher.is_idle and self.background.is_idle):
            await self.dispatcher.rest()
            await self.background.rest()
            await self.workplaces.rest()

    async def close(self, *, patience: timedelta = timedelta(seconds=15)) -> None:
        """Finish what is being tried, begin nothing new, close the database."""
        self.ticks.close()
        if self._following is not None:
            self._following.cancel()
        try:
            async with asyncio.timeout(patience.total_seconds()):
                await self.dispatcher.close()
                await self.background.rest()
        except TimeoutError:
            log.warning("stopped before everything was delivered; it is taken up at the next start")
        await self.database.close()


def _app_of(settings: Settings) -> AppCredentials:
    return AppCredentials(
        client_id=settings.slack_client_id,
        client_secret=settings.slack_client_secret.get_secret_value(),
    )

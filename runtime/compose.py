"""The composition root: the only place that knows all concrete parts. Web, worker, the demo and the
tests build through it; nothing is made at import.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery import Checkpoint, Delivery, Pace
from bot.errors import DeskError
from bot.ports import LaneRef
from handlers.absence import AbsenceListeners
from handlers.answers import Answers, Background
from handlers.bolt import build_app
from handlers.conversation import ConversationListeners
from handlers.doors import Door
from handlers.goals import GoalListeners
from handlers.home import HomeListeners
from handlers.lifecycle import LifecycleListeners
from handlers.listeners import Listeners
from handlers.messenger import SlackMessenger
from handlers.notices import NoticeListeners
from handlers.preferences import PreferenceListeners
from handlers.services import Services
from handlers.setup import SetupListeners
from handlers.social import SocialListeners
from handlers.submit import SubmitListeners
from handlers.subscription import SubscriptionListeners
from handlers.triage import TriageListeners
from handlers.workplaces import Identity, OneWorkspace, Workplaces
from runtime.clocks import Timer
from runtime.dispatcher import Dispatcher
from runtime.keys import vault_of
from runtime.reading import load_desk, read_anew
from runtime.settings import Settings
from runtime.tallies import Tallies
from runtime.ticks import Ticks
from runtime.watching import WatchedDatabase, Watching

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What differs between a machine, the demo and a test: time, chance, patience.

    `owner` names this process in leases. `jitter` gives a number from 0 to 1. `new_reference`
    makes the short reference of a bug. `follows_clock`: the clock may jump, so digests are fired
    by it and not by ticks alone. `tallies` is where everything counts.
    """

    clock: Timer
    owner: str
    jitter: Callable[[], float]
    new_reference: Callable[[], str]
    pace: Pace = field(default_factory=Pace)
    checkpoint: Checkpoint = lambda _: None
    follows_clock: bool = False
    tallies: Tallies = field(default_factory=Tallies)


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
        identity: Identity,
    ) -> None:
        self.identity = identity
        self._clock = surroundings.clock
        self._is_clock_followed = surroundings.follows_clock
        self.watching = Watching(surroundings.tallies, surroundings.owner[-4:])
        self.database = WatchedDatabase(
            settings.database_url,
            on_effects=self._wake,
            checkpoint=surroundings.checkpoint,
            vault=vault_of(settings),
        )
        self.database.tallies = surroundings.tallies
        self.background = Background()
        self.workplaces: Workplaces = OneWorkspace(identity, client)
        self.answers = Answers(
            workplaces=self.workplaces,
            background=self.background,
            new_reference=surroundings.new_reference,
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
        )
        self.app: AsyncApp = build_app(
            workplaces=self.workplaces,
            signing_secret=settings.slack_signing_secret.get_secret_value(),
            client=client,
            listeners=listeners_of(self.services),
            answers=self.answers,
            watch=self.watching,
        )
        self.messenger = SlackMessenger(self.workplaces)
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
            workspace_id=identity.workspace_id,
            refresh=self.refresh,
            watching=self.watching,
            follow=surroundings.clock if surroundings.follows_clock else None,
        )

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
        await self.load_desk()
        try:
            await self.refresh()
        except DeskError as error:
            log.warning("people and channels not read yet", extra={"why": str(error)})

    async def load_desk(self) -> None:
        """Take up the newest set-up, so that forms know of it without a look into the database."""
        await load_desk(self.database, self.identity.workspace_id, self._clock)

    async def refresh(self) -> None:
        """Read people and channels anew from Slack, and the set-up from the database."""
        workplace = await self.workplaces.find(self.identity.workspace_id)
        if workplace is not None:
            await read_anew(self.database, workplace, self._clock)

    async def rest(self) -> None:
        """Wait until nothing is being delivered or told; what waits for a time waits on."""
        while not (self.dispatcher.is_idle and self.background.is_idle):
            await self.dispatcher.rest()
            await self.background.rest()

    async def close(self, *, patience: timedelta = timedelta(seconds=15)) -> None:
        """Finish what is being tried, begin nothing new, close the database."""
        self.ticks.close()
        try:
            async with asyncio.timeout(patience.total_seconds()):
                await self.dispatcher.close()
                await self.background.rest()
        except TimeoutError:
            log.warning("stopped before everything was delivered; it is taken up at the next start")
        await self.database.close()


def listeners_of(services: Services) -> Listeners:
    """Every listener there is, as one table, each behind the door."""
    conversation = ConversationListeners(services)
    triage = TriageListeners(services, answer=conversation.open)
    digests = SubscriptionListeners(services)
    journeys = (
        SubmitListeners(services),
        triage,
        digests,
        SetupListeners(services),
        SocialListeners(services, show=triage.open, see_digest=digests.answer),
        HomeListeners(services),
        conversation,
        PreferenceListeners(services),
        LifecycleListeners(services),
        NoticeListeners(services),
        GoalListeners(services),
        AbsenceListeners(services),
    )
    table = Listeners()
    for journey in journeys:
        table |= journey.table()
    return Door(services).before(table)

"""Events: people and channels change, Home is opened. Each event is handled once."""

from dataclasses import dataclass
from datetime import datetime

from bot import directory
from bot.errors import NotFoundError, TryLaterError
from bot.homes import home_of
from bot.ports import Transaction
from handlers.answers import NOTHING, Answer
from handlers.installing import EVENTS as INSTALL_EVENTS
from handlers.listeners import Listeners
from handlers.outcomes import TROUBLE, classify
from handlers.requests import Request
from handlers.services import Services
from handlers.slack_directory import told_by

CHANNEL_EVENTS = (
    "channel_created",
    "channel_deleted",
    "channel_rename",
    "channel_shared",
    "channel_unshared",
    "channel_archive",
    "channel_unarchive",
    "channel_left",
    "group_archive",
    "group_deleted",
    "group_unarchive",
    "group_left",
    "group_rename",
    "member_joined_channel",
)
EVENTS = (
    "app_home_opened",
    "message.im",
    "user_change",
    "team_join",
    *CHANNEL_EVENTS,
    *INSTALL_EVENTS,
)
"""Every event that is listened to, here, in `handlers.conversation` and in `handlers.installing`;
the manifest subscribes.
"""


@dataclass(frozen=True, slots=True)
class Told:
    """What an event told, and its id."""

    event_id: str
    known: directory.Known


def remember_once(tx: Transaction, told: Told, now: datetime) -> None:
    """Store what an event told, unless it came before."""
    if tx.seen.first_time(told.event_id, now):
        directory.remember(tx, told.known, now)


def publish_home(tx: Transaction, asked: tuple[str, str], now: datetime) -> None:
    """Publish the Home tab of a person, for one event of theirs: (user id, event id)."""
    user_id, cause = asked
    tx.outbox.add(home_of(user_id, cause), now)


class LifecycleListeners:
    """The workspace's own events."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def table(self) -> Listeners:
        """What this journey listens to."""
        return Listeners(
            events={
                "app_home_opened": self.home_opened,
                "user_change": self.member_changed,
                "team_join": self.member_changed,
                **dict.fromkeys(CHANNEL_EVENTS, self.channel_changed),
            }
        )

    async def home_opened(self, request: Request) -> Answer:
        """Somebody looks at the Home tab: it shows the present."""
        event = request.body["event"]
        if event.get("tab") == "home":
            asked = (_somebody(request), event_id(request))
            await self._services.transact(request, publish_home, asked)
        return NOTHING

    async def member_changed(self, request: Request) -> Answer:
        """Somebody came, left, or changed their name, zone or rights."""
        _somebody(request)
        member = told_by(request.body["event"], request.workspace_id)
        await self._remember(request, directory.Known(members=(member,)))
        self._services.directory(request).renew(member)
        return NOTHING

    async def channel_changed(self, request: Request) -> Answer:
        """A channel changed: the event says that, Slack says how it is now.

        A channel that Slack does not show us any more is one that we are not in. Raises
        TryLaterError when Slack does not say.
        """
        channel = request.body["event"].get("channel")
        channel_id = channel.get("id") if isinstance(channel, dict) else channel
        if not isinstance(channel_id, str) or not channel_id:
            raise NotFoundError("This event of Slack's is about no channel.")
        try:
            (found,) = await self._services.directory(request).channels((channel_id,))
        except TROUBLE as error:
            why = classify(error).error
            raise TryLaterError(f"Slack did not tell of a channel: {why}") from error
        if found.name == channel_id:  # Slack does not show it
            known = await self._services.read(request, directory.channel, channel_id)
            if known is None:
                return NOTHING
        await self._remember(request, directory.Known(channels=(found,)))
        return NOTHING

    async def _remember(self, request: Request, known: directory.Known) -> None:
        told = Told(event_id(request), known)
        await self._services.transact(request, remember_once, told)


def _somebody(request: Request) -> str:
    if not request.user_id:
        raise NotFoundError("This event of Slack's is about nobody.")
    return request.user_id


def event_id(request: Request) -> str:
    """The id of an event, the same when Slack repeats it; raises NotFoundError without one."""
    found = request.body.get("event_id")
    if not isinstance(found, str) or not found:
        raise NotFoundError("This event of Slack's has no id.")
    return found

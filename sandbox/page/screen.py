"""What the page knows as a whole, and what one tab of the browser shows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.filling import ClientRefused
from sandbox.model import Channel, Message, View
from sandbox.page.fields import Form
from sandbox.page.html import Html, slug
from sandbox.page.scene import Scene
from sandbox.people import Person
from sandbox.workspace import Workspace

HOME, MESSAGES = "home", "messages"
SHOWN_AT_FIRST = 100


@dataclass(frozen=True, slots=True)
class GuideStep:
    """One thing to try: what, and how. `text` is mrkdwn."""

    title: str
    text: str


@dataclass(slots=True)
class Page:
    """The workspace with what all tabs share.

    `can_jump` is False when the bot has a clock of its own; `why_not` tells the reader so.
    `read` is the ts up to which a person has read a channel.
    """

    ws: Workspace
    guide: Sequence[GuideStep] = ()
    can_jump: bool = True
    why_not: str = ""
    started: str = ""
    read: dict[tuple[str, str], str] = field(default_factory=dict)
    wakers: set[Callable[[], None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.started = f"{self.ws.clock.now().timestamp():.6f}"

    def wake(self) -> None:
        """Let each open tab look for what has changed."""
        for waker in list(self.wakers):
            waker()


@dataclass(frozen=True, slots=True)
class Event:
    """Something a person did on the page: what, its details, and the form around it."""

    do: str
    data: Mapping[str, str]
    form: Form

    @classmethod
    def parse(cls, raw: Any) -> "Event":
        """Read what the browser sent; ValueError if it is not an event."""
        do, form = (raw.get("do"), raw.get("form")) if isinstance(raw, dict) else (None, None)
        if not isinstance(do, str) or not isinstance(form, dict):
            raise ValueError(f"not an event: {str(raw)[:80]}")  # noqa: TRY004  (data, not a type)
        data = {str(key): str(value) for key, value in raw.items() if key not in {"do", "form"}}
        fields = {
            str(name): [str(value) for value in values]
            for name, values in form.items()
            if isinstance(values, list)
        }
        return cls(do, data, fields)

    def __getitem__(self, name: str) -> str:
        """A detail; ClientRefused if the browser left it out."""
        if name not in self.data:
            raise ClientRefused(f"{self.do} without {name}")
        return self.data[name]


class Screen:
    """The state of one tab: who is looking, and at what."""

    def __init__(self, page: Page, user_id: str | None = None, place: str | None = None) -> None:
        self.page = page
        self.refusal: str | None = None
        self.confirm: Event | None = None
        self.focus: str | None = None
        self.thread: tuple[str, str] | None = None
        self.shown = SHOWN_AT_FIRST
        self.attached: dict[str, list[str]] = {}
        """Ids of the files that wait beside what is being written, by `composer_id`."""
        self.drawn: dict[str, tuple[object, Html]] = {}
        """Messages as they stand on the page, see `messages.listed`."""
        self._place = place or ""
        self._user_id = user_id or ""
        self._heard: dict[str, int] = {}

    # -- who

    @property
    def ws(self) -> Workspace:
        return self.page.ws

    @property
    def person(self) -> Person:
        """The colleague that this tab is; another one if that colleague has left."""
        user = self.ws.users.get(self._user_id)
        if user is None or user.deleted or user.is_bot:
            some = [user for user in self.ws.users.values() if not user.is_bot and not user.deleted]
            if not some:
                raise LookupError("nobody is in the workspace: add a colleague first")
            self._user_id = some[0].id
        return self.ws.person(self._user_id)

    @property
    def scene(self) -> Scene:
        return Scene(self.ws, self.person.user)

    def become(self, user_id: str) -> None:
        """Be another colleague, at the same place if that one sees it."""
        self._user_id = user_id
        self.drawn.clear()
        self.thread = None
        self.confirm = None
        self.attached.clear()

    # -- where

    @property
    def place(self) -> str:
        """A channel's id, HOME or MESSAGES: always one that this colleague can see."""
        if not self._exists(self._place):
            mine = self.person.channels()
            self._place = min(mine, key=lambda channel: channel.name).id if mine else HOME
            self.thread = None
        return self._place

    @property
    def channel(self) -> Channel | None:
        """The channel or direct message on the screen; None on the Home tab."""
        if self.place == HOME:
            return None
        return (
            self.ws.dm(self.person.id) if self.place == MESSAGES else self.ws.channels[self.place]
        )

    def go(self, place: str) -> None:
        """Look at another place; ClientRefused if there is none that this colleague can see."""
        channel = self.ws.channels.get(place)
        if channel is not None and channel.is_im and channel.user == self.person.id:
            place = MESSAGES
        if not self._exists(place):
            raise ClientRefused("There is nothing here that you can see.")
        self._place = place
        self.drawn.clear()
        self.thread = None
        self.shown = SHOWN_AT_FIRST

    def _exists(self, place: str) -> bool:
        if place in {HOME, MESSAGES}:
            return self.ws.manifest.home_tab if place == HOME else True
        channel = self.ws.channels.get(place)
        return channel is not None and self.scene.sees(channel)

    @property
    def address(self) -> str:
        """The page's address, to come back to the same colleague at the same place."""
        return f"?as={self.person.id}&in={self.place}"

    # -- what Slack says to this person

    def notices(self) -> list[str]:
        """What has gone wrong since the last thing this person did."""
        heard = self._heard.setdefault(self.person.id, len(self.person.notices))
        return [*self.person.notices[heard:], *([self.refusal] if self.refusal else [])]

    def dismiss(self) -> None:
        """Take the notices off the screen."""
        self._heard[self.person.id] = len(self.person.notices)
        self.refusal = None

    # -- what was clicked on

    def target(self, name: str) -> Message | View:
        """The message or view of this name, see `Surface.target`; ClientRefused if it is gone."""
        kind, _, rest = name.partition(" ")
        found: Message | View | None
        if kind == "view":
            found = self.ws.views.get(rest)
        else:
            channel, _, ts = rest.partition(" ")
            found = self.ws.message(channel, ts)
        if found is None:
            raise ClientRefused("This is not on the screen any more.")
        return found

    def unread(self, channel: Channel) -> bool:
        """Whether somebody else has written here since this colleague looked."""
        me = self.person.id
        read = self.page.read.get((me, channel.id), self.page.started)
        return any(
            message.ts > read and message.user != me and message.ephemeral_to in {None, me}
            for message in self.ws.messages.get(channel.id, {}).values()
            if message.broadcast or not message.is_reply
        )

    def mark_read(self, channel: Channel) -> None:
        """This colleague has seen everything here."""
        newest = max(self.ws.messages.get(channel.id, {}), default="")
        self.page.read[self.person.id, channel.id] = max(newest, self.page.started)


def composer_id(channel: str, thread: str | None = None) -> str:
    """The id of the field to write in."""
    return f"write-{channel}" + (f"-{slug(thread)}" if thread else "")

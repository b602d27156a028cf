"""What a workspace is made of. Records are frozen: a changed one is another object."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
ViewType = Literal["modal", "home"]


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A colleague or a bot. `tz` is an IANA name. `team_id` is another workspace's for who comes
    from another company, into channels that are shared with it.
    """

    id: str
    name: str
    real_name: str
    tz: str = "Europe/Berlin"
    title: str = ""
    email: str = ""
    locale: str = "en-US"
    is_admin: bool = False
    is_owner: bool = False
    is_primary_owner: bool = False
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    deleted: bool = False
    updated: int = 0
    team_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A channel, a direct message between the bot and `user` (`is_im`), or a group message of it
    and several people (`is_mpim`). `is_ext_shared`: with another company, through Slack Connect.
    """

    id: str
    name: str
    is_private: bool = False
    is_im: bool = False
    is_mpim: bool = False
    user: str | None = None
    is_archived: bool = False
    is_ext_shared: bool = False
    members: tuple[str, ...] = ()
    created: int = 0
    creator: str = ""

    @property
    def kind(self) -> Literal["public_channel", "private_channel", "im", "mpim"]:
        """The name that `types` of conversations.list uses."""
        if self.is_im:
            return "im"
        if self.is_mpim:
            return "mpim"
        return "private_channel" if self.is_private else "public_channel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as Slack keeps it; `text` is escaped, `blocks` have their block_id.

    `ephemeral_to` is the only user who sees it. `values` is what is picked in its elements.
    `files` are ids of `State.files`. `reactions` are the users of each emoji.
    """

    ts: str
    channel: str
    text: str
    user: str
    bot_id: str | None = None
    blocks: tuple[Json, ...] = ()
    attachments: tuple[Json, ...] = ()
    metadata: Json | None = None
    thread_ts: str | None = None
    broadcast: bool = False
    edited: str | None = None
    ephemeral_to: str | None = None
    files: tuple[str, ...] = ()
    values: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    reactions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file with its bytes. `filetype` is Slack's name of its type, `created` Unix seconds.

    `shares` are the messages (channel, ts) that it stands in. `given`: somebody has put it into a
    `file_input` of the app.
    """

    id: str
    name: str
    title: str
    mimetype: str
    filetype: str
    user: str
    created: int
    content: bytes = field(repr=False)
    alt_txt: str = ""
    shares: tuple[tuple[str, str], ...] = ()
    given: bool = False
    deleted: bool = False


@dataclass(slots=True, kw_only=True)
class Upload:
    """A file that the app is about to upload: `length` bytes to the address of `ticket`."""

    ticket: str
    file_id: str
    name: str
    length: int
    alt_txt: str = ""
    content: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A modal or the Home tab of `user`: `payload` is what the app sent, as Slack keeps it.

    `values` is `state.values`: block_id, action_id, what the element holds now.
    """

    id: str
    user: str
    type: ViewType
    hash: str
    payload: Json
    root_view_id: str
    previous_view_id: str | None = None
    values: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)

    @property
    def blocks(self) -> list[Json]:
        blocks: list[Json] = self.payload["blocks"]
        return blocks

    @property
    def callback_id(self) -> str:
        return str(self.payload.get("callback_id", ""))

    @property
    def title(self) -> str:
        title: Json = self.payload.get("title") or {}
        return str(title.get("text", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A permission to open one view, good once and for 3 seconds.

    `channel` is where the person was then, if Slack told the app.
    """

    id: str
    user: str
    issued: float
    view_id: str | None = None
    channel: str | None = None


@dataclass(slots=True, kw_only=True)
class Hook:
    """A response_url: where it answers to, and how often it was used."""

    id: str
    user: str
    channel: str
    issued_at: float
    message_ts: str | None = None
    uses: int = 0

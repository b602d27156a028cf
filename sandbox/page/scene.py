"""Who looks at the workspace, and what everybody is called for them."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from sandbox.model import Channel, User
from sandbox.state import State


@dataclass(frozen=True, slots=True)
class Scene:
    """The workspace as one colleague sees it."""

    ws: State
    viewer: User

    @property
    def zone(self) -> tzinfo:
        """The viewer's time zone."""
        return ZoneInfo(self.viewer.tz)

    @property
    def now(self) -> datetime:
        """The time on the sandbox's clock, in the viewer's zone."""
        return self.ws.clock.now().astimezone(self.zone)

    def local(self, ts: str) -> datetime:
        """When a message was written, in the viewer's zone."""
        return datetime.fromtimestamp(float(ts), self.zone)

    def name(self, user_id: str) -> str:
        """What a colleague is called; the id if nobody knows it."""
        user = self.ws.users.get(user_id)
        return (user.real_name or user.name) if user else user_id

    def colleagues(self) -> list[User]:
        """Everybody who can be picked: no bots, nobody who has left."""
        people = [user for user in self.ws.users.values() if not user.is_bot and not user.deleted]
        return sorted(people, key=lambda user: self.name(user.id).casefold())

    def channels(self) -> list[Channel]:
        """All public channels and the private ones the viewer is in, by name."""
        seen = [channel for channel in self.ws.channels.values() if self.sees(channel)]
        return sorted(seen, key=lambda channel: channel.name)

    def sees(self, channel: Channel) -> bool:
        """Whether the viewer may look into a channel; direct messages are no channels."""
        return not channel.is_im and (not channel.is_private or self.viewer.id in channel.members)

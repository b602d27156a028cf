"""What one colleague sees, and which mentions they can type."""

from sandbox.filling import ClientRefused
from sandbox.model import Channel, File, Message, User, View
from sandbox.state import State
from sandbox.views import home


class Screen:
    """The screen of one user."""

    def __init__(self, state: State, user_id: str) -> None:
        self._state = state
        self.id = user_id
        self.errors: dict[str, str] = {}
        """Field errors shown in the open modal: block_id and text."""
        self.notices: list[str] = []
        """What Slack itself told this person, oldest first: "/x failed with the error ..."."""

    # -- what is on the screen

    @property
    def user(self) -> User:
        return self._state.users[self.id]

    @property
    def view(self) -> View | None:
        """The modal on top, or None."""
        stack = self._state.stack(self.id)
        return stack[-1] if stack else None

    @property
    def views(self) -> list[View]:
        """All open modals, the lowest first."""
        return self._state.stack(self.id)

    @property
    def home(self) -> View | None:
        """The Home tab of the app as it was last published for this person, or None."""
        return home(self._state, self.id)

    @property
    def ephemerals(self) -> list[Message]:
        """The messages that only this person sees, oldest first; gone after `reload`."""
        found = [
            message
            for messages in self._state.messages.values()
            for message in messages.values()
            if message.ephemeral_to == self.id
        ]
        return sorted(found, key=lambda message: message.ts)

    def channels(self) -> list[Channel]:
        """The channels this person is in, without direct messages."""
        listed = self._state.channels.values()
        return [channel for channel in listed if not channel.is_im and self.id in channel.members]

    def messages(self, channel: str) -> list[Message]:
        """What stands in a channel, oldest first: no replies unless broadcast, no ephemerals.

        ClientRefused for a private channel this person is not in.
        """
        self._seen(channel)
        return sorted(
            (
                message
                for message in self._state.messages.get(channel, {}).values()
                if message.ephemeral_to is None and (message.broadcast or not message.is_reply)
            ),
            key=lambda message: message.ts,
        )

    def thread(self, channel: str, ts: str) -> list[Message]:
        """A message and its replies, oldest first, with the ephemerals of this person in it."""
        self._seen(channel)
        return sorted(
            (
                message
                for message in self._state.messages.get(channel, {}).values()
                if ts in {message.ts, message.thread_ts} and message.ephemeral_to in {None, self.id}
            ),
            key=lambda message: message.ts,
        )

    def dms(self) -> list[Message]:
        """What stands in the direct message with the app, oldest first."""
        return self.messages(self._state.dm(self.id).id)

    def files(self, message: Message) -> list[File]:
        """The files of a message."""
        return [self._state.files[file_id] for file_id in message.files]

    def reload(self) -> None:
        """Reload the client: ephemeral messages and open modals are gone."""
        for message in self.ephemerals:
            self._state.remove(message.channel, message.ts)
        for view in reversed(self.views):
            self._state.close(view.id)
        self.errors = {}

    # -- inside

    def _seen(self, channel_id: str) -> Channel:
        channel = self._state.channels[channel_id]
        if channel.is_private and self.id not in channel.members:
            raise ClientRefused(f"{self.id} is not in {channel.name}")
        return channel

    def _writable(self, channel_id: str) -> Channel:
        channel = self._state.channels[channel_id]
        if self.user.deleted:
            raise ClientRefused(f"{self.id} is deactivated")
        if self.id not in channel.members:
            raise ClientRefused(f"{self.id} is not in {channel.name}")
        if channel.is_archived:
            raise ClientRefused(f"{channel.name} is archived")
        return channel

    def _message(self, channel: str, ts: str) -> Message:
        message = self._state.message(channel, ts)
        if message is None or message.ephemeral_to not in {None, self.id}:
            raise ClientRefused(f"no message {ts} in {channel}")
        return message

    def _mention(self, sign: str, name: str) -> str | None:
        if sign == "@":
            for user in self._state.users.values():
                if user.name == name:
                    return f"<@{user.id}>"
            return None
        for channel in self._state.channels.values():
            if channel.name == name and not channel.is_im:
                return f"<#{channel.id}|{channel.name}>"
        return None

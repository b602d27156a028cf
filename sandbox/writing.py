"""What a colleague writes: messages in channels and in the direct message with the app."""

from dataclasses import replace

from sandbox import answers, blocks
from sandbox.delivery import Ack, Delivery, PostOffice
from sandbox.filling import ClientRefused
from sandbox.model import Channel, Json, Message
from sandbox.screen import Screen
from sandbox.state import State
from sandbox.text import typed


class Writer(Screen):
    """A colleague who can write. The app hears of what is written where it is, too."""

    def __init__(self, state: State, office: PostOffice, user_id: str) -> None:
        super().__init__(state, user_id)
        self._office = office

    async def say(self, channel: str, text: str, thread_ts: str | None = None) -> Message:
        """Write a message, in a thread if `thread_ts` names one of its messages.

        The app hears of it if it is subscribed and in the channel. ClientRefused where Slack
        gives no room to write, and for a thread that is not there.
        """
        message = Message(
            ts=self._state.next_ts(),
            channel=self._may_write(channel).id,
            user=self.id,
            text=typed(text, self._mention, links=True),
            blocks=self._written(text),
            thread_ts=self._root(channel, thread_ts),
        )
        self._state.post(message)
        answers.announce_message(self._state, message)
        await self._office.settled()
        return message

    async def edit(self, message: Message, text: str) -> Message:
        """Change an own message; the app hears of it as `message_changed`."""
        before = self._own(message)
        after = replace(
            before,
            text=typed(text, self._mention, links=True),
            blocks=self._written(text),
            edited=self._state.next_ts(),
        )
        self._state.post(after)
        answers.announce_change(self._state, before, after)
        await self._office.settled()
        return after

    async def delete(self, message: Message) -> None:
        """Delete an own message; the app hears of it as `message_deleted`."""
        gone = self._own(message)
        self._state.remove(gone.channel, gone.ts)
        answers.announce_deletion(self._state, gone)
        await self._office.settled()

    # -- inside

    def _may_write(self, channel: str) -> Channel:
        place = self._writable(channel)
        if place.is_im and not self._state.manifest.messages_tab:
            raise ClientRefused("the app has no Messages tab")
        if place.is_im and self._state.manifest.messages_read_only:
            raise ClientRefused("sending messages to this app has been turned off")
        return place

    def _root(self, channel: str, thread_ts: str | None) -> str | None:
        """The ts of the message that a thread begins with."""
        if thread_ts is None:
            return None
        parent = self._message(channel, thread_ts)
        if parent.ephemeral_to is not None:
            raise ClientRefused("there are no threads on messages that only one person sees")
        return parent.thread_ts or parent.ts

    def _own(self, message: Message) -> Message:
        current = self._message(message.channel, message.ts)
        if current.user != self.id:
            raise ClientRefused(f"{message.ts} is not by {self.id}")
        return current

    def _written(self, text: str) -> tuple[Json, ...]:
        section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
        block = {"type": "rich_text", "elements": [section]}
        return tuple(blocks.stored([block], self._state.ids))

    async def _send(self, delivery: Delivery) -> Ack:
        ack = await self._office.send(delivery)
        await self._office.settled()
        return ack

    def _tell(self, notice: str) -> None:
        self.notices.append(notice)
        self._state.changed()

"""What a colleague writes: messages in channels and in the direct message with the app."""

from collections.abc import Sequence
from dataclasses import replace

from sandbox import answers, blocks
from sandbox.delivery import Ack, Delivery, PostOffice
from sandbox.files import made, sees, share
from sandbox.filling import ClientRefused
from sandbox.limits import most
from sandbox.model import Channel, File, Json, Message
from sandbox.screen import Screen
from sandbox.state import State
from sandbox.text import typed


class Writer(Screen):
    """A colleague who can write. The app hears of what is written where it is, too."""

    def __init__(self, state: State, office: PostOffice, user_id: str) -> None:
        super().__init__(state, user_id)
        self._office = office

    def attach(self, name: str, content: bytes, *, mimetype: str | None = None) -> File:
        """A file from this person's disk: give it to `say`, `fill` or `submit`.

        Nobody else sees it before. Its type follows from its name if none is given.
        """
        return made(self._state, self.id, name, content, mimetype=mimetype)

    async def say(
        self,
        channel: str,
        text: str = "",
        thread_ts: str | None = None,
        *,
        files: Sequence[File] = (),
    ) -> Message:
        """Write a message, in a thread if `thread_ts` names one of its messages.

        The app hears of it if it is subscribed and in the channel. ClientRefused where Slack
        gives no room to write, for a thread that is not there, and for nothing to say.
        """
        self._check_attached(text, files)
        message = Message(
            ts=self._state.next_ts(),
            channel=self._may_write(channel).id,
            user=self.id,
            text=typed(text, self._mention, links=True),
            blocks=self._written(text),
            thread_ts=self._root(channel, thread_ts),
            files=tuple(file.id for file in files),
        )
        share(self._state, self._state.post(message))
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

    def react(self, message: Message, name: str) -> None:
        """Put an emoji on a message, like "eyes"."""
        on = self._message(message.channel, message.ts)
        users = on.reactions.get(name, ())
        if self.id not in users:
            self._state.post(replace(on, reactions={**on.reactions, name: (*users, self.id)}))

    # -- inside

    def _check_attached(self, text: str, files: Sequence[File]) -> None:
        if not text.strip() and not files:
            raise ClientRefused("there is nothing to send")
        if len(files) > most("files_in_message"):
            raise ClientRefused(f"a message takes {most('files_in_message')} files")
        for file in files:
            if not sees(self._state, self.id, file):
                raise ClientRefused(f"{self.id} does not have {file.id}")

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
        if not text:
            return ()
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

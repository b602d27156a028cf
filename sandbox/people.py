"""What a colleague does and sees: the interface of the tests and of the page.

    ada = ws.person("U00000001")
    await ada.slash("/social-idea", "ten tips")
    await ada.submit({"title": "Ten tips", "kind": "post"})
    card = ada.messages(channel)[-1]
    await ada.click(card, "accept")

Each action returns when the app has answered (in process: when its listener is done). What the
client would not let a person do raises `ClientRefused`.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from sandbox import answers, blocks, filling, payloads
from sandbox.delivery import Ack, Delivery, PostOffice
from sandbox.filling import ClientRefused
from sandbox.model import Json, Message, View
from sandbox.screen import Screen
from sandbox.state import State
from sandbox.text import typed

Shown = TypeVar("Shown", Message, View)


class Person(Screen):
    """One colleague at the keyboard. Ask the workspace for it: `ws.person(user_id)`."""

    def __init__(self, state: State, office: PostOffice, user_id: str) -> None:
        super().__init__(state, user_id)
        self._office = office

    # -- commands, shortcuts, messages

    async def slash(self, command: str, text: str = "", channel: str | None = None) -> Ack:
        """Type a slash command in a channel (in the app's direct message if none is given).

        `text` is what is typed; the app gets it escaped. An answer in the ack is on `ephemerals`
        or in the channel; a failure is on `notices`.
        """
        place = self._writable(channel or self._state.dm(self.id).id)
        declared = self._state.manifest.commands.get(command)
        if declared is None:
            self._tell(f"{command} is not a valid command")
            return Ack()
        sent = typed(text, self._mention if declared.should_escape else _as_it_is, links=False)
        payload = payloads.slash(self._state, self.user, place, command, sent.strip())
        ack = await self._send(Delivery(kind="slash_commands", payload=payload))
        if ack.failure:
            self._tell(f"{command} failed with the error {ack.failure}")
        else:
            answers.to_command(self._state, self.id, place, ack.body)
        return ack

    async def global_shortcut(self, callback_id: str) -> Ack:
        """Pick a global shortcut of the app. ClientRefused if it is not declared."""
        self._declared(callback_id, "global")
        payload = payloads.global_shortcut(self._state, self.user, callback_id)
        return await self._interact(payload, callback_id)

    async def message_shortcut(self, callback_id: str, channel: str, ts: str) -> Ack:
        """Pick a shortcut in the menu of a message. ClientRefused if it is not declared."""
        self._declared(callback_id, "message")
        place, message = self._seen(channel), self._message(channel, ts)
        payload = payloads.message_shortcut(self._state, self.user, place, message, callback_id)
        return await self._interact(payload, callback_id)

    async def say(self, channel: str, text: str, thread_ts: str | None = None) -> Message:
        """Write a message; the app hears of it if it is subscribed and in the channel."""
        place = self._writable(channel)
        if place.is_im and not self._state.manifest.messages_tab:
            raise ClientRefused("the app has no Messages tab")
        if place.is_im and self._state.manifest.messages_read_only:
            raise ClientRefused("sending messages to this app has been turned off")
        message = Message(
            ts=self._state.next_ts(),
            channel=channel,
            user=self.id,
            text=typed(text, self._mention, links=True),
            blocks=self._written(text),
            thread_ts=thread_ts,
        )
        self._state.post(message)
        answers.announce_message(self._state, message)
        await self._office.settled()
        return message

    async def edit(self, message: Message, text: str) -> Message:
        """Change an own message; the app hears of it as `message_changed`."""
        before = self._message(message.channel, message.ts)
        if before.user != self.id:
            raise ClientRefused(f"{message.ts} is not by {self.id}")
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

    async def open_home(self) -> View | None:
        """Open the app's Home tab and return what is published there."""
        if not self._state.manifest.home_tab:
            raise ClientRefused("the app has no Home tab")
        await self._open("home")
        return self.home

    async def open_messages(self) -> list[Message]:
        """Open the app's Messages tab and return what stands there."""
        await self._open("messages")
        return self.dms()

    # -- clicks, fields, modals

    async def click(
        self,
        target: Message | View,
        action_id: str,
        value: Any = None,
        *,
        block_id: str | None = None,
    ) -> Ack:
        """Press a button, or pick `value` in a menu, of a message, a modal or the Home tab.

        `value` is an option's value or text, an id, a date, or a list of them for elements that
        take many. ClientRefused if there is no such element on the screen now.
        """
        current = self._current(target)
        block, element = self._element(current, action_id, block_id)
        action = {"action_id": action_id, "block_id": block["block_id"]}
        if element["type"] in blocks.STATELESS:
            action |= _pressed(element, value)
        else:
            if isinstance(current, View):
                current = self._hold(current, block["block_id"], element, value)
            else:
                current = self._hold(current, block["block_id"], element, value)
            action |= current.values[block["block_id"]][action_id]
        action["action_ts"] = self._state.next_ts()
        if isinstance(current, View):
            payload = payloads.view_actions(self._state, self.user, current, [action])
        else:
            place = self._state.channels[current.channel]
            payload = payloads.message_actions(self._state, self.user, place, current, [action])
        return await self._interact(payload, action_id)

    def fill(self, fields: Mapping[str, Any]) -> View:
        """Type and pick in the open modal without submitting it.

        A key is a block_id or "block_id.action_id"; values as in `click`, None empties a field.
        """
        view = self._modal()
        for name, value in fields.items():
            block_id, _, action_id = name.partition(".")
            found = [
                (block, element)
                for block, element in blocks.elements(view.blocks)
                if block["block_id"] == block_id and action_id in {"", element["action_id"]}
            ]
            if len(found) != 1:
                known = sorted(view.values)
                raise ClientRefused(f"no single field {name!r} in {view.title!r}, only: {known}")
            view = self._hold(view, block_id, found[0][1], value)
        return view

    async def submit(self, fields: Mapping[str, Any] | None = None, *, force: bool = False) -> Ack:
        """Fill the open modal and press its submit button.

        What the client does not let through (a required field left empty, a text too short or
        too long) raises ClientRefused with `errors`, unless `force`. What the app answers is on
        `errors` and `view`.
        """
        view = self.fill(fields or {})
        if not view.payload.get("submit"):
            raise ClientRefused(f"{view.title!r} has no submit button")
        self.errors = filling.refusals(view.blocks, view.values)
        if self.errors and not force:
            self._state.changed()
            raise ClientRefused(f"{view.title!r} can't be submitted: {self.errors}", self.errors)
        self.errors = {}
        payload = payloads.view_submission(self._state, self.user, view)
        ack = await self._send(Delivery(kind="interactive", payload=payload))
        if ack.failure:
            self._tell("We had some trouble connecting. Try again?")
        else:
            answer = answers.to_submission(self._state, view, ack.body)
            self.errors = answer.errors
            if answer.trouble:
                self._tell("We had some trouble connecting. Try again?")
        return ack

    async def close_view(self, *, cleared: bool = False) -> None:
        """Close the modal on top, or with `cleared` (the X) all of them."""
        self._modal()
        self.errors = {}
        leaving = reversed(self.views) if cleared else [self.views[-1]]
        for view in leaving:
            self._state.close(view.id)
            if view.payload.get("notify_on_close"):
                payload = payloads.view_closed(self._state, self.user, view, cleared=cleared)
                await self._send(Delivery(kind="interactive", payload=payload))

    # -- inside

    def _written(self, text: str) -> tuple[Json, ...]:
        section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
        block = {"type": "rich_text", "elements": [section]}
        return tuple(blocks.stored([block], self._state.ids))

    async def _send(self, delivery: Delivery) -> Ack:
        ack = await self._office.send(delivery)
        await self._office.settled()
        return ack

    async def _interact(self, payload: Json, name: str) -> Ack:
        ack = await self._send(Delivery(kind="interactive", payload=payload))
        if ack.failure:
            self._tell(f"{name} failed with the error {ack.failure}")
        return ack

    async def _open(self, tab: str) -> None:
        answers.announce_home(self._state, self.id, tab)
        await self._office.settled()

    def _tell(self, notice: str) -> None:
        self.notices.append(notice)
        self._state.changed()

    def _declared(self, callback_id: str, kind: str) -> None:
        shortcut = self._state.manifest.shortcuts.get(callback_id)
        if shortcut is None or shortcut.type != kind:
            raise ClientRefused(f"the manifest declares no {kind} shortcut {callback_id!r}")

    def _current(self, target: Message | View) -> Message | View:
        if isinstance(target, Message):
            self._seen(target.channel)
            return self._message(target.channel, target.ts)
        view = self._state.views.get(target.id)
        if view is None or view.user != self.id:
            raise ClientRefused(f"{target.id} is not on the screen")
        return view

    def _modal(self) -> View:
        if self.view is None:
            raise ClientRefused(f"{self.id} has no modal open")
        return self.view

    @staticmethod
    def _element(target: Message | View, action_id: str, block_id: str | None) -> tuple[Json, Json]:
        found = blocks.find(target.blocks, action_id, block_id)
        if len(found) != 1:
            there = [element.get("action_id") for _, element in blocks.elements(target.blocks)]
            raise ClientRefused(f"no single element {action_id!r}, only: {there}")
        block, element = found[0]
        if block["type"] == "input" and not block.get("dispatch_action"):
            raise ClientRefused(f"{action_id!r} does not dispatch: use fill or submit")
        return block, element

    def _hold(self, target: Shown, block_id: str, element: Json, value: Any) -> Shown:
        held = filling.held_after(element, value)
        self._known(held)
        before = {key: dict(actions) for key, actions in target.values.items()}
        before.setdefault(block_id, {})[element["action_id"]] = held
        changed = replace(target, values=before)
        if isinstance(changed, View):
            self._state.keep_view(changed)
        else:
            self._state.post(changed)
        return changed


def _as_it_is(_sign: str, _name: str) -> str | None:
    return None


def _pressed(element: Json, value: Any) -> Json:
    if element["type"] == "overflow":
        held = filling.chosen_option(element, value)
        return {"type": "overflow", "selected_option": held}
    pressed: Json = {"type": "button", "text": element["text"]}
    if "value" in element:
        pressed["value"] = element["value"]
    return pressed

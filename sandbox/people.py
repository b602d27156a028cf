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

from sandbox import answers, blocks, files, filling, offers, payloads
from sandbox.delivery import Ack, Delivery
from sandbox.filling import ClientRefused
from sandbox.model import Json, Message, View
from sandbox.text import typed
from sandbox.writing import Writer

Shown = TypeVar("Shown", bound=Message | View)


class Person(Writer):
    """One colleague at the keyboard. Ask the workspace for it: `ws.person(user_id)`."""

    # -- commands, shortcuts, the app's tabs

    async def slash(self, command: str, text: str = "", channel: str | None = None) -> Ack:
        """Type a slash command in a channel (in the app's direct message if none is given).

        `text` is what is typed; the app gets it escaped. An answer in the ack is on `ephemerals`
        or in the channel; a failure is on `notices`.
        """
        self._of_this_workspace("slash commands")
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
        self._of_this_workspace("shortcuts")
        self._declared(callback_id, "global")
        payload = payloads.global_shortcut(self._state, self.user, callback_id)
        return await self._interact(payload, callback_id)

    async def message_shortcut(self, callback_id: str, channel: str, ts: str) -> Ack:
        """Pick a shortcut in the menu of a message. ClientRefused if it is not declared."""
        self._of_this_workspace("shortcuts")
        self._declared(callback_id, "message")
        place, message = self._seen(channel), self._message(channel, ts)
        payload = payloads.message_shortcut(self._state, self.user, place, message, callback_id)
        return await self._interact(payload, callback_id)

    async def open_home(self) -> View | None:
        """Open the app's Home tab and return what is published there."""
        self._of_this_workspace("the Home tab")
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
        sure: bool = True,
    ) -> Ack:
        """Press a button, or pick `value` in a menu, of a message, a modal or the Home tab.

        `value` is an option's value or text, an id, a date, or a list of them for elements that
        take many. `sure` answers the question that the element asks, if it asks one: False sends
        nothing. ClientRefused if there is no such element on the screen now.
        """
        current = self._current(target)
        block, element = self._element(current, action_id, block_id)
        if not sure:
            if not element.get("confirm"):
                raise ClientRefused(f"{action_id!r} asks nothing")
            return Ack()
        if element["type"] in blocks.STATELESS:
            held = _pressed(element, value)
        else:
            current = self._hold(current, block["block_id"], element, value)
            held = current.values[block["block_id"]][action_id]
        action = payloads.action(self._state, block, element, held)
        if isinstance(current, View):
            payload = payloads.view_actions(self._state, self.user, current, [action])
        else:
            place = self._state.channels[current.channel]
            payload = payloads.message_actions(self._state, self.user, place, current, [action])
        return await self._interact(payload, action_id)

    def fill(self, fields: Mapping[str, Any]) -> View:
        """Type and pick in the open modal without submitting it.

        A key is a block_id or "block_id.action_id" (both may hold dots); values as in `click`,
        None empties a field. ClientRefused for what a field does not offer.
        """
        view = self._modal()
        for name, value in fields.items():
            block, element = self._field(view, name)
            view = self._hold(view, block["block_id"], element, value)
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
        """Close the modal on top, or with `cleared` (the X) all of them.

        The app hears of each that asked for it with `notify_on_close`. A modal that says
        `clear_on_close` takes all others with it
        (https://docs.slack.dev/reference/views/modal-views).
        """
        everything = cleared or bool(self._modal().payload.get("clear_on_close"))
        self.errors = {}
        for view in list(reversed(self.views)) if everything else self.views[-1:]:
            self._state.close(view.id)
            if view.payload.get("notify_on_close"):
                payload = payloads.view_closed(self._state, self.user, view, cleared=everything)
                await self._send(Delivery(kind="interactive", payload=payload))

    # -- inside

    async def _interact(self, payload: Json, name: str) -> Ack:
        ack = await self._send(Delivery(kind="interactive", payload=payload))
        if ack.failure:
            self._tell(f"{name} failed with the error {ack.failure}")
        return ack

    async def _open(self, tab: str) -> None:
        answers.announce_home(self._state, self.id, tab)
        await self._office.settled()

    def _of_this_workspace(self, what: str) -> None:
        """People of other companies see the app's messages in shared channels, and click there."""
        if self.user.team_id is not None:
            raise ClientRefused(f"{what} of an app are for the workspace that installed it")

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
    def _field(view: View, name: str) -> tuple[Json, Json]:
        there = list(blocks.elements(view.blocks))
        found = [
            (block, element)
            for block, element in there
            if name in {block["block_id"], f"{block['block_id']}.{element['action_id']}"}
        ]
        if len(found) != 1 or found[0][1]["type"] in blocks.STATELESS:
            raise ClientRefused(
                f"no single field {name!r} in {view.title!r}, only: {sorted(view.values)}"
            )
        return found[0]

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
        if element["type"] == "file_input":
            given = value if isinstance(value, (list, tuple)) else [value] if value else []
            value = files.picked(self._state, self.id, element, given)
        held = filling.held_after(element, value)
        offers.check_offered(self._state, self.id, element, held)
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

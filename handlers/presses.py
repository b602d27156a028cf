"""Buttons that people press in a digest, and menus that they open there, say that it is read."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from bot.reach import Pressed, is_digest, note_press
from handlers.answers import Answer, Listener
from handlers.ids import Action
from handlers.listeners import Listeners
from handlers.requests import Request
from handlers.services import Services

ON_CARDS = "triage."
"""The actions that stand on cards and never in a digest: deciding pays for no look at it."""


class Presses:
    """Counts beside the listeners of one process, after they answered."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def beside(self, table: Listeners) -> Listeners:
        """The same table, its buttons counted where they stand in a digest."""
        actions: Mapping[Action, Listener] = {
            action: listener
            if action.value.startswith(ON_CARDS)
            else partial(self._noted, listener)
            for action, listener in table.actions.items()
        }
        return replace(table, actions=actions)

    async def _noted(self, listener: Listener, request: Request) -> Answer:
        """Whoever came too late, or may not do it, has read it all the same."""
        try:
            return await listener(request)
        finally:
            at = _place(request)
            if at is not None:
                self._services.background.start(self._count(request, at))

    async def _count(self, request: Request, at: Pressed) -> None:
        if await self._services.read(request, is_digest, at):
            await self._services.transact(request, note_press, at)


def _place(request: Request) -> Pressed | None:
    """The message that all can see in which it was pressed
    (https://docs.slack.dev/reference/interaction-payloads/block_actions-payload).
    """
    container = request.body.get("container")
    if not isinstance(container, Mapping) or container.get("type") != "message":
        return None
    channel, ts = container.get("channel_id"), container.get("message_ts")
    if container.get("is_ephemeral") or not isinstance(channel, str) or not isinstance(ts, str):
        return None
    return Pressed(channel, ts)

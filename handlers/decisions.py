"""`/social decision`: what a joint meeting decided, and what became of it."""

from bot.decisions import (
    CloseDecision,
    MakeDecision,
    close_decision,
    decision_to_close,
    make_decision,
    see_decisions,
)
from handlers.answers import NOTHING, Answer
from handlers.decision_values import DecisionField, DecisionMetadata, DecisionValue
from handlers.ids import Action, Callback
from handlers.listeners import Listeners
from handlers.opening import open_view
from handlers.requests import Request, form_values
from handlers.services import Services
from handlers.subscription import text_of
from handlers.views.decisions import close_form, decisions, new_form
from handlers.views.message import Message


class DecisionListeners:
    """The decisions of the joint meeting."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def table(self) -> Listeners:
        """What this journey listens to."""
        return Listeners(
            actions={Action.DECISIONS_NEW: self.open, Action.DECISIONS_CLOSE: self.open_close},
            forms={
                Callback.DECISIONS_FORM: self.make,
                Callback.DECISIONS_CLOSE_FORM: self.close,
            },
        )

    async def show(self, request: Request, _rest: str) -> Message:
        """Behind `/social decisions`: those that are open."""
        return decisions(await self._services.read(request, see_decisions, request.user_id))

    async def open_new(self, request: Request, rest: str) -> Answer:
        """Behind `/social decision text`: the form, begun with the text."""
        await open_view(self._services.client(request), request, new_form(rest, request.user_id))
        return NOTHING

    async def open(self, request: Request) -> Answer:
        """The same, from the button of the list."""
        return await self.open_new(request, "")

    async def make(self, request: Request) -> Answer:
        """The form of a decision came back."""
        values = form_values(request.view)
        command = MakeDecision(
            form_id=request.view["id"],
            actor_id=request.user_id,
            text=text_of(values, DecisionField.TEXT),
            owner_id=text_of(values, DecisionField.OWNER),
            due=text_of(values, DecisionField.DUE),
        )
        await self._services.transact(request, make_decision, command)
        return NOTHING

    async def open_close(self, request: Request) -> Answer:
        """What became of it?"""
        value = DecisionValue.parse(request.action.get("value"))
        asked = CloseDecision(decision_id=value.decision, actor_id=request.user_id, outcome="")
        found = await self._services.read(request, decision_to_close, asked)
        await open_view(self._services.client(request), request, close_form(found))
        return NOTHING

    async def close(self, request: Request) -> Answer:
        """The form came back: it is closed."""
        metadata = DecisionMetadata.parse(request.view.get("private_metadata"))
        command = CloseDecision(
            decision_id=metadata.decision,
            actor_id=request.user_id,
            outcome=text_of(form_values(request.view), DecisionField.OUTCOME),
        )
        await self._services.transact(request, close_decision, command)
        return NOTHING

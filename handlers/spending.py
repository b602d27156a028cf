"""Spending: what social cost, entered and seen by who acts for a role, and admins."""

from datetime import date

from bot.people import today_of
from bot.spend import (
    AskSpend,
    EnterSpend,
    SetBudget,
    UndoSpend,
    enter_spend,
    see_spend,
    set_budget,
    undo_spend,
)
from handlers.answers import NOTHING, Answer, next_page
from handlers.conversion_values import SpendValue
from handlers.ids import Action, Callback
from handlers.listeners import Listeners
from handlers.opening import open_view, replace_message
from handlers.requests import Request, form_texts, place_of_list
from handlers.services import Services
from handlers.views import spend as spend_view
from handlers.views import spend_forms
from handlers.views.message import Message
from handlers.views.page import page


class SpendListeners:
    """The journey of who keeps the accounts."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def table(self) -> Listeners:
        """What this journey listens to."""
        return Listeners(
            actions={
                Action.SPEND_NEW: self.ask,
                Action.SPEND_BUDGET: self.ask_budget,
                Action.SPEND_UNDO: self.undo,
            },
            forms={Callback.SPEND_FORM: self.enter, Callback.SPEND_BUDGET_FORM: self.set_budget},
        )

    async def see(self, request: Request, rest: str) -> Message:
        """What was spent."""
        asked = AskSpend(request.user_id, rest)
        return spend_view.spend(await self._services.read(request, see_spend, asked))

    async def ask(self, request: Request) -> Answer:
        """The form of spending."""
        await self._services.read(request, see_spend, AskSpend(request.user_id))
        view = spend_forms.spend_form(self._today(request))
        await open_view(self._services.client(request), request, view)
        return NOTHING

    async def ask_budget(self, request: Request) -> Answer:
        """The form of a budget."""
        await self._services.read(request, see_spend, AskSpend(request.user_id))
        view = spend_forms.budget_form(self._today(request))
        await open_view(self._services.client(request), request, view)
        return NOTHING

    async def enter(self, request: Request) -> Answer:
        """The form of spending came back."""
        view = request.view
        command = EnterSpend(form_id=view["id"], actor_id=request.user_id, given=form_texts(view))
        found = await self._services.transact(request, enter_spend, command)
        said = f"Recorded: {found.amount}. `{self._services.command} spend` shows all of it."
        return next_page(page(said, title="Recorded"))

    async def set_budget(self, request: Request) -> Answer:
        """The form of a budget came back."""
        command = SetBudget(actor_id=request.user_id, given=form_texts(request.view))
        found = await self._services.transact(request, set_budget, command)
        said = f"Recorded: {found.amount} for {spend_view.period(found.period)}."
        return next_page(page(said, title="Recorded"))

    async def undo(self, request: Request) -> Answer:
        """The newest entry is taken back."""
        value = SpendValue.parse(request.action.get("value"))
        await self._services.transact(request, undo_spend, UndoSpend(value.id, request.user_id))
        asked = AskSpend(request.user_id)
        message = spend_view.spend(await self._services.read(request, see_spend, asked))
        place = place_of_list(request)
        if place is not None:
            client = self._services.client(request)
            self._services.background.start(replace_message(client, place, message))
        return NOTHING

    def _today(self, request: Request) -> date:
        member = self._services.directory(request).members.get(request.user_id)
        return today_of(member, self._services.clock.now())

"""Away and back again, from the Home tab."""

from datetime import date

from bot.absence import ComeBack, GoAway, come_back, go_away
from bot.errors import FieldError
from handlers.answers import NOTHING, Answer
from handlers.ids import Action, BlockId, Callback
from handlers.listeners import Listeners
from handlers.opening import open_view
from handlers.requests import Request, form_values
from handlers.services import Services
from handlers.views.absence import absence_form


class AbsenceListeners:
    """Somebody is away, and comes back."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def table(self) -> Listeners:
        """What this journey listens to."""
        return Listeners(
            actions={Action.ABSENCE_OPEN: self.ask, Action.ABSENCE_BACK: self.back},
            forms={Callback.ABSENCE_FORM: self.receive},
        )

    async def ask(self, request: Request) -> Answer:
        """Until when, and who stands in."""
        await open_view(self._services.client(request), request, absence_form())
        return NOTHING

    async def receive(self, request: Request) -> Answer:
        """The form came back."""
        values = form_values(request.view)
        try:
            back_on = date.fromisoformat(str(values.get(BlockId.UNTIL.value, "")))
        except ValueError:
            raise FieldError({BlockId.UNTIL.value: "Please choose a day."}) from None
        deputy_id = str(values.get(BlockId.DEPUTY.value) or "") or None
        command = GoAway(user_id=request.user_id, back_on=back_on, deputy_id=deputy_id)
        await self._services.transact(request, go_away, command)
        return NOTHING

    async def back(self, request: Request) -> Answer:
        """They are there again."""
        await self._services.transact(request, come_back, ComeBack(request.user_id))
        return NOTHING

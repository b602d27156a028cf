"""Erasing in Slack: admins, behind Open. The same as `python app.py erase`."""

from bot.erasing import Erase, erase, foresee
from bot.errors import FieldError
from handlers.answers import ALL_CLOSED, NOTHING, Answer
from handlers.erasing_values import EraseMetadata, EraseValue, Scope
from handlers.ids import Action, BlockId, Callback
from handlers.listeners import Listeners
from handlers.opening import open_view
from handlers.requests import Request, form_values
from handlers.services import Services
from handlers.views.erasing import erase_form


class ErasingListeners:
    """The journey of an admin who is asked to erase something."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def table(self) -> Listeners:
        """What this journey listens to."""
        return Listeners(
            actions={Action.ERASE_OPEN: self.ask}, forms={Callback.ERASE_FORM: self.erase}
        )

    async def ask(self, request: Request) -> Answer:
        """The button: what would go, and whether they are sure."""
        value = EraseValue.parse(request.body["actions"][0].get("value"))
        command = Erase(number=value.number, actor_id=request.user_id, is_whole=True)
        erasure = await self._services.read(request, foresee, command)
        await open_view(self._services.client(request), request, erase_form(erasure))
        return NOTHING

    async def erase(self, request: Request) -> Answer:
        """The form came back."""
        metadata = EraseMetadata.parse(request.view.get("private_metadata"))
        scope = form_values(request.view).get(BlockId.SCOPE.value)
        if scope not in set(Scope):
            raise FieldError({BlockId.SCOPE.value: "Please choose what is to go."})
        command = Erase(
            number=metadata.number, actor_id=request.user_id, is_whole=scope == Scope.WHOLE
        )
        await self._services.transact(request, erase, command)
        return ALL_CLOSED

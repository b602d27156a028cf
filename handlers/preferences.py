"""What I hear: the choice on the Home tab and below the help."""

from bot.desk import Hears
from bot.errors import NotFoundError
from bot.preferences import Choose, choose
from handlers.answers import NOTHING, Answer
from handlers.ids import Action
from handlers.listeners import Listeners
from handlers.requests import Request
from handlers.services import Services


class PreferenceListeners:
    """Everybody's own choices."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def table(self) -> Listeners:
        """What this journey listens to."""
        return Listeners(actions={Action.PREFERENCES_HEARS: self.choose})

    async def choose(self, request: Request) -> Answer:
        """Another entry of the select; it shows by itself what was chosen."""
        action = request.action
        value = (action.get("selected_option") or {}).get("value")
        if value not in set(Hears):
            raise NotFoundError("This choice comes from another version of Social Desk.")
        # An action's time is its own: the same choice made again later is another one.
        cause = str(action.get("action_ts") or request.trigger_id)
        chosen = Choose(request.user_id, Hears(value), cause)
        await self._services.transact(request, choose, chosen)
        return NOTHING

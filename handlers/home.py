"""The Home tab's own buttons: turning the pages of its lists."""

from bot.home import TurnPage, turn_page
from handlers.answers import NOTHING, Answer
from handlers.home_values import HomePageValue
from handlers.ids import Action
from handlers.listeners import Listeners
from handlers.requests import Request
from handlers.services import Services


class HomeListeners:
    """What is pressed on the Home tab and belongs to no other journey."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def table(self) -> Listeners:
        """What this journey listens to."""
        return Listeners(actions={Action.HOME_PAGE: self.turn})

    async def turn(self, request: Request) -> Answer:
        """Another page of one list. It goes through the outbox, so that no older tab follows."""
        pressed = request.action
        value = HomePageValue.parse(pressed.get("value"))
        command = TurnPage(
            user_id=request.user_id,
            part=value.part,
            offset=value.offset,
            cause=f"{pressed.get('action_ts')}",
        )
        await self._services.transact(request, turn_page, command)
        return NOTHING

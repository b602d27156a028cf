"""An admin's "Try again" on what was set aside."""

from bot.outbox_care import TryAgain, try_again
from handlers.answers import NOTHING, Answer
from handlers.ids import Action, RetryValue
from handlers.listeners import Listeners
from handlers.requests import Request
from handlers.services import Services


class NoticeListeners:
    """What an admin can do about trouble."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def table(self) -> Listeners:
        """What this journey listens to."""
        return Listeners(actions={Action.NOTICE_RETRY: self.retry})

    async def retry(self, request: Request) -> Answer:
        """Try what was set aside once more, and say so."""
        key = RetryValue.parse(request.action.get("value")).key
        said = await self._services.transact(
            request, try_again, TryAgain(key=key, actor_id=request.user_id)
        )
        self._services.background.start(self._services.whisper(request, said))
        return NOTHING

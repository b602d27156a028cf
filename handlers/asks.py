"""Answers to what a digest asks for, by the buttons below it."""

from bot.ask import Reply
from bot.asks import AnswerAsk, answer_ask
from handlers.answers import NOTHING, Answer
from handlers.ask_values import AskValue
from handlers.ids import Action
from handlers.listeners import Listeners
from handlers.requests import Request
from handlers.services import Services


class AskListeners:
    """The one ask of a digest."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def table(self) -> Listeners:
        """What this journey listens to."""
        return Listeners(actions={Action.ASK_REPLY: self.reply})

    async def reply(self, request: Request) -> Answer:
        """Somebody answered; the digest's message shows it."""
        value = AskValue.parse(request.action.get("value"))
        command = AnswerAsk(
            subscription_id=value.subscription,
            period=value.period,
            reply=Reply(value.reply),
            actor_id=request.user_id,
        )
        await self._services.transact(request, answer_ask, command)
        return NOTHING

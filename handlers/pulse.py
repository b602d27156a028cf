"""The pulse: an answer to the question of the quarter, and what came of it."""

from bot.pulses import AnswerPulse, answer_pulse, see_pulse
from handlers.answers import NOTHING, Answer
from handlers.ids import Action
from handlers.learning_values import PulseValue
from handlers.listeners import Listeners
from handlers.requests import Request
from handlers.services import Services
from handlers.views.message import Message
from handlers.views.pulse import THANKS, pulse


class PulseListeners:
    """The journey of who is asked once a quarter."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def table(self) -> Listeners:
        """What this journey listens to."""
        return Listeners(actions={Action.PULSE_ANSWER: self.answer})

    async def show(self, request: Request, _rest: str) -> Message:
        """Behind `/social pulse`."""
        return pulse(await self._services.read(request, see_pulse, None))

    async def answer(self, request: Request) -> Answer:
        """Somebody chose a number: counted, and they are thanked without saying which. Their Home
        tab is not renewed: that would leave a row which tells when they answered.
        """
        chosen = request.action.get("selected_option") or {}
        value = PulseValue.parse(chosen.get("value"))
        command = AnswerPulse(quarter=value.quarter, user_id=request.user_id, value=value.value)
        await self._services.transact(request, answer_pulse, command)
        self._services.background.start(self._services.whisper(request, THANKS))
        return NOTHING

"""The pulse: an answer to the question of the quarter, and what came of it."""

from bot.home import AskHome
from bot.home import home as see_home
from bot.pulses import AnswerPulse, answer_pulse, see_pulse
from handlers.answers import NOTHING, Answer
from handlers.ids import Action
from handlers.learning_values import PulseValue
from handlers.listeners import Listeners
from handlers.requests import Request
from handlers.services import Services
from handlers.views.home import home
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
        """Somebody chose a number: counted, and they are thanked without saying which."""
        chosen = request.action.get("selected_option") or {}
        value = PulseValue.parse(chosen.get("value"))
        command = AnswerPulse(quarter=value.quarter, user_id=request.user_id, value=value.value)
        await self._services.transact(request, answer_pulse, command)
        is_home = (request.body.get("view") or {}).get("type") == "home"
        shown = self._show_home(request) if is_home else self._services.whisper(request, THANKS)
        self._services.background.start(shown)
        return NOTHING

    async def _show_home(self, request: Request) -> None:
        """The tab without the question. Not by the outbox: a row of it would tell who answered."""
        material = await self._services.read(request, see_home, AskHome(request.user_id))
        view = home(material, notice=THANKS)
        await self._services.client(request).views_publish(user_id=request.user_id, view=view)

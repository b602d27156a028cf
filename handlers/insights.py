"""What the desk's own records teach, behind words of the main command."""

from bot.checkups import check_up
from bot.content_types import see_content_types
from bot.funnel import see_funnel
from bot.give_and_take import AskGiven, see_given
from handlers.requests import Request
from handlers.services import Services
from handlers.views import insights
from handlers.views.message import Message


class InsightAnswers:
    """Answers to who wants to know what works."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def content(self, request: Request, _rest: str) -> Message:
        """Content types, ranked by result."""
        found = await self._services.read(request, see_content_types, None)
        return insights.content_types(found)

    async def stages(self, request: Request, _rest: str) -> Message:
        """Which stage is starved."""
        return insights.stages(await self._services.read(request, see_funnel, None))

    async def exchange(self, request: Request, _rest: str) -> Message:
        """What departments gave, and what came back."""
        asked = AskGiven(request.user_id)
        return insights.given(await self._services.read(request, see_given, asked))

    async def checkup(self, request: Request, _rest: str) -> Message:
        """Which of the four culprits the data show."""
        return insights.checkup(await self._services.read(request, check_up, None))

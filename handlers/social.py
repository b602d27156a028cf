"""`/social`: help, what is mine, what waits for me, finding, and the digest's preview."""

import re
from collections.abc import Awaitable, Callable, Mapping
from difflib import get_close_matches

from bot import lists
from bot.errors import NotAllowedError, NotFoundError
from bot.find import Find, find
from bot.goal_list import AskGoals, see_goals
from bot.lists import AskFor
from bot.preferences import chosen
from handlers.answers import NOTHING, Answer, sentence
from handlers.ids import Action
from handlers.listeners import Listeners
from handlers.opening import open_view
from handlers.requests import Request, typed_text
from handlers.services import Services
from handlers.views import goals as goal_views
from handlers.views import lists as list_views
from handlers.views.help import SOCIAL, usage
from handlers.views.message import Message

NUMBER = re.compile(r"#?[0-9]{1,9}")

Word = Callable[[Request, str], Awaitable[Message | Answer]]
"""What a word shows, given what was typed behind it; an Answer when that opened a form."""


class SocialListeners:
    """The main command."""

    def __init__(
        self,
        services: Services,
        *,
        show: Callable[[int, Request], Awaitable[Answer]],
        see_digest: Callable[[Request], Awaitable[Message]],
        more: Mapping[str, Word] | None = None,
    ) -> None:
        """`show` opens the details of a number, `see_digest` tells of a channel's digest. `more`
        are words of other journeys.
        """
        self._services = services
        self._show = show
        self._see_digest = see_digest
        self._words: Mapping[str, Word] = {
            "help": self._help,
            "mine": self._mine,
            "queue": self._queue,
            "find": self._find,
            "digest": self._digest,
            "goals": self._goals,
            **(more or {}),
        }
        self._names = {SOCIAL: services.command, **services.commands}

    def table(self) -> Listeners:
        """What this journey listens to."""
        return Listeners(
            commands={self._services.command: self.answer},
            actions={Action.CROWD_QUEUE: self.show_queue},
        )

    async def answer(self, request: Request) -> Answer:
        """The first word decides; none is help, an unknown one is answered with the nearest."""
        text = typed_text(
            str(request.body.get("text") or ""), self._services.directory(request).members
        ).strip()
        first, _, rest = text.partition(" ")
        word = first.lower() or "help"
        if word in self._words:
            shown = await self._words[word](request, rest.strip())
            return shown if isinstance(shown, Answer) else _only_for_them(shown)
        if NUMBER.fullmatch(word):
            return await self._open(int(word.removeprefix("#")), request)
        nearest = get_close_matches(word, [*self._words, *self._services.commands], n=1, cutoff=0.5)
        return _only_for_them(
            usage(
                self._names,
                unknown=first,
                nearest=nearest[0] if nearest else None,
                typed=rest.strip(),
            )
        )

    async def _open(self, number: int, request: Request) -> Answer:
        """A number's details; why not, if not, without the number once more as typed text."""
        try:
            return await self._show(number, request)
        except (NotFoundError, NotAllowedError) as error:
            return sentence(error.sentence)

    async def _help(self, request: Request, _rest: str) -> Message:
        hears = await self._services.read(request, chosen, request.user_id)
        return usage(self._names, hears=hears)

    async def _find(self, request: Request, rest: str) -> Message:
        asked = Find(request.user_id, rest)
        return list_views.found(await self._services.read(request, find, asked), rest)

    async def _mine(self, request: Request, _rest: str) -> Message:
        asked = AskFor(request.user_id)
        return list_views.mine(await self._services.read(request, lists.mine, asked))

    async def _queue(self, request: Request, _rest: str) -> Message:
        asked = AskFor(request.user_id)
        return list_views.queue(await self._services.read(request, lists.queue, asked))

    async def show_queue(self, request: Request) -> Answer:
        """The queue of who pressed the button of a message about many cards."""
        asked = AskFor(request.user_id)
        found = await self._services.read(request, lists.queue, asked)
        await open_view(self._services.client(request), request, list_views.queue_page(found))
        return NOTHING

    async def _goals(self, request: Request, _rest: str) -> Message:
        asked = AskGoals(request.user_id)
        return goal_views.goals(await self._services.read(request, see_goals, asked))

    async def _digest(self, request: Request, _rest: str) -> Message:
        return await self._see_digest(request)


def _only_for_them(message: Message) -> Answer:
    """An answer has no second try, so it goes without charts."""
    blocks = message.plain_blocks or message.blocks
    return Answer({"response_type": "ephemeral", "text": message.text, "blocks": blocks})

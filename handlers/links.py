"""A post's tagged links, from its details."""

from bot.phrases import AskPhrase, phrase_form
from bot.tagging import LANDING, AskLinks, give_links
from handlers.answers import NOTHING, Answer, next_page
from handlers.conversion_values import LinksMetadata
from handlers.ids import Action, Callback
from handlers.listeners import Listeners
from handlers.opening import open_view
from handlers.requests import Request, form_texts
from handlers.services import Services
from handlers.views.phrase import phrase_form as phrase_view
from handlers.views.post_links import links_page


class LinkListeners:
    """The journey of who publishes."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def table(self) -> Listeners:
        """What this journey listens to."""
        return Listeners(
            actions={Action.LINKS_OPEN: self.open, Action.PHRASE_NEW: self.ask_phrase},
            forms={Callback.LINKS_FORM: self.show},
        )

    async def open(self, request: Request) -> Answer:
        """The links of a post."""
        value = LinksMetadata.parse(request.action.get("value"))
        asked = AskLinks(value.number, request.user_id)
        view = links_page(await self._services.transact(request, give_links, asked))
        await open_view(self._services.client(request), request, view)
        return NOTHING

    async def show(self, request: Request) -> Answer:
        """The same for the page that somebody typed."""
        value = LinksMetadata.parse(request.view.get("private_metadata"))
        landing = form_texts(request.view).get(LANDING, "")
        asked = AskLinks(value.number, request.user_id, landing)
        return next_page(links_page(await self._services.transact(request, give_links, asked)))

    async def ask_phrase(self, request: Request) -> Answer:
        """The form of a code phrase for this post."""
        value = LinksMetadata.parse(request.action.get("value"))
        asked = AskPhrase(request.user_id, value.number)
        view = phrase_view(await self._services.read(request, phrase_form, asked))
        await open_view(self._services.client(request), request, view)
        return NOTHING

"""Conversions: entered by hand, said as a phrase, taken back, and seen."""

from bot.conversion import types_of
from bot.entering import (
    AskEntry,
    EnterConversion,
    UndoConversion,
    enter_conversion,
    entry_form,
    undo_conversion,
)
from bot.errors import FieldError, NotFoundError
from bot.people import zone_of
from bot.phrases import AskPhrase, Redeem, SetPhrase, phrase_form, redeem, set_phrase
from bot.results import AskResults, see_results
from handlers.answers import NOTHING, Answer, next_page, sentence
from handlers.conversion_values import ConversionValue, EntryMetadata, ResultsValue
from handlers.ids import Action, Callback
from handlers.listeners import Listeners
from handlers.opening import already_done, open_view, replace_message, update_view
from handlers.requests import Request, form_texts, place_of_list
from handlers.services import Services
from handlers.views import conversion_forms, results
from handlers.views import phrase as phrase_view
from handlers.views.message import Message
from handlers.views.page import page
from handlers.views.text import told


class ConversionListeners:
    """The journey of who knows what social brought."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def table(self) -> Listeners:
        """What this journey listens to."""
        return Listeners(
            actions={
                Action.CONVERSION_MORE: self.on_menu,
                Action.CONVERSION_UNDO: self.undo,
                Action.RESULTS_SHOW: self.show_results,
            },
            forms={Callback.CONVERSION_FORM: self.enter, Callback.PHRASE_FORM: self.set_phrase},
        )

    async def ask(self, request: Request, _rest: str) -> Answer:
        """The form of a conversion."""
        await self._open_form(request, AskEntry(request.user_id))
        return NOTHING

    async def _open_form(self, request: Request, asked: AskEntry) -> None:
        material = await self._services.read(request, entry_form, asked)
        view = conversion_forms.entry_form(material)
        await open_view(self._services.client(request), request, view)

    async def enter(self, request: Request) -> Answer:
        """The form came back."""
        view = request.view
        metadata = EntryMetadata.parse(view.get("private_metadata"))
        command = EnterConversion(
            form_id=view["id"],
            actor_id=request.user_id,
            given=form_texts(view),
            replaces=metadata.replaces,
        )
        found = await self._services.transact(request, enter_conversion, command)
        types = types_of(self._services.desk(request.workspace_id).conversion_types)
        said = conversion_forms.entered(found, types, self._zone(request))
        return next_page(page(said, title="Recorded"))

    async def on_menu(self, request: Request) -> Answer:
        """Correct or undo one of the newest entries, in the form."""
        chosen = request.action.get("selected_option") or {}
        value = ConversionValue.parse(chosen.get("value"))
        if value.verb == "correct":
            await self._open_form(request, AskEntry(request.user_id, value.id))
            return NOTHING
        command = UndoConversion(conversion_id=value.id, actor_id=request.user_id)
        await self._services.transact(request, undo_conversion, command)
        with already_done("It is undone."):
            material = await self._services.read(request, entry_form, AskEntry(request.user_id))
            view = conversion_forms.entry_form(material)
            await update_view(self._services.client(request), request, view)
        return NOTHING

    async def undo(self, request: Request) -> Answer:
        """The button below what was just recorded."""
        value = ConversionValue.parse(request.action.get("value"))
        command = UndoConversion(conversion_id=value.id, actor_id=request.user_id)
        found = await self._services.transact(request, undo_conversion, command)
        types = types_of(self._services.desk(request.workspace_id).conversion_types)
        message = conversion_forms.undone(found, types, self._zone(request))
        self._show_instead(request, message)
        return NOTHING

    async def ask_phrase(self, request: Request, _rest: str) -> Answer:
        """The form of a code phrase."""
        material = await self._services.read(request, phrase_form, AskPhrase(request.user_id))
        view = phrase_view.phrase_form(material)
        await open_view(self._services.client(request), request, view)
        return NOTHING

    async def set_phrase(self, request: Request) -> Answer:
        """The form of a phrase came back."""
        command = SetPhrase(actor_id=request.user_id, given=form_texts(request.view))
        found = await self._services.transact(request, set_phrase, command)
        said = (
            f"{phrase_view.phrase_line(found)}. Whoever hears it types "
            f"“{self._services.command} redeemed {found.words} 3”: any colleague may."
        )
        return next_page(page(said, title="Saved"))

    async def redeem(self, request: Request, rest: str) -> Message | Answer:
        """Somebody heard a phrase."""
        command = Redeem(text=rest, actor_id=request.user_id, request_id=request.trigger_id)
        try:
            found = await self._services.transact(request, redeem, command)
        except (NotFoundError, FieldError) as error:
            return sentence(told(error.sentence))
        return phrase_view.redeemed(found)

    async def results(self, request: Request, _rest: str) -> Message:
        """What social brought."""
        asked = AskResults(user_id=request.user_id)
        return results.results(await self._services.read(request, see_results, asked))

    async def show_results(self, request: Request) -> Answer:
        """The table of another type, or by something else."""
        chosen = request.action.get("selected_option") or {}
        value = ResultsValue.parse(chosen.get("value"))
        asked = AskResults(user_id=request.user_id, type_key=value.type, dimension=value.by)
        message = results.results(await self._services.read(request, see_results, asked))
        self._show_instead(request, message)
        return NOTHING

    def _show_instead(self, request: Request, message: Message) -> None:
        """In place of what only they see; never over what others see in a channel: it may hold
        money.
        """
        place = place_of_list(request)
        if place is None:
            work = self._services.whisper(request, message.text)
        else:
            work = replace_message(self._services.client(request), place, message)
        self._services.background.start(work)

    def _zone(self, request: Request) -> str:
        member = self._services.directory(request).members.get(request.user_id)
        return zone_of(member)

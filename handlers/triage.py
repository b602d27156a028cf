"""Deciding on a card: one listener per button, all authorised on the server."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial

from bot.details import Details, OpenDetails, open_details, see_details
from bot.errors import StaleError
from bot.lifecycle import Verb
from bot.steps.base import Asked, Step
from bot.triage import check_step, take_step
from handlers.answers import ALL_CLOSED, NOTHING, Answer
from handlers.ids import (
    TRIAGE_ACTIONS,
    Action,
    Callback,
    DecisionMetadata,
    MenuValue,
    TriageValue,
)
from handlers.listeners import Listeners
from handlers.opening import already_done, is_in_modal, open_view, replace_message, update_view
from handlers.requests import Request, form_values, place_of_list
from handlers.services import Services
from handlers.views.consent_forms import consent_form, withdrawal_form
from handlers.views.decision_forms import (
    decline_form,
    lose_form,
    pass_on_form,
    published_form,
    reopen_form,
)
from handlers.views.details import details
from handlers.views.experiment_form import try_form
from handlers.views.message import Message, View
from handlers.views.planning_forms import (
    duplicate_form,
    hand_over_form,
    schedule_form,
    serve_form,
    snooze_form,
)
from handlers.views.stories import tell_form
from handlers.views.submitting_forms import edit_form, withdraw_form
from handlers.views.word_forms import ask_form, reply_form


@dataclass(frozen=True, slots=True)
class DecisionForm:
    """The form of a verb that asks for something first."""

    callback: Callback
    build: Callable[[Asked, str | None], View]
    """Gets what the form shows, and the channel where the verb's button stood."""


FORMS: Mapping[Verb, DecisionForm] = {
    Verb.TRY: DecisionForm(Callback.TRIAGE_TRY_FORM, try_form),
    Verb.DECLINE: DecisionForm(Callback.TRIAGE_DECLINE_FORM, decline_form),
    Verb.PUBLISH: DecisionForm(Callback.TRIAGE_PUBLISH_FORM, published_form),
    Verb.PASS_ON: DecisionForm(Callback.TRIAGE_PASS_ON_FORM, pass_on_form),
    Verb.EDIT: DecisionForm(Callback.TRIAGE_EDIT_FORM, edit_form),
    Verb.WITHDRAW: DecisionForm(Callback.TRIAGE_WITHDRAW_FORM, withdraw_form),
    Verb.LOSE: DecisionForm(Callback.TRIAGE_LOSE_FORM, lose_form),
    Verb.REOPEN: DecisionForm(Callback.TRIAGE_REOPEN_FORM, reopen_form),
    Verb.SCHEDULE: DecisionForm(Callback.TRIAGE_SCHEDULE_FORM, schedule_form),
    Verb.HAND_OVER: DecisionForm(Callback.TRIAGE_HAND_OVER_FORM, hand_over_form),
    Verb.SERVE: DecisionForm(Callback.TRIAGE_SERVE_FORM, serve_form),
    Verb.SNOOZE: DecisionForm(Callback.TRIAGE_SNOOZE_FORM, snooze_form),
    Verb.DUPLICATE: DecisionForm(Callback.TRIAGE_DUPLICATE_FORM, duplicate_form),
    Verb.TELL: DecisionForm(Callback.TRIAGE_TELL_FORM, tell_form),
    Verb.ASK: DecisionForm(Callback.TRIAGE_ASK_FORM, ask_form),
    Verb.REPLY: DecisionForm(Callback.TRIAGE_REPLY_FORM, reply_form),
    Verb.CONSENT: DecisionForm(Callback.TRIAGE_CONSENT_FORM, consent_form),
    Verb.CONSENT_WITHDRAWN: DecisionForm(Callback.TRIAGE_WITHDRAWAL_FORM, withdrawal_form),
}
"""The verbs that ask for something first."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """A verb of a submission at the version that the person saw; `words` is what was looked for in
    the list of stories where it was pressed, None elsewhere.
    """

    number: int
    version: int
    verb: Verb
    words: str | None = None

    def by(self, user_id: str) -> Step:
        """The step of the person who pressed it."""
        return Step(number=self.number, version=self.version, verb=self.verb, actor_id=user_id)


class TriageListeners:
    """The journey of a social lead."""

    def __init__(
        self,
        services: Services,
        *,
        answer: Callable[[int, Request], Awaitable[Answer]],
        stories: Callable[[Request, str], Awaitable[Message]],
    ) -> None:
        """`answer` opens the form for the submitter's answer about a number; `stories` finds what
        was told with certain words.
        """
        self._services = services
        self._answer = answer
        self._stories = stories

    def table(self) -> Listeners:
        """What this journey listens to."""
        return Listeners(
            actions={
                **{TRIAGE_ACTIONS[verb]: partial(self.on_button, verb) for verb in TRIAGE_ACTIONS},
                Action.TRIAGE_MORE: self.on_menu,
            },
            forms={form.callback: partial(self.decide, verb) for verb, form in FORMS.items()},
        )

    async def on_button(self, verb: Verb, request: Request) -> Answer:
        """A verb's own button."""
        value = TriageValue.parse(request.action.get("value"))
        return await self._on(Pressed(value.number, value.version, verb, value.words), request)

    async def on_menu(self, request: Request) -> Answer:
        """An entry of the menu beside the buttons."""
        chosen = request.action.get("selected_option") or {}
        value = MenuValue.parse(chosen.get("value"))
        return await self._on(Pressed(value.number, value.version, value.verb), request)

    async def _on(self, pressed: Pressed, request: Request) -> Answer:
        if pressed.verb is Verb.OPEN:
            return await self.open(pressed.number, request)
        if pressed.verb is Verb.ANSWER:
            return await self._answer(pressed.number, request)
        listener = self.ask if pressed.verb in FORMS else self.press
        return await listener(pressed, request)

    async def press(self, pressed: Pressed, request: Request) -> Answer:
        """A verb that asks for nothing: carried out at once."""
        step = pressed.by(request.user_id)
        told = ""
        try:
            await self._services.transact(request, take_step, step)
        except StaleError as error:
            if not is_in_modal(request):
                raise
            told = error.sentence
        if is_in_modal(request):
            with already_done(told or "This is done."):
                seen = OpenDetails(pressed.number, request.user_id)
                found = await self._services.read(request, see_details, seen)
                await update_view(self._services.client(request), request, _details(found, told))
        return NOTHING

    async def ask(self, pressed: Pressed, request: Request) -> Answer:
        """A verb that asks for something first: its form, if it could be carried out."""
        step = pressed.by(request.user_id)
        asked = await self._services.read(request, check_step, step)
        view = FORMS[pressed.verb].build(asked, request.channel_id)
        if pressed.words is not None:
            view = _from_list(view, pressed.words, place_of_list(request))
        await open_view(self._services.client(request), request, view)
        return NOTHING

    async def decide(self, verb: Verb, request: Request) -> Answer:
        """The form of a verb came back."""
        view = request.view
        metadata = DecisionMetadata.parse(view.get("private_metadata"))
        step = Step(
            number=metadata.number,
            version=metadata.version,
            verb=verb,
            actor_id=request.user_id,
            given=form_values(view),
            source=f"form:{view['id']}",
        )
        await self._services.transact(request, take_step, step)
        if metadata.response_url is not None:
            self._services.background.start(self._list_again(request, metadata))
        return ALL_CLOSED if view.get("previous_view_id") else NOTHING

    async def _list_again(self, request: Request, known: DecisionMetadata) -> None:
        message = await self._stories(request, known.words or "")
        await replace_message(self._services.client(request), known.response_url or "", message)

    async def open(self, number: int, request: Request) -> Answer:
        """Everything about a submission, for who may see it; that is recorded."""
        asked = OpenDetails(number, request.user_id)
        found = await self._services.transact(request, open_details, asked)
        await open_view(self._services.client(request), request, _details(found))
        return NOTHING


def _from_list(view: View, words: str, response_url: str | None) -> View:
    """The form, knowing of the list from which it was opened."""
    known = DecisionMetadata.parse(view.get("private_metadata"))
    known = known.model_copy(update={"words": words, "response_url": response_url})
    return {**view, "private_metadata": known.dump()}


def _details(found: Details, told: str = "") -> View:
    return details(
        found.submission,
        role=found.role,
        personal=found.personal,
        history=found.history,
        texts=found.texts,
        uses=found.uses,
        brought=found.brought,
        verbs=found.verbs,
        notice=told,
        hides_personal=found.hides_personal,
        may_erase=found.may_erase,
        serves=found.serves,
    )

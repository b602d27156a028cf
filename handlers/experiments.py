"""Experiments: the list, the form of a new or changed one, and how one went."""

from bot.experiment_change import AskChange, ChangeExperiment, change_experiment, change_form
from bot.experiment_end import AskEnd, EndExperiment, end_experiment
from bot.experiment_end import end_form as see_end_form
from bot.experiment_list import AskExperiments, ExperimentsMaterial, see_experiments
from bot.experiments import AskExperiment, SetExperiment, set_experiment
from bot.experiments import experiment_form as see_form
from handlers.answers import NOTHING, Answer
from handlers.ids import Action, Callback
from handlers.learning_values import ExperimentMetadata, ExperimentValue
from handlers.listeners import Listeners
from handlers.opening import open_view, replace_message
from handlers.requests import Request, form_values, place_of_list
from handlers.services import Services
from handlers.views.experiment_form import end_form, experiment_form
from handlers.views.experiments import experiments
from handlers.views.message import Message


class ExperimentListeners:
    """The journey of who tries things."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def table(self) -> Listeners:
        """What this journey listens to."""
        return Listeners(
            actions={
                Action.EXPERIMENTS_NEW: self.ask_new,
                Action.EXPERIMENTS_END: self.ask_end,
                Action.EXPERIMENTS_MORE: self.on_menu,
            },
            forms={
                Callback.EXPERIMENTS_FORM: self.set,
                Callback.EXPERIMENTS_END_FORM: self.end,
            },
        )

    async def show(self, request: Request, _rest: str) -> Message:
        """All experiments, behind `/social experiments`."""
        return experiments(await self._all(request))

    async def ask_new(self, request: Request) -> Answer:
        """The form of a new one."""
        material = await self._services.read(request, see_form, AskExperiment(request.user_id))
        metadata = ExperimentMetadata(response_url=place_of_list(request))
        view = experiment_form(material, metadata)
        await open_view(self._services.client(request), request, view)
        return NOTHING

    async def open_new(self, request: Request, _rest: str) -> Answer:
        """The same, behind `/social experiment`."""
        return await self.ask_new(request)

    async def set(self, request: Request) -> Answer:
        """The form of a plan came back."""
        view = request.view
        metadata = ExperimentMetadata.parse(view.get("private_metadata"))
        given = form_values(view)
        if metadata.experiment is None:
            made = SetExperiment(form_id=view["id"], actor_id=request.user_id, given=given)
            await self._services.transact(request, set_experiment, made)
        else:
            changed = ChangeExperiment(
                experiment_id=metadata.experiment,
                actor_id=request.user_id,
                changes=metadata.changes,
                given=given,
            )
            await self._services.transact(request, change_experiment, changed)
        return self._done(request, metadata)

    async def on_menu(self, request: Request) -> Answer:
        """An entry of the menu beside an experiment that runs."""
        chosen = request.action.get("selected_option") or {}
        value = ExperimentValue.parse(chosen.get("value"))
        return await (self._change if value.verb == "change" else self._end)(request, value)

    async def _change(self, request: Request, value: ExperimentValue) -> Answer:
        asked = AskChange(value.experiment, request.user_id)
        material = await self._services.read(request, change_form, asked)
        metadata = ExperimentMetadata(
            experiment=value.experiment,
            changes=material.changes,
            response_url=place_of_list(request),
        )
        view = experiment_form(material, metadata)
        await open_view(self._services.client(request), request, view)
        return NOTHING

    async def ask_end(self, request: Request) -> Answer:
        """The form about how one went."""
        return await self._end(request, ExperimentValue.parse(request.action.get("value")))

    async def _end(self, request: Request, value: ExperimentValue) -> Answer:
        asked = AskEnd(value.experiment, request.user_id)
        material = await self._services.read(request, see_end_form, asked)
        metadata = ExperimentMetadata(
            experiment=value.experiment, response_url=place_of_list(request)
        )
        await open_view(self._services.client(request), request, end_form(material, metadata))
        return NOTHING

    async def end(self, request: Request) -> Answer:
        """Somebody said how it went."""
        view = request.view
        metadata = ExperimentMetadata.parse(view.get("private_metadata"))
        values = form_values(view)
        command = EndExperiment(
            form_id=view["id"],
            experiment_id=metadata.experiment or "",
            actor_id=request.user_id,
            given={name: value for name, value in values.items() if isinstance(value, str)},
        )
        await self._services.transact(request, end_experiment, command)
        return self._done(request, metadata)

    def _done(self, request: Request, metadata: ExperimentMetadata) -> Answer:
        """The form closes, and the list from which it came shows what is new."""
        if metadata.response_url is not None:
            self._services.background.start(self._show_again(request, metadata.response_url))
        return NOTHING

    async def _show_again(self, request: Request, response_url: str) -> None:
        message = experiments(await self._all(request))
        await replace_message(self._services.client(request), response_url, message)

    async def _all(self, request: Request) -> ExperimentsMaterial:
        asked = AskExperiments(request.user_id)
        return await self._services.read(request, see_experiments, asked)

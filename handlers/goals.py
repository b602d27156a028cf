"""Goals: the list behind `/social goals` and Home, and the forms about them."""

from bot.closing import AskClosing, CloseGoal, close_goal, closing_form
from bot.errors import StaleError
from bot.goal_list import AskGoals, see_goals
from bot.goal_material import GoalsMaterial
from bot.goal_trail import AskTrail, see_trail
from bot.goals import AskForm, DropGoal, SetGoal, check_drop, drop_goal, goal_form, set_goal
from bot.readings import CONFIDENCE, VALUE, ReadGoal, check_reading, read_goal
from handlers.answers import NOTHING, Answer
from handlers.goal_values import GoalFormMetadata, GoalValue
from handlers.ids import Action, Callback
from handlers.listeners import Listeners
from handlers.opening import is_in_modal, open_view, replace_message, update_parent, update_view
from handlers.requests import Request, form_texts, place_of_list
from handlers.services import Services
from handlers.views import goal_closing as closing_view
from handlers.views import goal_forms
from handlers.views import goals as goals_view
from handlers.views.goal_form import goal_form as form_view
from handlers.views.goal_trail import goal_trail


class GoalListeners:
    """The journey of who keeps a goal."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def table(self) -> Listeners:
        """What this journey listens to."""
        return Listeners(
            actions={
                Action.GOALS_OPEN: self.open,
                Action.GOALS_NEW: self.ask_new,
                Action.GOALS_ADD_ONE: self.add_one,
                Action.GOALS_READ: self.ask_reading,
                Action.GOALS_MORE: self.on_menu,
                Action.GOALS_MEASURE: self.change_measure,
                Action.GOALS_CLOSE: self.ask_closing,
                Action.GOALS_TRAIL: self.see_trail,
                Action.GOALS_SAME: self.say_same,
                Action.GOALS_SURE: self.say_sure,
            },
            forms={
                Callback.GOALS_FORM: self.set,
                Callback.GOALS_READING_FORM: self.read,
                Callback.GOALS_DROP_FORM: self.drop,
                Callback.GOALS_CLOSING_FORM: self.close,
            },
        )

    async def open(self, request: Request) -> Answer:
        """All goals, as a modal."""
        view = goals_view.goals_page(await self._goals(request))
        await open_view(self._services.client(request), request, view)
        return NOTHING

    async def ask_new(self, request: Request) -> Answer:
        """The form of a new goal."""
        return await self._ask(request, GoalFormMetadata(response_url=place_of_list(request)))

    async def _ask(self, request: Request, metadata: GoalFormMetadata) -> Answer:
        asked = AskForm(request.user_id, metadata.goal)
        material = await self._services.read(request, goal_form, asked)
        view = form_view(material, metadata)
        await open_view(self._services.client(request), request, view)
        return NOTHING

    async def change_measure(self, request: Request) -> Answer:
        """Somebody chose where the number comes from: the form asks what that needs."""
        view = request.view
        metadata = GoalFormMetadata.parse(view.get("private_metadata"))
        asked = AskForm(request.user_id, metadata.goal)
        material = await self._services.read(request, goal_form, asked)
        changed = form_view(material, metadata, _texts(request))
        await update_view(self._services.client(request), request, changed)
        return NOTHING

    async def set(self, request: Request) -> Answer:
        """A goal's form came back."""
        view = request.view
        metadata = GoalFormMetadata.parse(view.get("private_metadata"))
        command = SetGoal(
            form_id=view["id"],
            actor_id=request.user_id,
            given=_texts(request),
            goal_id=metadata.goal,
            version=metadata.version,
        )
        await self._services.transact(request, set_goal, command)
        return self._done(request, metadata)

    async def add_one(self, request: Request) -> Answer:
        """One more, in one tap."""
        value = _value(request)
        command = ReadGoal(goal_id=value.goal, actor_id=request.user_id, seq=value.seq)
        notice = ""
        try:
            await self._services.transact(request, read_goal, command)
        except StaleError as error:
            notice = error.sentence
        self._services.background.start(self._show_again(request, place_of_list(request), notice))
        return NOTHING

    async def say_same(self, request: Request) -> Answer:
        """It stands where it stood: the answer to a question, in one tap."""
        return await self._same(request, _value(request))

    async def say_sure(self, request: Request) -> Answer:
        """The same, with how sure they are that it will be reached."""
        chosen = request.action.get("selected_option") or {}
        return await self._same(request, GoalValue.parse(chosen.get("value")))

    async def _same(self, request: Request, value: GoalValue) -> Answer:
        command = ReadGoal(
            goal_id=value.goal,
            actor_id=request.user_id,
            seq=value.seq,
            confidence=value.confidence or "",
            is_same=True,
            is_answer=True,
        )
        await self._services.transact(request, read_goal, command)
        return NOTHING

    async def ask_reading(self, request: Request) -> Answer:
        """The form for where a goal stands."""
        value = _value(request)
        command = ReadGoal(goal_id=value.goal, actor_id=request.user_id)
        goal = await self._services.read(request, check_reading, command)
        view = goal_forms.reading_form(goal, _metadata(request, value))
        await open_view(self._services.client(request), request, view)
        return NOTHING

    async def read(self, request: Request) -> Answer:
        """The form of a reading came back."""
        metadata = GoalFormMetadata.parse(request.view.get("private_metadata"))
        command = ReadGoal(
            goal_id=metadata.goal or "",
            actor_id=request.user_id,
            value=_texts(request).get(VALUE, ""),
            confidence=_texts(request).get(CONFIDENCE, ""),
            is_answer=metadata.is_answer,
        )
        await self._services.transact(request, read_goal, command)
        return self._done(request, metadata)

    async def on_menu(self, request: Request) -> Answer:
        """An entry of a goal's menu."""
        chosen = request.action.get("selected_option") or {}
        value = GoalValue.parse(chosen.get("value"))
        metadata = _metadata(request, value)
        if value.verb == "trail":
            return await self._show_trail(request, value)
        if value.verb != "drop":
            return await self._ask(request, metadata)
        command = _drop_of(value.goal, value.version, request)
        goal = await self._services.read(request, check_drop, command)
        view = goal_forms.drop_form(goal, metadata)
        await open_view(self._services.client(request), request, view)
        return NOTHING

    async def see_trail(self, request: Request) -> Answer:
        """How a goal went."""
        return await self._show_trail(request, _value(request))

    async def _show_trail(self, request: Request, value: GoalValue) -> Answer:
        found = await self._services.read(request, see_trail, AskTrail(value.goal))
        await open_view(self._services.client(request), request, goal_trail(found))
        return NOTHING

    async def drop(self, request: Request) -> Answer:
        """Somebody means it."""
        metadata = GoalFormMetadata.parse(request.view.get("private_metadata"))
        command = _drop_of(metadata.goal, metadata.version, request)
        await self._services.transact(request, drop_goal, command)
        return self._done(request, metadata)

    async def ask_closing(self, request: Request) -> Answer:
        """The form about a goal whose period is over."""
        value = _value(request)
        asked = AskClosing(value.goal, request.user_id)
        material = await self._services.read(request, closing_form, asked)
        view = closing_view.closing_form(material, _metadata(request, value))
        await open_view(self._services.client(request), request, view)
        return NOTHING

    async def close(self, request: Request) -> Answer:
        """Somebody said what became of it."""
        view = request.view
        metadata = GoalFormMetadata.parse(view.get("private_metadata"))
        command = CloseGoal(
            form_id=view["id"],
            goal_id=metadata.goal or "",
            actor_id=request.user_id,
            given=_texts(request),
        )
        await self._services.transact(request, close_goal, command)
        return self._done(request, metadata)

    def _done(self, request: Request, metadata: GoalFormMetadata) -> Answer:
        """The form closes, and the list from which it came shows what is new."""
        self._services.background.start(self._show_again(request, metadata.response_url))
        return NOTHING

    async def _show_again(
        self, request: Request, response_url: str | None, notice: str = ""
    ) -> None:
        client = self._services.client(request)
        if response_url is not None:
            message = goals_view.goals(await self._goals(request), notice=notice)
            await replace_message(client, response_url, message)
        elif is_in_modal(request):
            page = goals_view.goals_page(await self._goals(request), notice=notice)
            is_list = request.view.get("callback_id") == Callback.GOALS_LIST
            await (update_view if is_list else update_parent)(client, request, page)

    async def _goals(self, request: Request) -> GoalsMaterial:
        return await self._services.read(request, see_goals, AskGoals(request.user_id))


def _value(request: Request) -> GoalValue:
    return GoalValue.parse(request.action.get("value"))


def _drop_of(goal_id: str | None, version: int | None, request: Request) -> DropGoal:
    return DropGoal(goal_id=goal_id or "", version=version or 0, actor_id=request.user_id)


def _metadata(request: Request, value: GoalValue) -> GoalFormMetadata:
    return GoalFormMetadata(
        goal=value.goal,
        version=value.version,
        response_url=place_of_list(request),
        is_answer=value.verb == "answer",
    )


def _texts(request: Request) -> dict[str, str]:
    return form_texts(request.view)

"""Stories and lessons: found by words, turned page by page, written, changed, taken back."""

from collections.abc import Callable
from functools import partial
from typing import Any

from bot.lesson_form import AskLesson, WriteLesson, write_lesson
from bot.lesson_form import lesson_form as see_lesson_form
from bot.lessons import find_lessons
from bot.pages import Look, Page
from bot.ports import UseCase
from bot.stories import find_stories
from handlers.answers import NOTHING, Answer, sentence
from handlers.ids import Action, Callback
from handlers.learning_values import LessonMetadata, LessonValue, PageValue
from handlers.listeners import Listeners
from handlers.opening import open_view, replace_message
from handlers.requests import Request, form_values, place_of_list
from handlers.services import Services
from handlers.views.blocks import modal
from handlers.views.lessons import lesson_form, lessons
from handlers.views.message import Message
from handlers.views.stories import stories

NO_NUMBER = "`/social lesson` takes a number, such as `/social lesson 12`, or nothing."

Shelf = tuple[str, UseCase[Look, Page[Any]], Callable[[Page[Any]], Message]]
"""What is found there: its title, what finds a page of it, and what shows that."""

STORIES: Shelf = ("Stories", find_stories, stories)
LESSONS: Shelf = ("Lessons", find_lessons, lessons)


class LearningListeners:
    """The journey of who wants to learn from what was."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.stories = partial(self._find, STORIES)
        self.lessons = partial(self._find, LESSONS)

    def table(self) -> Listeners:
        """What this journey listens to."""
        return Listeners(
            actions={
                Action.STORIES_MORE: partial(self._older, STORIES),
                Action.LESSONS_MORE: partial(self._older, LESSONS),
                Action.LESSONS_CHANGE: self.ask_change,
            },
            forms={Callback.LESSONS_FORM: self.write},
        )

    async def _find(self, shelf: Shelf, request: Request, words: str) -> Message:
        """The newest with these words, behind `/social stories words`."""
        _, find, show = shelf
        asked = Look(user_id=request.user_id, text=words)
        return show(await self._services.read(request, find, asked))

    async def _older(self, shelf: Shelf, request: Request) -> Answer:
        """Older ones, in the place of those that are shown; where that is no message that only the
        person sees, as a modal.
        """
        title, find, show = shelf
        value = PageValue.parse(request.action.get("value"))
        asked = Look(user_id=request.user_id, text=value.words, before=value.moment())
        message = show(await self._services.read(request, find, asked))
        client, place = self._services.client(request), place_of_list(request)
        if place is None:
            view = modal(Callback.PAGE, title, message.blocks, close="Close")
            await open_view(client, request, view)
        else:
            self._services.background.start(replace_message(client, place, message))
        return NOTHING

    async def open_lesson(self, request: Request, rest: str) -> Answer:
        """The form of a lesson, behind `/social lesson 12`."""
        typed = rest.removeprefix("#")
        if typed and not (typed.isdecimal() and len(typed) < 10):
            return sentence(NO_NUMBER)
        asked = AskLesson(user_id=request.user_id, number=int(typed) if typed else None)
        return await self._ask(request, asked, LessonMetadata(number=asked.number))

    async def ask_change(self, request: Request) -> Answer:
        """The form of a lesson that is there."""
        value = LessonValue.parse(request.action.get("value"))
        asked = AskLesson(user_id=request.user_id, lesson_id=value.lesson)
        place = place_of_list(request)
        known = LessonMetadata(lesson=value.lesson, words=value.words, response_url=place)
        return await self._ask(request, asked, known)

    async def _ask(self, request: Request, asked: AskLesson, known: LessonMetadata) -> Answer:
        material = await self._services.read(request, see_lesson_form, asked)
        metadata = known.model_copy(update={"changes": material.changes})
        view = lesson_form(material, metadata)
        await open_view(self._services.client(request), request, view)
        return NOTHING

    async def write(self, request: Request) -> Answer:
        """The form of a lesson came back; the list that shows it is shown anew."""
        view = request.view
        metadata = LessonMetadata.parse(view.get("private_metadata"))
        values = form_values(view)
        command = WriteLesson(
            form_id=view["id"],
            actor_id=request.user_id,
            number=metadata.number,
            lesson_id=metadata.lesson,
            changes=metadata.changes,
            given={name: value for name, value in values.items() if isinstance(value, str)},
        )
        await self._services.transact(request, write_lesson, command)
        if metadata.response_url is not None:
            shown = self._show_again(request, metadata.words, metadata.response_url)
            self._services.background.start(shown)
        return NOTHING

    async def _show_again(self, request: Request, words: str, response_url: str) -> None:
        message = await self.lessons(request, words)
        await replace_message(self._services.client(request), response_url, message)

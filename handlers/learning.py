"""Stories and lessons: found by words, turned page by page, and written."""

from datetime import datetime

from bot.lessons import AskLesson, FindLessons, WriteLesson, find_lessons, write_lesson
from bot.lessons import lesson_form as see_lesson_form
from bot.stories import FindStories, find_stories
from handlers.answers import NOTHING, Answer, sentence
from handlers.ids import Action, Callback
from handlers.learning_values import LessonMetadata, PageValue
from handlers.listeners import Listeners
from handlers.opening import open_view, replace_message
from handlers.requests import Request, form_values, place_of_list
from handlers.services import Services
from handlers.views.blocks import modal
from handlers.views.lessons import lesson_form, lessons
from handlers.views.message import Message
from handlers.views.stories import stories

NO_NUMBER = "`/social lesson` takes a number, such as `/social lesson 12`, or nothing."


class LearningListeners:
    """The journey of who wants to learn from what was."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def table(self) -> Listeners:
        """What this journey listens to."""
        return Listeners(
            actions={
                Action.STORIES_MORE: self.more_stories,
                Action.LESSONS_MORE: self.more_lessons,
            },
            forms={Callback.LESSONS_FORM: self.write},
        )

    async def stories(self, request: Request, rest: str) -> Message:
        """Behind `/social stories words`."""
        return stories(await self._services.read(request, find_stories, FindStories(rest)))

    async def lessons(self, request: Request, rest: str) -> Message:
        """Behind `/social lessons words`."""
        return lessons(await self._services.read(request, find_lessons, FindLessons(rest)))

    async def more_stories(self, request: Request) -> Answer:
        """Older stories, in the place of those that are shown."""
        words, before = _page(request)
        asked = FindStories(words, before)
        found = await self._services.read(request, find_stories, asked)
        return await self._turn(request, "Stories", stories(found))

    async def more_lessons(self, request: Request) -> Answer:
        """Older lessons, in the place of those that are shown."""
        words, before = _page(request)
        asked = FindLessons(words, before)
        found = await self._services.read(request, find_lessons, asked)
        return await self._turn(request, "Lessons", lessons(found))

    async def _turn(self, request: Request, title: str, message: Message) -> Answer:
        """In the place of the message, if it is one that only the person sees; else as a modal."""
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
        asked = AskLesson(request.user_id, int(typed) if typed else None)
        about = await self._services.read(request, see_lesson_form, asked)
        await open_view(self._services.client(request), request, lesson_form(about))
        return NOTHING

    async def write(self, request: Request) -> Answer:
        """The form of a lesson came back."""
        view = request.view
        metadata = LessonMetadata.parse(view.get("private_metadata"))
        values = form_values(view)
        command = WriteLesson(
            form_id=view["id"],
            actor_id=request.user_id,
            number=metadata.number,
            given={name: value for name, value in values.items() if isinstance(value, str)},
        )
        await self._services.transact(request, write_lesson, command)
        return NOTHING


def _page(request: Request) -> tuple[str, datetime]:
    value = PageValue.parse(request.action.get("value"))
    return value.words, value.moment()

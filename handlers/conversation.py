"""The submitter's side of a conversation: the Answer button, and what they write in their direct
messages with the desk. The owner's side are the verbs Ask back and Reply (`handlers.triage`).
"""

from collections.abc import Mapping
from typing import Any

from bot.conversation import Heard, Words, answer, check_may_answer, hear
from handlers.answers import ALL_CLOSED, NOTHING, Answer
from handlers.ids import BlockId, Callback
from handlers.lifecycle import event_id
from handlers.listeners import Listeners
from handlers.opening import open_view
from handlers.requests import Request, form_values, refs_of, typed_text
from handlers.services import Services
from handlers.views.word_forms import answer_form
from handlers.word_values import AnswerMetadata

WRITTEN = (None, "file_share", "thread_broadcast")
"""The subtypes of a message that a person wrote; the others tell of edits, deletions and the like
(https://docs.slack.dev/reference/events/message).
"""


class ConversationListeners:
    """The journey of who was asked."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def table(self) -> Listeners:
        """What this journey listens to."""
        return Listeners(
            forms={Callback.WORDS_ANSWER_FORM: self.receive},
            events={"message": self.on_message},
        )

    async def open(self, number: int, request: Request) -> Answer:
        """The form for the answer: from below the question, and from the details."""
        words = Words(number=number, actor_id=request.user_id, text="")
        submission, question = await self._services.read(request, check_may_answer, words)
        await open_view(self._services.client(request), request, answer_form(submission, question))
        return NOTHING

    async def receive(self, request: Request) -> Answer:
        """The form came back."""
        view = request.view
        metadata = AnswerMetadata.parse(view.get("private_metadata"))
        text = form_values(view).get(BlockId.TEXT.value, "")
        words = Words(
            number=metadata.number,
            actor_id=request.user_id,
            text=text if isinstance(text, str) else "",
            source=f"form:{view['id']}",
        )
        await self._services.transact(request, answer, words)
        return ALL_CLOSED if view.get("previous_view_id") else NOTHING

    async def on_message(self, request: Request) -> Answer:
        """A direct message to the desk; our own, edits and deletions are passed over."""
        event = request.body["event"]
        if event.get("channel_type") != "im" or not _is_a_persons(event):
            return NOTHING
        heard = Heard(
            event_id=event_id(request),
            user_id=request.user_id,
            channel_id=_text(event.get("channel")),
            text=typed_text(_text(event.get("text")), self._services.directory(request).members),
            thread_ts=_text(event.get("thread_ts")) or None,
            files=refs_of(event.get("files")),
        )
        await self._services.transact(request, hear, heard)
        return NOTHING


def _is_a_persons(event: Mapping[str, Any]) -> bool:
    is_written = event.get("subtype") in WRITTEN
    return is_written and bool(event.get("user")) and not event.get("bot_id")


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""

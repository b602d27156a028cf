"""How a listener answers, and the one place where errors become sentences for people.

No exception escapes a listener: what a person can be told stands next to what caused it, with what
they typed kept; a bug gets a reference that the log has, too.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.errors import (
    DeskError,
    FieldError,
    SealedError,
    SlackError,
    StorageBusyError,
    StorageDownError,
    TryLaterError,
)
from bot.trail import ended_by, here
from handlers.opening import NotInTimeError, has_no_room, open_view
from handlers.outcomes import TROUBLE, classify
from handlers.requests import Request
from handlers.views.page import page
from handlers.views.text import told
from handlers.workplaces import Workplaces, at_work

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back in the acknowledgement, as the keywords that Bolt's `ack` takes."""

    ack: Mapping[str, Any] = field(default_factory=dict)


NOTHING = Answer()
ALL_CLOSED = Answer({"response_action": "clear"})
"""The form and those below it are closed."""
Listener = Callable[[Request], Awaitable[Answer]]


def sentence(text: str) -> Answer:
    """The answer to a slash command that only its sender sees."""
    return Answer({"response_type": "ephemeral", "text": text})


def field_errors(fields: Mapping[str, str]) -> Answer:
    """The form stays open, each sentence beside its field."""
    return Answer({"response_action": "errors", "errors": dict(fields)})


def next_page(view: Mapping[str, Any]) -> Answer:
    """The form gives way to another page."""
    return Answer({"response_action": "update", "view": dict(view)})


KEEP_OPEN = "Keep this form open: what you typed is still in it."


class Background:
    """What may happen after the acknowledgement and need not arrive: words only one person sees.

    Each task is kept until it is done and awaited at shutdown.
    """

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` beside what goes on; what goes wrong there is for the log."""
        task = asyncio.ensure_future(_logged(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @property
    def is_idle(self) -> bool:
        """Whether nothing runs."""
        return not self._tasks

    async def rest(self) -> None:
        """Wait until nothing runs any more."""
        while self._tasks:
            await asyncio.wait(list(self._tasks))


async def _logged(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except DeskError as error:
        log.warning("left undone after an answer", extra={"why": error.sentence})
    except Exception:  # nobody awaits it
        log.exception("a task beside an answer failed")


class Answers:
    """Runs listeners and turns what goes wrong into an answer for the surface it went wrong on."""

    def __init__(
        self,
        *,
        workplaces: Workplaces,
        background: Background,
        new_reference: Callable[[], str],
        tell_belated: Callable[[Request, str], Awaitable[None]],
    ) -> None:
        """`tell_belated` sends a person a sentence that could not be shown where they are."""
        self._workplaces = workplaces
        self._background = background
        self._new_reference = new_reference
        self._tell_belated = tell_belated
        self._running = 0
        self._is_idle = asyncio.Event()
        self._is_idle.set()

    async def rest(self) -> None:
        """Wait until no listener runs."""
        await self._is_idle.wait()

    async def _run(self, listener: Listener, request: Request) -> Answer:
        self._running += 1
        self._is_idle.clear()
        try:
            return await listener(request)
        except Exception as error:
            trail = here()
            if trail is not None:
                trail.outcome = ended_by(error)
            raise
        finally:
            self._running -= 1
            if not self._running:
                self._is_idle.set()

    async def to_command(self, listener: Listener, request: Request) -> Answer:
        """An error becomes an ephemeral sentence that repeats what was typed."""
        try:
            return await self._run(listener, request)
        except Exception as error:  # noqa: BLE001  told to the person, logged by _told
            return sentence(with_text(told(self._told(error)), str(request.body.get("text") or "")))

    async def to_form(self, listener: Listener, request: Request) -> Answer:
        """An error keeps the form open, or replaces it by a page that repeats what was typed."""
        try:
            return await self._run(listener, request)
        except FieldError as error:
            return field_errors(error.fields)
        except Exception as error:  # noqa: BLE001  told to the person, logged by _told
            said = self._told(error)
            view = request.view
            can_try_again = not isinstance(error, DeskError) or isinstance(
                error, StorageBusyError | StorageDownError | SealedError
            )
            first = next((b["block_id"] for b in view["blocks"] if b["type"] == "input"), None)
            if can_try_again and first is not None:
                return field_errors({first: f"{said} {KEEP_OPEN}"})
            return next_page(page(said, kept=kept_text(view)))

    async def to_click(self, listener: Listener, request: Request) -> Answer:
        """An error becomes a word beside the card that only the person who clicked sees."""
        try:
            return await self._run(listener, request)
        except Exception as error:  # noqa: BLE001  told to the person, logged by _told
            self._background.start(self.whisper(request, self._told(error)))
            return NOTHING

    async def to_closing(self, listener: Listener, request: Request) -> Answer:
        """Nobody looks at a closed form any more: what goes wrong is for the log alone."""
        try:
            return await self._run(listener, request)
        except DeskError as error:
            log.warning("a closed form was not kept", extra={"why": str(error)})
        except Exception as error:  # noqa: BLE001  logged by _told
            self._told(error)
        return NOTHING

    async def to_event(self, listener: Listener, request: Request) -> Answer:
        """Nobody waits for an answer to an event; what was not possible makes Slack send it again.

        Raises the storage's errors and TryLaterError for that reason.
        """
        try:
            return await self._run(listener, request)
        except (StorageBusyError, StorageDownError, TryLaterError) as error:
            log.warning("event not handled yet", extra={"why": str(error)})
            raise
        except Exception as error:  # noqa: BLE001  logged by _told; sending it again would not help
            self._told(error)
            return NOTHING

    async def whisper(self, request: Request, text: str) -> None:
        """Tell one person something where they are; on the Home tab and in forms, as a page, or by
        direct message once it is too late for one.

        A message's `response_url` works where the desk is no member of the channel, too
        (https://docs.slack.dev/interactivity/handling-user-interaction).
        """
        try:
            client = at_work(self._workplaces, request.workspace_id).client
            if request.response_url and request.channel_id is not None:
                webhook = AsyncWebhookClient(
                    request.response_url, session=client.session, retry_handlers=[]
                )
                await webhook.send(
                    text=told(text), response_type="ephemeral", replace_original=False
                )
            elif request.channel_id is not None:
                await client.chat_postEphemeral(
                    channel=request.channel_id, user=request.user_id, text=told(text)
                )
            elif request.trigger_id:
                kept = kept_text(request.view) if has_no_room(request) else ()
                await open_view(client, request, page(text, kept=kept))
        except TROUBLE as error:
            log.warning("word not delivered", extra={"why": str(classify(error))})
        except NotInTimeError:
            await self._tell_belated(request, text)
        except SlackError:
            log.warning("word not shown")

    def _told(self, error: Exception) -> str:
        if isinstance(error, SealedError):
            reference = self._new_reference()
            log.error("can't decrypt", extra={"reference": reference, "why": error.sentence})
            return (
                "Social Desk can't read what it keeps encrypted; nothing was changed or lost. Tell "
                f"your admin the reference {reference}: an operator can mend it."
            )
        if isinstance(error, DeskError):
            return error.sentence
        reference = self._new_reference()
        log.error("a listener failed", exc_info=error, extra={"reference": reference})
        return (
            "Something went wrong on Social Desk's side and nothing was changed. Please try again; "
            f"if it stays, tell your admin the reference {reference}."
        )


def with_text(said: str, typed: str) -> str:
    """A sentence followed by what the person typed, so that it is not lost; both as mrkdwn."""
    return f"{said}\nYour text:\n>>> {typed}" if typed.strip() else said


def kept_text(view: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Everything that was typed into a form: pairs of a question and its answer."""
    questions = {
        block["block_id"]: str(block["label"]["text"])
        for block in view["blocks"]
        if block["type"] == "input" and block.get("label")
    }
    state = view.get("state") or {}
    return tuple(
        (questions.get(name, name), element["value"])
        for name, actions in (state.get("values") or {}).items()
        for element in actions.values()
        if isinstance(element.get("value"), str) and element["value"].strip()
    )

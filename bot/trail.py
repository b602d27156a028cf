"""Where something happens: in which request, effect or tick, on which submission. Every log line
says so, and whoever watches over the process counts it.

A trail stands in the context, not in arguments: what is done on the way, on another thread or after
the answer, belongs to it without knowing of it. It holds ids and names of ours alone, nothing that
anybody typed.
"""

from contextvars import ContextVar, Token
from enum import StrEnum
from types import TracebackType
from typing import Protocol, Self

from typing_extensions import override

from bot.errors import (
    DeskError,
    SlackError,
    StorageBusyError,
    StorageDownError,
    TryLaterError,
)
from bot.outbox import Effect


class Ended(StrEnum):
    """How it ended, for the person who waited or for the process.

    REFUSED: somebody was told why not. LATER: Slack is asked to send it once more. SLACK: Slack did
    not do its part in time. FAILED: a bug of ours.
    """

    OK = "ok"
    REFUSED = "refused"
    LATER = "later"
    SLACK = "slack"
    BUSY = "busy"
    DOWN = "down"
    FAILED = "failed"


def ended_by(error: BaseException) -> Ended:
    """What an exception means."""
    match error:
        case StorageBusyError():
            return Ended.BUSY
        case StorageDownError():
            return Ended.DOWN
        case TryLaterError():
            return Ended.LATER
        case SlackError():
            return Ended.SLACK
        case DeskError():
            return Ended.REFUSED
        case _:
            return Ended.FAILED


class Trail:
    """One piece of work; current inside its `with`. `ids` stand in every log line meanwhile.

    `outcome` is said by whoever knows, before the end. `trace` names the trace that it belongs to
    (https://www.w3.org/TR/trace-context/, a traceparent), where traces are kept.
    """

    __slots__ = ("_token", "ids", "outcome", "trace")

    def __init__(self, ids: dict[str, str | int], *, trace: str | None = None) -> None:
        self.ids = ids
        self.outcome: str = Ended.OK
        self.trace = trace
        self._token: Token[Trail | None] | None = None

    def __enter__(self) -> Self:
        self._token = _here.set(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is not None and self.outcome == Ended.OK:
            self.outcome = ended_by(error)
        if self._token is not None:
            _here.reset(self._token)


_here: ContextVar[Trail | None] = ContextVar("trail", default=None)


def here() -> Trail | None:
    """The trail of what is going on, if there is one."""
    return _here.get()


def within(ids: dict[str, str | int]) -> Trail:
    """A part of what is going on, with ids of its own besides."""
    around = _here.get()
    if around is None:
        return Trail(ids)
    return Trail({**around.ids, **ids}, trace=around.trace)


def touches(number: int) -> None:
    """What is going on is about this submission; the first that is named stays."""
    trail = _here.get()
    if trail is not None:
        trail.ids.setdefault("submission", number)


class Watch(Protocol):
    """Whoever watches over what the process does: counts it, times it, logs it."""

    def request(self, surface: str, workspace_id: str) -> Trail:
        """Slack asks something: a command, a form, a click."""
        ...

    def effect(self, workspace_id: str, effect: Effect, *, trace: str | None = None) -> Trail:
        """An effect is tried; `trace` is that of its cause."""
        ...

    def tick(self, name: str) -> Trail:
        """A tick does what is due."""
        ...


class Unwatched(Watch):
    """Nobody counts; the log still says where."""

    @override
    def request(self, surface: str, workspace_id: str) -> Trail:
        return Trail({"surface": surface, "workspace": workspace_id})

    @override
    def effect(self, workspace_id: str, effect: Effect, *, trace: str | None = None) -> Trail:
        return Trail(ids_of(workspace_id, effect), trace=trace)

    @override
    def tick(self, name: str) -> Trail:
        return Trail({"tick": name})


UNWATCHED = Unwatched()


def ids_of(workspace_id: str, effect: Effect) -> dict[str, str | int]:
    """What names an effect in the log."""
    ids: dict[str, str | int] = {
        "workspace": workspace_id,
        "effect": effect.key,
        "lane": effect.lane,
    }
    if effect.number is not None:
        ids["submission"] = effect.number
    return ids

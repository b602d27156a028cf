"""Watches over what a process does: counts and times it, and tells the log where it happened."""

import logging
from collections.abc import Callable
from contextvars import copy_context
from datetime import datetime
from itertools import count
from time import perf_counter
from types import TracebackType
from typing import Generic

from typing_extensions import override

from bot.brief import is_brief, is_patient
from bot.outbox import Effect
from bot.ports import C, R, Transaction, UseCase
from bot.trail import Ended, Trail, Watch, ended_by, here, ids_of, touches
from runtime.spans import Span, Spans, trace_id
from runtime.tallies import Tallies
from storage.database import Database

log = logging.getLogger(__name__)

Done = Callable[[str, float], None]
"""Hears how a piece of work ended, and how many seconds it took."""

TROUBLED = frozenset({Ended.BUSY, Ended.DOWN, Ended.SLACK, Ended.FAILED})
"""How a request may end that an operator wants to know of."""


class _Timed(Trail):
    """A trail that says at its end how it went and how long it took; `span` is its own."""

    __slots__ = ("_begun", "_done", "_span")

    def __init__(self, ids: dict[str, str | int], done: Done, span: Span | None) -> None:
        super().__init__(ids, trace=None if span is None else span.trace)
        self._done = done
        self._span = span
        self._begun = perf_counter()

    @override
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        took = perf_counter() - self._begun
        if error is not None and self.outcome == Ended.OK:
            self.outcome = ended_by(error)
        self._done(self.outcome, took)
        if self._span is not None:
            self._span.end(self.outcome)
        super().__exit__(kind, error, traceback)


class Watching(Watch):
    """Counts into `tallies`. `name` is a few characters that tell this process from others: each
    request's id begins with them. `spans` begins spans, where traces are kept.
    """

    def __init__(self, tallies: Tallies, name: str, spans: Spans | None = None) -> None:
        self.tallies = tallies
        self._spans = spans
        self._name = name
        self._requests = count(1)

    @override
    def request(self, surface: str, workspace_id: str) -> Trail:
        ids: dict[str, str | int] = {
            "request": f"{self._name}-{next(self._requests)}",
            "surface": surface,
            "workspace": workspace_id,
        }

        def done(outcome: str, seconds: float) -> None:
            self.tallies.acks.took(seconds, surface, outcome)
            if outcome in TROUBLED:
                log.warning("request in trouble", extra={"outcome": str(outcome)})
            elif log.isEnabledFor(logging.DEBUG):
                log.debug("acknowledged", extra={"outcome": str(outcome), "seconds": seconds})

        return self._timed(f"request {surface}", ids, done, None)

    @override
    def effect(self, workspace_id: str, effect: Effect, *, trace: str | None = None) -> Trail:
        def done(outcome: str, _seconds: float) -> None:
            self.tallies.tries.add(effect.kind, outcome)
            log.debug("tried", extra={"outcome": str(outcome)})

        ids = {"kind": effect.kind.value, **ids_of(workspace_id, effect)}
        return self._timed(f"effect {effect.kind}", ids, done, trace)

    @override
    def tick(self, name: str) -> Trail:
        def done(outcome: str, seconds: float) -> None:
            self.tallies.ticks.took(seconds, name, outcome)

        return self._timed(f"tick {name}", {"tick": name}, done, None)

    def _timed(self, name: str, ids: dict[str, str | int], done: Done, below: str | None) -> Trail:
        if self._spans is None:
            return _Timed(ids, done, None)
        span = self._spans.begin(name, ids, below)
        ids["trace"] = trace_id(span.trace)
        return _Timed(ids, done, span)


def span_here(spans: Spans | None, name: str, ids: dict[str, str | int]) -> Span | None:
    """A span below what is going on, where traces are kept and there is something to belong to."""
    trail = here()
    if spans is None or trail is None or trail.trace is None:
        return None
    return spans.begin(name, ids, trail.trace)


class WatchedDatabase(Database):
    """A database whose use cases are timed, and know on its threads where they belong."""

    tallies: Tallies | None = None
    """Where it counts; nowhere as long as that is None."""

    spans: Spans | None = None
    """What begins a span for each use case that belongs to something."""

    @override
    async def transact(
        self, workspace_id: str, use_case: UseCase[C, R], command: C, now: datetime
    ) -> R:
        timed = _Timing(use_case, self.spans)
        try:
            result = await super().transact(workspace_id, timed, command, now)
        except Exception as error:
            self._count(timed, "write", ended_by(error))
            raise
        self._count(timed, "write", Ended.OK)
        _note(command, result)
        return result

    @override
    async def read(
        self, workspace_id: str, use_case: UseCase[C, R], command: C, now: datetime
    ) -> R:
        timed = _Timing(use_case, self.spans)
        try:
            result = await super().read(workspace_id, timed, command, now)
        except Exception as error:
            self._count(timed, "read", ended_by(error))
            raise
        self._count(timed, "read", Ended.OK)
        _note(command, result)
        return result

    def _count(self, timed: "_Timing[C, R]", mode: str, outcome: str) -> None:
        if timed.span is not None:
            timed.span.end(outcome)
        if self.tallies is None:
            return
        begun = timed.begun
        if begun is None:  # it was never let in
            self.tallies.database_waits.took(perf_counter() - timed.asked, mode)
            self.tallies.database.took(0.0, mode, outcome)
            return
        self.tallies.database_waits.took(begun - timed.asked, mode)
        self.tallies.database.took(perf_counter() - begun, mode, outcome)


class _Timing(Generic[C, R]):
    """A use case that notes when the database began it, in the context of who asked for it. It is
    as brief, or as patient, as the use case is.
    """

    __slots__ = ("_context", "_use_case", "asked", "begun", "is_brief", "is_patient", "span")

    def __init__(self, use_case: UseCase[C, R], spans: Spans | None) -> None:
        self._use_case = use_case
        name = getattr(use_case, "__name__", "")
        self.span = span_here(spans, f"transaction {name}", {}) if spans is not None else None
        self.is_brief = is_brief(use_case)
        self.is_patient = is_patient(use_case)
        self._context = copy_context()
        self.asked = perf_counter()
        self.begun: float | None = None

    def __call__(self, tx: Transaction, command: C, now: datetime) -> R:
        self.begun = perf_counter()
        return self._context.run(self._use_case, tx, command, now)


def _note(*things: object) -> None:
    """Tell the trail which submission something is about: by its `number`, its own or that of the
    `submission` that it holds.
    """
    for thing in things:
        number = getattr(getattr(thing, "submission", thing), "number", None)
        if isinstance(number, int):
            touches(number)

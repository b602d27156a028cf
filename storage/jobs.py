"""A use case that waits for SQLite's writer, and what its caller is told."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import StorageBusyError
from storage.failures import for_the_caller
from storage.prepared import Prepared
from storage.raw import is_begun

T = TypeVar("T")

_SAVE = Prepared(text("SAVEPOINT use_case"))
_UNDO = Prepared(text("ROLLBACK TO use_case"))
_RELEASE = Prepared(text("RELEASE use_case"))


@dataclass(slots=True, kw_only=True, eq=False)
class Job(Generic[T]):
    """A use case that waits for the writer. `result` and `error` are its own; what is told to the
    caller, in the caller's event loop, is known after the commit.

    `is_brief`: it may run in the event loop. `deadline` is a time of `monotonic`.
    """

    body: Callable[[Connection], T]
    after: Callable[[T], None] | None
    tell: Callable[[T], None] | None
    is_brief: bool
    deadline: float
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[T]
    taken: Lock = field(default_factory=Lock)
    timer: asyncio.TimerHandle | None = None
    result: T | None = None
    error: BaseException | None = None

    def take(self) -> bool:
        """Decide what becomes of it, once: the writer begins it, or whoever waits gives up."""
        return self.taken.acquire(blocking=False)

    def watch(self) -> None:
        """Have it give up in time. The event loop comes at once to whoever is for it, and for those
        that is not worth what it costs: as much as two statements. In the job's event loop.
        """
        if self.timer is None:
            self.timer = self.loop.call_at(self.deadline, self.give_up)

    def is_over(self) -> None:
        """Nobody waits for it any more: when it has not begun, it never runs."""
        if self.timer is not None:
            self.timer.cancel()
        self.take()

    def give_up(self) -> None:
        """It waited too long, unless it has begun: a job that has begun is always awaited."""
        if self.take():
            self.future.set_exception(StorageBusyError())

    def run(self, connection: Connection) -> None:
        """Run the body in a savepoint; what it raises undoes it alone.

        Raises what it raised when SQLite has undone the whole transaction, as it does when the disk
        fails: https://www.sqlite.org/lang_transaction.html.
        """
        self.error = None
        _SAVE.write(connection, {})
        self.run_bare(connection)
        if self.error is not None:
            _UNDO.write(connection, {})
        _RELEASE.write(connection, {})

    def run_bare(self, connection: Connection) -> None:
        """The same without a savepoint: when it fails, the transaction is to be rolled back."""
        try:
            self.result = self.body(connection)
        except Exception as error:
            if connection.invalidated or not is_begun(connection):
                raise
            self.error = error

    def stored(self) -> None:
        """The transaction was committed, or had nothing to commit."""
        if self.error is None and self.after is not None:
            try:
                self.after(self.result)  # type: ignore[arg-type]  # without an error there is a result
            except BaseException as error:  # noqa: BLE001  (whoever waits must hear of anything)
                self.error = error

    def answer(self) -> None:
        """Tell the caller, in the caller's words. Runs in the event loop."""
        if self.error is None and self.tell is not None:
            self.loop.call_soon(self.tell, self.result)  # type: ignore[arg-type]  # as above
        if self.future.done():
            return  # cancelled while it ran
        if self.error is None:
            self.future.set_result(self.result)  # type: ignore[arg-type]  # as above
        else:
            self.future.set_exception(_told(self.error))


def tell_all(jobs: list[Job[Any]], here: asyncio.AbstractEventLoop | None = None) -> None:
    """Tell all callers; those of `here` at once, the other loops are woken once each."""
    for loop in {job.loop for job in jobs}:
        its = [job for job in jobs if job.loop is loop]
        if loop is here:
            _answer_all(its)
        else:
            with suppress(RuntimeError):  # closed: nobody waits there any more
                loop.call_soon_threadsafe(_answer_all, its)


def _answer_all(jobs: list[Job[Any]]) -> None:
    """Tell all callers of one event loop, which is woken once for all of them."""
    for job in jobs:
        job.answer()


def _told(error: BaseException) -> BaseException:
    if not isinstance(error, SQLAlchemyError):
        return error
    told = for_the_caller(error, is_writing=True)
    if told is not error:
        told.__cause__ = error
    return told

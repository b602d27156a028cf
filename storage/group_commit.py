"""SQLite's one writer: use cases that wait for it share a transaction, and so one sync to disk."""

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, RootTransaction, text
from sqlalchemy.exc import SQLAlchemyError
from typing_extensions import override

from bot.errors import StorageBusyError
from storage.backend import Backend, Writer
from storage.failures import for_the_caller
from storage.prepared import Prepared

T = TypeVar("T")

MOST = 64
"""How many use cases one transaction takes at most."""

LONGEST = 0.02
"""Seconds after which a transaction takes no more: whoever came first waits for the last."""

_SAVE = Prepared(text("SAVEPOINT use_case"))
_UNDO = Prepared(text("ROLLBACK TO use_case"))
_RELEASE = Prepared(text("RELEASE use_case"))


@dataclass(slots=True, kw_only=True)
class _Job(Generic[T]):
    """A use case that waits for the writer. `result` and `error` are its own; what is told to the
    caller, in the caller's event loop, is known after the commit.
    """

    body: Callable[[Connection], T]
    after: Callable[[T], None] | None
    tell: Callable[[T], None] | None
    deadline: float
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[T]
    taken: Lock = field(default_factory=Lock)
    result: T | None = None
    error: BaseException | None = None

    def take(self) -> bool:
        """Decide what becomes of it, once: the writer begins it, or whoever waits gives up."""
        return self.taken.acquire(blocking=False)

    def give_up(self) -> None:
        """It waited too long, unless it has begun: a job that has begun is always awaited."""
        if self.take():
            self.future.set_exception(StorageBusyError())

    def run(self, connection: Connection) -> None:
        """Run the body in a savepoint; what it raises undoes it alone.

        Raises what it raised when SQLite has undone the whole transaction, as it does when the disk
        fails: https://www.sqlite.org/lang_transaction.html.
        """
        _SAVE.write(connection, {})
        try:
            self.result = self.body(connection)
        except Exception as error:
            if connection.invalidated or not connection.connection.in_transaction:
                raise
            self.error = error
            _UNDO.write(connection, {})
        _RELEASE.write(connection, {})

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


def _told(error: BaseException) -> BaseException:
    if not isinstance(error, SQLAlchemyError):
        return error
    told = for_the_caller(error, is_writing=True)
    if told is not error:
        told.__cause__ = error
    return told


def _answer(jobs: list[_Job[Any]]) -> None:
    """Tell all callers of one event loop, which is woken once for all of them."""
    for job in jobs:
        job.answer()


class GroupCommits(Writer):
    """Runs bodies on one thread, first come, first served, several to a transaction.

    A transaction takes what waits, up to MOST, and waits for nothing. Each body has a savepoint of
    its own. Callers are answered after the commit, those whose body failed as well: what a body
    read may come from a neighbour that is not committed yet. When the commit fails, nothing is
    stored, and all hear it.
    """

    def __init__(self, backend: Backend, patience: float) -> None:
        self._backend = backend
        self._patience = patience
        self._waiting: deque[_Job[Any]] = deque()
        self._is_called = False
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="storage-writer")

    @override
    async def run(
        self,
        body: Callable[[Connection], T],
        *,
        after: Callable[[T], None] | None = None,
        tell: Callable[[T], None] | None = None,
    ) -> T:
        loop = asyncio.get_running_loop()
        job: _Job[T] = _Job(
            body=body,
            after=after,
            tell=tell,
            deadline=monotonic() + self._patience,
            loop=loop,
            future=loop.create_future(),
        )
        timer = loop.call_later(self._patience, job.give_up)
        try:
            self._waiting.append(job)
            self._call()
            return await job.future
        finally:
            timer.cancel()
            job.take()  # when the caller is cancelled, a job that has not begun never runs

    def _call(self) -> None:
        """Have the writer look who waits, unless it was called and has not looked yet."""
        if self._is_called:
            return
        self._is_called = True  # before it is: it takes this back as soon as it looks
        try:
            self._executor.submit(self._rounds)
        except RuntimeError:  # closed
            self._is_called = False
            raise

    @override
    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(None, self._executor.shutdown)

    def _rounds(self) -> None:
        """One transaction after the other, as long as anybody waits."""
        self._is_called = False
        while begun := self._round():
            callers = {job.loop for job in begun}
            for loop in callers:
                with suppress(RuntimeError):  # closed: nobody waits there any more
                    loop.call_soon_threadsafe(_answer, [job for job in begun if job.loop is loop])

    def _round(self) -> list[_Job[Any]]:
        """One transaction, if anybody waits; returns those whose fate is known."""
        begun: list[_Job[Any]] = []
        try:
            self._commit_together(begun)
        except BaseException as error:  # noqa: BLE001  (whoever waits must hear of anything)
            for job in begun:
                job.error = error
        else:
            for job in begun:
                job.stored()
        return begun

    def _commit_together(self, begun: list[_Job[Any]]) -> None:
        """Run what waits and commit; `begun` gets the jobs, which share the transaction's fate."""
        first = self._next()
        if first is None:
            return
        begun.append(first)
        self._backend.check()
        with self._backend.writer.connect() as connection:
            self._backend.set_patience(connection, first.deadline - monotonic())
            with connection.begin() as transaction:
                full_at = monotonic() + LONGEST
                first.run(connection)
                while len(begun) < MOST and monotonic() < full_at:
                    job = self._next()
                    if job is None:
                        break
                    begun.append(job)
                    job.run(connection)
                if all(job.error for job in begun):
                    transaction.rollback()
                    return
                self._backend.check()
                self._commit(connection, transaction)

    @staticmethod
    def _commit(connection: Connection, transaction: RootTransaction) -> None:
        try:
            transaction.commit()
        except BaseException:
            # SQLite may leave it open, and SQLAlchemy takes it for closed: away with the
            # connection, or each BEGIN after this one would find itself inside.
            connection.invalidate()
            raise

    def _next(self) -> _Job[Any] | None:
        """The first who waits and did not give up; from now on it is awaited."""
        while self._waiting:
            job = self._waiting.popleft()
            if job.take():
                return job
        return None

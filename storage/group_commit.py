"""SQLite's one writer: use cases that wait for it share a transaction, and so one sync to disk."""

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, RootTransaction, text
from sqlalchemy.exc import SQLAlchemyError
from typing_extensions import override

from storage.backend import Backend, Writer
from storage.failures import for_the_caller
from storage.prepared import Prepared
from storage.workers import outcome

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
    caller, through `future`, is known after the commit.
    """

    body: Callable[[Connection], T]
    after: Callable[[T], None]
    deadline: float
    future: Future[T] = field(default_factory=Future)
    result: T | None = None
    error: Exception | None = None

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

    def answer(self) -> None:
        """Tell the caller, after the commit."""
        if self.error is not None:
            self.fail(self.error)
            return
        try:
            self.after(self.result)  # type: ignore[arg-type]  # without an error there is a result
        except BaseException as error:  # noqa: BLE001  (whoever waits must hear of anything)
            self.future.set_exception(error)
            return
        self.future.set_result(self.result)  # type: ignore[arg-type]  # as above

    def fail(self, error: BaseException) -> None:
        """Tell the caller what went wrong, in the caller's words."""
        told = error
        if isinstance(error, SQLAlchemyError):
            told = for_the_caller(error, is_writing=True)
            if told is not error:
                told.__cause__ = error
        self.future.set_exception(told)


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
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="storage-writer")

    @override
    async def run(self, body: Callable[[Connection], T], after: Callable[[T], None]) -> T:
        job = _Job(body=body, after=after, deadline=monotonic() + self._patience)
        self._waiting.append(job)
        # One round per job is enough; a round that finds nothing, since an earlier one took its
        # job along, ends at once.
        self._executor.submit(self._round)
        return await outcome(job.future, self._patience)

    @override
    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(None, self._executor.shutdown)

    def _round(self) -> None:
        """One transaction, if anybody waits."""
        begun: list[_Job[Any]] = []
        try:
            self._commit_together(begun)
        except BaseException as error:  # noqa: BLE001  (whoever waits must hear of anything)
            for job in begun:
                job.fail(error)
        else:
            for job in begun:
                job.answer()

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
        """The first who waits and was not cancelled; from now on it can't be."""
        while self._waiting:
            job = self._waiting.popleft()
            if job.future.set_running_or_notify_cancel():
                return job
        return None

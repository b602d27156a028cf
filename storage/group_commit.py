"""SQLite's one writer: use cases that wait for it share a transaction, and so one sync to disk."""

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from threading import Lock
from time import monotonic
from typing import Any, TypeVar

from sqlalchemy import Connection
from typing_extensions import override

from storage import raw
from storage.backend import Backend, Writer
from storage.caution import Caution
from storage.checkpoints import Checkpoints
from storage.jobs import Job, tell_all

T = TypeVar("T")

MOST = 64
"""How many use cases one transaction takes at most."""

LONGEST = 0.02
"""Seconds after which a transaction takes no more: whoever came first waits for the last."""

PASSES = 4
"""How many passes of the event loop a transaction waits for company. A request takes some, from its
socket to here; were each of them to meet a transaction, it would wait for all of those."""


class GroupCommits(Writer):
    """Runs bodies first come, first served, several to a transaction, in one of two places.

    Brief ones run in the event loop, right where they are awaited: to hand them to a thread and
    back, and to pass the interpreter's lock to and fro at each statement, takes longer than they
    do. A thread takes what is not brief, and everything as long as the file is locked by another
    process or the disk is slow, for the loop never waits for either.

    The thread leaves as soon as whoever comes next is for the loop: in it, each statement waits for
    the interpreter's lock, and whoever came meanwhile would wait for that, too.

    A transaction takes what waits, up to MOST, and waits for nothing. When one of several bodies
    fails, they run anew, each in a savepoint of its own. Callers are answered after the commit,
    those whose body failed as well: what a body read may come from a neighbour that is not
    committed yet. When the commit fails, nothing is stored, and all hear it.
    """

    def __init__(self, backend: Backend, patience: float) -> None:
        self._backend = backend
        self._patience = patience
        self._waiting: deque[Job[Any]] = deque()
        self._state = Lock()
        """Guards `_is_called` together with `_waiting`: a job that comes is seen by the thread
        before it leaves, or calls it again."""
        self._is_called = False
        self._writing = Lock()
        """Held by whoever runs a transaction."""
        self._turn_in: asyncio.AbstractEventLoop | None = None
        self._caution = Caution()
        self._connection: Connection | None = None
        self._checkpoints = Checkpoints(backend.reader)
        self._is_closed = False
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="storage-writer")

    @override
    async def run(
        self,
        body: Callable[[Connection], T],
        *,
        after: Callable[[T], None] | None = None,
        tell: Callable[[T], None] | None = None,
        is_brief: bool = False,
    ) -> T:
        loop = asyncio.get_running_loop()
        job: Job[T] = Job(
            body=body,
            after=after,
            tell=tell,
            is_brief=is_brief,
            deadline=monotonic() + self._patience,
            loop=loop,
            future=loop.create_future(),
        )
        try:
            self._line_up(job)
            return await job.future
        finally:
            job.is_over()  # when the caller is cancelled, a job that has not begun never runs

    @override
    async def close(self) -> None:
        with self._state:
            self._is_closed = True
            if self._waiting:
                self._call()
        await asyncio.to_thread(self._executor.shutdown)
        await asyncio.to_thread(self._checkpoints.close)
        with self._writing:
            self._disconnect()

    def _line_up(self, job: Job[Any]) -> None:
        with self._state:
            if self._is_closed:
                raise RuntimeError("The database was closed.")
            self._waiting.append(job)
            if self._turn_in is not None and self._turn_in.is_closed():
                self._turn_in = None
            if self._is_called:
                job.watch()
            elif not (job.is_brief and self._turn_in in {None, job.loop}):
                self._leave_to_thread(job.loop)
            elif self._turn_in is None:
                self._expect_turn(job.loop)

    def _expect_turn(self, loop: asyncio.AbstractEventLoop) -> None:
        """Have the event loop run what waits, after all else that is ready: whoever comes with that
        shares the commit. `_state` is held.
        """
        self._turn_in = loop
        # In the context of none of them.
        loop.call_soon(self._turn, loop, PASSES, context=Context())

    def _call(self) -> None:
        """Have the thread run what waits, unless it does. `_state` is held."""
        if not self._is_called:
            self._executor.submit(self._rounds)
            self._is_called = True

    def _rounds(self) -> None:
        """In the thread: one transaction after the other, as long as anybody waits."""
        is_last = False
        while not is_last:
            with self._writing:
                begun = self._round(is_in_loop=False)
            with self._state:
                is_last = not self._waiting or self._hand_back()
                self._is_called = not is_last
            tell_all(begun)

    def _hand_back(self) -> bool:
        """From the thread: leave what waits to the event loop, if it is for that. `_state` is
        held.
        """
        if not self._is_for_loop(self._waiting[0]):
            return False
        loop = self._waiting[0].loop
        try:
            loop.call_soon_threadsafe(self._turn, loop, 0, context=Context())
        except RuntimeError:  # closed: nobody waits there any more
            return False
        self._turn_in = loop
        return True

    def _is_for_loop(self, job: Job[Any]) -> bool:
        """Whether the event loop runs it, if nothing is in its way; the thread runs all else."""
        return job.is_brief and not self._is_closed and self._caution.is_over(monotonic())

    def _turn(self, loop: asyncio.AbstractEventLoop, passes: int) -> None:
        """In the event loop: one transaction of brief jobs, or the thread is called."""
        if passes:
            loop.call_soon(self._turn, loop, passes - 1)
            return
        with self._state:
            self._turn_in = None
            if not self._waiting:
                return
            is_ours = not self._is_called and self._is_for_loop(self._waiting[0])
            if not (is_ours and self._writing.acquire(blocking=False)):
                self._leave_to_thread(loop)
                return
        begun_at = monotonic()
        self._backend.road.close()
        try:
            begun = self._round(is_in_loop=True)
        finally:
            self._backend.road.open()
            self._writing.release()
        self._caution.judge(begun_at, monotonic())
        tell_all(begun, loop)
        with self._state:
            if self._waiting and not self._is_called:
                if begun and self._waiting[0].loop is loop:
                    self._expect_turn(loop)
                else:  # it could not begin: the file is locked, or gone; or this loop may end
                    self._leave_to_thread(loop)

    def _leave_to_thread(self, loop: asyncio.AbstractEventLoop) -> None:
        """From the event loop: the thread runs what waits, with timers. `_state` is held."""
        for job in self._waiting:
            if job.loop is loop:
                job.watch()
        self._call()

    def _round(self, *, is_in_loop: bool) -> list[Job[Any]]:
        """One transaction, if anybody waits; returns those whose fate is known."""
        begun: list[Job[Any]] = []
        try:
            self._commit_together(begun, is_in_loop=is_in_loop)
        except BaseException as error:  # noqa: BLE001  (whoever waits must hear of anything)
            for job in begun:
                job.error = error
            self._disconnect()
        else:
            for job in begun:
                job.stored()
            self._checkpoints.stored(len(begun))
        return begun

    def _commit_together(self, begun: list[Job[Any]], *, is_in_loop: bool) -> None:
        """Run what waits and commit; `begun` gets the jobs, which share the transaction's fate.

        In the thread that is the first of them even when no transaction can be begun. In the loop
        nobody is taken before it has.
        """
        patience = 0.0
        if not is_in_loop:
            first = self._next(is_in_loop=False, is_anybody=True)
            if first is None:
                return
            begun.append(first)
            patience = first.deadline - monotonic()
        connection = self._connected()
        self._backend.set_patience(connection, patience)
        raw.begin(connection)
        try:
            self._run_together(connection, begun, is_in_loop=is_in_loop)
            if all(job.error for job in begun):
                raw.roll_back(connection)
                return
            self._backend.check()
        except BaseException:
            raw.roll_back(connection)
            raise
        self._commit(connection)

    def _run_together(
        self, connection: Connection, begun: list[Job[Any]], *, is_in_loop: bool
    ) -> None:
        """Run what waits; none but the first if that fails, for what it wrote is still there."""
        full_at = monotonic() + LONGEST
        first = begun[0] if begun else self._next(is_in_loop=is_in_loop)
        if first is None:
            return
        begun[:] = [first]
        first.run_bare(connection)
        is_apart = False
        while first.error is None and len(begun) < MOST and monotonic() < full_at:
            another = self._next(is_in_loop=is_in_loop)
            if another is None:
                return
            begun.append(another)
            (another.run if is_apart else another.run_bare)(connection)
            if another.error is not None and not is_apart:
                self._run_anew(connection, begun)
                is_apart = True

    @staticmethod
    def _run_anew(connection: Connection, begun: list[Job[Any]]) -> None:
        """One of several failed: run them again, each in a savepoint that next to nobody needs."""
        raw.roll_back(connection)
        raw.begin(connection)
        for job in begun:
            job.run(connection)

    def _connected(self) -> Connection:
        """The writer's connection, kept from one transaction to the next: to hand it back to its
        pool and take it out again costs as much as three statements.
        """
        if self._connection is None or self._connection.closed:
            self._connection = self._backend.writer.connect()
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @staticmethod
    def _commit(connection: Connection) -> None:
        try:
            raw.commit(connection)
        except BaseException:
            # SQLite may leave it open, and SQLAlchemy takes it for closed: away with the
            # connection, or each BEGIN after this one would find itself inside.
            connection.invalidate()
            raise

    def _next(self, *, is_in_loop: bool, is_anybody: bool = False) -> Job[Any] | None:
        """The first who waits and did not give up; from now on it is awaited. In the event loop
        nobody who is not for it, in the thread nobody who is; nor anybody behind them.
        """
        while self._waiting and (is_anybody or self._is_for_loop(self._waiting[0]) is is_in_loop):
            job = self._waiting.popleft()
            if job.take():
                return job
        return None

"""Runs one body in one transaction, and tells the caller what went wrong in the caller's words."""

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import NoReturn, TypeVar

from sqlalchemy import Connection, Engine, RootTransaction
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from typing_extensions import override

from storage.backend import Backend, Writer
from storage.failures import Failure, classify, for_the_caller
from storage.workers import Workers

T = TypeVar("T")


class Runner:
    """Runs bodies in transactions on the calling thread."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def write(self, body: Callable[[Connection], T], deadline: float) -> T:
        """Run `body` in a writing transaction and commit; what `body` raises rolls back.

        What another transaction broke (a deadlock, a unique key taken meanwhile, a connection that
        had died in the pool) is tried a second time while there is time: bodies have no effects
        but those in the database. A commit is never repeated, since it may have worked.
        """
        return self._run(body, deadline, is_writing=True)

    def read(self, body: Callable[[Connection], T], deadline: float) -> T:
        """Run `body` in a reading transaction."""
        return self._run(body, deadline, is_writing=False)

    def _run(self, body: Callable[[Connection], T], deadline: float, *, is_writing: bool) -> T:
        engine = self._backend.writer if is_writing else self._backend.reader
        is_again = False
        while True:
            try:
                return self._once(engine, body, deadline, is_writing=is_writing)
            except SQLAlchemyError as error:
                may_repeat = not is_again and monotonic() < deadline
                if not (may_repeat and classify(error) is Failure.AGAIN):
                    _raise(error, is_writing=is_writing)
                is_again = True

    def _once(
        self,
        engine: Engine,
        body: Callable[[Connection], T],
        deadline: float,
        *,
        is_writing: bool,
    ) -> T:
        self._backend.check()
        with engine.connect() as connection:
            self._backend.set_patience(connection, deadline - monotonic())
            with connection.begin() as transaction:
                result = body(connection)
                if is_writing:
                    self._backend.check()
                    _commit(transaction)
                else:
                    transaction.rollback()
        return result


class SingleCommits(Writer):
    """Each body in a transaction of its own, several at a time: PostgreSQL."""

    def __init__(self, runner: Runner, workers: Workers) -> None:
        self._runner = runner
        self._workers = workers

    @override
    async def run(
        self,
        body: Callable[[Connection], T],
        *,
        after: Callable[[T], None] | None = None,
        tell: Callable[[T], None] | None = None,
        is_brief: bool = False,
    ) -> T:
        """`is_brief` changes nothing here: to ask PostgreSQL is to wait for a network."""
        loop = asyncio.get_running_loop()

        def job(deadline: float) -> T:
            result = self._runner.write(body, deadline)
            if after is not None:
                after(result)
            if tell is not None:
                loop.call_soon_threadsafe(tell, result)
            return result

        return await self._workers.run(job)

    @override
    async def close(self) -> None:
        """The threads are shared with those who read; they are closed with them."""


def _commit(transaction: RootTransaction) -> None:
    try:
        transaction.commit()
    except DBAPIError as error:
        caller_error = for_the_caller(error, is_writing=True)
        if caller_error is error:
            raise
        raise caller_error from error


def _raise(error: SQLAlchemyError, *, is_writing: bool) -> NoReturn:
    caller_error = for_the_caller(error, is_writing=is_writing)
    if caller_error is error:
        raise error
    raise caller_error from error

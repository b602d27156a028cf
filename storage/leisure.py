"""Reads for nobody who waits: on a thread of their own, and at rest most of the time while people
hand in.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection

from storage.courtesy import LOOKS, Road, give_way
from storage.runner import Runner
from storage.workers import Workers

T = TypeVar("T")

PATIENCE = 60.0
"""Seconds that a patient use case waits for its turn."""


class Leisure:
    """SQLite's patient readers, one at a time: behind them nobody waits who has no patience."""

    def __init__(self, runner: Runner, road: Road) -> None:
        self._runner = runner
        self._road = road
        self._workers = Workers("storage-patient", 1, PATIENCE, on_begin=give_way)

    async def read(self, body: Callable[[Connection], T]) -> T:
        """Run `body` in a reading transaction. Raises the storage's errors."""

        def at_leisure(connection: Connection) -> T:
            driver: Any = connection.connection.dbapi_connection
            self._road.set_out()
            driver.set_progress_handler(self._road.rest, LOOKS)
            try:
                return body(connection)
            finally:
                driver.set_progress_handler(None, 0)
                self._road.arrive()

        return await self._workers.run(partial(self._runner.read, at_leisure))

    async def close(self) -> None:
        """Let those who have come finish, then end the thread."""
        await self._workers.close()

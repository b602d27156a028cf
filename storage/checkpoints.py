"""SQLite's checkpoints, beside the writer: pages go from the log into the file while others write.

By itself SQLite does it within whichever commit comes after a thousand pages, whose people wait.
"""

import logging
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from storage.courtesy import give_way

log = logging.getLogger(__name__)

EVERY = 200
"""How many use cases are stored between two: at most some four thousand pages. Whoever stores while
one is made waits longer for the disk: so that is one in two hundred, and not one in fifty."""

LONGEST_LOG = 6_000
"""Pages after which the writer does it after all: those who write without a pause leave the other
thread none in which to begin the log anew (https://www.sqlite.org/wal.html#avoiding_excessively_large_wal_files)."""


class Checkpoints:
    """Counts what was stored, and has a thread of its own make the checkpoints."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._stored = 0
        self._is_running = False
        self._executor = ThreadPoolExecutor(
            1, thread_name_prefix="storage-checkpoints", initializer=give_way
        )

    def stored(self, count: int) -> None:
        """So many use cases were stored; called by whoever writes."""
        self._stored += count
        if self._stored < EVERY or self._is_running:
            return
        self._stored = 0
        self._is_running = True
        self._executor.submit(self._make)

    def close(self) -> None:
        """Wait for the one that is being made."""
        self._executor.shutdown()

    def _make(self) -> None:
        try:
            with self._engine.connect() as connection:
                # Past SQLAlchemy, which would begin a transaction: within one there are none.
                driver: Any = connection.connection.driver_connection
                driver.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        except (sqlite3.Error, SQLAlchemyError) as error:
            # Nothing is lost: what is in the log is stored. The next one, or the writer, hears it.
            log.warning("no checkpoint", extra={"why": str(error)})
        finally:
            self._is_running = False

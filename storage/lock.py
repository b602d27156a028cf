"""Keeps a second serving process away from the same SQLite file."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.errors import DeskError


class AlreadyServingError(DeskError):
    """Another process serves from this file."""


class SingleProcessLock:
    """An exclusive lock on a file beside the database; a context manager.

    The kernel frees it when the process ends, however it ends. With no path there is nothing to
    lock: PostgreSQL serves many processes.
    """

    def __init__(self, database: Path | None) -> None:
        self._database = database
        self._path = None if database is None else database.with_name(database.name + ".lock")
        self._handle: int | None = None

    def __enter__(self) -> Self:
        if self._path is None:
            return self
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(handle)
            raise AlreadyServingError(
                f"Another Social Desk process is using {self._database} "
                f"(it holds {self._path.name}). Stop it first; SQLite serves one process only."
            ) from error
        self._handle = handle
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

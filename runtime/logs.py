"""Structured logs without personal data: one line per event, fields by name."""

import contextlib
import logging
import re
import sys
from collections.abc import Iterator
from typing import Any, Literal

from bot.trail import here


@contextlib.contextmanager
def _absent(*names: str) -> Iterator[None]:
    """While inside, these modules can't be imported, as if they were not installed
    (https://docs.python.org/3/reference/import.html#the-module-cache).
    """
    missing = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(missing))  # type: ignore[arg-type]  # None is what stands for it
    try:
        yield
    finally:
        for name in missing:
            sys.modules.pop(name, None)


# structlog takes rich for coloured stack traces where it is there: four megabytes for nothing here.
with _absent("rich", "greenlet"):
    import structlog

_SECRET = re.compile(r"\b(xox[a-z]|xapp|xoxe)[-.][A-Za-z0-9.-]+")
_MUTE = ("procrastinate", "psycopg.pool")
"""These tell of a database that is away again and again, with stack traces; runtime/wakeups.py
says it once.
"""
_QUIET = ("slack_bolt", "slack_sdk", "aiohttp.access", "apscheduler", "asyncio", "alembic")
"""These log request bodies or tokens below WARNING, or chatter at every tick."""


def set_up_logs(level: str, style: Literal["json", "console"]) -> None:
    """Send every logger's records to standard error, in one form."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        _with_trail,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                renderer,
                _without_secrets,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    handler.addFilter(_is_to_be_heard)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in _MUTE:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _with_trail(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Where it happened: the ids of the request, effect or tick, and of the submission."""
    trail = here()
    if trail is not None:
        for name, value in trail.ids.items():
            event.setdefault(name, value)
    return event


def _is_to_be_heard(record: logging.LogRecord) -> bool:
    """Bolt gives its loggers a level of their own, so the level alone does not keep them quiet."""
    return record.levelno >= logging.WARNING or not record.name.startswith(_QUIET)


def _without_secrets(_logger: object, _method: str, line: Any) -> str:
    """Tokens never reach a log, whoever wrote them there: in a field, a list or a stack trace."""
    return _SECRET.sub(r"\1-…", str(line))

"""Watches over a run: nothing is logged as a bug, and no task dies unheard."""

import asyncio
import gc
import logging
import traceback
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest

EXPECTED = frozenset({"slack_bolt.AsyncMultiTeamsAuthorization"})
"""Bolt tells there of each request from a workspace that the app is not installed to."""


@dataclass(slots=True)
class Watch:
    """What must not happen."""

    bugs: list[str] = field(default_factory=list)

    def hear(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.ERROR and record.name not in EXPECTED:
            trace = record.exc_info[1] if record.exc_info else None
            shown = traceback.format_exception(trace)[-3:] if trace else []
            self.bugs.append(
                f"{record.name}: {record.getMessage()} {''.join(shown)[-600:]} "
                f"{getattr(record, 'answer', '')}"
            )

    def died(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        self.bugs.append(f"a task died: {context}")


@pytest.fixture
async def watch() -> AsyncIterator[Watch]:
    found = Watch()
    handler = logging.Handler()
    handler.emit = found.hear  # type: ignore[method-assign]  # a handler is what it emits
    logging.getLogger().addHandler(handler)
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(found.died)
    yield found
    logging.getLogger().removeHandler(handler)
    gc.collect()
    await asyncio.sleep(0)
    loop.set_exception_handler(None)
    assert found.bugs == []

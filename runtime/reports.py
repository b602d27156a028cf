"""Errors for Sentry: what is logged as one, without what anybody typed. Loaded only where a DSN is
set.

What leaves the process is a list of what may: kinds of exceptions, places in the code, our own
words for the event, and the ids of a request. No message of an exception, no variable, no body, no
header.
"""

import contextlib
import logging
from collections.abc import Iterator
from typing import Any

import sentry_sdk
from sentry_sdk.transport import Transport
from sentry_sdk.utils import event_from_exception
from typing_extensions import override

from bot.trail import here

TAGS = ("request", "surface", "workspace", "submission", "tick", "reference")
"""Which ids go along: none that names a person."""

KEPT = frozenset({"event_id", "timestamp", "level", "logger", "platform", "release", "tags", "sdk"})
FRAME = frozenset({"filename", "module", "function", "lineno", "in_app"})


class Reporter(logging.Handler):
    """Hears of every error that is logged."""

    def __init__(self, client: sentry_sdk.Client) -> None:
        super().__init__(logging.ERROR)
        self._client = client

    @override
    def emit(self, record: logging.LogRecord) -> None:
        event: dict[str, Any] = {}
        if record.exc_info is not None and record.exc_info[0] is not None:
            found, _ = event_from_exception(record.exc_info, client_options=self._client.options)
            event = dict(found)
        trail = here()
        ids = {**(trail.ids if trail is not None else {}), **vars(record)}
        event |= {
            "level": record.levelname.lower(),
            "logger": record.name,
            "logentry": {"message": record.msg},
            "tags": {name: str(ids[name]) for name in TAGS if name in ids},
        }
        self._client.capture_event(event)  # type: ignore[arg-type]  # an event is a plain dict


def scrubbed(event: Any, _hint: Any) -> Any:
    """An event as it may leave: everything that is not known to be harmless is dropped."""
    clean = {name: value for name, value in event.items() if name in KEPT}
    clean["logentry"] = {"message": str((event.get("logentry") or {}).get("message", ""))}
    exceptions = (event.get("exception") or {}).get("values") or ()
    if exceptions:
        clean["exception"] = {"values": [_exception(one) for one in exceptions]}
    return clean


def _exception(one: dict[str, Any]) -> dict[str, Any]:
    """Its kind and where it came from; its message may repeat a value."""
    frames = (one.get("stacktrace") or {}).get("frames") or ()
    return {
        "type": one.get("type"),
        "module": one.get("module"),
        "mechanism": {"type": "logging", "handled": True},
        "stacktrace": {
            "frames": [{k: v for k, v in frame.items() if k in FRAME} for frame in frames]
        },
    }


@contextlib.contextmanager
def reporting(dsn: str, transport: Transport | None = None) -> Iterator[None]:
    """Report errors as long as this is open; what waits is sent at the end. Nothing is global."""
    # Personal data is off by default; `scrubbed` does not rely on it.
    client = sentry_sdk.Client(
        dsn=dsn,
        transport=transport,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        default_integrations=False,
        auto_enabling_integrations=False,
        before_send=scrubbed,
    )
    handler = Reporter(client)
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
        client.close(timeout=3)

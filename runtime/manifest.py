"""The manifest of this installation: its command names, and the events it listens to."""

from typing import Any

from handlers.lifecycle import EVENTS
from handlers.manifest import manifest
from runtime.settings import Settings


def manifest_of(settings: Settings, *, request_url: str | None = None) -> dict[str, Any]:
    """The app's manifest under these settings; without `request_url` for Socket Mode."""
    return manifest(
        command=settings.command,
        commands=settings.commands,
        events=EVENTS,
        request_url=request_url,
    )

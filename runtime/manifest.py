"""The manifest of this installation: its command names, and the events it listens to."""

from typing import Any

from yarl import URL

from handlers.lifecycle import EVENTS
from handlers.manifest import manifest
from handlers.oauth import REDIRECT_PATH
from runtime.settings import Settings, SettingsError


def manifest_of(
    settings: Settings, *, request_url: str | None = None, is_for_many: bool = False
) -> dict[str, Any]:
    """The app's manifest under these settings; without `request_url` for Socket Mode.

    Raises SettingsError for many workspaces without an address that Slack can call.
    """
    redirect_url = None
    if is_for_many:
        if request_url is None:
            raise SettingsError(
                "--many needs --request-url, like https://desk.example.com/slack/events: Socket "
                "Mode is for one workspace."
            )
        redirect_url = settings.slack_redirect_uri or str(URL(request_url).with_path(REDIRECT_PATH))
    return manifest(
        command=settings.command,
        commands=settings.commands,
        events=EVENTS,
        request_url=request_url,
        redirect_url=redirect_url,
    )

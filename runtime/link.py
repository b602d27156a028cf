"""The socket through which Slack's requests come, and what `/readyz` looks at beside it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from runtime.compose import SocialDesk
from runtime.pulse import Pulses
from runtime.readiness import Readiness
from runtime.settings import Settings
from runtime.sight import Sight
from runtime.slack import Sleep, check_app_token

if TYPE_CHECKING:
    from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler

PING_SECONDS = 3
ANSWER_SECONDS = 3
FLUSH_SECONDS = 0.05


async def link_of(
    settings: Settings,
    desk: SocialDesk,
    stack: contextlib.AsyncExitStack,
    sleep: Sleep,
) -> "AsyncSocketModeHandler | None":
    """The socket through which Slack's requests come; None where they don't."""
    if not settings.uses_socket_mode:
        return None
    await check_app_token(settings, desk.app.client, sleep)
    return await stack.enter_async_context(_socket(settings, desk))


def readiness_of(
    desk: SocialDesk,
    sight: Sight,
    pulses: Pulses,
    link: "AsyncSocketModeHandler | None",
    *,
    is_called: bool,
) -> Readiness:
    """What `/readyz` looks at."""

    def lacks() -> str | None:
        if link is not None and not _is_open(link):
            return "Slack: the connection is being opened anew"
        # One workspace that does not let us in must not keep all others out.
        code = None if desk.serves_many else desk.messenger.not_let_in
        return f"Slack: it does not let the app in (“{code}”)" if code else None

    return Readiness(
        database=desk.database,
        clock=desk.services.clock,
        background=desk.background,
        pulses=pulses,
        sight=sight,
        ask_slack=desk.app.client.api_test,
        slack_lacks=lacks,
        is_called=is_called,
    )


@contextlib.asynccontextmanager
async def _socket(settings: Settings, desk: SocialDesk) -> AsyncIterator["AsyncSocketModeHandler"]:
    """The Socket Mode connection. A dead one is noticed after PING_SECONDS."""
    from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler

    handler = AsyncSocketModeHandler(
        desk.app,
        settings.slack_app_token.get_secret_value(),
        web_client=desk.app.client,
        ping_interval=PING_SECONDS,
    )
    await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
    try:
        yield handler
    finally:
        # What is being answered is answered first; Bolt sends the answer over this connection.
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(desk.answers.rest(), ANSWER_SECONDS)
        await asyncio.sleep(FLUSH_SECONDS)
        await handler.close_async()  # type: ignore[no-untyped-call]  # the same


def _is_open(handler: "AsyncSocketModeHandler") -> bool:
    session = handler.client.current_session
    return session is not None and not session.closed

"""The serving process: starts everything in order, and stops it in order on SIGTERM."""

import asyncio
import contextlib
import gc
import logging
import random
import secrets
import signal
import socket
from collections.abc import AsyncIterator
from enum import StrEnum

from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler

from runtime.clocks import SystemClock
from runtime.compose import SocialDesk, Surroundings
from runtime.metrics import Metrics, MetricsDoor
from runtime.pulse import Pulses
from runtime.schema import check_schema, migrate, taken
from runtime.settings import Settings, SettingsError
from runtime.sight import Sight
from runtime.slack import Sleep, check_app_token, identify_patiently, new_client, new_session
from runtime.wakeups import Line, line_to, listening_to
from runtime.web import MAX_BODY, FrontDoor, slack_endpoint
from storage.schema import HEAD

log = logging.getLogger(__name__)

PING_SECONDS = 3
ANSWER_SECONDS = 3
FLUSH_SECONDS = 0.05


class ProcessRole(StrEnum):
    """What a process does. With SQLite one process does it all."""

    ALL = "all"
    WEB = "web"
    WORKER = "worker"


def machine() -> Surroundings:
    """The machine's own clock and chance."""
    return Surroundings(
        clock=SystemClock(),
        owner=f"{socket.gethostname()}-{secrets.token_hex(4)}",
        jitter=random.random,
        new_reference=lambda: secrets.token_hex(4).upper(),
    )


async def serve(
    settings: Settings, role: ProcessRole, surroundings: Surroundings | None = None
) -> None:
    """Serve until SIGTERM or SIGINT, then stop cleanly; without `surroundings` on `machine()`.

    Raises SettingsError for what an operator has to mend, AlreadyServingError when another process
    serves from the same SQLite file, and the storage's errors.
    """
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    if settings.is_sqlite and role is ProcessRole.WORKER:
        log.info("nothing to do: with SQLite the web process delivers as well")
        await stopping.wait()
        return
    settings.check_for_serving(listens=role is not ProcessRole.WORKER)

    async def sleep(seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), seconds)
            raise _StoppedError

    try:
        async with _serving(settings, role, surroundings or machine(), sleep):
            gc.collect()
            gc.freeze()  # what start-up leaves behind is never looked through again
            await stopping.wait()
            log.info("stopping")
    except _StoppedError:
        log.info("stopped before Slack answered")


class _StoppedError(Exception):
    """Somebody stopped the process while it waited for Slack."""


@contextlib.asynccontextmanager
async def _serving(
    settings: Settings, role: ProcessRole, surroundings: Surroundings, sleep: Sleep
) -> AsyncIterator[SocialDesk]:
    """Everything started in order; left in the opposite order. The front door is first, so that
    the process can be watched while it waits for Slack.
    """
    async with contextlib.AsyncExitStack() as stack:
        door = FrontDoor()
        metrics = await _metrics_door(settings, door, stack)
        session = await stack.enter_async_context(new_session())
        sight = Sight(surroundings.tallies, surroundings.clock)
        client = new_client(settings, session, sight.heard)
        desk = SocialDesk(
            settings=settings,
            surroundings=surroundings,
            client=client,
            identity=await identify_patiently(client, sleep),
        )
        stack.enter_context(taken(desk.database))
        stack.push_async_callback(desk.database.close)
        await _migrated(settings, desk)
        line = await _line(settings, role, desk, surroundings, stack)
        if isinstance(surroundings.clock, SystemClock):
            surroundings.clock.go_by(await desk.database.ahead(surroundings.clock.now()))
        await desk.start()
        stack.push_async_callback(desk.close)
        if settings.is_sqlite or role is not ProcessRole.WEB:
            await _begin_work(desk, line, stack)
        await _open_up(door, settings, role, desk, stack, sleep)
        metrics.open_up(metrics_of(settings, role, desk))
        log.info(
            "serving",
            extra={
                "role": role.value,
                "port": settings.port,
                "socket_mode": settings.uses_socket_mode,
            },
        )
        yield desk


async def _metrics_door(
    settings: Settings, door: FrontDoor, stack: contextlib.AsyncExitStack
) -> MetricsDoor:
    """Listen at every port; `/metrics` is at the main one only for those who know a token."""
    token = settings.metrics_token.get_secret_value()
    metrics = MetricsDoor(token)
    routes = [*door.routes(), *(metrics.routes() if token else ())]
    await stack.enter_async_context(listening(settings, routes))
    if settings.metrics_port:
        at = (settings.metrics_host, settings.metrics_port)
        await stack.enter_async_context(_listening_at(*at, metrics.routes(), "METRICS_PORT"))
    return metrics


def metrics_of(settings: Settings, role: ProcessRole, desk: SocialDesk) -> Metrics:
    """What this process shows of itself."""
    database = "sqlite" if settings.is_sqlite else "postgresql"
    pulses = Pulses(desk.database.pulse, desk.services.clock)
    return Metrics(desk.watching.tallies, pulses.newest, (role.value, database, HEAD))


async def _open_up(
    door: FrontDoor,
    settings: Settings,
    role: ProcessRole,
    desk: SocialDesk,
    stack: contextlib.AsyncExitStack,
    sleep: Sleep,
) -> None:
    """Let Slack in: through a socket, over HTTP, or, for a worker, not at all."""
    listens = role is not ProcessRole.WORKER
    link: AsyncSocketModeHandler | None = None
    if listens and settings.uses_socket_mode:
        await check_app_token(settings, desk.app.client, sleep)
        link = await stack.enter_async_context(_socket(settings, desk))

    def lacks() -> str | None:
        if link is not None and not _is_open(link):
            return "the connection to Slack"
        code = desk.messenger.not_let_in
        return f"Slack's leave: it answers “{code}”" if code else None

    over_http = listens and link is None
    tallies = desk.watching.tallies
    secret = settings.slack_signing_secret.get_secret_value()
    door.open_up(
        desk.database,
        slack_lacks=lacks,
        slack=slack_endpoint(desk.app, secret, tallies.refused.add) if over_http else None,
    )


async def _migrated(settings: Settings, desk: SocialDesk) -> None:
    """SQLite is migrated here, under the serving lock; PostgreSQL by the release process."""
    if settings.is_sqlite:
        await asyncio.to_thread(migrate, settings)
    else:
        await check_schema(desk.database, with_wakeups=settings.wake_ups == "notify")


async def _begin_work(
    desk: SocialDesk, line: Line | None, stack: contextlib.AsyncExitStack
) -> None:
    """Tick, take up what was left, and listen for what others store."""
    scheduler = desk.ticks.start()
    stack.callback(scheduler.shutdown, wait=False)
    await desk.ticks.fire_digests()
    await desk.dispatcher.sweep()
    if line is not None:
        await stack.enter_async_context(listening_to(line, desk.dispatcher))


async def _line(
    settings: Settings,
    role: ProcessRole,
    desk: SocialDesk,
    surroundings: Surroundings,
    stack: contextlib.AsyncExitStack,
) -> Line | None:
    """The line to the other processes; none on SQLite, where there are no others.

    A process that does it all looks after its own work at once; others tell whoever is free.
    """
    if settings.is_sqlite:
        return None
    line = await stack.enter_async_context(
        line_to(
            settings.database_url,
            polls=settings.wake_ups == "poll",
            jitter=surroundings.jitter,
            checkpoint=surroundings.checkpoint,
        )
    )
    if role is not ProcessRole.ALL:
        desk.announce = line.tell
    return line


@contextlib.asynccontextmanager
async def _socket(settings: Settings, desk: SocialDesk) -> AsyncIterator[AsyncSocketModeHandler]:
    """The Socket Mode connection. A dead one is noticed after PING_SECONDS."""
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


def _is_open(handler: AsyncSocketModeHandler) -> bool:
    session = handler.client.current_session
    return session is not None and not session.closed


def listening(
    settings: Settings, routes: list[web.RouteDef]
) -> contextlib.AbstractAsyncContextManager[str]:
    """An HTTP server with these routes; gives its address. Stops taking requests when left."""
    return _listening_at(settings.host, settings.port, routes, "PORT")


@contextlib.asynccontextmanager
async def _listening_at(
    host: str, port: int, routes: list[web.RouteDef], setting: str
) -> AsyncIterator[str]:
    app = web.Application(client_max_size=MAX_BODY)
    app.add_routes(routes)
    runner = web.AppRunner(app, access_log=None, handle_signals=False)
    await runner.setup()
    site = web.TCPSite(runner, host, port)
    try:
        await site.start()
    except OSError as error:
        await runner.cleanup()
        raise SettingsError(
            f"{setting}: {port} can't be listened on at {host} ({error.strerror}). "
            f"Set {setting} to a free one."
        ) from error
    try:
        yield site.name
    finally:
        await runner.cleanup()

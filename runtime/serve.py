"""The serving process: starts everything in order, and stops it in order on SIGTERM."""

import asyncio
import contextlib
import gc
import logging
import random
import secrets
import signal
import socket
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from enum import StrEnum

from runtime.clocks import SystemClock
from runtime.compose import SocialDesk, Surroundings
from runtime.doors import all_doors, metrics_of
from runtime.hooks import Hooks
from runtime.link import link_of, readiness_of
from runtime.pulse import Pulses
from runtime.schema import check_schema, migrate, taken
from runtime.settings import Settings
from runtime.sight import Sight
from runtime.slack import Sleep, identify_patiently, new_client, new_session
from runtime.telemetry import telemetry
from runtime.wakeups import Line, line_to, listening_to
from runtime.web import FrontDoor, Handler, install_endpoint, slack_endpoint

log = logging.getLogger(__name__)


YOUNG = 5_000
"""New objects after which Python looks for circles among them. After 700, which is its own measure,
it looks through the payloads of a few requests while they are being answered, and finds none."""


TURN_SECONDS = 0.0005
"""How long a thread keeps the interpreter while the event loop waits for it. By itself it would for
five milliseconds, for which whoever waits for an acknowledgement would wait, too."""


def settle_memory() -> None:
    """What start-up leaves behind is never looked through again, and what is new more seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])


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
    sys.setswitchinterval(TURN_SECONDS)
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
            settle_memory()
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
        spans = stack.enter_context(telemetry(settings, role.value))
        surroundings = replace(surroundings, spans=spans)
        door = FrontDoor()
        metrics = await all_doors(settings, door, stack)
        session = await stack.enter_async_context(new_session(settings.slack_api_url))
        sight = Sight(surroundings.tallies, surroundings.clock)
        client = new_client(settings, session, sight.heard, spans)
        desk = SocialDesk(
            settings=settings,
            surroundings=surroundings,
            client=client,
            identity=None if settings.serves_many else await identify_patiently(client, sleep),
        )
        stack.enter_context(taken(desk.database))
        stack.push_async_callback(desk.database.close)
        await _migrated(settings, desk)
        line = await _line(settings, role, desk, surroundings, stack)
        await desk.set_clock()
        await desk.start()
        stack.push_async_callback(desk.close)
        await _begin_work(desk, line, stack, delivers=settings.is_sqlite or role != "web")
        listens = role is not ProcessRole.WORKER
        link = await link_of(settings, desk, stack, sleep) if listens else None
        pulses = Pulses(desk.database, desk.services.clock)
        is_called = listens and link is None
        readiness = readiness_of(desk, sight, pulses, link, is_called=is_called)
        endpoints = _endpoints(settings, desk, is_called=is_called) if listens else {}
        door.open_up(readiness.look, **endpoints)
        metrics.open_up(metrics_of(settings, role.value, desk, pulses))
        _say(settings, role)
        yield desk


def _say(settings: Settings, role: ProcessRole) -> None:
    about = {"port": settings.port, "socket_mode": settings.uses_socket_mode}
    log.info("serving", extra={"role": role.value, **about})


def _endpoints(settings: Settings, desk: SocialDesk, *, is_called: bool) -> dict[str, Handler]:
    """Where other systems send to webhooks; and, unless Slack's requests come through a socket,
    where it calls, and, with many workspaces, browsers come to install the app.
    """
    hooks = Hooks(desk.database, desk.services.clock).answer
    if not is_called:
        return {"hooks": hooks}
    secret = settings.slack_signing_secret.get_secret_value()
    slack = slack_endpoint(desk.app, secret, desk.watching.tallies.refused.add)
    found: dict[str, Handler] = {"hooks": hooks, "slack": slack}
    if settings.serves_many:
        found["installs"] = install_endpoint(desk.install_flow(settings))
    return found


async def _migrated(settings: Settings, desk: SocialDesk) -> None:
    """SQLite is migrated here, under the serving lock; PostgreSQL by the release process."""
    if settings.is_sqlite:
        await asyncio.to_thread(migrate, settings)
    else:
        await check_schema(desk.database, with_wakeups=settings.wake_ups == "notify")


async def _begin_work(
    desk: SocialDesk, line: Line | None, stack: contextlib.AsyncExitStack, *, delivers: bool
) -> None:
    """Tick, take up what was left, and listen for what others store; who delivers nothing only
    keeps to the common clock.
    """
    scheduler = desk.ticks.start(*(() if delivers else ("clock",)))
    stack.callback(scheduler.shutdown, wait=False)
    if not delivers:
        return
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

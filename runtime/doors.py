"""The ports that a process listens at: one for Slack and for whoever watches, one for metrics."""

import contextlib
import logging
from collections.abc import AsyncIterator

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from runtime.compose import SocialDesk
from runtime.metrics import Metrics, MetricsDoor
from runtime.pulse import Pulses
from runtime.settings import Settings, SettingsError
from runtime.web import MAX_BODY, FrontDoor
from storage.schema import HEAD


async def all_doors(
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


def metrics_of(settings: Settings, role: str, desk: SocialDesk, pulses: Pulses) -> Metrics:
    """What this process shows of itself."""
    database = "sqlite" if settings.is_sqlite else "postgresql"
    return Metrics(desk.watching.tallies, pulses, (role, database, HEAD))


def listening(
    settings: Settings, routes: list[web.RouteDef]
) -> contextlib.AbstractAsyncContextManager[str]:
    """An HTTP server with these routes; gives its address. Stops taking requests when left."""
    return _listening_at(settings.host, settings.port, routes, "PORT")


CAREFUL = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""What a browser is told with each answer; pages may say otherwise for themselves
(https://owasp.org/www-project-secure-headers/).
"""


async def _careful(_request: web.Request, response: web.StreamResponse) -> None:
    for name, value in CAREFUL.items():
        response.headers.setdefault(name, value)
    response.headers["Server"] = (
        "social-desk"  # which library in which version is nobody's business
    )


def _is_ours(record: logging.LogRecord) -> bool:
    """Whether the server tells of a bug of ours. Bytes that are no HTTP it would tell as one, with
    a trace and the bytes, codes and cookies among them; whoever sent them is answered with 400.
    """
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, HttpProcessingError)


@contextlib.asynccontextmanager
async def _listening_at(
    host: str, port: int, routes: list[web.RouteDef], setting: str
) -> AsyncIterator[str]:
    app = web.Application(client_max_size=MAX_BODY)
    app.add_routes(routes)
    app.on_response_prepare.append(_careful)
    told = logging.getLogger("aiohttp.server")
    told.addFilter(_is_ours)  # at the logger: what is reported elsewhere is taken there
    runner = web.AppRunner(app, access_log=None, handle_signals=False, logger=told)
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

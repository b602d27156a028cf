"""Looks whether those can be reached who are told of traces and errors, where they are set."""

from importlib.util import find_spec
from urllib.parse import urlsplit

import aiohttp

from runtime.findings import Finding, fail, ok, warn
from runtime.settings import Settings
from runtime.telemetry import NEEDED

LOOK_SECONDS = 5


async def examine_telemetry(settings: Settings, session: aiohttp.ClientSession) -> list[Finding]:
    """A line for the collector of traces and one for Sentry, where they are set."""
    found = []
    endpoint = settings.otel_exporter_otlp_endpoint
    if endpoint:
        setting, package = "OTEL_EXPORTER_OTLP_ENDPOINT", "opentelemetry"
        found.append(await _reached("traces", setting, package, endpoint, session))
    dsn = settings.sentry_dsn.get_secret_value()
    if dsn:
        found.append(await _reached("error reports", "SENTRY_DSN", "sentry_sdk", dsn, session))
    return found


async def _reached(
    about: str, setting: str, package: str, address: str, session: aiohttp.ClientSession
) -> Finding:
    """Whether somebody speaks HTTP there. Sentry's key is not shown, and nothing is sent."""
    if find_spec(package) is None:
        return fail(about, NEEDED.format(setting))
    parts = urlsplit(address)
    if parts.hostname is None:
        return fail(about, f"{setting}: should be an address, like https://HOST/.")
    port = "" if parts.port is None else f":{parts.port}"
    place = f"{parts.scheme}://{parts.hostname}{port}"
    try:
        timeout = aiohttp.ClientTimeout(total=LOOK_SECONDS)
        async with session.get(f"{place}/", timeout=timeout, allow_redirects=False):
            return ok(about, f"go to {place}.")
    except (aiohttp.ClientError, TimeoutError, OSError):
        return warn(about, f"nobody answers at {place}. Is {setting} right, and may this machine "
                    "call there?")  # fmt: skip

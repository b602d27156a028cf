"""Whom this program calls over HTTP: Slack, and what its settings name. Nobody else, and no
redirect leads anywhere.

Some addresses come with what Slack sends (a file's, a `response_url`): one that is made up, or a
redirect, could have the desk call something inside the network that it stands in. Who is not named
is refused by name, before that is looked up: a name that leads inside a moment later (DNS
rebinding) and an address in numbers, IPv6 or not, are then all the same.
"""

from types import SimpleNamespace
from urllib.parse import urlsplit

import aiohttp

SLACKS = "slack.com"


class ElsewhereError(aiohttp.ClientError):
    """A call that is not made: to somebody whom nobody named."""


def guard(*addresses: str) -> aiohttp.TraceConfig:
    """Lets a session call Slack's hosts with TLS, those of `addresses` (URLs of the settings; empty
    ones name nobody), and no other. Its calls raise ElsewhereError.
    """
    named = frozenset(host for one in addresses if (host := urlsplit(one).hostname))

    async def on_start(
        _session: aiohttp.ClientSession,
        _context: SimpleNamespace,
        params: aiohttp.TraceRequestStartParams,
    ) -> None:
        host = (params.url.host or "").lower()
        is_slacks = host == SLACKS or host.endswith(f".{SLACKS}")
        if host not in named and not (is_slacks and params.url.scheme == "https"):
            raise ElsewhereError("calls somebody whom no setting names")

    async def on_redirect(
        _session: aiohttp.ClientSession,
        _context: SimpleNamespace,
        params: aiohttp.TraceRequestRedirectParams,
    ) -> None:
        params.response.close()
        raise ElsewhereError("was led elsewhere")

    config = aiohttp.TraceConfig()
    config.on_request_start.append(on_start)
    config.on_request_redirect.append(on_redirect)
    return config

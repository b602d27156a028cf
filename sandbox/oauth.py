"""Codes and tokens of an app that is installed over OAuth: given out, exchanged, expired, revoked.

Errors: https://docs.slack.dev/reference/methods/oauth.v2.access
"""

import base64
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sandbox.clock import Clock
from sandbox.ids import Ids
from sandbox.methods.base import ApiError, Args

CODE_LIVES = timedelta(minutes=10)
TOKEN_LIVES = timedelta(hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """What a person allowed. `team_id` is None for a whole organisation."""

    team_id: str | None
    user_id: str
    scopes: str
    redirect_uri: str | None
    issued_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """A bot's token, and what it is exchanged with where tokens expire."""

    token: str
    team_id: str | None
    user_id: str
    scopes: str
    refresh: str | None = None
    expires_at: datetime | None = None
    error: str | None = None
    seconds: int = 0


class Registrar:
    """The app's credentials, and every code and token that was given out."""

    def __init__(self, clock: Clock, *, rotates: bool) -> None:
        self.client_id = "1.1"
        self.client_secret = "sandbox-client-secret"  # noqa: S105  (opens nothing)
        self.refreshes = 0
        """How often a refresh token was exchanged."""
        self._clock = clock
        self._rotates = rotates
        self._ids = Ids()
        self._codes: dict[str, Code] = {}
        self._used: set[str] = set()
        self._given: dict[str, Access] = {}

    def issue(self, code: Code) -> str:
        """A code that can be exchanged once."""
        name = self._ids.digest("code")
        self._codes[name] = code
        return name

    def check_client(self, basic: str, args: Args) -> None:
        """Who asks, by HTTP Basic or in the form."""
        client_id, secret = args.text("client_id"), args.text("client_secret")
        if basic.startswith("Basic "):
            client_id, _, secret = base64.b64decode(basic[6:]).decode().partition(":")
        if client_id != self.client_id:
            raise ApiError("invalid_client_id")
        if secret != self.client_secret:
            raise ApiError("bad_client_secret")

    def redeemed(self, args: Args) -> Access:
        """A new token for a code; what the workspace had before is void."""
        name = args.text("code")
        if name in self._used:
            raise ApiError("code_already_used")
        code = self._codes.get(name)
        if code is None or self._clock.now() - code.issued_at > CODE_LIVES:
            raise ApiError("invalid_code")
        if args.text("redirect_uri") != (code.redirect_uri or ""):
            raise ApiError("bad_redirect_uri")
        self._used.add(name)
        return self._give(code.team_id, code.user_id, code.scopes)

    def refreshed(self, refresh: str) -> Access:
        """A new token for a refresh token, which works once."""
        found = [one for one in self._given.values() if one.refresh == refresh and refresh]
        if not found or found[0].error is not None:
            raise ApiError("invalid_refresh_token")
        self.refreshes += 1
        old = found[0]
        # The old token lives on until it expires; what it was exchanged with does not.
        self._given[old.token] = replace(old, refresh=None)
        return self._give(old.team_id, old.user_id, old.scopes)

    def access(self, token: str) -> Access:
        """What a token opens; ApiError for one that opens nothing."""
        found = self._given.get(token)
        if found is None:
            raise ApiError("invalid_auth" if token else "not_authed")
        if found.error is not None:
            raise ApiError(found.error)
        if found.expires_at is not None and self._clock.now() >= found.expires_at:
            raise ApiError("token_expired")
        return found

    def revoke(self, team_id: str | None) -> None:
        """Every token of a workspace, or of the organisation, is void."""
        for token, one in list(self._given.items()):
            if one.team_id == team_id:
                self._given[token] = replace(one, error="account_inactive")

    def org_token(self) -> str:
        """The organisation's newest token; empty when the app is not installed there."""
        found = [one.token for one in self._given.values() if one.team_id is None]
        return found[-1] if found else ""

    def _give(self, team_id: str | None, user_id: str, scopes: str) -> Access:
        number = self._ids.number("token")
        prefix = "xoxe.xoxb-1" if self._rotates else "xoxb"
        access = Access(
            token=f"{prefix}-{number}-{self._ids.digest('token')}",
            team_id=team_id,
            user_id=user_id,
            scopes=scopes,
            refresh=f"xoxe-1-{number}-{self._ids.digest('refresh')}" if self._rotates else None,
            expires_at=self._clock.now() + TOKEN_LIVES if self._rotates else None,
            seconds=int(TOKEN_LIVES.total_seconds()) if self._rotates else 0,
        )
        self._given[access.token] = access
        return access

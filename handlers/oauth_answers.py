"""What Slack answers when a code or a refresh token is exchanged, looked at before it is stored.

Source: https://docs.slack.dev/reference/methods/oauth.v2.access
"""

from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

Id = Annotated[str, Field(pattern=r"^[A-Z0-9]{2,40}$")]
Token = Annotated[str, Field(pattern=r"^[!-~]{1,4000}$")]
"""What can stand in the header of a request."""

Seconds = Annotated[int, Field(ge=1, le=10**9)]


M = TypeVar("M", bound=BaseModel)


class OddAnswerError(Exception):
    """Slack answered with something that is no such answer; `str()` names the fields."""


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class Named(_Part):
    """A workspace, an organisation, or whoever installed the app."""

    id: Id
    name: str | None = Field(default=None, max_length=500)


class Granted(_Part):
    """The answer to a code."""

    access_token: Token
    bot_user_id: Id
    app_id: Id | None = None
    scope: str | None = None
    team: Named | None = None
    enterprise: Named | None = None
    authed_user: Named | None = None
    is_enterprise_install: bool | None = None
    refresh_token: Token | None = None
    expires_in: Seconds | None = None

    @model_validator(mode="after")
    def _has_a_place(self) -> "Granted":
        if (self.enterprise if self.is_enterprise_install else self.team) is None:
            raise ValueError("it names no workspace")
        if (self.refresh_token is None) != (self.expires_in is None):
            raise ValueError("refresh_token and expires_in belong together")
        return self


class Renewed(_Part):
    """The answer to a refresh token."""

    access_token: Token
    refresh_token: Token
    expires_in: Seconds


class Known(_Part):
    """Whose a token is: https://docs.slack.dev/reference/methods/auth.test"""

    bot_id: Id
    url: str | None = Field(default=None, max_length=500, pattern=r"^https?://")


def granted(told: object) -> Granted:
    """The answer to a code; raises OddAnswerError."""
    return _read(Granted, told)


def renewed(told: object) -> Renewed:
    """The answer to a refresh token; raises OddAnswerError."""
    return _read(Renewed, told)


def known(told: object) -> Known:
    """The answer of auth.test; raises OddAnswerError."""
    return _read(Known, told)


def _read(model: type[M], told: object) -> M:
    try:
        return model.model_validate(told)
    except ValidationError as error:
        # Names of fields alone: what stands in them may be a token.
        named = {".".join(map(str, one["loc"])) or one["msg"] for one in error.errors()}
        raise OddAnswerError(f"odd answer: {', '.join(sorted(named))}") from None

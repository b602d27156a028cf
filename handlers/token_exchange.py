"""A token for a code, or for a refresh token.

The SDK's own method sends the app's credentials by a class that aiohttp is about to drop; Slack
takes them in the form as well (https://docs.slack.dev/reference/methods/oauth.v2.access).
"""

from dataclasses import dataclass, field

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse


@dataclass(frozen=True, slots=True, kw_only=True)
class AppCredentials:
    """What the app's page at Slack names."""

    client_id: str
    client_secret: str = field(repr=False)


async def exchange(base: AsyncWebClient, app: AppCredentials, **given: str) -> AsyncSlackResponse:
    """What Slack gives for `code` (with `redirect_uri`), or for `refresh_token` with `grant_type`.

    Raises what the client raises.
    """
    credentials = {"client_id": app.client_id, "client_secret": app.client_secret}
    return await base.api_call("oauth.v2.access", data={**credentials, **given})

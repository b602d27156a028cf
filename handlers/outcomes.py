"""What an answer of Slack's, or the lack of one, means for an effect: one table.

The question is always whether Slack may have done it (https://docs.slack.dev/reference/methods:
`internal_error` and `fatal_error` say that parts of it may have succeeded).
"""

from datetime import timedelta

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.outbox import MethodGroup
from bot.ports import NotSent, Refused, Unclear

MAYBE_DONE = frozenset(
    {
        "internal_error",
        "fatal_error",
        "request_timeout",
        "service_unavailable",
        "external_channel_migrating",
    }
)
RATE_LIMITED = frozenset({"ratelimited", "rate_limited"})

LIMITED_TOGETHER = {
    "chat.postMessage": MethodGroup.POST,
    "chat.update": MethodGroup.UPDATE,
    "views.publish": MethodGroup.HOME,
    "conversations.history": MethodGroup.HISTORY,
    "conversations.replies": MethodGroup.REPLIES,
    "conversations.open": MethodGroup.DMS,
}
"""What Slack's limit of a method holds back in the whole workspace."""

NOT_LET_IN = frozenset(
    {
        "access_denied",
        "account_inactive",
        "ekm_access_denied",
        "invalid_auth",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
        "two_factor_setup_required",
    }
)
"""Slack does not let the whole app in: nothing is wrong with what was sent, so it waits."""

WAIT_OUTSIDE = timedelta(minutes=1)

BROKEN_BLOCKS = frozenset(
    {"invalid_blocks", "invalid_blocks_format", "invalid_attachments", "msg_blocks_too_long"}
)
"""Slack refused how the message is laid out: nothing was posted, a plainer one may do."""

TROUBLE = (SlackApiError, aiohttp.ClientError, TimeoutError, OSError)
"""Everything that a call of Slack's Web API raises when it does not come back with ok."""


def classify(error: Exception) -> NotSent | Unclear | Refused:
    """Not sent (try again), unclear (look first) or refused (never try again as it is)."""
    match error:
        case SlackApiError():
            return _classify_answer(error)
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError():
            return NotSent("no_connection")
        case TimeoutError():
            return Unclear("timeout")
        case _:
            return Unclear("connection_broken")


def error_code(error: SlackApiError) -> str:
    """Slack's error code, empty when the answer had none (an HTML page, an empty body)."""
    data = error.response.data if hasattr(error.response, "data") else error.response
    code = data.get("error") if isinstance(data, dict) else None
    return code if isinstance(code, str) else ""


def _classify_answer(error: SlackApiError) -> NotSent | Unclear | Refused:
    code = error_code(error)
    status = getattr(error.response, "status_code", 200)
    if status == 429 or code in RATE_LIMITED:
        return NotSent("ratelimited", _retry_after(error), _group_of(error))
    if code in NOT_LET_IN:
        return NotSent(code, WAIT_OUTSIDE)
    if status >= 500 or code in MAYBE_DONE:
        return Unclear(code or f"http_{status}")
    return Refused(code) if code else Unclear("unreadable_answer")


def _group_of(error: SlackApiError) -> MethodGroup | None:
    """What a limit holds for, by the method that was called."""
    method = str(getattr(error.response, "api_url", "")).rstrip("/").rpartition("/")[2]
    if method.startswith("files."):
        return MethodGroup.FILES
    return LIMITED_TOGETHER.get(method)


def _retry_after(error: SlackApiError) -> timedelta:
    """Retry-After in seconds; 30 when Slack did not say, an hour at most."""
    headers = getattr(error.response, "headers", None) or {}
    raw = next((value for name, value in headers.items() if name.lower() == "retry-after"), "30")
    if isinstance(raw, list):
        raw = raw[0]
    try:
        seconds = int(raw)
    except ValueError:
        seconds = 30
    return timedelta(seconds=min(max(seconds, 1), 3600))

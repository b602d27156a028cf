"""What an answer of Slack's means: may it have been done?"""

from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.outbox import MethodGroup
from bot.ports import NotSent, Refused, Unclear
from handlers.outcomes import NOT_LET_IN, classify


def answered(
    code: str | None,
    *,
    status: int = 200,
    headers: dict[str, Any] | None = None,
    method: str = "chat.postMessage",
) -> SlackApiError:
    """The SDK's error for an answer with this code."""
    response = AsyncSlackResponse(
        client=None,
        http_verb="POST",
        api_url=f"https://slack.com/api/{method}",
        req_args={},
        data={"ok": False, "error": code} if code else {},
        headers=headers or {},
        status_code=status,
    )
    return SlackApiError("refused", response)  # type: ignore[no-untyped-call]  # as the SDK has it


@pytest.mark.parametrize(
    "error, meaning",
    [
        (answered("ratelimited", status=429, headers={"Retry-After": "7"}), 7),
        (answered("ratelimited", headers={"retry-after": ["12"]}), 12),
        (answered(None, status=429, headers={"Retry-After": "soon"}), 30),
        (answered(None, status=429, headers={"Retry-After": "999999"}), 3600),
    ],
)
def test_a_rate_limit_was_not_sent_and_says_how_long(error: SlackApiError, meaning: int) -> None:
    limit = NotSent("ratelimited", timedelta(seconds=meaning), MethodGroup.POST)
    assert classify(error) == limit


@pytest.mark.parametrize(
    "method, group",
    [
        ("chat.update", MethodGroup.UPDATE),
        ("views.publish", MethodGroup.HOME),
        ("conversations.history", MethodGroup.HISTORY),
        ("conversations.replies", MethodGroup.REPLIES),
        ("conversations.open", MethodGroup.DMS),
        ("files.getUploadURLExternal", MethodGroup.FILES),
        ("files.info", MethodGroup.FILES),
        ("users.info", None),
    ],
)
def test_a_rate_limit_holds_for_the_method(method: str, group: MethodGroup | None) -> None:
    found = classify(answered("ratelimited", status=429, method=method))
    assert isinstance(found, NotSent)
    assert found.group is group


@pytest.mark.parametrize("code", sorted(NOT_LET_IN))
def test_a_shut_out_app_waits(code: str) -> None:
    found = classify(answered(code))
    assert isinstance(found, NotSent)
    assert found.error == code


@pytest.mark.parametrize(
    "error, meaning",
    [
        (answered("internal_error"), Unclear("internal_error")),
        (answered("fatal_error", status=200), Unclear("fatal_error")),
        (answered(None, status=503), Unclear("http_503")),
        (answered(None), Unclear("unreadable_answer")),
        (TimeoutError(), Unclear("timeout")),
        (aiohttp.ServerDisconnectedError(), Unclear("connection_broken")),
        (aiohttp.ClientPayloadError(), Unclear("connection_broken")),
        (aiohttp.ConnectionTimeoutError(), NotSent("no_connection")),
        (answered("not_in_channel"), Refused("not_in_channel")),
        (answered("missing_scope"), Refused("missing_scope")),
        (answered("invalid_blocks"), Refused("invalid_blocks")),
    ],
)
def test_the_rest(error: Exception, meaning: object) -> None:
    assert classify(error) == meaning

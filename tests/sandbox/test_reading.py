"""Tokens, scopes, rates, and the methods that read: pages always."""

from datetime import timedelta
from typing import Any

import pytest

from sandbox.methods.base import Answer
from sandbox.methods.call import call
from tests.support.sandbox_app import MANIFEST, World, build, manifest


@pytest.fixture(autouse=True)
def not_running(world: World) -> None:
    """The app only calls here: no events reach it."""
    world.ws.connect(None)


async def pages(world: World, method: str, key: str, **args: Any) -> list[list[Any]]:
    found = []
    cursor = ""
    while True:
        answer = await world.call(method, **args, cursor=cursor)
        found.append(answer[key])
        cursor = answer.get("response_metadata", {}).get("next_cursor", "")
        if not cursor:
            return found


@pytest.mark.parametrize(
    "method,token,error",
    [
        ("auth.test", "", "not_authed"),
        ("auth.test", "xoxb-wrong", "invalid_auth"),
        ("auth.test", "xapp-sandbox", "not_allowed_token_type"),
        ("apps.connections.open", "xoxb-sandbox", "not_allowed_token_type"),
        ("chat.delete", "xoxb-sandbox", "unknown_method"),
        ("team.info", "xoxb-sandbox", "missing_scope"),
    ],
)
def test_who_may_call_what(method: str, token: str, error: str) -> None:
    ws = build().ws
    assert call(ws, method, token, {}).body["error"] == error


def test_whether_slack_answers_is_told_to_everybody() -> None:
    for token in ("", "xoxb-wrong", "xoxb-sandbox"):
        assert call(build().ws, "api.test", token, {}).body == {"ok": True}


async def test_auth_test_says_who_we_are(world: World) -> None:
    answer = await world.call("auth.test")
    assert answer["url"] == "https://sandbox.slack.com/"
    assert answer["user_id"] == world.ws.identity.bot_user
    assert answer["team_id"] == world.ws.identity.team_id


def test_the_scopes_of_the_token_are_in_the_headers() -> None:
    ws = build().ws
    answer = call(ws, "auth.test", ws.identity.bot_token, {})
    assert answer.headers["x-oauth-scopes"].split(",") == sorted(ws.manifest.scopes)


async def test_a_missing_scope_says_which() -> None:
    narrow = manifest()
    narrow["oauth_config"]["scopes"]["bot"].remove("groups:read")
    world = build(manifest=narrow)
    types = "public_channel,private_channel"
    answer = await world.call("conversations.list", types=types)
    assert answer["error"] == "missing_scope"
    assert answer["needed"] == "groups:read"
    assert "channels:read" in answer["provided"]
    closed = world.ws.add_channel("board", world.ws.identity.bot_user, is_private=True)
    answer = await world.call("conversations.info", channel=closed.id)
    assert answer["needed"] == "groups:read"


async def test_after_uninstalling_the_token_is_no_good(world: World) -> None:
    world.ws.uninstall()
    assert (await world.call("auth.test"))["error"] == "account_inactive"


async def test_lists_come_in_pages_whatever_the_limit(world: World) -> None:
    members = await pages(world, "users.list", "members", limit=200)
    assert [len(page) for page in members] == [2, 1]
    world.ws.add_channel("closed", is_private=True)
    world.ws.add_channel("mine", world.ws.identity.bot_user, is_private=True)
    old = world.ws.add_channel("old")
    world.ws.archive(old.id)
    listed = await pages(
        world, "conversations.list", "channels", types="public_channel,private_channel"
    )
    names = [channel["name"] for page in listed for channel in page]
    assert names == ["ideas", "mine", "old"]
    open_ones = await pages(world, "conversations.list", "channels", exclude_archived=True)
    assert [channel["name"] for page in open_ones for channel in page] == ["ideas"]
    there = await pages(world, "conversations.members", "members", channel=world.ideas.id)
    assert [len(page) for page in there] == [2, 1]


@pytest.mark.parametrize(
    "method,args,error",
    [
        ("users.list", {"cursor": "made up"}, "invalid_cursor"),
        ("conversations.list", {"types": "channels"}, "invalid_types"),
        ("users.list", {"limit": "many"}, "invalid_arguments"),
        ("users.info", {}, "invalid_arguments"),
        ("conversations.history", {"channel": "C1", "limit": 1001}, "channel_not_found"),
        ("conversations.open", {}, "users_list_not_supplied"),
    ],
)
async def test_bad_arguments(method: str, args: dict[str, Any], error: str) -> None:
    assert (await build().call(method, **args))["error"] == error


async def test_users_show_their_zone_and_hide_their_address(world: World) -> None:
    answer = await world.call("users.info", user=world.bob.id, include_locale=True)
    assert answer["user"]["tz"] == "America/New_York"
    assert answer["user"]["tz_offset"] == -5 * 3600
    assert answer["user"]["locale"] == "en-US"
    assert "email" not in answer["user"]["profile"]
    world.ws.deactivate(world.bob.id)
    answer = await world.call("users.info", user=world.bob.id)
    assert answer["user"]["deleted"]
    assert "tz" not in answer["user"]
    assert (await world.call("users.info", user="U0NOBODY"))["error"] == "user_not_found"


async def test_optional_scopes_may_be_withheld() -> None:
    granted = build()
    eve = granted.ws.add_user("eve", email="eve@example.org")
    answer = await granted.call("users.info", user=eve.id)
    assert answer["user"]["profile"]["email"] == "eve@example.org"
    withheld = build(without_scopes=frozenset({"users:read.email"}))
    eve = withheld.ws.add_user("eve", email="eve@example.org")
    answer = await withheld.call("users.info", user=eve.id)
    assert "email" not in answer["user"]["profile"]


async def test_history_is_newest_first_without_replies_and_without_metadata(world: World) -> None:
    channel = world.ideas.id
    metadata = {"event_type": "card", "event_payload": {"id": 7}}
    stamps = []
    for text in ("a", "b", "c"):
        await world.clock.advance(timedelta(minutes=1))
        answer = await world.call("chat.postMessage", channel=channel, text=text, metadata=metadata)
        stamps.append(answer["ts"])
    await world.call("chat.postMessage", channel=channel, text="reply", thread_ts=stamps[0])
    found = await pages(world, "conversations.history", "messages", channel=channel)
    assert [[message["text"] for message in page] for page in found] == [["c", "b"], ["a"]]
    assert found[1][0]["reply_count"] == 1
    assert "metadata" not in found[0][0]
    answer = await world.call(
        "conversations.history",
        channel=channel,
        include_all_metadata=True,
        oldest=stamps[2],
        inclusive=True,
    )
    assert [message["metadata"] for message in answer["messages"]] == [metadata]
    answer = await world.call(
        "conversations.history", channel=channel, oldest=stamps[0], latest=stamps[2]
    )
    assert [message["text"] for message in answer["messages"]] == ["b"]


async def test_replies_start_with_the_parent(world: World) -> None:
    channel = world.ideas.id
    parent = (await world.call("chat.postMessage", channel=channel, text="p"))["ts"]
    for text in ("1", "2"):
        await world.call("chat.postMessage", channel=channel, text=text, thread_ts=parent)
    found = await pages(world, "conversations.replies", "messages", channel=channel, ts=parent)
    assert [message["text"] for page in found for message in page] == ["p", "1", "2"]
    missing = await world.call("conversations.replies", channel=channel, ts="1000000000.000001")
    assert missing["error"] == "thread_not_found"


async def test_history_needs_membership_and_scope(world: World) -> None:
    outside = world.ws.add_channel("random")
    answer = await world.call("conversations.history", channel=outside.id)
    assert answer["error"] == "not_in_channel"
    narrow = manifest()
    narrow["oauth_config"]["scopes"]["bot"].remove("im:history")
    world = build(manifest=narrow)
    dm = world.ws.dm(world.ada.id)
    answer = await world.call("conversations.history", channel=dm.id)
    assert answer["needed"] == "im:history"


async def test_messages_are_limited_per_channel(world: World) -> None:
    async def post() -> dict[str, Any]:
        return await world.call("chat.postMessage", channel=world.ideas.id, text="x")

    answers = [await post() for _ in range(6)]
    assert [answer["ok"] for answer in answers] == [True] * 5 + [False]
    assert answers[5]["error"] == "ratelimited"
    await world.clock.advance(timedelta(seconds=1))
    assert (await post())["ok"]
    assert not (await post())["ok"]


async def test_methods_are_limited_per_minute(world: World) -> None:
    ws = world.ws
    answers = [call(ws, "users.list", ws.identity.bot_token, {}) for _ in range(21)]
    assert [answer.status for answer in answers] == [200] * 20 + [429]
    assert answers[20].headers == {"Retry-After": "3"}
    assert call(ws, "users.info", ws.identity.bot_token, {"user": world.ada.id}).status == 200


async def test_a_lenient_workspace_never_refuses() -> None:
    ws = build(lenient=True, manifest=MANIFEST).ws
    answers = [call(ws, "users.list", ws.identity.bot_token, {}) for _ in range(50)]
    assert {answer.status for answer in answers} == {200}


async def test_an_app_that_is_sold_elsewhere_reads_back_once_a_minute_and_little(
    world: World,
) -> None:
    ws = world.ws
    ws.rates.small_history = True
    for place in range(20):
        await world.ada.say(world.ideas.id, f"Idea {place}")

    def read() -> Answer:
        asked = {"channel": world.ideas.id, "limit": 100}
        return call(ws, "conversations.history", ws.identity.bot_token, asked)

    first = read()
    assert len(first.body["messages"]) == 15
    assert first.body["has_more"]
    second = read()
    assert (second.status, second.headers) == (429, {"Retry-After": "60"})
    await world.clock.advance(timedelta(seconds=60))
    assert read().status == 200

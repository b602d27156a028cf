"""chat.*: where a message may go, what it may carry, and what becomes of it."""

from typing import Any

import pytest

from tests.support.sandbox_app import World, build, card, manifest


@pytest.fixture(autouse=True)
def not_running(world: World) -> None:
    """The app only calls here: no events reach it."""
    world.ws.connect(None)


async def post(world: World, **args: Any) -> dict[str, Any]:
    return await world.call("chat.postMessage", **{"channel": world.ideas.id, "text": "x"} | args)


async def test_a_message_comes_back_with_filled_blocks(world: World) -> None:
    answer = await post(
        world, blocks=card("*Hi*"), metadata={"event_type": "c", "event_payload": {"n": 1}}
    )
    block = answer["message"]["blocks"][0]
    assert block["block_id"]
    assert block["text"] == {"type": "mrkdwn", "text": "*Hi*", "verbatim": False}
    assert answer["message"]["bot_id"] == world.ws.identity.bot_id
    assert answer["message"]["metadata"]["event_payload"] == {"n": 1}


async def test_timestamps_grow_while_the_clock_stands(world: World) -> None:
    stamps = [(await post(world))["ts"] for _ in range(4)]
    assert stamps == sorted(set(stamps))


async def test_where_a_message_may_not_go(world: World) -> None:
    ws = world.ws
    closed = ws.add_channel("board", world.ada.id, is_private=True)
    outside = ws.add_channel("random", world.ada.id)
    done = ws.add_channel("done", ws.identity.bot_user)
    ws.archive(done.id)
    expected = {
        "C0NOWHERE": "channel_not_found",
        closed.id: "channel_not_found",
        outside.id: "not_in_channel",
        done.id: "is_archived",
        ws.identity.bot_user: "cannot_dm_bot",
    }
    for channel, error in expected.items():
        assert (await post(world, channel=channel))["error"] == error


async def test_chat_write_public_reaches_channels_the_bot_is_not_in() -> None:
    wide = manifest()
    wide["oauth_config"]["scopes"]["bot"].append("chat:write.public")
    world = build(manifest=wide)
    outside = world.ws.add_channel("random", world.ada.id)
    assert (await post(world, channel=outside.id))["ok"]


async def test_a_user_id_is_their_direct_message(world: World) -> None:
    answer = await post(world, channel=world.ada.id, text="hello")
    opened = await world.call("conversations.open", users=world.ada.id)
    assert answer["channel"] == opened["channel"]["id"]
    assert [message.text for message in world.ada.dms()] == ["hello"]


async def test_no_direct_messages_without_a_messages_tab() -> None:
    world = build(manifest=manifest(app_home={"home_tab_enabled": True}))
    assert (await post(world, channel=world.ada.id))["error"] == "messages_tab_disabled"


async def test_slack_takes_a_message_to_somebody_who_has_left(world: World) -> None:
    world.ws.deactivate(world.bob.id)
    assert (await post(world, channel=world.bob.id))["ok"]
    world.ws.expect_problem("deactivated")
    opened = await world.call("conversations.open", users=world.bob.id)
    assert opened["error"] == "user_disabled"


@pytest.mark.parametrize(
    "args,error",
    [
        ({"text": ""}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"blocks": "not json"}, "invalid_blocks_format"),
        ({"blocks": [{"type": "card"}]}, "invalid_blocks"),
        ({"metadata": "not json"}, "invalid_metadata_format"),
        ({"metadata": ["x"]}, "invalid_metadata_format"),
        ({"metadata": {"event_type": "x"}}, "invalid_metadata_format"),
        (
            {"metadata": {"event_type": "x", "event_payload": {}, "more": 1}},
            "invalid_metadata_format",
        ),
        (
            {"metadata": {"event_type": "x", "event_payload": {"k": "x" * 9000}}},
            "metadata_too_large",
        ),
        ({"thread_ts": "0"}, "invalid_thread_ts"),
    ],
)
async def test_what_a_message_may_not_carry(world: World, args: dict[str, Any], error: str) -> None:
    answer = await post(world, **args)
    assert answer["error"] == error
    assert world.ws.expect_problem("api").detail.startswith(error)
    assert world.ada.messages(world.ideas.id) == []


async def test_refused_blocks_say_where(world: World) -> None:
    answer = await post(world, blocks=card(""))
    [message] = answer["response_metadata"]["messages"]
    assert message == "[ERROR] must be more than 0 characters [json-pointer:/blocks/0/text/text]"
    world.ws.expect_problem("api")


async def test_conduct_that_slack_lets_pass(world: World) -> None:
    await post(world, text="", blocks=card("x"))
    assert world.ws.expect_problem("no_text").where == "chat.postMessage"
    await post(world, text="x" * 4001)
    assert "4001" in world.ws.expect_problem("long_text").detail
    await post(world, text="wake up <!channel>", blocks=card("<!here>"))
    details = {world.ws.expect_problem("broadcast").detail for _ in range(2)}
    assert details == {"<!channel>", "<!here>"}
    await post(world, text="Q&A")
    assert "bare &" in world.ws.expect_problem("escaping").detail
    world.ws.rates.lenient = True
    await post(world, text="a &amp;lt; b")
    assert "escaped twice" in world.ws.expect_problem("escaping").detail
    await post(world, text="x", as_usr=True)
    assert world.ws.expect_problem("unknown_argument").detail == "as_usr"


async def test_threads(world: World) -> None:
    parent = await post(world, text="parent")
    reply = await post(world, text="reply", thread_ts=parent["ts"])
    await post(world, text="told all", thread_ts=reply["ts"], reply_broadcast=True)
    gone = await post(world, text="x", thread_ts="1000000000.000001")
    assert gone["error"] == "thread_not_found"
    assert [m.text for m in world.ada.messages(world.ideas.id)] == ["parent", "told all"]
    thread = world.ada.thread(world.ideas.id, parent["ts"])
    assert [message.text for message in thread] == ["parent", "reply", "told all"]


async def test_an_update_keeps_what_it_does_not_mention(world: World) -> None:
    where = {"channel": world.ideas.id}
    metadata = {"event_type": "card", "event_payload": {"id": 1}}
    ts = (await post(world, blocks=card("old"), metadata=metadata))["ts"]
    await world.call("chat.update", **where, ts=ts, text="new")
    [message] = world.ada.messages(world.ideas.id)
    assert message.blocks[0]["text"]["text"] == "old"
    assert message.metadata == metadata
    assert message.edited
    world.ws.expect_problem("stale_blocks")
    await world.call("chat.update", **where, ts=ts, text="new", blocks=[], metadata={})
    [message] = world.ada.messages(world.ideas.id)
    assert message.blocks == ()
    assert message.metadata is None


async def test_what_can_not_be_updated(world: World) -> None:
    said = await world.ada.say(world.ideas.id, "mine")
    where = {"channel": world.ideas.id, "text": "new"}
    assert (await world.call("chat.update", **where, ts=said.ts))["error"] == "cant_update_message"
    answer = await world.call("chat.update", **where, ts="1000000000.000001")
    assert answer["error"] == "message_not_found"
    ts = (await post(world))["ts"]
    long = await world.call("chat.update", **where | {"text": "x" * 4001}, ts=ts)
    assert long["error"] == "msg_too_long"
    world.ws.expect_problem("api")
    world.ws.archive(world.ideas.id)
    assert (await world.call("chat.update", **where, ts=ts))["error"] == "is_inactive"


async def test_ephemeral_messages_are_one_person_s_and_do_not_last(world: World) -> None:
    where = {"channel": world.ideas.id, "text": "psst"}
    ts = (await world.call("chat.postEphemeral", **where, user=world.ada.id))["message_ts"]
    assert [message.text for message in world.ada.ephemerals] == ["psst"]
    assert world.bob.ephemerals == []
    assert world.bob.messages(world.ideas.id) == []
    history = await world.call("conversations.history", channel=world.ideas.id)
    assert history["messages"] == []
    update = await world.call("chat.update", **where, ts=ts)
    assert update["error"] == "message_not_found"
    world.ada.reload()
    assert world.ada.ephemerals == []
    eve = world.ws.add_user("eve")
    answer = await world.call("chat.postEphemeral", **where, user=eve.id)
    assert answer["error"] == "user_not_in_channel"


async def test_permalinks(world: World) -> None:
    ts = (await post(world))["ts"]
    answer = await world.call("chat.getPermalink", channel=world.ideas.id, message_ts=ts)
    assert answer["permalink"] == (
        f"https://sandbox.slack.com/archives/{world.ideas.id}/p{ts.replace('.', '')}"
    )
    missing = await world.call(
        "chat.getPermalink", channel=world.ideas.id, message_ts="1000000000.000001"
    )
    assert missing["error"] == "message_not_found"

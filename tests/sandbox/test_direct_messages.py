"""What people write to the app in its Messages tab, and what the app hears of it."""

import copy
from typing import Any

import pytest

from sandbox.filling import ClientRefused
from tests.support.sandbox_app import MANIFEST, World, build, granted, manifest

READ_ONLY = {"messages_tab_enabled": True, "messages_tab_read_only_enabled": True}


def events(heard: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [payload["event"] for payload in heard]


async def test_a_message_and_an_answer_in_its_thread(world: World) -> None:
    heard = world.listen()
    dm = world.ws.dm(world.ada.id).id
    said = await world.ada.say(dm, "Is there any <news>?")
    await world.ada.say(dm, "About the idea.", thread_ts=said.ts)
    first, second = events(heard)
    assert first["type"] == second["type"] == "message"
    assert first["channel_type"] == second["channel_type"] == "im"
    assert first["channel"] == dm
    assert first["user"] == world.ada.id
    assert first["text"] == "Is there any &lt;news&gt;?"
    assert not {"thread_ts", "subtype", "bot_id"} & first.keys()
    assert second["thread_ts"] == said.ts
    assert second["parent_user_id"] == world.ada.id


async def test_an_answer_to_a_reply_is_in_the_same_thread(world: World) -> None:
    heard = world.listen()
    dm = world.ws.dm(world.ada.id).id
    receipt = await world.call("chat.postMessage", channel=world.ada.id, text="Thanks")
    reply = await world.ada.say(dm, "One more thing", thread_ts=receipt["ts"])
    await world.ada.say(dm, "And another", thread_ts=reply.ts)
    posted, *answers = events(heard)
    assert posted["bot_id"] == world.ws.identity.bot_id
    assert posted["channel_type"] == "im"
    assert {event["thread_ts"] for event in answers} == {receipt["ts"]}
    assert {event["parent_user_id"] for event in answers} == {world.ws.identity.bot_user}
    replies = await world.call("conversations.replies", channel=dm, ts=receipt["ts"], limit=2)
    assert [message["text"] for message in replies["messages"]] == ["Thanks", "One more thing"]


async def test_edits_and_deletions_come_as_subtypes(world: World) -> None:
    heard = world.listen()
    dm = world.ws.dm(world.ada.id).id
    said = await world.ada.say(dm, "Teh idea")
    edited = await world.ada.edit(said, "The idea")
    await world.ada.delete(edited)
    _, change, deletion = events(heard)
    assert change["subtype"] == "message_changed"
    assert change["message"]["text"] == "The idea"
    assert change["previous_message"]["text"] == "Teh idea"
    assert change["channel_type"] == "im"
    assert deletion["subtype"] == "message_deleted"
    assert deletion["deleted_ts"] == said.ts
    assert deletion["previous_message"]["text"] == "The idea"
    assert world.ada.dms() == []


async def test_people_delete_their_own_only(world: World) -> None:
    world.ws.connect(None)
    said = await world.ada.say(world.ideas.id, "mine")
    with pytest.raises(ClientRefused, match="is not by"):
        await world.bob.delete(said)
    with pytest.raises(ClientRefused, match="nothing to send"):
        await world.ada.say(world.ideas.id, "  ")


async def test_no_thread_where_there_is_no_message(world: World) -> None:
    world.ws.connect(None)
    with pytest.raises(ClientRefused, match="no message"):
        await world.ada.say(world.ideas.id, "x", thread_ts="1.000001")
    await world.call(
        "chat.postEphemeral", channel=world.ideas.id, user=world.ada.id, text="only you"
    )
    with pytest.raises(ClientRefused, match="no threads"):
        await world.ada.say(world.ideas.id, "x", thread_ts=world.ada.ephemerals[0].ts)


async def test_a_tab_that_only_shows() -> None:
    world = build(manifest=manifest(app_home=READ_ONLY))
    dm = world.ws.dm(world.ada.id).id
    with pytest.raises(ClientRefused, match="has been turned off"):
        await world.ada.say(dm, "hello")
    assert world.ada.dms() == []


@pytest.mark.parametrize("missing", ["subscription", "scope"])
async def test_nobody_hears_it_without_subscription_and_scope(missing: str) -> None:
    given = copy.deepcopy(MANIFEST)
    if missing == "subscription":
        given["settings"]["event_subscriptions"]["bot_events"].remove("message.im")
    else:
        given["oauth_config"]["scopes"]["bot"].remove("im:history")
    world = build(manifest=given)
    heard = world.listen()
    await world.ada.say(world.ws.dm(world.ada.id).id, "hello")
    assert heard == []
    await world.ada.say(world.ideas.id, "hello")
    assert [event["channel_type"] for event in events(heard)] == ["channel"]


async def test_a_group_message_of_the_same_people_is_the_same() -> None:
    world = build(manifest=granted("mpim:write"))
    ada, bea = world.ada.id, world.ws.add_user("bea").id
    first = await world.call("conversations.open", users=f"{ada},{bea}")
    again = await world.call("conversations.open", users=f"{bea},{ada}")
    assert first["channel"]["id"] == again["channel"]["id"]
    posted = await world.call("chat.postMessage", channel=first["channel"]["id"], text="Hello")
    assert posted["channel"] == first["channel"]["id"]
    gone = await world.call("conversations.open", users=f"{ada},U0NOBODY")
    assert gone["error"] == "user_not_found"


async def test_a_group_message_needs_its_scope() -> None:
    world = build(manifest=MANIFEST)
    bea = world.ws.add_user("bea").id
    refused = await world.call("conversations.open", users=f"{world.ada.id},{bea}")
    assert (refused["error"], refused["needed"]) == ("missing_scope", "mpim:write")

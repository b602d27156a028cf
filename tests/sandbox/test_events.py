"""Events: which are sent, how they look, and how they are retried; faults of deliveries."""

from datetime import timedelta
from typing import Any

import pytest

from sandbox.delivery import Ack, Delivery
from tests.support.sandbox_app import World, build, manifest

Seen = list[dict[str, Any]]


@pytest.fixture
def seen(world: World) -> Seen:
    """The events that reached the app, with their retry headers; it acks what `deaf` allows."""
    seen: Seen = []

    async def take(body: Any, request: Any) -> None:
        headers = request.headers
        seen.append(
            body
            | {
                "retry": headers.get("x-slack-retry-num", [""])[0],
                "reason": headers.get("x-slack-retry-reason", [""])[0],
            }
        )

    for name in (
        "message",
        "user_change",
        "channel_archive",
        "channel_left",
        "member_joined_channel",
        "app_uninstalled",
    ):
        world.app.event(name)(take)
    return seen


def types(seen: Seen) -> list[str]:
    return [body["event"]["type"] for body in seen]


async def test_the_envelope(world: World, seen: Seen) -> None:
    await world.ada.say(world.ideas.id, "hello")
    [body] = seen
    assert body["type"] == "event_callback"
    assert body["event_id"].startswith("Ev")
    assert body["event_time"] == int(world.clock.now().timestamp())
    assert body["authorizations"][0]["user_id"] == world.ws.identity.bot_user
    assert body["event"]["channel_type"] == "channel"
    assert body["event"]["user"] == world.ada.id


async def test_only_what_the_manifest_subscribes_to_is_sent(world: World, seen: Seen) -> None:
    world.ws.add_user("eve")
    world.ws.add_channel("new")
    world.ws.rename(world.ideas.id, "thoughts")
    world.ws.change_user(world.bob.id, title="Painter")
    world.ws.archive(world.ideas.id)
    await world.ws.settled()
    assert types(seen) == ["user_change", "channel_archive"]
    assert seen[0]["event"]["user"]["profile"]["title"] == "Painter"


async def test_an_event_without_its_scope_is_not_sent() -> None:
    narrow = manifest()
    narrow["oauth_config"]["scopes"]["bot"].remove("channels:history")
    world = build(manifest=narrow)
    await world.ada.say(world.ideas.id, "hello")
    assert world.ws.problems == []


async def test_channels_without_the_bot_are_not_heard(world: World, seen: Seen) -> None:
    outside = world.ws.add_channel("random", world.ada.id)
    await world.ada.say(outside.id, "hello")
    assert seen == []
    world.ws.invite_bot(outside.id, inviter=world.ada.id)
    await world.ada.say(outside.id, "hello")
    assert types(seen) == ["member_joined_channel", "message"]
    assert seen[0]["event"]["inviter"] == world.ada.id
    world.ws.kick(outside.id, world.ws.identity.bot_user)
    await world.ada.say(outside.id, "still there?")
    assert types(seen)[2:] == ["channel_left"]


class Recorder:
    """A transport that acks and keeps what it was given."""

    def __init__(self) -> None:
        self.got: list[Delivery] = []

    async def deliver(self, delivery: Delivery) -> Ack:
        self.got.append(delivery)
        return Ack()


async def test_the_bot_s_own_messages_and_updates_come_back(world: World) -> None:
    recorder = Recorder()
    world.ws.connect(recorder)
    answer = await world.call("chat.postMessage", channel=world.ideas.id, text="a")
    await world.call("chat.update", channel=world.ideas.id, ts=answer["ts"], text="b")
    await world.ws.settled()
    posted, changed = (delivery.payload["event"] for delivery in recorder.got)
    assert posted["bot_id"] == world.ws.identity.bot_id
    assert changed["subtype"] == "message_changed"
    assert changed["previous_message"]["text"] == "a"
    assert changed["message"]["text"] == "b"


async def test_what_is_not_acked_comes_again_at_once_after_one_and_after_five_minutes() -> None:
    world = build()
    heard: list[tuple[str, str, str]] = []

    @world.app.event("message")
    async def breaks(body: Any, request: Any) -> None:
        headers = request.headers
        heard.append(
            (
                f"{world.clock.now():%H:%M}",
                headers.get("x-slack-retry-num", [""])[0],
                headers.get("x-slack-retry-reason", [""])[0],
            )
        )
        raise RuntimeError(body["event_id"])

    await world.ada.say(world.ideas.id, "hello")
    assert heard == [("08:00", "", ""), ("08:00", "1", "http_timeout")]
    await world.clock.advance(timedelta(hours=1))
    assert heard[2:] == [("08:01", "2", "http_timeout"), ("08:06", "3", "http_timeout")]
    details = {world.ws.expect_problem("listener_raised").detail for _ in range(4)}
    assert len(details) == 1
    assert world.ws.problems == []


async def test_commands_are_never_retried(world: World) -> None:
    heard: list[str] = []

    @world.app.command("/idea")
    async def breaks(command: Any) -> None:
        heard.append(command["command"])
        raise RuntimeError("broken")

    await world.ada.slash("/idea")
    await world.clock.advance(timedelta(hours=1))
    assert heard == ["/idea"]
    world.ws.expect_problem("listener_raised")


async def test_an_event_twice(world: World, seen: Seen) -> None:
    world.ws.fault("events_api", "twice")
    await world.ada.say(world.ideas.id, "hello")
    assert len(seen) == 2
    assert seen[0]["event_id"] == seen[1]["event_id"]


async def test_a_lost_ack_and_a_dropped_event_come_again(world: World, seen: Seen) -> None:
    world.ws.fault("events_api", "ack_lost")
    await world.ada.say(world.ideas.id, "one")
    assert [body["retry"] for body in seen] == ["", "1"]
    seen.clear()
    world.ws.fault("events_api", "dropped", times=2)
    await world.ada.say(world.ideas.id, "two")
    assert seen == []
    await world.clock.advance(timedelta(minutes=1))
    assert [(body["retry"], body["reason"]) for body in seen] == [("2", "http_timeout")]


async def test_a_late_command_has_no_trigger_left(world: World) -> None:
    errors: list[str] = []

    @world.app.command("/idea")
    async def opens(ack: Any, body: Any) -> None:
        answer = await world.call("views.open", trigger_id=body["trigger_id"], view={})
        errors.append(answer["error"])
        await ack()

    world.ws.fault("slash_commands", "late")
    await world.ada.slash("/idea")
    assert world.ada.notices == ["/idea failed with the error operation_timeout"]
    assert errors == []
    await world.clock.advance(timedelta(seconds=5))
    assert errors == ["expired_trigger_id"]


async def test_uninstalling_says_so() -> None:
    wide = manifest()
    wide["settings"]["event_subscriptions"]["bot_events"] += ["app_uninstalled", "tokens_revoked"]
    world = build(manifest=wide)
    recorder = Recorder()
    world.ws.connect(recorder)
    world.ws.uninstall()
    await world.ws.settled()
    names = [delivery.payload["event"]["type"] for delivery in recorder.got]
    assert names == ["tokens_revoked", "app_uninstalled"]


async def test_people_edit_and_admins_delete(world: World) -> None:
    recorder = Recorder()
    world.ws.connect(recorder)
    said = await world.ada.say(world.ideas.id, "helo")
    edited = await world.ada.edit(said, "hello")
    world.ws.delete_message(world.ideas.id, edited.ts)
    await world.ws.settled()
    subtypes = [delivery.payload["event"].get("subtype") for delivery in recorder.got]
    assert subtypes == [None, "message_changed", "message_deleted"]
    assert recorder.got[1].payload["event"]["message"]["text"] == "hello"
    assert recorder.got[2].payload["event"]["deleted_ts"] == said.ts
    assert world.ada.messages(world.ideas.id) == []
    answer = await world.call("chat.update", channel=world.ideas.id, ts=said.ts, text="x")
    assert answer["error"] == "message_not_found"


async def test_without_interactivity_nothing_interactive_is_sent() -> None:
    silent = manifest()
    silent["settings"]["interactivity"]["is_enabled"] = False
    world = build(manifest=silent)
    await world.ada.global_shortcut("hand_in")
    assert world.ada.notices == ["hand_in failed with the error dispatch_failed"]
    assert world.ws.expect_problem("unhandled").detail == "interactivity is off in the manifest"

"""views.*: triggers, the stack, hashes, Home."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.support.sandbox_app import World, build, button, manifest, modal, plain, text_input

Seen = list[dict[str, Any]]
Trigger = Callable[[], Awaitable[str]]
HOME = {"type": "home", "blocks": [{"type": "actions", "elements": [button("go")]}]}
PUSHING = modal(
    {"type": "actions", "block_id": "more", "elements": [button("more")]}, submit=plain("Go")
)


@pytest.fixture
def seen(world: World) -> list[dict[str, Any]]:
    """The payloads that reached the app, which acks them all."""
    seen: list[dict[str, Any]] = []

    async def take(ack: Any, body: Any) -> None:
        seen.append(body)
        await ack()

    world.app.command("/idea")(take)
    world.app.action("more")(take)
    world.app.action("go")(take)
    world.app.view("idea")(take)
    return seen


@pytest.fixture
def trigger(world: World, seen: Seen) -> Trigger:
    """Gives a fresh trigger_id of Ada's."""

    async def fresh() -> str:
        await world.ada.slash("/idea")
        return str(seen[-1]["trigger_id"])

    return fresh


async def test_a_trigger_works_once_and_for_three_seconds(world: World, trigger: Trigger) -> None:
    first = await trigger()
    assert (await world.call("views.open", trigger_id=first, view=modal()))["ok"]
    again = await world.call("views.open", trigger_id=first, view=modal())
    assert again["error"] == "exchanged_trigger_id"
    second = await trigger()
    await world.clock.advance(timedelta(seconds=4))
    late = await world.call("views.open", trigger_id=second, view=modal())
    assert late["error"] == "expired_trigger_id"
    made_up = await world.call("views.open", trigger_id="1.2.3", view=modal())
    assert made_up["error"] == "invalid_trigger_id"


async def test_a_refused_view_has_used_its_trigger(world: World, trigger: Trigger) -> None:
    ready = await trigger()
    refused = await world.call("views.open", trigger_id=ready, view=modal(title=plain("x" * 25)))
    assert refused["error"] == "invalid_arguments"
    world.ws.expect_problem("api")
    again = await world.call("views.open", trigger_id=ready, view=modal())
    assert again["error"] == "exchanged_trigger_id"


async def test_the_stack_holds_three(world: World, trigger: Trigger, seen: Seen) -> None:
    ready = await trigger()
    await world.call("views.open", trigger_id=ready, view=PUSHING)
    for expected in (True, True, False):
        assert world.ada.view is not None
        await world.ada.click(world.ada.view, "more")
        ready = seen[-1]["trigger_id"]
        answer = await world.call("views.push", trigger_id=ready, view=PUSHING)
        assert answer["ok"] is expected
    assert answer["error"] == "push_limit_reached"
    assert len(world.ada.views) == 3
    top = world.ada.views[2]
    assert top.root_view_id == world.ada.views[0].id
    assert top.previous_view_id == world.ada.views[1].id
    await world.ada.close_view()
    assert len(world.ada.views) == 2
    await world.ada.close_view(cleared=True)
    assert world.ada.view is None


async def test_a_push_needs_a_trigger_from_inside(world: World, trigger: Trigger) -> None:
    await world.call("views.open", trigger_id=await trigger(), view=modal())
    answer = await world.call("views.push", trigger_id=await trigger(), view=modal())
    assert answer["error"] == "invalid_trigger_id"


async def test_an_update_keeps_what_was_typed(world: World, trigger: Trigger) -> None:
    opened = await world.call(
        "views.open",
        trigger_id=await trigger(),
        view=modal(text_input("title"), text_input("why")),
    )
    world.ada.fill({"title": "Ten tips", "why": "because"})
    changed = modal(text_input("title"), text_input("why2"), title=plain("Changed"))
    updated = await world.call(
        "views.update", view_id=opened["view"]["id"], hash=opened["view"]["hash"], view=changed
    )
    values = updated["view"]["state"]["values"]
    assert values["title"]["v"]["value"] == "Ten tips"
    assert values["why2"]["v"]["value"] is None
    stale = await world.call(
        "views.update", view_id=opened["view"]["id"], hash=opened["view"]["hash"], view=modal()
    )
    assert stale["error"] == "hash_conflict"
    await world.ada.close_view()
    gone = await world.call("views.update", view_id=opened["view"]["id"], view=modal())
    assert gone["error"] == "not_found"


async def test_external_ids_name_one_open_view(world: World, trigger: Trigger) -> None:
    view = modal(external_id="draft-1")
    await world.call("views.open", trigger_id=await trigger(), view=view)
    updated = await world.call("views.update", external_id="draft-1", view=view)
    assert updated["ok"]
    again = await world.call("views.open", trigger_id=await trigger(), view=view)
    assert again["error"] == "duplicate_external_id"
    world.ws.expect_problem("api")


async def test_home_is_published_per_person_and_clicked(world: World, seen: Seen) -> None:
    published = await world.call("views.publish", user_id=world.ada.id, view=HOME)
    assert world.ada.home is not None
    assert world.bob.home is None
    await world.ada.click(world.ada.home, "go")
    assert seen[-1]["container"] == {"type": "view", "view_id": world.ada.home.id}
    assert seen[-1]["view"]["hash"] == published["view"]["hash"]
    again = await world.call("views.publish", user_id=world.ada.id, view=HOME)
    assert again["view"]["id"] == published["view"]["id"]
    stale = await world.call(
        "views.publish", user_id=world.ada.id, view=HOME, hash=published["view"]["hash"]
    )
    assert stale["error"] == "hash_conflict"


async def test_home_needs_its_tab_and_a_person() -> None:
    world = build(manifest=manifest(app_home={"messages_tab_enabled": True}))
    answer = await world.call("views.publish", user_id=world.ada.id, view=HOME)
    assert answer["error"] == "not_enabled"
    answer = await world.call("views.publish", user_id="U0NOBODY", view=HOME)
    assert answer["error"] == "invalid_arguments"
    world.ws.expect_problem("api")


@pytest.mark.parametrize("view", ["not json", "[]"])
async def test_a_view_that_is_none(world: World, trigger: Trigger, view: str) -> None:
    answer = await world.call("views.open", trigger_id=await trigger(), view=view)
    assert answer["error"] == "invalid_arguments"
    world.ws.expect_problem("api")

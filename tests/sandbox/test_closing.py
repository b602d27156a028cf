"""Leaving a modal: what the app hears, if it asked to."""

from typing import Any

import pytest

from sandbox.filling import ClientRefused
from tests.support.sandbox_app import World, build, button, modal, text_input

TITLE = text_input("title")


def form(name: str, **more: Any) -> dict[str, Any]:
    return modal(TITLE, {"type": "actions", "block_id": "go", "elements": [button("on")]}) | {
        "callback_id": name,
        **more,
    }


def listen(world: World, *views: dict[str, Any]) -> list[dict[str, Any]]:
    """An app that opens the first view for /idea, pushes the next at each press of its button."""
    closed: list[dict[str, Any]] = []
    waiting = list(views)

    @world.app.command("/idea")
    async def opens(ack: Any, body: Any, client: Any) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=waiting.pop(0))
        await ack()

    @world.app.action("on")
    async def pushes(ack: Any, body: Any, client: Any) -> None:
        await client.views_push(trigger_id=body["trigger_id"], view=waiting.pop(0))
        await ack()

    async def closes(ack: Any, body: Any) -> None:
        closed.append(body)
        await ack()

    for view in views:
        world.app.view_closed(view["callback_id"])(closes)
    return closed


async def on(world: World) -> None:
    assert world.ada.view is not None
    await world.ada.click(world.ada.view, "on")


async def test_where_what_was_typed_comes_with_it() -> None:
    world = build(values_on_close=True)
    closed = listen(world, form("idea", notify_on_close=True, private_metadata="draft:1"))
    await world.ada.slash("/idea")
    world.ada.fill({"title": "half a thought"})
    await world.ada.close_view()
    [body] = closed
    assert body["type"] == "view_closed"
    assert not body["is_cleared"]
    assert body["view"]["callback_id"] == "idea"
    assert body["view"]["private_metadata"] == "draft:1"
    held = {"type": "plain_text_input", "value": "half a thought"}
    assert body["view"]["state"]["values"]["title"]["v"] == held
    assert "trigger_id" not in body
    assert world.ada.view is None
    with pytest.raises(ClientRefused, match="no modal open"):
        await world.ada.close_view()


async def test_a_closed_view_tells_nothing_of_what_was_typed(world: World) -> None:
    closed = listen(world, form("idea", notify_on_close=True))
    await world.ada.slash("/idea")
    world.ada.fill({"title": "half a thought"})
    await world.ada.close_view()
    assert closed[0]["view"]["state"] == {"values": {}}
    assert world.ws.problems == []


async def test_nobody_hears_of_a_view_that_did_not_ask(world: World) -> None:
    closed = listen(world, form("idea"))
    await world.ada.slash("/idea")
    await world.ada.close_view(cleared=True)
    assert closed == []
    assert world.ada.view is None


async def test_cancel_closes_the_top_and_the_x_closes_all(world: World) -> None:
    quiet, loud = form("low"), [form(name, notify_on_close=True) for name in ("mid", "top")]
    closed = listen(world, quiet, *loud)
    await world.ada.slash("/idea")
    await on(world)
    await on(world)
    assert len(world.ada.views) == 3
    await world.ada.close_view()
    assert [body["view"]["callback_id"] for body in closed] == ["top"]
    assert world.ada.view is not None
    assert world.ada.view.callback_id == "mid"
    await world.ada.close_view(cleared=True)
    assert [body["view"]["callback_id"] for body in closed] == ["top", "mid"]
    assert [body["is_cleared"] for body in closed] == [False, True]
    assert world.ada.views == []


async def test_cancel_in_a_view_that_clears_on_close(world: World) -> None:
    closed = listen(world, form("low", notify_on_close=True), form("top", clear_on_close=True))
    await world.ada.slash("/idea")
    await on(world)
    await world.ada.close_view()
    assert world.ada.views == []
    assert [(body["view"]["callback_id"], body["is_cleared"]) for body in closed] == [("low", True)]


async def test_a_closed_view_can_not_be_updated(world: World) -> None:
    listen(world, form("idea"))
    await world.ada.slash("/idea")
    assert world.ada.view is not None
    view_id = world.ada.view.id
    await world.ada.close_view()
    answer = await world.call("views.update", view_id=view_id, view=form("idea"))
    assert answer["error"] == "not_found"

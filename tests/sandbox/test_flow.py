"""One journey through everything, in process."""

from typing import Any

from tests.support.sandbox_app import IDEA, World, build, button, card


def desk(world: World) -> None:
    """Listeners of a small idea desk."""
    app, ideas = world.app, world.ideas.id

    @app.command("/idea")
    async def opens(ack: Any, body: Any, client: Any) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=IDEA)
        await ack()

    @app.view("idea")
    async def submitted(ack: Any, view: Any, client: Any) -> None:
        title = view["state"]["values"]["title"]["v"]["value"]
        if title == "taken":
            await ack(response_action="errors", errors={"title": "Taken already"})
            return
        await client.chat_postMessage(
            channel=ideas, text=title, blocks=card(title, button("accept"))
        )
        await ack()

    @app.action("accept")
    async def accepted(ack: Any, body: Any, client: Any) -> None:
        await client.chat_update(
            channel=body["channel"]["id"],
            ts=body["message"]["ts"],
            text="Accepted",
            blocks=card(f"Accepted by <@{body['user']['id']}>"),
        )
        await ack()

    @app.event("message")
    async def heard() -> None:
        """The bot's own updates come back as message_changed."""


async def test_slash_modal_errors_message_click_update() -> None:
    world = build()
    desk(world)
    await world.ada.slash("/idea", "", channel=world.ideas.id)
    view = world.ada.view
    assert view is not None
    assert view.title == "New idea"

    await world.ada.submit({"title": "taken"})
    assert world.ada.errors == {"title": "Taken already"}
    assert world.ada.view is not None
    assert world.ada.view.values["title"]["v"]["value"] == "taken"

    await world.ada.submit({"title": "Ten tips"})
    assert world.ada.view is None

    [message] = world.bob.messages(world.ideas.id)
    await world.bob.click(message, "accept")
    [message] = world.bob.messages(world.ideas.id)
    assert message.text == "Accepted"
    assert message.blocks[0]["text"]["text"] == f"Accepted by <@{world.bob.id}>"
    assert world.ws.problems == []

"""One journey through everything, in process."""

from tests.support.sandbox_app import build, idea_desk


async def test_slash_modal_errors_message_click_update() -> None:
    world = build()
    idea_desk(world.app, world.ideas.id)
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

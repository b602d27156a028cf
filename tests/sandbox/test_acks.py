"""Acks: what they do on the screen, and which of them are problems."""

from datetime import timedelta
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.response import BoltResponse

from sandbox.transports.in_process import InProcess
from tests.support.sandbox_app import IDEA, World, build, button, card, modal, plain, text_input


def opens(world: World, view: dict[str, Any] = IDEA) -> None:
    @world.app.command("/idea")
    async def listener(ack: Any, body: Any, client: Any) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()


def answers(world: World, **ack_with: Any) -> None:
    @world.app.view("idea")
    async def listener(ack: Any) -> None:
        await ack(**ack_with)


async def submitted(world: World) -> None:
    await world.ada.slash("/idea")
    await world.ada.submit({"title": "Ten tips"})


async def test_update_push_and_clear(world: World) -> None:
    opens(world)
    answers(world, response_action="update", view=modal(title=plain("Second")))
    await submitted(world)
    assert [view.title for view in world.ada.views] == ["Second"]


async def test_push(world: World) -> None:
    opens(world)
    answers(world, response_action="push", view=modal(title=plain("Second")))
    await submitted(world)
    assert [view.title for view in world.ada.views] == ["New idea", "Second"]


async def test_clear(world: World) -> None:
    opens(world)
    answers(world, response_action="clear")
    await submitted(world)
    assert world.ada.views == []


@pytest.mark.parametrize(
    "ack,detail",
    [
        ({"response_action": "errors", "errors": {"nowhere": "x"}}, "no input of the view"),
        ({"response_action": "update", "view": modal(title=plain("x" * 25))}, "less than 25"),
        ({"text": "Thanks!"}, "not an answer to a submission"),
    ],
)
async def test_a_bad_ack_leaves_the_form_open(
    world: World, ack: dict[str, Any], detail: str
) -> None:
    opens(world)
    answers(world, **ack)
    await submitted(world)
    assert detail in world.ws.expect_problem("bad_ack").detail
    assert world.ada.view is not None
    assert world.ada.view.values["title"]["v"]["value"] == "Ten tips"
    assert world.ada.notices == ["We had some trouble connecting. Try again?"]


async def test_a_command_is_answered_to_its_user_or_to_all(world: World) -> None:
    @world.app.command("/plain")
    async def says(ack: Any, command: Any) -> None:
        if command["text"] == "all":
            await ack(text="For all", response_type="in_channel")
        else:
            await ack(text="For you", blocks=card("For you"))

    await world.ada.slash("/plain", "me", channel=world.ideas.id)
    await world.ada.slash("/plain", "all", channel=world.ideas.id)
    assert [message.text for message in world.ada.ephemerals] == ["For you"]
    assert [message.text for message in world.bob.messages(world.ideas.id)] == ["For all"]


async def test_a_command_answered_with_bad_blocks(world: World) -> None:
    @world.app.command("/plain")
    async def says(ack: Any) -> None:
        await ack(text="x", blocks=card(""))

    await world.ada.slash("/plain")
    assert world.ada.ephemerals == []
    assert "invalid_blocks" in world.ws.expect_problem("bad_ack").detail


async def test_no_ack_in_three_seconds(world: World) -> None:
    @world.app.command("/idea")
    async def slow(ack: Any) -> None:
        await world.clock.advance(timedelta(seconds=4))
        await ack()

    await world.ada.slash("/idea")
    assert world.ada.notices == ["/idea failed with the error operation_timeout"]
    assert world.ws.expect_problem("late_ack").detail == "acked after 4.0 s"


async def test_nobody_listens(world: World) -> None:
    await world.ada.slash("/idea")
    assert world.ada.notices == ["/idea failed with the error operation_timeout"]
    assert world.ws.expect_problem("unhandled").where == "/idea"


async def test_a_listener_that_raises(world: World) -> None:
    @world.app.command("/idea")
    async def breaks() -> None:
        raise RuntimeError("broken")

    await world.ada.slash("/idea")
    problem = world.ws.expect_problem("listener_raised")
    assert problem.detail == "RuntimeError: broken"
    assert isinstance(problem.more["error"], RuntimeError)


async def test_an_error_handler_may_still_answer_the_person(world: World) -> None:
    @world.app.command("/idea")
    async def breaks() -> None:
        raise RuntimeError("broken")

    @world.app.error
    async def explains(error: Exception) -> BoltResponse:
        return BoltResponse(status=200, body=f"Sorry: {error}")

    await world.ada.slash("/idea")
    assert [message.text for message in world.ada.ephemerals] == ["Sorry: broken"]
    world.ws.expect_problem("listener_raised")


async def test_acking_twice(world: World) -> None:
    @world.app.command("/idea")
    async def twice(ack: Any) -> None:
        await ack()
        await ack()

    await world.ada.slash("/idea")
    assert world.ws.expect_problem("double_ack").detail == "acked 2 times"


async def test_respond_stays_in_the_process(world: World) -> None:
    @world.app.action("go")
    async def responds(ack: Any, respond: Any) -> None:
        await respond(text="Done", replace_original=True)
        await respond(text="Only you")
        await respond(text="All", response_type="in_channel")
        await ack()

    @world.app.event("message")
    async def hears() -> None:
        """Bolt passes on message_changed."""

    await world.call(
        "chat.postMessage", channel=world.ideas.id, text="x", blocks=card("x", button("go"))
    )
    [message] = world.ada.messages(world.ideas.id)
    await world.ada.click(message, "go")
    assert [m.text for m in world.ada.messages(world.ideas.id)] == ["Done", "All"]
    assert [m.text for m in world.ada.ephemerals] == ["Only you"]


async def test_a_response_url_ends(world: World) -> None:
    statuses: list[tuple[int, str]] = []

    @world.app.command("/plain")
    async def responds(ack: Any, respond: Any, command: Any) -> None:
        if command["text"] == "late":
            await world.clock.advance(timedelta(minutes=31))
        for _ in range(1 if command["text"] == "late" else 6):
            answer = await respond(text="x")
            statuses.append((answer.status_code, answer.body))
        await ack()

    await world.ada.slash("/plain")
    assert statuses == [(200, "ok")] * 5 + [(404, "used_url")]
    await world.ada.slash("/plain", "late")
    assert statuses[-1] == (404, "expired_url")
    world.ws.expect_problem("late_ack")


async def test_the_app_must_answer_when_its_listener_is_done() -> None:
    world = build()
    app = AsyncApp(client=world.client)
    with pytest.raises(ValueError, match="process_before_response"):
        InProcess(world.ws, app)


async def test_fields_typed_before_an_error_stay(world: World) -> None:
    opens(world, modal(text_input("title"), text_input("why")))
    answers(world, response_action="errors", errors={"title": "Taken"})
    await world.ada.slash("/idea")
    await world.ada.submit({"title": "a", "why": "b"})
    assert world.ada.errors == {"title": "Taken"}
    assert world.ada.view is not None
    assert world.ada.view.values["why"]["v"]["value"] == "b"

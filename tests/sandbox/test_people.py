"""What a colleague does: payloads that reach the app, and what the client refuses."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from sandbox.filling import REQUIRED, ClientRefused
from tests.support.sandbox_app import (
    IDEA,
    World,
    build,
    button,
    card,
    manifest,
    modal,
    option,
    plain,
    text_input,
)

Seen = list[dict[str, Any]]


@pytest.fixture
def seen(world: World) -> Seen:
    """The payloads that reached the app, which opens a modal for /idea and acks the rest."""
    seen: Seen = []

    async def take(ack: Any, body: Any) -> None:
        seen.append(body)
        await ack()

    async def opens(ack: Any, body: Any, client: Any) -> None:
        seen.append(body)
        view = IDEA | {"notify_on_close": True}
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()

    world.app.command("/idea")(opens)
    world.app.command("/plain")(take)
    world.app.shortcut("hand_in")(take)
    world.app.shortcut("keep")(take)
    world.app.view("idea")(take)
    world.app.view_closed("idea")(take)
    world.app.action("pick")(take)
    world.app.action("day")(take)
    world.app.action("more")(take)
    world.app.action("go")(take)
    world.app.event("message")(take)
    world.app.event("app_home_opened")(take)
    return seen


async def test_a_slash_command_s_fields(world: World, seen: Seen) -> None:
    await world.ada.slash("/plain", "R&D <now> @bob", channel=world.ideas.id)
    body = seen[0]
    assert body["text"] == "R&amp;D &lt;now&gt; @bob"
    assert body["channel_name"] == "ideas"
    assert body["user_name"] == "ada"
    assert body["team_domain"] == "sandbox"
    assert body["response_url"].startswith("http")
    await world.ada.slash("/idea", "ask @bob in #ideas or @nobody")
    assert seen[1]["text"] == f"ask <@{world.bob.id}> in <#{world.ideas.id}|ideas> or @nobody"
    assert seen[1]["channel_name"] == "directmessage"


async def test_private_channels_keep_their_name_to_themselves(world: World, seen: Seen) -> None:
    board = world.ws.add_channel("board", world.ada.id, is_private=True)
    await world.ada.slash("/plain", "x", channel=board.id)
    assert seen[0]["channel_name"] == "privategroup"
    said = await world.ada.say(board.id, "secret")
    await world.ada.message_shortcut("keep", board.id, said.ts)
    assert seen[1]["channel"] == {"id": board.id, "name": "privategroup"}


async def test_an_undeclared_command_is_none(world: World) -> None:
    await world.ada.slash("/ideas")
    assert world.ada.notices == ["/ideas is not a valid command"]


async def test_global_shortcuts_have_no_channel(world: World, seen: Seen) -> None:
    await world.ada.global_shortcut("hand_in")
    assert seen[0]["type"] == "shortcut"
    assert not {"channel", "response_url"} & seen[0].keys()
    with pytest.raises(ClientRefused, match="declares no global shortcut"):
        await world.ada.global_shortcut("keep")


async def test_a_message_shortcut_carries_the_message(world: World, seen: Seen) -> None:
    said = await world.bob.say(world.ideas.id, "Love it <3 https://example.org/a?b=1&c=2")
    await world.ada.message_shortcut("keep", world.ideas.id, said.ts)
    body = seen[-1]
    assert body["type"] == "message_action"
    assert body["message_ts"] == said.ts
    assert body["message"]["user"] == world.bob.id
    assert body["message"]["text"] == "Love it &lt;3 <https://example.org/a?b=1&amp;c=2>"
    assert body["team"] == {"id": world.ws.identity.team_id, "domain": "sandbox"}
    assert body["user"]["username"] == "ada"


async def test_a_modal_holds_raw_text_and_initial_values(world: World, seen: Seen) -> None:
    await world.ada.slash("/idea")
    await world.ada.submit({"title": "R&D <x>", "owner": world.bob.id})
    values = seen[-1]["view"]["state"]["values"]
    assert values["title"]["v"] == {"type": "plain_text_input", "value": "R&D <x>"}
    assert values["kind"]["v"]["selected_option"] == option("post") | {
        "text": plain("Post") | {"emoji": True}
    }
    assert values["owner"]["v"] == {"type": "users_select", "selected_user": world.bob.id}
    assert seen[-1]["view"]["private_metadata"] == "draft:1"
    assert world.ada.view is None


@pytest.mark.parametrize(
    "fields,said",
    [
        ({}, REQUIRED),
        ({"title": "x"}, "Must be at least 3 characters."),
        ({"title": "x" * 41}, "Must be at most 40 characters."),
    ],
)
async def test_the_client_checks_before_it_sends(
    world: World, seen: Seen, fields: dict[str, Any], said: str
) -> None:
    await world.ada.slash("/idea")
    with pytest.raises(ClientRefused) as refused:
        await world.ada.submit(fields)
    assert refused.value.errors == world.ada.errors == {"title": said}
    assert len(seen) == 1
    await world.ada.submit(fields, force=True)
    assert seen[-1]["type"] == "view_submission"


async def test_a_menu_has_what_it_offers(world: World, seen: Seen) -> None:
    await world.ada.slash("/idea")
    with pytest.raises(ClientRefused, match="has no option 'film'"):
        world.ada.fill({"kind": "film"})
    with pytest.raises(ClientRefused, match="does not offer U0NOBODY"):
        world.ada.fill({"owner": "U0NOBODY"})
    with pytest.raises(ClientRefused, match="no single field"):
        world.ada.fill({"colour": "red"})
    kind = world.ada.fill({"kind": "Story"}).values["kind"]["v"]
    assert kind["selected_option"]["value"] == "story"
    assert seen[-1]["command"] == "/idea"


async def test_every_kind_of_field(world: World, seen: Seen) -> None:
    def field(block_id: str, **element: Any) -> dict[str, Any]:
        element["action_id"] = "v"
        return {"type": "input", "block_id": block_id, "label": plain("L"), "element": element}

    both = [option("a"), option("b")]
    await world.ada.slash("/idea")
    await world.call(
        "views.update",
        view_id=world.ada.view.id if world.ada.view else "",
        view=modal(
            field("boxes", type="checkboxes", options=both),
            field("radio", type="radio_buttons", options=both),
            field("many", type="multi_static_select", options=both),
            field("day", type="datepicker"),
            field("hour", type="timepicker"),
            field("when", type="datetimepicker"),
            field("count", type="number_input", is_decimal_allowed=False, min_value="1"),
            field("mail", type="email_text_input"),
            field("link", type="url_text_input"),
            field("rooms", type="multi_conversations_select"),
        ),
    )
    with pytest.raises(ClientRefused) as refused:
        await world.ada.submit({"count": 0, "mail": "x", "link": "x"})
    assert refused.value.errors["count"] == "Must be at least 1."
    assert refused.value.errors["mail"] == "Must be an email address."
    assert refused.value.errors["link"] == "Must be a link."
    await world.ada.submit(
        {
            "boxes": ["a", "b"],
            "radio": "b",
            "many": "a",
            "day": date(2026, 12, 24),
            "hour": time(9, 30),
            "when": datetime(2026, 12, 24, tzinfo=UTC),
            "count": 3,
            "mail": "a@example.org",
            "link": "https://example.org",
            "rooms": [world.ideas.id],
        }
    )
    values = {key: held["v"] for key, held in seen[-1]["view"]["state"]["values"].items()}
    assert [o["value"] for o in values["boxes"]["selected_options"]] == ["a", "b"]
    assert values["radio"]["selected_option"]["value"] == "b"
    assert [o["value"] for o in values["many"]["selected_options"]] == ["a"]
    assert values["day"]["selected_date"] == "2026-12-24"
    assert values["hour"]["selected_time"] == "09:30"
    assert values["when"]["selected_date_time"] == 1798070400
    assert values["count"]["value"] == "3"
    assert values["rooms"]["selected_conversations"] == [world.ideas.id]


async def test_a_click_carries_message_state_and_trigger(world: World, seen: Seen) -> None:
    pick = {"type": "static_select", "action_id": "pick", "options": [option("a"), option("b")]}
    more = {"type": "overflow", "action_id": "more", "options": [option("x")]}
    day = {"type": "datepicker", "action_id": "day"}
    metadata = {"event_type": "card", "event_payload": {"id": 1}}
    answer = await world.call(
        "chat.postMessage",
        channel=world.ideas.id,
        text="card",
        blocks=card("card", pick, more, day, button("go", "42")),
        metadata=metadata,
    )
    [message] = world.ada.messages(world.ideas.id)
    await world.ada.click(message, "pick", "b")
    body = seen[-1]
    assert body["type"] == "block_actions"
    assert body["container"]["message_ts"] == answer["ts"]
    assert body["actions"][0]["selected_option"]["value"] == "b"
    assert body["state"]["values"]["card"]["pick"]["selected_option"]["value"] == "b"
    assert body["message"]["blocks"]
    assert "metadata" not in body["message"]
    await world.ada.click(message, "more", "x")
    assert seen[-1]["actions"][0]["selected_option"]["value"] == "x"
    await world.ada.click(message, "day", "2026-12-24")
    assert seen[-1]["actions"][0]["selected_date"] == "2026-12-24"
    await world.ada.click(message, "go")
    assert seen[-1]["actions"][0]["value"] == "42"
    assert seen[-1]["channel"] == {"id": world.ideas.id, "name": "ideas"}
    with pytest.raises(ClientRefused, match="no single element 'gone'"):
        await world.ada.click(message, "gone")


async def test_only_who_sees_a_message_can_click_it(world: World, seen: Seen) -> None:
    await world.call(
        "chat.postEphemeral",
        channel=world.ideas.id,
        user=world.ada.id,
        text="x",
        blocks=card("x", button("go")),
    )
    [message] = world.ada.ephemerals
    with pytest.raises(ClientRefused, match="no message"):
        await world.bob.click(message, "go")
    await world.ada.click(message, "go")
    assert seen[-1]["container"]["is_ephemeral"]
    assert "message" not in seen[-1]


async def test_closing_tells_the_app_that_asked_for_it(world: World, seen: Seen) -> None:
    await world.ada.slash("/idea")
    await world.ada.close_view()
    assert seen[-1]["type"] == "view_closed"
    assert not seen[-1]["is_cleared"]
    with pytest.raises(ClientRefused, match="no modal open"):
        await world.ada.submit({})


async def test_an_input_that_dispatches(world: World, seen: Seen) -> None:
    await world.ada.slash("/idea")
    assert world.ada.view is not None
    with pytest.raises(ClientRefused, match="does not dispatch"):
        await world.ada.click(world.ada.view, "v", "x", block_id="title")
    dispatching = text_input("title") | {"dispatch_action": True}
    dispatching["element"]["action_id"] = "go"
    await world.call("views.update", view_id=world.ada.view.id, view=modal(dispatching))
    await world.ada.click(world.ada.view, "go", "typed")
    assert seen[-1]["actions"][0]["value"] == "typed"
    assert seen[-1]["view"]["state"]["values"]["title"]["go"]["value"] == "typed"


async def test_where_people_may_not_write(world: World) -> None:
    outside = world.ws.add_channel("random", world.bob.id)
    with pytest.raises(ClientRefused, match="is not in random"):
        await world.ada.say(outside.id, "x")
    closed = world.ws.add_channel("board", world.bob.id, is_private=True)
    with pytest.raises(ClientRefused, match="is not in board"):
        world.ada.messages(closed.id)
    no_tab = build(manifest=manifest(app_home={"home_tab_enabled": True}))
    with pytest.raises(ClientRefused, match="no Messages tab"):
        await no_tab.ada.say(no_tab.ws.dm(no_tab.ada.id).id, "x")
    world.ws.connect(None)
    world.ws.deactivate(world.ada.id)
    with pytest.raises(ClientRefused, match="deactivated"):
        await world.ada.slash("/idea")


async def test_opening_home_and_writing_to_the_app(world: World, seen: Seen) -> None:
    await world.call(
        "views.publish",
        user_id=world.ada.id,
        view={"type": "home", "blocks": [{"type": "divider"}]},
    )
    view = await world.ada.open_home()
    assert view is not None
    assert seen[-1]["event"]["tab"] == "home"
    assert seen[-1]["event"]["view"]["id"] == view.id
    await world.ada.open_messages()
    assert "view" not in seen[-1]["event"]
    dm = world.ws.dm(world.ada.id)
    await world.ada.say(dm.id, "hello")
    assert seen[-1]["event"]["channel_type"] == "im"
    assert [message.text for message in world.ada.dms()] == ["hello"]

"""Elements of all types: what they report when they are used, and what they refuse."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import pytest

from sandbox.filling import ClientRefused
from sandbox.model import Message, View
from tests.support.sandbox_app import World, button, modal, mrkdwn, option, plain

Seen = list[dict[str, Any]]
QUESTION = {
    "title": plain("Sure?"),
    "text": mrkdwn("It can't be undone."),
    "confirm": plain("Yes"),
    "deny": plain("No"),
}
BOTH = [option("a"), option("b")]
REPORTING: dict[str, tuple[dict[str, Any], Any, str]] = {
    "datepicker": ({"initial_date": "2026-11-20"}, date(2026, 12, 24), "selected_date"),
    "timepicker": ({"initial_time": "08:00"}, time(9, 30), "selected_time"),
    "datetimepicker": ({}, datetime(2026, 12, 24, tzinfo=UTC), "selected_date_time"),
    "static_select": ({"options": BOTH}, "b", "selected_option"),
    "users_select": ({}, "U00000002", "selected_user"),
    "conversations_select": ({}, "C00000001", "selected_conversation"),
    "channels_select": ({}, "C00000001", "selected_channel"),
    "checkboxes": ({"options": BOTH}, ["a", "b"], "selected_options"),
    "radio_buttons": ({"options": BOTH}, "a", "selected_option"),
}
HELD = {
    "selected_date": "2026-12-24",
    "selected_time": "09:30",
    "selected_date_time": 1798070400,
    "selected_user": "U00000002",
    "selected_conversation": "C00000001",
    "selected_channel": "C00000001",
}


def field(block_id: str, **element: Any) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": block_id,
        "optional": True,
        "label": plain("Label"),
        "element": {"action_id": "v", **element},
    }


@pytest.fixture
def seen(world: World) -> Seen:
    """The actions and submissions that reach an app which acks all."""
    seen: Seen = []

    async def take(ack: Any, body: Any) -> None:
        seen.append(body)
        await ack()

    for action_id in ("v", "more", "go"):
        world.app.action(action_id)(take)
    world.app.view("idea")(take)
    return seen


async def posted(world: World, *blocks: dict[str, Any]) -> Message:
    await world.call("chat.postMessage", channel=world.ideas.id, text="card", blocks=list(blocks))
    return world.ada.messages(world.ideas.id)[-1]


async def opened(world: World, *blocks: dict[str, Any]) -> View:
    trigger = world.ws.trigger(world.ada.id)
    answer = await world.call("views.open", trigger_id=trigger, view=modal(*blocks))
    assert answer["ok"], answer
    assert world.ada.view is not None
    return world.ada.view


def action_of(seen: Seen) -> dict[str, Any]:
    [action] = seen[-1]["actions"]
    assert isinstance(action, dict)
    return action


@pytest.mark.parametrize("kind", REPORTING)
async def test_an_element_reports_at_once(world: World, seen: Seen, kind: str) -> None:
    more, value, key = REPORTING[kind]
    element = {"type": kind, "action_id": "v", **more}
    card = await posted(world, {"type": "actions", "block_id": "due.day:1", "elements": [element]})
    await world.ada.click(card, "v", value)
    action = action_of(seen)
    assert action["type"] == kind
    assert action["block_id"] == "due.day:1"
    assert action["action_ts"]
    picked = action[key]
    if key == "selected_option":
        assert picked["value"] == value
    elif key == "selected_options":
        assert [entry["value"] for entry in picked] == value
    else:
        assert picked == HELD[key]
    assert {name: action[name] for name in more if name.startswith("initial")} == {
        name: given for name, given in more.items() if name.startswith("initial")
    }
    assert seen[-1]["state"]["values"]["due.day:1"]["v"][key] == picked


async def test_menus_of_many_report_from_a_section(world: World, seen: Seen) -> None:
    menu = {"type": "multi_users_select", "action_id": "v", "placeholder": plain("Who?")}
    card = await posted(world, {"type": "section", "text": mrkdwn("Who"), "accessory": menu})
    await world.ada.click(card, "v", [world.bob.id, world.ada.id])
    assert action_of(seen)["selected_users"] == [world.bob.id, world.ada.id]
    assert action_of(seen)["placeholder"]["text"] == "Who?"
    await world.ada.click(card, "v", None)
    assert action_of(seen)["selected_users"] == []


@pytest.mark.parametrize("surface", ["message", "modal", "home"])
async def test_an_overflow_anywhere(world: World, seen: Seen, surface: str) -> None:
    more = {"type": "overflow", "action_id": "more", "options": BOTH, "confirm": QUESTION}
    section = {"type": "section", "block_id": "s", "text": mrkdwn("x"), "accessory": more}
    target: Message | View | None
    if surface == "message":
        target = await posted(world, section)
    elif surface == "modal":
        target = await opened(world, section)
    else:
        view = {"type": "home", "blocks": [section]}
        await world.call("views.publish", user_id=world.ada.id, view=view)
        target = world.ada.home
    assert target is not None
    await world.ada.click(target, "more", "b", sure=False)
    assert seen == []
    await world.ada.click(target, "more", "b")
    action = action_of(seen)
    assert action["type"] == "overflow"
    assert action["selected_option"] == option("b") | {"text": plain("B") | {"emoji": True}}
    assert action["confirm"]["title"]["text"] == "Sure?"
    assert seen[-1]["container"]["type"] == ("message" if surface == "message" else "view")
    if surface == "home":
        assert seen[-1]["view"]["type"] == "home"
    with pytest.raises(ClientRefused, match="has no option"):
        await world.ada.click(target, "more", "c")


async def test_home_opens_modals_and_keeps_what_is_picked(world: World, seen: Seen) -> None:
    day = {"type": "datepicker", "action_id": "v", "initial_date": "2026-11-23"}
    blocks = [{"type": "actions", "block_id": "b", "elements": [day, button("open"), button("go")]}]

    @world.app.action("open")
    async def opens(ack: Any, body: Any, client: Any) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal())
        await ack()

    view = {"type": "home", "blocks": blocks}
    await world.call("views.publish", user_id=world.ada.id, view=view)
    home = world.ada.home
    assert home is not None
    await world.ada.click(home, "v", "2026-11-24")
    await world.ada.click(home, "go")
    assert seen[-1]["view"]["state"]["values"]["b"]["v"]["selected_date"] == "2026-11-24"
    await world.ada.click(home, "open")
    assert world.ada.view is not None


async def test_a_question_is_only_where_there_is_one(world: World, seen: Seen) -> None:
    asking = button("go") | {"confirm": QUESTION}
    card = await posted(world, {"type": "actions", "elements": [asking, button("v")]})
    await world.ada.click(card, "go", sure=False)
    assert seen == []
    await world.ada.click(card, "go")
    assert action_of(seen)["value"] == "1"
    with pytest.raises(ClientRefused, match="asks nothing"):
        await world.ada.click(card, "v", sure=False)


async def test_ids_with_dots_and_colons(world: World, seen: Seen) -> None:
    first = field("goal.due:7", type="datepicker")
    second = field("goal.title", type="plain_text_input")
    await opened(world, first, second)
    await world.ada.submit({"goal.due:7": "2026-12-24", "goal.title.v": "More"})
    values = seen[-1]["view"]["state"]["values"]
    assert values["goal.due:7"]["v"]["selected_date"] == "2026-12-24"
    assert values["goal.title"]["v"]["value"] == "More"


async def test_a_field_has_one_name(world: World) -> None:
    two = [{"type": "datepicker", "action_id": name} for name in ("from", "to")]
    actions = {"type": "actions", "block_id": "when", "elements": [*two, button("go")]}
    await opened(world, actions)
    with pytest.raises(ClientRefused, match="no single field 'when'"):
        world.ada.fill({"when": "2026-12-24"})
    with pytest.raises(ClientRefused, match=r"no single field 'when\.go'"):
        world.ada.fill({"when.go": "1"})
    values = world.ada.fill({"when.from": "2026-12-24"}).values["when"]
    assert values["from"]["selected_date"] == "2026-12-24"
    assert values["to"]["selected_date"] is None


async def test_initial_values_are_there_and_can_be_emptied(world: World, seen: Seen) -> None:
    await opened(
        world,
        field("who", type="users_select", initial_user=world.bob.id),
        field("all", type="multi_users_select", initial_users=[world.ada.id, world.bob.id]),
        field("room", type="conversations_select", initial_conversation=world.ideas.id),
        field("rooms", type="multi_channels_select", initial_channels=[world.ideas.id]),
        field("at", type="datetimepicker", initial_date_time=1798070400),
        field("box", type="checkboxes", options=BOTH, initial_options=[option("a")]),
        field("n", type="number_input", is_decimal_allowed=True, initial_value="1.5"),
    )
    await world.ada.submit({"who": None, "all": [world.bob.id], "box": []})
    values = {name: held["v"] for name, held in seen[-1]["view"]["state"]["values"].items()}
    assert values["who"]["selected_user"] is None
    assert values["all"]["selected_users"] == [world.bob.id]
    assert values["room"]["selected_conversation"] == world.ideas.id
    assert values["rooms"]["selected_channels"] == [world.ideas.id]
    assert values["at"]["selected_date_time"] == 1798070400
    assert values["box"]["selected_options"] == []
    assert values["n"]["value"] == "1.5"


@pytest.mark.parametrize(
    "element,value",
    [
        ({"type": "datepicker"}, "2026-02-30"),
        ({"type": "datepicker"}, "20261120"),
        ({"type": "datepicker"}, datetime(2026, 11, 20, tzinfo=UTC)),
        ({"type": "timepicker"}, "24:00"),
        ({"type": "datetimepicker"}, datetime(2026, 11, 20)),  # noqa: DTZ001  (that is the case)
        ({"type": "datetimepicker"}, "2026-11-20"),
        ({"type": "datetimepicker"}, 12),
        ({"type": "multi_static_select", "options": BOTH, "max_selected_items": 1}, ["a", "b"]),
    ],
)
async def test_what_a_picker_does_not_take(
    world: World, element: dict[str, Any], value: object
) -> None:
    await opened(world, field("f", **element))
    with pytest.raises(ClientRefused):
        world.ada.fill({"f": value})
    assert world.ada.view is not None
    assert not any(world.ada.view.values["f"]["v"].get(key) for key in HELD)


async def test_a_moment_is_the_same_in_each_zone(world: World) -> None:
    await opened(world, field("at", type="datetimepicker"))
    berlin = timezone(timedelta(hours=1))
    view = world.ada.fill({"at": datetime(2026, 12, 24, 1, tzinfo=berlin)})
    assert view.values["at"]["v"]["selected_date_time"] == 1798070400


async def test_menus_offer_what_their_filter_lets_through(world: World) -> None:
    board = world.ws.add_channel("board", world.ada.id, is_private=True).id
    closed = world.ws.add_channel("closed", world.bob.id, is_private=True).id
    public, dm = world.ideas.id, world.ws.dm(world.ada.id).id
    other_dm = world.ws.dm(world.bob.id).id
    only = {"filter": {"include": ["public"]}}
    humans = {"filter": {"exclude_bot_users": True}}
    await opened(
        world,
        field("any", type="conversations_select"),
        field("public", type="conversations_select", **only),
        field("humans", type="multi_conversations_select", **humans),
        field("channel", type="channels_select"),
    )
    offered = {
        "any": {board, public, dm},
        "public": {public},
        "humans": {board, public},
        "channel": {public},
    }
    for name, those in offered.items():
        for place in (board, closed, public, dm, other_dm):
            if place in those:
                world.ada.fill({name: [place] if name == "humans" else place})
            else:
                with pytest.raises(ClientRefused, match="does not offer"):
                    world.ada.fill({name: place})


async def test_a_menu_that_starts_with_where_one_is(world: World) -> None:
    here = {"default_to_current_conversation": True}
    other = world.ws.add_channel("random", world.ada.id).id

    @world.app.command("/idea")
    async def opens(ack: Any, body: Any, client: Any) -> None:
        view = modal(
            field("here", type="conversations_select", **here),
            field("all", type="multi_conversations_select", **here),
            field("fixed", type="conversations_select", initial_conversation=other, **here),
        )
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()

    await world.ada.slash("/idea", channel=world.ideas.id)
    assert world.ada.view is not None
    values = {name: held["v"] for name, held in world.ada.view.values.items()}
    assert values["here"]["selected_conversation"] == world.ideas.id
    assert values["all"]["selected_conversations"] == [world.ideas.id]
    assert values["fixed"]["selected_conversation"] == other

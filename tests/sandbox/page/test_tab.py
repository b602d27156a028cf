"""Walks through the page without a browser."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from sandbox import views
from sandbox.page.fields import field_name
from sandbox.page.html import slug
from sandbox.page.screen import Event, GuideStep
from tests.support.page_app import Desk, digest, do, inputs, seen


def fields(**values: str) -> dict[str, list[str]]:
    """A form's fields by block_id, all with the action_id "v"."""
    return {
        field_name({"block_id": block_id}, {"action_id": "v"}): [value]
        for block_id, value in values.items()
    }


async def say(desk: Desk, tab: Any, text: str, **more: str) -> str:
    return await do(tab, "say", {"text": [text]}, place=desk.world.ideas.id, **more)


async def test_command_modal_errors_submit_card_and_click() -> None:
    desk = Desk()
    ada, bob = desk.tab(), desk.tab(desk.world.bob.id)
    shown = await say(desk, ada, "/idea ten tips")
    assert '<h2 id="view-V00000001-title">New idea</h2>' in shown
    target = "view V00000001"

    shown = await do(ada, "submit", fields(title="", kind="post", note="kept"), target=target)
    assert "Please complete this required field." in shown
    assert ada.screen.focus == "V00000001-title-v"
    assert "kept</textarea>" in shown
    shown = await do(ada, "submit", fields(title="taken", kind="post"), target=target)
    assert "Taken already" in shown
    shown = await do(ada, "submit", fields(title="A & B", kind="post"), target=target)
    assert "<dialog" not in shown
    assert "A &amp; B" in shown

    message = desk.world.ada.messages(desk.world.ideas.id)[-1]
    where = {"target": f"message {message.channel} {message.ts}", "block": "card"}
    shown = await do(bob, "press", action="accept", **where)
    assert "Accepted by" in shown
    assert "Accepted by" in "".join(ada.parts().values())
    shown = await do(bob, "press", action="decline", **where)
    assert "Decline this?" in shown
    assert desk.world.bob.thread(message.channel, message.ts)[1:] == []
    await do(bob, "deny")
    assert bob.screen.confirm is None
    await do(bob, "press", action="decline", **where)
    shown = await do(bob, "sure")
    assert "1 reply" in shown
    assert desk.world.ws.problems == []


async def test_only_what_changed_differs() -> None:
    desk = Desk()
    tab = desk.tab()
    await desk.world.ada.say(desk.world.ideas.id, "one")
    before = tab.parts()
    await desk.world.bob.say(desk.world.ideas.id, "two")
    after = tab.parts()
    changed = {key for key, part in after.items() if before.get(key) != part}
    new = desk.world.ada.messages(desk.world.ideas.id)[-1]
    assert changed == {f"log-{new.channel}", f"m-{new.channel}-{new.ts}"}


async def test_every_field_reaches_the_app() -> None:
    desk = Desk()
    tab = desk.tab()
    shown = await say(desk, tab, "/inputs")
    for block in inputs()["blocks"][1:]:
        assert f'id="V00000001-{block["block_id"]}-v"' in shown
    form = fields(
        kind="story",
        note="a\nb",
        mail="a@example.com",
        link="https://example.com",
        count="3",
        where="blog",
        who="U00000002",
        whos="U00000001",
        room=desk.world.ideas.id,
        pick="no",
        tick="red",
        day="2026-11-24",
        hour="09:30",
        moment="2026-11-23T09:00",
    )
    await do(tab, "submit", form, target="view V00000001")
    held = {block: value["v"] for block, value in seen[-1].items()}
    assert held["kind"]["selected_option"]["value"] == "story"
    assert held["whos"]["selected_users"] == ["U00000001"]
    assert held["tick"]["selected_options"][0]["value"] == "red"
    assert held["moment"]["selected_date_time"] == 1795420800
    assert held["hour"]["selected_time"] == "09:30"
    assert held["room"]["selected_conversation"] == desk.world.ideas.id


async def test_an_update_keeps_what_was_typed() -> None:
    desk = Desk()
    tab = desk.tab()
    await say(desk, tab, "/inputs")
    form = fields(kind="story", note="half a thought", tick="green")
    shown = await do(tab, "press", form, target="view V00000001", block="kind", action="v")
    assert "This is a story" in shown
    assert "half a thought</textarea>" in shown
    assert 'value="green" checked' in shown


@pytest.mark.parametrize("how", ["back", "close"])
async def test_leaving_a_form_tells_what_stands_in_it(how: str) -> None:
    desk = Desk()
    desk.world.ws.values_on_close = True
    tab = desk.tab()
    await say(desk, tab, "/inputs")
    shown = await do(tab, how, fields(note="half", kind="story"), target="view V00000001")
    assert "<dialog" not in shown
    assert seen[-1]["type"] == "view_closed"
    assert seen[-1]["is_cleared"] == (how == "close")
    values = seen[-1]["view"]["state"]["values"]
    assert values["note"]["v"]["value"] == "half"
    assert values["kind"]["v"]["selected_option"]["value"] == "story"


async def test_a_menu_in_a_message() -> None:
    desk = Desk()
    tab = desk.tab()
    await say(desk, tab, "/digest")
    message = desk.world.ada.messages(desk.world.ideas.id)[-1]
    block = next(block for block in message.blocks if "accessory" in block)
    where = {"target": f"message {message.channel} {message.ts}", "block": block["block_id"]}
    form = {field_name(block, block["accessory"]): ["monday"]}
    shown = await do(tab, "press", form, action="remind", **where)
    assert seen[-1]["selected_option"]["value"] == "monday"
    assert '<option value="monday" selected>' in shown
    assert len(digest()) == len(message.blocks)


async def test_ephemerals_are_for_one_person_and_can_be_dismissed() -> None:
    desk = Desk()
    ada, bob = desk.tab(), desk.tab(desk.world.bob.id)
    shown = await say(desk, ada, "/digest")
    assert "Posted for you &lt;3" in shown
    assert "Posted for you" not in "".join(bob.parts().values())
    [own] = desk.world.ada.ephemerals
    target = f"message {own.channel} {own.ts}"
    await do(bob, "forget", target=target)
    assert desk.world.ada.ephemerals == [own]
    shown = await do(ada, "forget", target=target)
    assert "Only visible to you" not in shown


async def test_what_slack_says_when_something_fails() -> None:
    desk = Desk()
    tab = desk.tab()
    assert "/silent failed with the error operation_timeout" in await say(desk, tab, "/silent")
    assert "1 thing that real Slack" in "".join(tab.parts().values())
    shown = await say(desk, tab, "/nothing")
    assert "/nothing is not a valid command" in shown
    assert "operation_timeout" not in tab.parts()["notices"]
    shown = await say(desk, tab, "/idea", thread="1795161600.000001")
    assert "/idea is not supported in threads. Sorry!" in shown
    shown = await do(tab, "clear_problems")
    assert "real Slack" not in shown
    assert tab.parts()["notices"] == ""


async def test_threads_unread_dots_and_other_places() -> None:
    desk = Desk()
    world = desk.world
    other = world.ws.add_channel("other", world.bob.id)
    secret = world.ws.add_channel("secret", world.bob.id, is_private=True)
    first = await world.ada.say(world.ideas.id, "one")
    ada, bob = desk.tab(), desk.tab(world.bob.id, other.id)
    assert f'id="nav-{secret.id}"' not in ada.parts()["side"]
    assert f'id="nav-{secret.id}"' in bob.parts()["side"]
    assert "unread" in bob.parts()["side"]
    await do(bob, "go", place=world.ideas.id)
    assert "unread" not in bob.parts()["side"]

    await do(ada, "thread", place=world.ideas.id, ts=first.ts)
    assert ada.screen.focus == f"write-{world.ideas.id}-{slug(first.ts)}"
    shown = await say(desk, ada, "two", thread=first.ts)
    assert "1 reply" in shown
    assert 'aria-label="Replies"' in ada.parts()["thread"]
    await do(ada, "unthread")
    assert ada.parts()["thread"] == ""

    shown = await do(ada, "go", place=secret.id)
    assert "There is nothing here that you can see." in shown
    shown = await do(ada, "go", place=other.id)
    assert "You are looking at #other." in shown
    shown = await do(ada, "join", place=other.id)
    assert 'aria-label="Message #other"' in shown
    world.ws.archive(other.id)
    assert "This channel is archived." in "".join(ada.parts().values())
    world.ws.delete_channel(other.id)
    assert ada.screen.place == world.ideas.id


async def test_home_messages_and_shortcuts() -> None:
    desk = Desk()
    tab = desk.tab()
    shown = await do(tab, "go", place="home")
    assert "Something worth telling, friend" in shown
    assert tab.title == "Tiny · Ada Lovelace · Sandbox"
    view = desk.world.ada.home
    assert view is not None
    block = view.blocks[1]["block_id"]
    shown = await do(tab, "press", target=f"view {view.id}", block=block, action="home_idea")
    assert "New idea" in shown
    await do(tab, "back")
    shown = await do(tab, "go", place="messages")
    assert "This is the beginning of your messages with Tiny." in shown
    assert "New idea" in await do(tab, "shortcut", callback="hand_in")
    await do(tab, "close")
    message = await desk.world.ada.say(desk.world.ideas.id, "keep me")
    shown = await do(tab, "message_shortcut", callback="keep", place=message.channel, ts=message.ts)
    assert "New idea" in shown
    shown = await do(tab, "be", {"as": [desk.world.bob.id]})
    assert "New idea" not in shown
    assert tab.screen.address == f"?as={desk.world.bob.id}&in=messages"


async def test_the_clock_moves_and_a_timer_that_raises_is_a_problem() -> None:
    desk = Desk()
    tab = desk.tab()
    shown = await do(tab, "clock", by="monday")
    assert "Mon 23 Nov" in shown
    assert "<strong>09:00</strong>" in shown
    await do(tab, "clock", by="hour")
    assert desk.world.clock.now().hour == 9

    def fails() -> None:
        raise RuntimeError("no")

    desk.world.clock.at(desk.world.clock.now() + timedelta(hours=1), fails)
    shown = await do(tab, "clock", by="day")
    assert "RuntimeError: no" in shown
    assert "does not move by" in await do(tab, "clock", by="year")


async def test_a_locked_clock_says_why() -> None:
    desk = Desk(can_jump=False, why_not="The bot has a clock of its own.")
    tab = desk.tab()
    assert 'data-by="hour" title="The bot has a clock of its own." disabled' in tab.parts()["top"]
    before = desk.world.clock.now()
    assert "The bot has a clock of its own." in await do(tab, "clock", by="hour")
    assert desk.world.clock.now() == before


async def test_the_guide_and_older_messages() -> None:
    desk = Desk(guide=[GuideStep("First", "Type `/idea`")])
    tab = desk.tab()
    assert "<code>/idea</code>" in tab.parts()["guide"]
    for number in range(105):
        await desk.world.bob.say(desk.world.ideas.id, f"number {number}.")
    assert "number 4." not in "".join(tab.parts().values())
    assert "number 4." in await do(tab, "earlier")


@pytest.mark.parametrize(
    "action, data",
    [
        ("nothing", {}),
        ("press", {}),
        ("press", {"target": "view V9", "block": "a", "action": "b"}),
        ("press", {"target": "message C9 1", "block": "a", "action": "b"}),
        ("go", {"place": "C9"}),
        ("shortcut", {"callback": "none"}),
        ("submit", {"target": "view V9"}),
        ("back", {}),
        ("sure", {}),
    ],
)
async def test_what_is_not_there_changes_nothing(action: str, data: dict[str, str]) -> None:
    desk = Desk()
    tab = desk.tab()
    before = set(tab.parts())
    await do(tab, action, **data)
    assert set(tab.parts()) == before
    assert desk.world.ws.problems == []


async def test_nobody_fills_the_form_of_somebody_else() -> None:
    desk = Desk()
    await desk.world.ada.slash("/idea", channel=desk.world.ideas.id)
    bob = desk.tab(desk.world.bob.id)
    shown = await do(bob, "submit", fields(title="mine"), target="view V00000001")
    assert "This is somebody else&#x27;s." in shown
    assert desk.world.ada.view is not None
    assert desk.world.ada.view.values["title"]["v"]["value"] is None


async def test_a_stack_of_modals_has_a_way_back() -> None:
    desk = Desk()
    tab = desk.tab()
    shown = await say(desk, tab, "/idea")
    assert 'aria-label="Back"' not in shown
    views.opened(desk.world.ws, desk.world.ada.id, inputs(), below=desk.world.ada.view)
    shown = "".join(tab.parts().values())
    assert 'aria-label="Back"' in shown
    assert 'id="view-V00000002"' in shown
    assert 'id="view-V00000001"' in await do(tab, "back")
    views.opened(desk.world.ws, desk.world.ada.id, inputs(), below=desk.world.ada.view)
    assert "<dialog" not in await do(tab, "close")


async def test_trouble_with_a_form_is_said_in_the_form() -> None:
    desk = Desk()
    tab = desk.tab()
    await say(desk, tab, "/idea")
    desk.world.ws.fault("interactive", "dropped")
    form = fields(title="Ten tips", kind="post")
    shown = await do(tab, "submit", form, target="view V00000001")
    assert "We had some trouble connecting. Try again?" in tab.parts()["overlay"]
    assert 'value="Ten tips"' in shown
    assert tab.parts()["notices"] == ""


async def test_a_block_that_cannot_be_drawn_does_not_take_the_page_with_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    desk = Desk()
    message = await desk.world.ada.say(desk.world.ideas.id, "one")
    broken = {"type": "section", "block_id": "b", "text": "not an object"}
    desk.world.ws.post(replace(message, ts="1795161600.900000", bot_id="B1", blocks=(broken,)))
    assert "[section]" in "".join(desk.tab().parts().values())
    assert "could not draw" in caplog.text


def test_events_are_read_with_care() -> None:
    event = Event.parse({"do": "go", "place": 3, "form": {"a": ["b", 1], "c": "d"}})
    assert event == Event("go", {"place": "3"}, {"a": ["b", "1"]})
    wrong: list[Any] = [None, [], {"do": 1, "form": {}}, {"do": "go"}, {"do": "go", "form": []}]
    for raw in wrong:
        with pytest.raises(ValueError, match="not an event"):
            Event.parse(raw)


async def test_files_in_a_form() -> None:
    desk = Desk()
    tab = desk.tab()
    await say(desk, tab, "/inputs")
    ada, where = desk.world.ada, {"target": "view V00000001", "block": "proof", "action": "v"}
    png, text, pdf = (ada.attach(name, b"1") for name in ("a.png", "b.txt", "c.pdf"))
    form = fields(note="half a thought")
    shown = await do(tab, "attach", form, file=f"{png.id} {text.id}", **where)
    assert "a.png" in shown
    assert 'aria-label="Remove b.txt"' in shown
    assert "half a thought</textarea>" in shown
    shown = await do(tab, "attach", form, file=pdf.id, **where)
    assert "You can add 2 files at most." in shown
    shown = await do(tab, "detach", form, file=text.id, **where)
    assert "b.txt" not in shown
    shown = await do(tab, "attach", form, file=pdf.id, **where)
    assert "c.pdf is not one of: png, txt." in shown
    shown = await do(tab, "attach", form, file="", failed="d.png is too large.", **where)
    assert "d.png is too large." in shown
    await do(tab, "submit", form, target="view V00000001")
    assert [file["name"] for file in seen[-1]["proof"]["v"]["files"]] == ["a.png"]


async def test_files_in_a_message() -> None:
    desk = Desk()
    tab, room = desk.tab(), desk.world.ideas.id
    photo = desk.world.ada.attach("a & b.png", b"1" * 2000)
    notes = desk.world.ada.attach("notes.txt", b"2")
    shown = await do(tab, "hold", place=room, file=f"{photo.id} {notes.id}")
    assert 'aria-label="Remove notes.txt"' in shown
    shown = await do(tab, "drop", place=room, file=notes.id)
    assert "notes.txt" not in shown
    shown = await say(desk, tab, "")
    assert f'<img src="files/{photo.id}?as={desk.world.ada.id}"' in shown
    assert "a &amp; b.png" in shown
    assert "PNG · 2 kB" in shown
    assert "Remove" not in shown
    [message] = desk.world.ada.messages(room)
    shown = await do(tab, "hold", place=room, thread=message.ts, file=notes.id)
    await do(tab, "say", {"text": ["see"]}, place=room, thread=message.ts)
    assert desk.world.ada.files(desk.world.ada.thread(room, message.ts)[1]) == [
        desk.world.ws.files[notes.id]
    ]


async def test_a_file_that_is_gone_and_a_large_one() -> None:
    desk = Desk()
    tab, ada = desk.tab(), desk.world.ada
    plan, film = ada.attach("plan.pdf", b"1"), ada.attach("film.mp4", bytes(1_500_000))
    await ada.say(desk.world.ideas.id, files=[plan, film])
    assert "MP4 · 1.5 MB" in "".join(tab.parts().values())
    desk.world.ws.delete_file(plan.id)
    shown = "".join(tab.parts().values())
    assert "plan.pdf" not in shown
    assert "This file was deleted." in shown


async def test_files_do_not_follow_to_somebody_else() -> None:
    desk = Desk()
    tab, room = desk.tab(), desk.world.ideas.id
    photo = desk.world.ada.attach("a.png", b"1")
    await do(tab, "hold", place=room, file=photo.id)
    shown = await do(tab, "be", {"as": [desk.world.bob.id]})
    assert "a.png" not in shown


async def test_a_menu_entry_that_leads_elsewhere() -> None:
    desk = Desk()
    tab = desk.tab()
    shown = await say(desk, tab, "/pickers")
    assert 'data-value="out" href="https://example.com/" target="_blank"' in shown
    message = desk.world.ada.messages(desk.world.ideas.id)[-1]
    where = {"target": f"message {message.channel} {message.ts}"}
    block_id = message.blocks[0]["block_id"]
    await do(tab, "press", action="p.more", block=block_id, value="out", **where)
    assert seen[-1]["selected_option"]["url"] == "https://example.com/"

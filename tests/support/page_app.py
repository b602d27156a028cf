"""A tiny Bolt app that sends every block the page draws, and a page to look at it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.page.screen import Event, GuideStep, Page
from sandbox.page.tab import Tab
from sandbox.text import escape
from tests.support.sandbox_app import (
    World,
    build,
    button,
    granted,
    modal,
    mrkdwn,
    option,
    plain,
    text_input,
)

Block = dict[str, Any]

GUIDE = (
    GuideStep("Hand in an idea", "Type `/idea` in *#ideas* and send the form."),
    GuideStep("Be somebody else", "Pick Bob at the top, and accept it."),
    GuideStep("Move the clock", "Jump to Monday and read the digest."),
)

COMMANDS = [
    {"command": "/idea", "description": "Hand in an idea", "usage_hint": "[what it is about]"},
    {"command": "/inputs", "description": "A form with every kind of field"},
    {"command": "/digest", "description": "Post a digest here"},
    {"command": "/pickers", "description": "Post a message with everything to pick"},
    {"command": "/silent", "description": "Never answers"},
]


def field(block_id: str, label: str, kind: str, **more: Any) -> Block:
    optional = more.pop("optional", True)
    around: Block = {key: more.pop(key) for key in ("hint", "dispatch_action") if key in more}
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "optional": optional,
        "element": {"type": kind, "action_id": "v", **more},
        **around,
    }


def options(*values: str) -> list[Block]:
    return [option(value) for value in values]


def inputs() -> Block:
    """A modal with every kind of field."""
    return modal(
        section("*Every* field there is, for <@U00000001>"),
        field(
            "kind",
            "Kind",
            "static_select",
            options=options("post", "story"),
            initial_option=option("post"),
            dispatch_action=True,
            hint=plain("Changes the form"),
        ),
        field("note", "Note", "plain_text_input", multiline=True, placeholder=plain("Some words")),
        field("mail", "Email", "email_text_input"),
        field("link", "Link", "url_text_input"),
        field("count", "Count", "number_input", is_decimal_allowed=False),
        field("where", "Platforms", "multi_static_select", options=options("blog", "linkedin")),
        field("who", "Colleague", "users_select"),
        field("whos", "Colleagues", "multi_users_select"),
        field("room", "Channel", "conversations_select"),
        field("pick", "Pick one", "radio_buttons", options=options("yes", "no")),
        field("tick", "Tick some", "checkboxes", options=options("red", "green")),
        field("day", "Day", "datepicker", initial_date="2026-11-23"),
        field("hour", "Hour", "timepicker"),
        field("moment", "Moment", "datetimepicker"),
        field("proof", "Files", "file_input", filetypes=["png", "txt"], max_files=2),
        callback_id="inputs",
        notify_on_close=True,
    )


IDEA = modal(
    {"type": "context", "elements": [mrkdwn("Something worth telling.")]},
    {**text_input("title", max_length=60), "label": plain("Title"), "hint": plain("One line")},
    field(
        "kind",
        "Kind",
        "static_select",
        options=options("post", "story"),
        initial_option=option("post"),
        optional=False,
    ),
    field("note", "Note", "plain_text_input", multiline=True),
    close=plain("Cancel"),
    callback_id="idea",
)


def card(title: str, line: str) -> list[Block]:
    pressed: list[Block] = [
        button("accept") | {"text": plain("Accept"), "style": "primary"},
        button("decline")
        | {
            "text": plain("Decline"),
            "style": "danger",
            "confirm": {
                "title": plain("Decline this?"),
                "text": mrkdwn("The colleague hears of it."),
                "confirm": plain("Decline"),
                "deny": plain("Not yet"),
                "style": "danger",
            },
        },
        {"type": "overflow", "action_id": "more", "options": options("open", "later")},
    ]
    return [
        section(f":bulb: *{title}*\nfrom <@U00000001>"),
        {"type": "context", "elements": [mrkdwn(line)]},
        {"type": "actions", "block_id": "card", "elements": pressed},
    ]


def chart(kind: str) -> Block:
    weeks = ["19 Oct", "26 Oct", "2 Nov", "9 Nov"]
    drawn: Block
    if kind == "pie":
        parts = [{"label": "Blog", "value": 3}, {"label": "LinkedIn", "value": 5}]
        drawn = {"type": "pie", "segments": parts}
    else:
        rows = {"Handed in": (4, 6, 3, 9), "Published": (1, 2, 1, 4)}
        series = [
            {
                "name": name,
                "data": [{"label": w, "value": v} for w, v in zip(weeks, row, strict=True)],
            }
            for name, row in rows.items()
        ]
        drawn = {"type": kind, "series": series, "axis_config": {"categories": weeks}}
    return {"type": "data_visualization", "title": f"Ideas, {kind}", "chart": drawn}


def cells(*texts: str) -> list[Block]:
    return [{"type": "raw_text", "text": text} for text in texts]


def section(text: str, **more: Any) -> Block:
    return {"type": "section", "text": mrkdwn(text), **more}


def rich() -> Block:
    bold = {"type": "text", "text": "Rich ", "style": {"bold": True}}
    item = {"type": "rich_text_section", "elements": [{"type": "text", "text": "first"}]}
    return {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [bold, {"type": "user", "user_id": "U00000001"}],
            },
            {"type": "rich_text_list", "style": "ordered", "elements": [item]},
        ],
    }


def digest() -> list[Block]:
    """A message with the blocks that tell of a week."""
    date = "<!date^1795161600^{date_long} at {time}|Friday>"
    remind = {
        "type": "static_select",
        "action_id": "remind",
        "placeholder": plain("When"),
        "options": options("today", "monday"),
    }
    return [
        {"type": "header", "text": plain("Your week :tada:")},
        section("*9 ideas*, _4_ published, ~0~ lost, see <#C00000001>"),
        section(f"&gt; Quoted &amp; said\n• `one`\n• <https://example.com|two>\nBy {date}"),
        {"type": "section", "fields": [mrkdwn("*Owner*\nAda"), mrkdwn("*Pace*\non track")]},
        chart("bar"),
        {"type": "divider"},
        {
            "type": "table",
            "rows": [cells("Team", "Ideas"), cells("Sales", "9")],
            "column_settings": [{"align": "left"}, {"align": "right"}],
        },
        {"type": "image", "image_url": "https://example.com/i.png", "alt_text": "A press at work"},
        rich(),
        section("Remind me", accessory=remind),
    ]


def pickers() -> list[Block]:
    """A message with every menu and picker that reports at once."""
    more = [option("open"), option("out") | {"url": "https://example.com/"}]
    shown: list[Block] = [
        {"type": "datepicker", "action_id": "p.day", "placeholder": plain("Day")},
        {"type": "timepicker", "action_id": "p.hour", "placeholder": plain("Hour")},
        {"type": "datetimepicker", "action_id": "p.moment"},
        {"type": "users_select", "action_id": "p.who", "placeholder": plain("Colleague")},
        {"type": "channels_select", "action_id": "p.room", "placeholder": plain("Channel")},
        {"type": "radio_buttons", "action_id": "p.one", "options": options("yes", "no")},
        {"type": "checkboxes", "action_id": "p.some", "options": options("red", "green")},
    ]
    sure: Block = {
        "type": "static_select",
        "action_id": "p.sure",
        "placeholder": plain("State"),
        "options": options("draft", "done"),
        "initial_option": option("draft"),
        "confirm": {
            "title": plain("Change it?"),
            "text": plain("All hear of it."),
            "confirm": plain("Change"),
            "deny": plain("Leave"),
        },
    }
    owners = {"type": "multi_users_select", "action_id": "p.all", "placeholder": plain("Owners")}
    overflow = {"type": "overflow", "action_id": "p.more", "options": more}
    return [
        section("*Pick* in a section", accessory=overflow),
        section("Who owns it?", accessory=owners),
        {"type": "actions", "block_id": "p.all:1", "elements": [*shown, sure]},
    ]


def home(name: str) -> Block:
    return {
        "type": "home",
        "blocks": [
            {"type": "header", "text": plain("Hand in")},
            {
                "type": "section",
                "text": mrkdwn(f":bulb: *Idea* Something worth telling, {name}"),
                "accessory": button("home_idea") | {"text": plain("Hand in idea")},
            },
            {"type": "divider"},
            section("Your reminder", accessory={"type": "datepicker", "action_id": "p.day"}),
            {"type": "context", "elements": [mrkdwn("Or type `/idea` anywhere.")]},
        ],
    }


def commands(world: World) -> None:
    app, ideas = world.app, world.ideas.id

    async def opens(ack: Any, body: Any, client: Any) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=IDEA)
        await ack()

    app.command("/idea")(opens)
    app.shortcut("hand_in")(opens)
    app.shortcut("keep")(opens)
    app.action("home_idea")(opens)

    @app.command("/inputs")
    async def every(ack: Any, body: Any, client: Any) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=inputs())
        await ack()

    @app.command("/digest")
    async def posts(ack: Any, client: Any) -> None:
        await client.chat_postMessage(channel=ideas, text="Your week", blocks=digest())
        await ack("Posted for you &lt;3")

    @app.command("/pickers")
    async def offers(ack: Any, client: Any) -> None:
        await client.chat_postMessage(channel=ideas, text="Pick", blocks=pickers())
        await ack()

    @app.command("/silent")
    async def silent() -> None:
        """Does not ack."""


def forms(world: World) -> None:
    app, ideas = world.app, world.ideas.id

    @app.view("idea")
    async def submitted(ack: Any, body: Any, view: Any, client: Any) -> None:
        title = escape(view["state"]["values"]["title"]["v"]["value"])
        if title == "taken":
            await ack(response_action="errors", errors={"title": "Taken already"})
            return
        await client.chat_postMessage(
            channel=ideas, text=title, blocks=card(title, "Waits for a decision")
        )
        await client.chat_postMessage(channel=body["user"]["id"], text=f"Thanks for {title}")
        await ack()

    @app.view("inputs")
    async def filled(ack: Any, view: Any) -> None:
        seen.append(view["state"]["values"])
        await ack()

    @app.view_closed("inputs")
    async def left(ack: Any, body: Any) -> None:
        seen.append(body)
        await ack()

    @app.action("v")
    async def dispatched(ack: Any, body: Any, client: Any) -> None:
        kind = body["actions"][0]["selected_option"]["value"]
        changed = inputs()
        changed["blocks"][0]["text"] = mrkdwn(f"This is a {kind}")
        await client.views_update(view_id=body["view"]["id"], view=changed)
        await ack()


def clicks(world: World) -> None:
    app = world.app

    @app.action("accept")
    async def accepted(ack: Any, body: Any, client: Any) -> None:
        line = f"Accepted by <@{body['user']['id']}>"
        title, channel = body["message"]["text"], body["channel"]["id"]
        await client.chat_update(
            channel=channel, ts=body["message"]["ts"], text=title, blocks=card(title, line)
        )
        await ack()

    @app.action("decline")
    async def declined(ack: Any, body: Any, client: Any) -> None:
        await client.chat_postMessage(
            channel=body["channel"]["id"], thread_ts=body["message"]["ts"], text="Declined"
        )
        await ack()

    async def remembered(ack: Any, body: Any) -> None:
        seen.append(body["actions"][0])
        await ack()

    app.action("more")(remembered)
    app.action("remind")(remembered)
    app.action(re.compile(r"p\..+"))(remembered)

    @app.event("app_home_opened")
    async def opened(event: Any, client: Any) -> None:
        if event["tab"] == "home":
            await client.views_publish(user_id=event["user"], view=home("friend"))

    @app.event("message")
    async def heard(event: Any) -> None:
        """What people write."""
        if event["channel_type"] == "im":
            seen.append(event)


seen: list[Any] = []


class Desk:
    """The tiny app, its workspace and the page's tabs."""

    def __init__(self, **page: Any) -> None:
        seen.clear()
        given = granted("files:read", "files:write")
        given["features"]["slash_commands"] = COMMANDS
        self.world = build(manifest=given, lenient=True)
        for part in (commands, forms, clicks):
            part(self.world)
        self.page = Page(self.world.ws, **page)

    def tab(self, user_id: str | None = None, place: str | None = None) -> Tab:
        world = self.world
        return Tab(self.page, user_id or world.ada.id, place or world.ideas.id)


async def do(
    tab: Tab, what: str, form: Mapping[str, Sequence[str]] | None = None, /, **data: str
) -> str:
    """Do something in a tab and return all that stands on the page then."""
    await tab.handle(Event(what, data, form or {}))
    return "\n".join(tab.parts().values())

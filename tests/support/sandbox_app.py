"""A workspace with three colleagues and a tiny Bolt app of the tests' own."""

import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.clock import FrozenClock
from sandbox.delivery import Ack, Delivery
from sandbox.model import Channel
from sandbox.people import Person
from sandbox.session import local_session
from sandbox.transports.in_process import InProcess
from sandbox.workspace import Workspace

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Tiny"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "Tiny"},
        "shortcuts": [
            {"name": "Hand in", "type": "global", "callback_id": "hand_in", "description": "-"},
            {"name": "Keep this", "type": "message", "callback_id": "keep", "description": "-"},
        ],
        "slash_commands": [
            {"command": "/idea", "description": "Hand in an idea", "should_escape": True},
            {"command": "/plain", "description": "Say something back"},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                "channels:history",
                "channels:read",
                "chat:write",
                "commands",
                "groups:history",
                "groups:read",
                "im:history",
                "im:write",
                "users:read",
            ],
            "bot_optional": ["users:read.email"],
        }
    },
    "settings": {
        "event_subscriptions": {
            "bot_events": [
                "app_home_opened",
                "channel_archive",
                "channel_left",
                "member_joined_channel",
                "message.channels",
                "message.im",
                "user_change",
            ]
        },
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}


def manifest(**features: Any) -> dict[str, Any]:
    """The manifest with parts of `features` replaced."""
    changed = copy.deepcopy(MANIFEST)
    changed["features"].update(features)
    return changed


def granted(*scopes: str, app_home: dict[str, bool] | None = None) -> dict[str, Any]:
    """The manifest with more scopes, and perhaps another `app_home`."""
    changed = manifest(**({"app_home": app_home} if app_home else {}))
    changed["oauth_config"]["scopes"]["bot"] += scopes
    return changed


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def option(value: str) -> dict[str, Any]:
    return {"text": plain(value.title()), "value": value}


def button(action_id: str, value: str = "1") -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": plain("Press"), "value": value}


def text_input(block_id: str, **element: Any) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain("Label"),
        "element": {"type": "plain_text_input", "action_id": "v", **element},
    }


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": "idea",
        "title": plain("New idea"),
        "submit": plain("Send"),
        "blocks": list(blocks) or [text_input("title")],
        **more,
    }


IDEA = modal(
    text_input("title", min_length=3, max_length=40),
    {
        "type": "input",
        "block_id": "kind",
        "label": plain("Kind"),
        "element": {
            "type": "static_select",
            "action_id": "v",
            "options": [option("post"), option("story")],
            "initial_option": option("post"),
        },
    },
    {
        "type": "input",
        "block_id": "owner",
        "optional": True,
        "label": plain("Owner"),
        "element": {"type": "users_select", "action_id": "v"},
    },
    private_metadata="draft:1",
)


def card(text: str, *buttons: dict[str, Any]) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = [{"type": "section", "text": mrkdwn(text)}]
    if buttons:
        blocks.append({"type": "actions", "block_id": "card", "elements": list(buttons)})
    return blocks


@dataclass(frozen=True, slots=True)
class Ear:
    """A transport that keeps what is delivered; Bolt would drop what the bot itself wrote."""

    heard: list[dict[str, Any]]

    async def deliver(self, delivery: Delivery) -> Ack:
        """Keep it, and ack it."""
        self.heard.append(delivery.payload)
        return Ack()


@dataclass(frozen=True, slots=True)
class World:
    """What a test works with."""

    ws: Workspace
    app: AsyncApp
    client: AsyncWebClient
    clock: FrozenClock
    ada: Person
    bob: Person
    ideas: Channel

    def listen(self) -> list[dict[str, Any]]:
        """Take the app's place: payloads that arrive from now on, all acked."""
        ear = Ear([])
        self.ws.connect(ear)
        return ear.heard

    async def call(self, method: str, **args: Any) -> dict[str, Any]:
        """A call's body, refusals included."""
        try:
            response = await self.client.api_call(method, json=args)
        except SlackApiError as error:
            response = error.response
        assert isinstance(response.data, dict)
        return response.data


def idea_desk(app: AsyncApp, ideas: str) -> None:
    """Listeners of a small idea desk."""

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


def build(**options: Any) -> World:
    """A fresh workspace, connected in process to an app without listeners."""
    clock = FrozenClock(START)
    ws = Workspace.build(options.pop("manifest", MANIFEST), clock, page_size=2, **options)
    ada = ws.person(ws.add_user("ada", "Ada Lovelace", is_primary_owner=True, is_admin=True).id)
    bob = ws.person(ws.add_user("bob", "Bob Ross", tz="America/New_York").id)
    ideas = ws.add_channel("ideas", ada.id, bob.id, ws.identity.bot_user)
    client = AsyncWebClient(
        token=ws.identity.bot_token, session=local_session(ws), retry_handlers=[]
    )
    app = AsyncApp(client=client, process_before_response=True)
    ws.connect(InProcess(ws, app))
    return World(ws, app, client, clock, ada, bob, ideas)

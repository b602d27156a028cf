"""The manifest asks for what is called, and for no more."""

import ast
from pathlib import Path

from handlers.lifecycle import EVENTS
from handlers.manifest import SCOPES, manifest
from runtime.manifest import manifest_of
from tests.support.desk import Scene, settings

ROOT = Path(__file__).parents[2]

NEEDED = {
    "api_test": set[str](),
    "apps_connections_open": set[str](),
    "auth_test": set[str](),
    "chat_postEphemeral": {"chat:write"},
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_history": {"channels:history", "groups:history", "im:history"},
    "conversations_info": {"channels:read", "groups:read"},
    "conversations_list": {"channels:read", "groups:read"},
    "conversations_open": {"im:write"},
    "conversations_replies": {"channels:history", "groups:history", "im:history"},
    "users_info": {"users:read"},
    "files_completeUploadExternal": {"files:write"},
    "files_delete": {"files:write"},
    "files_getUploadURLExternal": {"files:write"},
    "auth_teams_list": set[str](),
    "files_info": {"files:read"},
    "users_list": {"users:read"},
    "views_open": set[str](),
    "views_publish": set[str](),
    "views_push": set[str](),
    "views_update": set[str](),
}
"""The scopes of each method, as its page under docs.slack.dev/reference/methods names them."""


def called() -> set[str]:
    """Every method of the Web API that our code calls."""
    found = set()
    for path in [*(ROOT / "handlers").glob("*.py"), *(ROOT / "runtime").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute | ast.Name):
                owner = node.value.attr if isinstance(node.value, ast.Attribute) else node.value.id
                if owner in {"client", "_client"} and "_" in node.attr:
                    found.add(node.attr)
    return found - {"retry_handlers", "base_url", "current_session"}


def test_each_scope_is_needed_and_each_need_is_asked_for() -> None:
    assert called() == set(NEEDED)
    assert set(SCOPES) == {"commands"}.union(*NEEDED.values())


async def test_it_names_what_is_registered(at_work: Scene) -> None:
    found = manifest_of(settings("sqlite:///unused.db"))
    services = at_work.desk.services
    named = {entry["command"] for entry in found["features"]["slash_commands"]}
    assert named == {services.command, *services.commands.values()}
    assert found["settings"]["event_subscriptions"]["bot_events"] == sorted(EVENTS)


def test_over_http_every_address_is_named() -> None:
    url = "https://desk.example.com/slack/events"
    found = manifest(command="/social", commands=_COMMANDS, events=EVENTS, request_url=url)
    assert found["settings"]["socket_mode_enabled"] is False
    assert found["settings"]["interactivity"]["request_url"] == url
    assert found["settings"]["event_subscriptions"]["request_url"] == url
    assert {entry["url"] for entry in found["features"]["slash_commands"]} == {url}


_COMMANDS = {"idea": "/social-idea", "testimonial": "/social-testimonial", "lead": "/social-lead"}

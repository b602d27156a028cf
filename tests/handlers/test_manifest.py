"""The manifest asks for what is called, and for no more."""

import ast
from pathlib import Path

import pytest

from handlers.lifecycle import EVENTS
from handlers.manifest import IN_ORGANISATIONS, OPTIONAL, SCOPES, manifest
from runtime.manifest import manifest_of
from runtime.settings import SettingsError
from sandbox.manifest_rules import faults
from tests.support.desk import Scene, scene, settings

ROOT = Path(__file__).parents[2]

NEEDED = {
    "api_test": set[str](),
    "apps_connections_open": set[str](),
    "auth_test": set[str](),
    "chat_postEphemeral": {"chat:write"},
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_history": {"channels:history", "groups:history", "im:history", "mpim:history"},
    "conversations_info": {"channels:read", "groups:read"},
    "conversations_list": {"channels:read", "groups:read"},
    "conversations_open": {"im:write", "mpim:write"},
    "conversations_replies": {"channels:history", "groups:history", "im:history", "mpim:history"},
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


NO_METHODS = frozenset(
    {"retry_handlers", "base_url", "current_session", "capture_event", "default_params"}
)
"""What else is asked of something that is called a client."""


def called() -> set[str]:
    """Every method of the Web API that our code calls."""
    found = set()
    for path in [*(ROOT / "handlers").glob("*.py"), *(ROOT / "runtime").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute | ast.Name):
                owner = node.value.attr if isinstance(node.value, ast.Attribute) else node.value.id
                if owner in {"client", "_client"} and "_" in node.attr:
                    found.add(node.attr)
    return found - NO_METHODS


def test_each_scope_is_needed_and_each_need_is_asked_for() -> None:
    assert called() == set(NEEDED)
    assert set(SCOPES) == {"commands"}.union(*NEEDED.values())


async def test_it_names_what_is_registered(at_work: Scene) -> None:
    found = manifest_of(settings("sqlite:///unused.db"))
    services = at_work.desk.services
    named = {entry["command"] for entry in found["features"]["slash_commands"]}
    assert named == {services.command, *services.commands.values()}
    shortcuts = {entry["callback_id"] for entry in found["features"]["shortcuts"]}
    assert shortcuts == {one.value for one in at_work.desk.listeners.shortcuts}
    heard = set(found["settings"]["event_subscriptions"]["bot_events"])
    assert heard == set(EVENTS) - IN_ORGANISATIONS
    listened = set(at_work.desk.listeners.events)
    assert {name.partition(".")[0] for name in EVENTS} == listened


async def test_without_the_optional_scopes_everything_but_the_look_works(sqlite_url: str) -> None:
    async with scene(sqlite_url, without_scopes=frozenset(OPTIONAL)) as s:
        await s.sam.slash("/social-idea", "", channel=s.general)
        await s.sam.submit({"title": "Oven"})
        await s.settle()
        await s.tried(s.cora, s.only_card(s.content), "triage.accept")
        assert "Accepted" in s.only_card(s.content).text
        s.ws.fault("chat.postMessage", "lost", times=2)  # the card and the receipt
        await s.sam.slash("/social-idea", "", channel=s.general)
        await s.sam.submit({"title": "Kettle"})
        await s.wait(minutes=5)
        assert [m.text for m in s.cards(s.content) if "Kettle" in m.text] != []
        (told,) = [m.text for m in s.dm(s.olga) if "Slack did not answer" in m.text]
        assert "may not read back whether it arrived" in told
        assert "missing_scope" in str(s.ws.problems)  # it had to try to know
        s.ws.problems.clear()


def test_it_is_one_that_slack_takes_in_every_mode() -> None:
    given = settings("sqlite:///unused.db")
    url = "https://desk.example.com/slack/events"
    for found in (
        manifest_of(given),
        manifest_of(given, request_url=url),
        manifest_of(given, request_url=url, is_for_many=True),
    ):
        assert faults(found) == ()
        scopes = found["oauth_config"]["scopes"]
        assert set(scopes["bot_optional"]) == set(OPTIONAL) <= set(scopes["bot"])


def test_for_many_workspaces_it_can_be_installed_by_each_and_by_organisations() -> None:
    url = "https://desk.example.com/slack/events"
    found = manifest_of(settings("sqlite:///unused.db"), request_url=url, is_for_many=True)
    assert found["oauth_config"]["redirect_urls"] == [
        "https://desk.example.com/slack/oauth_redirect"
    ]
    assert found["settings"]["org_deploy_enabled"] is True
    assert found["settings"]["token_rotation_enabled"] is True
    assert found["settings"]["event_subscriptions"]["bot_events"] == sorted(EVENTS)
    with pytest.raises(SettingsError, match="--many needs --request-url"):
        manifest_of(settings("sqlite:///unused.db"), is_for_many=True)


def test_over_http_every_address_is_named() -> None:
    url = "https://desk.example.com/slack/events"
    found = manifest(command="/social", commands=_COMMANDS, events=EVENTS, request_url=url)
    assert found["settings"]["socket_mode_enabled"] is False
    assert found["settings"]["interactivity"]["request_url"] == url
    assert found["settings"]["event_subscriptions"]["request_url"] == url
    assert {entry["url"] for entry in found["features"]["slash_commands"]} == {url}


_COMMANDS = {"idea": "/social-idea", "testimonial": "/social-testimonial", "lead": "/social-lead"}

"""The app's own manifest decides what happens."""

import copy
from typing import Any

import pytest

from sandbox.manifest import Manifest, ManifestError
from sandbox.manifest_rules import faults
from tests.support.sandbox_app import MANIFEST


def changed(**features: Any) -> dict[str, Any]:
    made = copy.deepcopy(MANIFEST)
    made["features"].update(features)
    return made


def test_what_is_read() -> None:
    manifest = Manifest.parse(MANIFEST)
    assert manifest.commands["/idea"].should_escape
    assert manifest.shortcuts["keep"].type == "message"
    assert manifest.home_tab
    assert manifest.socket_mode
    assert "users:read.email" in manifest.scopes
    assert manifest.sends("message.im")
    assert not manifest.sends("team_join")
    assert not manifest.withhold("im:history").sends("message.im")


def test_only_optional_scopes_can_be_left_out() -> None:
    manifest = Manifest.parse(MANIFEST, without=frozenset({"users:read.email"}))
    assert "users:read.email" not in manifest.scopes
    with pytest.raises(ManifestError, match="not optional: chat:write"):
        Manifest.parse(MANIFEST, without=frozenset({"chat:write"}))


@pytest.mark.parametrize(
    "manifest,said",
    [
        ({}, "no features"),
        (changed(slash_commands=[]), "features.slash_commands is empty"),
        (changed(slash_commands=[{"command": "idea"}]), "not a command name"),
        (changed(shortcuts=[{"type": "menu", "callback_id": "x"}]), "global or message"),
        (
            changed(shortcuts=[{"type": "global", "callback_id": "x", "name": "x" * 25}]),
            "at most 24 characters",
        ),
        (MANIFEST | {"oauth_config": {"scopes": {"bot": ["chat:write"]}}}, "scope commands"),
    ],
)
def test_what_slack_would_not_take(manifest: dict[str, Any], said: str) -> None:
    with pytest.raises(ManifestError, match=said):
        Manifest.parse(manifest)


def _with(value: object, *path: str) -> dict[str, Any]:
    made = copy.deepcopy(MANIFEST)
    node: Any = made
    for step in path[:-1]:
        node = node.setdefault(step, {})
    node[path[-1]] = value
    return made


@pytest.mark.parametrize(
    "manifest, said",
    [
        (_with("x" * 36, "display_information", "name"), "name has 36 characters"),
        (_with("", "display_information", "name"), "name has 0 characters"),
        (_with("x" * 141, "display_information", "description"), "not 1 to 140"),
        (_with("x" * 174, "display_information", "long_description"), "not 175 to 4000"),
        (_with("blue", "display_information", "background_color"), "background_color does not"),
        (_with("x" * 81, "features", "bot_user", "display_name"), "not 1 to 80"),
        (_with("yes", "features", "app_home", "home_tab_enabled"), "is not true or false"),
        (_with(1, "features", "tabs"), "features.tabs is no field"),
        (_with({}, "functions"), "functions is no field"),
        (_with("1", "_metadata", "major_version"), "is no whole number"),
        (_with(["x" * 51], "oauth_config", "scopes", "user"), "has 51 characters"),
        (_with("x", "oauth_config", "redirect_urls"), "is no list"),
        (_with(["a", "a"], "oauth_config", "redirect_urls"), "names something twice"),
        (_with(["e"] * 101, "settings", "event_subscriptions", "user_events"), "101 entries"),
        (_with({}, "settings", "interactivity"), "interactivity.is_enabled is missing"),
        (_with([], "features", "bot_user"), "bot_user is no object"),
        (_with(5, "display_information", "description"), "description is no text"),
        (_with("ftp://x", "settings", "interactivity", "request_url"), "does not look like"),
        (_with(False, "settings", "socket_mode_enabled"), "request_url is missing without"),
    ],
)
def test_fields_and_limits_are_slack_s(manifest: dict[str, Any], said: str) -> None:
    found = faults(manifest)
    assert any(said in one for one in found), found


def test_a_good_one_has_no_faults() -> None:
    assert faults(MANIFEST) == ()
    many = [{"command": f"/c{n}", "description": "x"} for n in range(51)]
    assert any("51 entries" in one for one in faults(_with(many, "features", "slash_commands")))

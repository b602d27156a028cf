"""The app's own manifest decides what happens."""

import copy
from typing import Any

import pytest

from sandbox.manifest import Manifest, ManifestError
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

"""The app's manifest, generated from what is registered and called, with a reason per scope."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.kinds import KINDS
from handlers.ids import Callback

SCOPES: Mapping[str, str] = {
    "commands": "slash commands and shortcuts, the ways to hand something in",
    "chat:write": "cards, receipts, digests",
    "im:write": "opens the direct message that a receipt goes to",
    "im:history": "answers to questions, and whether a message arrived before it is sent again",
    "files:read": "fetches the files that people hand in",
    "files:write": "keeps them in the thread of the card, where the owner opens them",
    "users:read": "time zones, and who has left or is a guest",
    "channels:read": "whether a channel is public, archived, or without the desk",
    "groups:read": "the same for private channels that the desk was invited to",
    "channels:history": "looks whether a card arrived before it is posted again, and counts "
    "reactions and answers to a digest",
    "groups:history": "the same in private channels",
    "mpim:write": "opens the group message that a digest goes to",
    "mpim:history": "looks whether that digest arrived before it is posted again",
}
"""Every scope the bot asks for, and why."""

OPTIONAL: Mapping[str, str] = {
    "channels:history": "a card or digest whose outcome is unknown is parked for the admin, "
    "never posted again; nobody counts who reads digests",
    "groups:history": "the same in private channels",
    "mpim:write": "no digest goes to some people as a group",
    "mpim:history": "the same as without channels:history, in group messages",
}
"""The scopes that an admin may leave out when installing, and what is so without them
(https://docs.slack.dev/changelog/2026/03/16/optional-scopes).
"""

IN_ORGANISATIONS = frozenset({"team_access_granted", "team_access_revoked"})
"""Events that only an app hears that organisations can install."""

NAME = "Social Desk"
SUMMARY = "Hand in ideas, testimonials and leads; hear what became of them."
LONG = (
    "Social Desk joins social media with sales, product and leadership. Anyone hands in a content "
    "idea, a customer's testimonial or a hint at a lead in seconds; the desk brings it to the "
    "social role that owns it; the person who decides does so on one card; whoever handed it in "
    "hears every step, down to the link of what was published. Every week channels get a digest "
    "that is read in a minute."
)


def manifest(
    *,
    command: str,
    commands: Mapping[str, str],
    events: Sequence[str],
    request_url: str | None = None,
    redirect_url: str | None = None,
) -> dict[str, Any]:
    """The manifest (https://docs.slack.dev/reference/app-manifest).

    `commands` are the commands of kinds, `command` the main one, `events` what is listened to.
    Without `request_url` the app uses Socket Mode. With `redirect_url`, where Slack sends people
    back after installing, it is for many workspaces and organisations, and its tokens rotate.
    """
    url = {"url": request_url} if request_url else {}
    where = {"request_url": request_url} if request_url else {}
    is_for_many = redirect_url is not None
    heard = set(events) if is_for_many else set(events) - IN_ORGANISATIONS
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": NAME,
            "description": SUMMARY,
            "long_description": LONG,
            "background_color": "#27445c",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": NAME, "always_online": True},
            "shortcuts": [
                {
                    "name": "Send to Social Desk",
                    "type": "message",
                    "callback_id": Callback.SUBMIT_MESSAGE.value,
                    "description": "Hand in this message as an idea, a testimonial or a lead",
                },
                {
                    "name": "Hand in something",
                    "type": "global",
                    "callback_id": Callback.SUBMIT_GLOBAL.value,
                    "description": "Hand in an idea, a testimonial or a lead",
                },
            ],
            "slash_commands": [
                {
                    "command": command,
                    "description": "What is mine, what waits for me, and help",
                    "usage_hint": "help | mine | queue | find words | 128 | goals | digest",
                    "should_escape": True,
                    **url,
                },
                *(
                    {
                        "command": commands[key],
                        "description": f"Hand in {kind.article}",
                        "usage_hint": "the text, or nothing",
                        "should_escape": True,
                        **url,
                    }
                    for key, kind in KINDS.items()
                ),
            ],
        },
        "oauth_config": {
            **({"redirect_urls": [redirect_url]} if is_for_many else {}),
            "scopes": {"bot": sorted(SCOPES), "bot_optional": sorted(OPTIONAL)},
        },
        "settings": {
            "event_subscriptions": {**where, "bot_events": sorted(heard)},
            "interactivity": {"is_enabled": True, **where},
            "org_deploy_enabled": is_for_many,
            "socket_mode_enabled": request_url is None,
            "token_rotation_enabled": is_for_many,
        },
    }

"""What reaches the app: payloads in the shape that Slack gives them.

Sources: https://docs.slack.dev/reference/interaction-payloads,
https://docs.slack.dev/interactivity/implementing-slash-commands,
https://docs.slack.dev/apis/events-api
"""

import copy
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.blocks import Values
from sandbox.model import Channel, Json, Message, User, View
from sandbox.state import State


def channel_name(channel: Channel) -> str:
    """How payloads call a channel: private ones keep their name to themselves."""
    if channel.is_im:
        return "directmessage"
    return "privategroup" if channel.is_private else channel.name


def permalink(state: State, message: Message) -> str:
    """The message's address in Slack."""
    path = f"archives/{message.channel}/p{message.ts.replace('.', '')}"
    thread = f"?thread_ts={message.thread_ts}&cid={message.channel}" if message.is_reply else ""
    return f"https://{state.identity.domain}.slack.com/{path}{thread}"


def message_object(state: State, message: Message, *, metadata: bool = False) -> Json:
    """A message as methods and payloads show it; metadata only where it was asked for."""
    shown: Json = {"type": "message", "user": message.user, "text": message.text, "ts": message.ts}
    if message.bot_id:
        shown |= {"bot_id": message.bot_id, "app_id": state.identity.app_id}
    shown["team"] = state.identity.team_id
    if message.blocks:
        shown["blocks"] = copy.deepcopy(list(message.blocks))
    if message.attachments:
        shown["attachments"] = copy.deepcopy(list(message.attachments))
    if message.edited:
        shown["edited"] = {"user": message.user, "ts": message.edited}
    if metadata and message.metadata:
        shown["metadata"] = copy.deepcopy(message.metadata)
    return shown | _thread(state, message)


def _thread(state: State, message: Message) -> Json:
    if message.is_reply:
        broadcast = {"subtype": "thread_broadcast"} if message.broadcast else {}
        return {"thread_ts": message.thread_ts} | broadcast
    replies = [
        reply
        for reply in state.messages.get(message.channel, {}).values()
        if reply.is_reply and reply.thread_ts == message.ts and reply.ephemeral_to is None
    ]
    if not replies:
        return {}
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users": list(dict.fromkeys(reply.user for reply in replies)),
        "latest_reply": max(reply.ts for reply in replies),
    }


def _values(values: Values) -> Json:
    return copy.deepcopy({block_id: dict(actions) for block_id, actions in values.items()})


def view_object(state: State, view: View) -> Json:
    """A view as methods and payloads show it."""
    payload = view.payload
    return {
        "id": view.id,
        "team_id": state.identity.team_id,
        "type": view.type,
        "blocks": copy.deepcopy(view.blocks),
        "private_metadata": payload.get("private_metadata", ""),
        "callback_id": view.callback_id,
        "state": {"values": _values(view.values)},
        "hash": view.hash,
        "title": copy.deepcopy(payload.get("title")),
        "clear_on_close": payload.get("clear_on_close", False),
        "notify_on_close": payload.get("notify_on_close", False),
        "close": copy.deepcopy(payload.get("close")),
        "submit": copy.deepcopy(payload.get("submit")),
        "previous_view_id": view.previous_view_id,
        "root_view_id": view.root_view_id,
        "app_id": state.identity.app_id,
        "external_id": payload.get("external_id", ""),
        "app_installed_team_id": state.identity.team_id,
        "bot_id": state.identity.bot_id,
    }


def _zone_offset(zone: str, now: datetime) -> int:
    offset = now.astimezone(ZoneInfo(zone)).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def user_object(state: State, user: User, *, locale: bool = False) -> Json:
    """A user as users.info shows it; deactivated ones have no zone and no roles any more."""
    team_id = state.identity.team_id
    profile: Json = {
        "title": user.title,
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.name,
        "display_name_normalized": user.name,
        "team": team_id,
    }
    if user.email and "users:read.email" in state.manifest.scopes:
        profile["email"] = user.email
    shown: Json = {
        "id": user.id,
        "team_id": team_id,
        "name": user.name,
        "deleted": user.deleted,
        "profile": profile,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": user.updated,
    }
    if locale:
        shown["locale"] = user.locale
    if user.deleted:
        return shown
    return shown | {
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_label": user.tz,
        "tz_offset": _zone_offset(user.tz, state.clock.now()),
        "is_admin": user.is_admin,
        "is_owner": user.is_owner,
        "is_primary_owner": user.is_primary_owner,
        "is_restricted": user.is_restricted,
        "is_ultra_restricted": user.is_ultra_restricted,
    }


def channel_object(state: State, channel: Channel) -> Json:
    """A conversation as conversations.info shows it."""
    if channel.is_im:
        return {
            "id": channel.id,
            "created": channel.created,
            "is_im": True,
            "is_org_shared": False,
            "is_archived": channel.is_archived,
            "context_team_id": state.identity.team_id,
            "user": channel.user,
        }
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.is_private,
        "is_group": False,
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "is_general": channel.name == "general",
        "is_member": state.bot_is_in(channel),
        "created": channel.created,
        "creator": channel.creator,
        "context_team_id": state.identity.team_id,
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }


def _actor(state: State, user: User) -> Json:
    return {
        "id": user.id,
        "username": user.name,
        "name": user.name,
        "team_id": state.identity.team_id,
    }


def _interaction(state: State, kind: str, user: User) -> Json:
    return {
        "type": kind,
        "team": {"id": state.identity.team_id, "domain": state.identity.domain},
        "user": _actor(state, user),
        "api_app_id": state.identity.app_id,
        "token": state.identity.verification_token,
        "is_enterprise_install": False,
        "enterprise": None,
    }


def slash(state: State, user: User, channel: Channel, command: str, text: str) -> Json:
    """The form fields of a slash command."""
    return {
        "token": state.identity.verification_token,
        "team_id": state.identity.team_id,
        "team_domain": state.identity.domain,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": state.identity.app_id,
        "is_enterprise_install": "false",
        "response_url": state.hook(user.id, channel.id),
        "trigger_id": state.trigger(user.id),
    }


def global_shortcut(state: State, user: User, callback_id: str) -> Json:
    """A global shortcut has neither channel nor response_url."""
    return _interaction(state, "shortcut", user) | {
        "action_ts": state.next_ts(),
        "callback_id": callback_id,
        "trigger_id": state.trigger(user.id),
    }


def message_shortcut(
    state: State, user: User, channel: Channel, message: Message, callback_id: str
) -> Json:
    """A shortcut of the "more actions" menu of a message."""
    return _interaction(state, "message_action", user) | {
        "action_ts": state.next_ts(),
        "callback_id": callback_id,
        "trigger_id": state.trigger(user.id),
        "response_url": state.hook(user.id, channel.id, message.ts),
        "message_ts": message.ts,
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "message": message_object(state, message),
    }


def message_actions(
    state: State, user: User, channel: Channel, message: Message, actions: Sequence[Json]
) -> Json:
    """A click in a message. That of an ephemeral one does not carry the message."""
    ephemeral = message.ephemeral_to is not None
    payload = _interaction(state, "block_actions", user) | {
        "container": {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": ephemeral,
        },
        "trigger_id": state.trigger(user.id),
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "state": {"values": _values(message.values)},
        "response_url": state.hook(user.id, channel.id, message.ts),
        "actions": list(actions),
    }
    if message.is_reply:
        payload["container"]["thread_ts"] = message.thread_ts
    if not ephemeral:
        payload["message"] = message_object(state, message)
    return payload


def view_actions(state: State, user: User, view: View, actions: Sequence[Json]) -> Json:
    """A click in a modal or in the Home tab."""
    return _interaction(state, "block_actions", user) | {
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": state.trigger(user.id, view.id),
        "view": view_object(state, view),
        "actions": list(actions),
    }


def view_submission(state: State, user: User, view: View) -> Json:
    """The submit button of a modal."""
    return _interaction(state, "view_submission", user) | {
        "trigger_id": state.trigger(user.id, view.id),
        "view": view_object(state, view),
        "response_urls": [],
    }


def view_closed(state: State, user: User, view: View, *, cleared: bool) -> Json:
    """A modal was left without submitting it."""
    return _interaction(state, "view_closed", user) | {
        "view": view_object(state, view),
        "is_cleared": cleared,
    }


def envelope(state: State, event: Json) -> Json:
    """An event with what the Events API wraps around it."""
    identity = state.identity
    return {
        "token": identity.verification_token,
        "team_id": identity.team_id,
        "context_team_id": identity.team_id,
        "context_enterprise_id": None,
        "api_app_id": identity.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": state.ids.next("Ev"),
        "event_time": int(state.clock.now().timestamp()),
        "authorizations": [_authorization(state)],
        "is_ext_shared_channel": False,
        "event_context": f"4-{state.ids.digest('context')}",
    }


def _authorization(state: State) -> dict[str, Any]:
    return {
        "enterprise_id": None,
        "team_id": state.identity.team_id,
        "user_id": state.identity.bot_user,
        "is_bot": True,
        "is_enterprise_install": False,
    }

"""Users, channels, messages and views as methods and payloads show them.

Source: https://docs.slack.dev/reference/objects
"""

import copy
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from sandbox.blocks import Values
from sandbox.model import Channel, File, Json, Message, User, View
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
    if message.files:
        shown["files"] = [file_object(state, state.files[file_id]) for file_id in message.files]
        shown["upload"] = False
    if message.attachments:
        shown["attachments"] = copy.deepcopy(list(message.attachments))
    if message.edited:
        shown["edited"] = {"user": message.user, "ts": message.edited}
    if message.reactions:
        shown["reactions"] = [
            {"name": name, "users": list(users), "count": len(users)}
            for name, users in message.reactions.items()
        ]
    if metadata and message.metadata:
        shown["metadata"] = copy.deepcopy(message.metadata)
    return shown | _thread(state, message)


def _thread(state: State, message: Message) -> Json:
    if message.is_reply:
        broadcast = {"subtype": "thread_broadcast"} if message.broadcast else {}
        parent = state.message(message.channel, message.thread_ts or "")
        by = {"parent_user_id": parent.user} if parent else {}
        return {"thread_ts": message.thread_ts} | by | broadcast
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


def file_object(state: State, file: File) -> Json:
    """A file as messages, `state.values` and files.info show it; of a deleted one only the id.

    Source: https://docs.slack.dev/reference/objects/file-object
    """
    if file.deleted:
        return {"id": file.id, "mode": "tombstone"}
    identity = state.identity
    address = f"{state.base_url}/files-pri/{identity.team_id}-{file.id}"
    name, places = quote(file.name), _places(state, file)
    shown: Json = {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title,
        "mimetype": file.mimetype,
        "filetype": file.filetype,
        "pretty_type": file.filetype.upper(),
        "user": file.user,
        "user_team": identity.team_id,
        "editable": False,
        "size": len(file.content),
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": bool(places["public_channel"]),
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": f"{address}/{name}",
        "url_private_download": f"{address}/download/{name}",
        "permalink": f"https://{identity.domain}.slack.com/files/{file.user}/{file.id}/{name}",
        "channels": places["public_channel"],
        "groups": places["private_channel"],
        "ims": places["im"],
        "comments_count": 0,
        "has_rich_preview": False,
        "file_access": "visible",
    }
    return shown | ({"alt_txt": file.alt_txt} if file.alt_txt else {})


def _places(state: State, file: File) -> dict[str, list[str]]:
    """The channels that a file is shared in, by their kind."""
    there = {place for place, _ in file.shares if place in state.channels}
    return {
        kind: sorted(place for place in there if state.channels[place].kind == kind)
        for kind in ("public_channel", "private_channel", "im")
    }


def shares(state: State, file: File) -> Json:
    """Where a file is shared, as files.info tells: public or private, channel, messages."""
    told: dict[str, dict[str, list[Json]]] = {}
    for place, ts in file.shares:
        channel, message = state.channels.get(place), state.message(place, ts)
        if channel is None or message is None:
            continue
        seen = told.setdefault("private" if channel.is_private else "public", {})
        thread = {"thread_ts": message.thread_ts} if message.is_reply else {}
        entry = {"ts": ts, "channel_name": channel.name, "team_id": state.identity.team_id}
        seen.setdefault(place, []).append(entry | thread)
    return told


def state_values(values: Values) -> Json:
    """A copy of `state.values` for a payload."""
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
        "state": {"values": state_values(view.values)},
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


def _profile(state: State, user: User) -> Json:
    profile: Json = {
        "title": user.title,
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.real_name,
        "display_name_normalized": user.real_name,
        "team": user.team_id or state.identity.team_id,
    }
    if user.email and "users:read.email" in state.manifest.scopes:
        profile["email"] = user.email
    return profile


def user_object(state: State, user: User, *, locale: bool = False) -> Json:
    """A user as users.info shows it; deactivated ones have no zone and no roles any more, and of
    people of other companies Slack tells no roles either
    (https://docs.slack.dev/apis/slack-connect).
    """
    shown: Json = {
        "id": user.id,
        "team_id": user.team_id or state.identity.team_id,
        "name": user.name,
        "deleted": user.deleted,
        "profile": _profile(state, user),
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": user.updated,
    }
    if locale:
        shown["locale"] = user.locale
    if user.deleted:
        return shown
    shown |= {
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_label": user.tz,
        "tz_offset": _zone_offset(user.tz, state.clock.now()),
    }
    if user.team_id is not None:
        return shown | {"is_stranger": False, "is_restricted": False, "is_ultra_restricted": False}
    return shown | {
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
        "is_mpim": channel.is_mpim,
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "is_shared": channel.is_ext_shared,
        "is_ext_shared": channel.is_ext_shared,
        "is_org_shared": False,
        "is_general": channel.name == "general",
        "is_member": state.bot_is_in(channel),
        "created": channel.created,
        "creator": channel.creator,
        "context_team_id": state.identity.team_id,
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }

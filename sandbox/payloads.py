"""What reaches the app: payloads in the shape that Slack gives them.

Sources: https://docs.slack.dev/reference/interaction-payloads,
https://docs.slack.dev/interactivity/implementing-slash-commands,
https://docs.slack.dev/apis/events-api
"""

import copy
from collections.abc import Sequence
from typing import Any

from sandbox.blocks import SLOTS
from sandbox.model import Channel, Json, Message, User, View
from sandbox.objects import channel_name, message_object, state_values, view_object
from sandbox.state import State


def _actor(state: State, user: User) -> Json:
    return {
        "id": user.id,
        "username": user.name,
        "name": user.name,
        "team_id": user.team_id or state.identity.team_id,
    }


def _interaction(state: State, kind: str, user: User) -> Json:
    """In the view of who comes from another company `team` is theirs, and
    `view.app_installed_team_id` is the app's: Bolt reads it for that reason.
    """
    is_view = kind in {"view_submission", "view_closed"}
    team_id = (user.team_id if is_view else None) or state.identity.team_id
    return {
        "type": kind,
        "team": {"id": team_id, "domain": state.identity.domain},
        "user": _actor(state, user),
        "api_app_id": state.identity.app_id,
        "token": state.identity.verification_token,
        "is_enterprise_install": state.is_org_install,
        "enterprise": state.enterprise,
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
        **_of_org(state),
        "response_url": state.hook(user.id, channel.id),
        "trigger_id": state.trigger(user.id, channel=channel.id),
    }


def _of_org(state: State) -> Json:
    """What a command tells of the organisation; only on Enterprise Grid there is one."""
    told: Json = {"is_enterprise_install": str(state.is_org_install).lower()}
    if state.enterprise is not None:
        told |= {
            "enterprise_id": state.enterprise["id"],
            "enterprise_name": state.enterprise["name"],
        }
    return told


def _org_id(state: State) -> str | None:
    return None if state.enterprise is None else str(state.enterprise["id"])


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
        "trigger_id": state.trigger(user.id, channel=channel.id),
        "response_url": state.hook(user.id, channel.id, message.ts),
        "message_ts": message.ts,
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "message": message_object(state, message),
    }


# What an action tells of its element, besides what was picked.
_TOLD = ("confirm", "placeholder")


def action(state: State, block: Json, element: Json, held: Json) -> Json:
    """One entry of `actions`: `held` is what was pressed or picked.

    Source: https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
    """
    slot = SLOTS.get(element["type"])
    named = () if slot is None or slot.key == "value" else (*_TOLD, slot.initial)
    told = {name: copy.deepcopy(element[name]) for name in ("confirm", *named) if name in element}
    return {
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        **copy.deepcopy(held),
        **told,
        "action_ts": state.next_ts(),
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
        "trigger_id": state.trigger(user.id, channel=channel.id),
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "state": {"values": state_values(message.values)},
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
    """A modal was left without submitting it; see `State.values_on_close`."""
    shown = view_object(state, view)
    if not state.values_on_close:
        shown["state"] = {"values": {}}
    return _interaction(state, "view_closed", user) | {"view": shown, "is_cleared": cleared}


def envelope(state: State, event: Json, *, of_org: bool = False) -> Json:
    """An event with what the Events API wraps around it. One about a whole organisation names no
    workspace (https://docs.slack.dev/reference/events/team_access_granted).
    """
    identity = state.identity
    team_id = None if of_org else identity.team_id
    return {
        "token": identity.verification_token,
        "team_id": team_id,
        "context_team_id": team_id,
        "enterprise_id": _org_id(state),
        "context_enterprise_id": _org_id(state),
        "api_app_id": identity.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": state.ids.next("Ev"),
        "event_time": int(state.clock.now().timestamp()),
        "authorizations": [_authorization(state, team_id)],
        "is_ext_shared_channel": _is_shared(state, event),
        "event_context": f"4-{state.ids.digest('context')}",
    }


def _is_shared(state: State, event: Json) -> bool:
    place = event.get("channel")
    channel = state.channels.get(place) if isinstance(place, str) else None
    return channel is not None and channel.is_ext_shared


def _authorization(state: State, team_id: str | None) -> dict[str, Any]:
    return {
        "enterprise_id": _org_id(state),
        "team_id": team_id,
        "user_id": state.identity.bot_user,
        "is_bot": True,
        "is_enterprise_install": state.is_org_install or team_id is None,
    }

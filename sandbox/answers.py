"""What an ack does on the screen, and which events a change in the workspace gives."""

from dataclasses import dataclass, field
from typing import Any

from sandbox import blocks, objects, views
from sandbox.checks.messages import check_message
from sandbox.checks.views import asks_for_files, check_view
from sandbox.model import Channel, Json, Message, View
from sandbox.outgoing import watch_blocks, watch_text
from sandbox.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a person sees after a submission: field errors, or a banner of trouble."""

    errors: dict[str, str] = field(default_factory=dict)
    trouble: bool = False


def to_command(state: State, user: str, channel: Channel, body: Json | None) -> Message | None:
    """Show what a slash command's ack carries: to the user alone, or to the channel."""
    if not body:
        return None
    raw = body.get("blocks") or []
    verdict = check_message(raw) if raw else None
    if verdict and verdict.messages:
        state.problem("bad_ack", "slash command", f"{verdict.code} {verdict.messages}")
        return None
    watch_text(state, str(body.get("text", "")), "slash command")
    watch_blocks(state, raw, "slash command")
    public = body.get("response_type") == "in_channel"
    message = state.post(
        Message(
            ts=state.next_ts(),
            channel=channel.id,
            user=state.identity.bot_user,
            bot_id=state.identity.bot_id,
            text=str(body.get("text", "")),
            blocks=tuple(blocks.stored(raw, state.ids)),
            ephemeral_to=None if public else user,
        )
    )
    if public:
        announce_message(state, message)
    return message


def to_submission(state: State, view: View, body: Json | None) -> Answer:
    """Do what a submission's ack says: close, errors, update, push or clear.

    Source: https://docs.slack.dev/surfaces/modals
    """
    current = state.views.get(view.id)
    action = (body or {}).get("response_action")
    if not body:
        if current is not None:
            state.close(view.id)
        return Answer()
    if current is None:
        return Answer()
    if action == "errors":
        return _errors(state, current, body.get("errors", {}))
    if action == "clear":
        for open_view in reversed(state.stack(view.user)):
            state.close(open_view.id)
        return Answer()
    if action in {"update", "push"}:
        return _another(state, current, action, body.get("view"))
    return _bad(state, view, f"not an answer to a submission: {str(body)[:120]}")


def _errors(state: State, view: View, errors: Any) -> Answer:
    inputs = blocks.inputs(view.blocks)
    unknown = [block_id for block_id in errors if block_id not in inputs]
    if unknown:
        return _bad(state, view, f"errors for what is no input of the view: {unknown}")
    return Answer(errors=dict(errors))


def _another(state: State, view: View, action: str, payload: Any) -> Answer:
    if action == "push" and not state.has_room(view.user):
        return _bad(state, view, "push_limit_reached")
    verdict = check_view(payload, "modal")
    if verdict.messages:
        return _bad(state, view, f"{verdict.code} {verdict.messages}")
    if asks_for_files(payload) and "files:read" not in state.manifest.scopes:
        return _bad(state, view, "missing_scope files:read")
    watch_blocks(state, payload, f"view_submission {action}")
    if action == "push":
        views.opened(state, view.user, payload, below=view)
    else:
        views.updated(state, view, payload)
    return Answer()


def _bad(state: State, view: View, detail: str) -> Answer:
    state.problem("bad_ack", f"view_submission {view.callback_id}", detail)
    return Answer(trouble=True)


def _subscription(channel: Channel) -> str:
    if channel.is_im:
        return "message.im"
    if channel.is_mpim:
        return "message.mpim"
    return "message.groups" if channel.is_private else "message.channels"


def announce_message(state: State, message: Message) -> None:
    """The events of a new message: to an app that is in the channel or mentioned there."""
    channel = state.channels[message.channel]
    if not state.bot_is_in(channel):
        return
    event = objects.message_object(state, message) | {
        "channel": channel.id,
        "event_ts": message.ts,
        "channel_type": _channel_type(channel),
    }
    if message.files:
        event["subtype"] = "file_share"
    state.emit(_subscription(channel), event)
    if f"<@{state.identity.bot_user}>" in message.text and not channel.is_im:
        state.emit("app_mention", event | {"type": "app_mention"})


def _channel_type(channel: Channel) -> str:
    return {
        "im": "im",
        "mpim": "mpim",
        "private_channel": "group",
        "public_channel": "channel",
    }[channel.kind]


def announce_change(state: State, before: Message, after: Message) -> None:
    """The event of an edited message."""
    channel = state.channels[after.channel]
    if not state.bot_is_in(channel):
        return
    event = {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "message": objects.message_object(state, after),
        "previous_message": objects.message_object(state, before),
        "channel": channel.id,
        "ts": state.next_ts(),
        "event_ts": after.edited,
        "channel_type": _channel_type(channel),
    }
    state.emit(_subscription(channel), event)


def announce_deletion(state: State, gone: Message) -> None:
    """The event of a message that somebody deleted."""
    channel = state.channels[gone.channel]
    if not state.bot_is_in(channel):
        return
    ts = state.next_ts()
    event = {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "deleted_ts": gone.ts,
        "previous_message": objects.message_object(state, gone),
        "channel": channel.id,
        "ts": ts,
        "event_ts": ts,
        "channel_type": _channel_type(channel),
    }
    state.emit(_subscription(channel), event)


def announce_home(state: State, user: str, tab: str) -> None:
    """The event of an opened Home or Messages tab."""
    event: Json = {
        "type": "app_home_opened",
        "user": user,
        "channel": state.dm(user).id,
        "tab": tab,
        "event_ts": state.next_ts(),
    }
    view = views.home(state, user)
    if tab == "home" and view is not None:
        event["view"] = objects.view_object(state, view)
    state.emit("app_home_opened", event)

"""Who may see, post to and read which conversation."""

from collections.abc import Sequence

from sandbox.methods.base import ApiError
from sandbox.model import Channel
from sandbox.state import State

READ = {
    "public_channel": "channels:read",
    "private_channel": "groups:read",
    "im": "im:read",
    "mpim": "mpim:read",
}
MOST_PEOPLE = 8
HISTORY = {
    "public_channel": "channels:history",
    "private_channel": "groups:history",
    "im": "im:history",
    "mpim": "mpim:history",
}


def require_scope(state: State, scope: str) -> None:
    """`missing_scope` unless the app has it."""
    if scope not in state.manifest.scopes:
        raise ApiError(
            "missing_scope", needed=scope, provided=",".join(sorted(state.manifest.scopes))
        )


def seen(state: State, channel_id: str) -> Channel:
    """A conversation that the bot can see; `channel_not_found` for others."""
    channel = state.channels.get(channel_id)
    if channel is None or (channel.is_private and not state.bot_is_in(channel)):
        raise ApiError("channel_not_found")
    return channel


def readable(state: State, channel_id: str) -> Channel:
    """A conversation whose messages the bot may read."""
    channel = seen(state, channel_id)
    require_scope(state, HISTORY[channel.kind])
    if not state.bot_is_in(channel):
        raise ApiError("not_in_channel")
    return channel


def writable(state: State, target: str) -> Channel:
    """Where a message to `target` (a conversation, or a user for a direct message) goes."""
    channel = _dm(state, target) if target in state.users else seen(state, target)
    if channel.is_im and not state.manifest.messages_tab:
        raise ApiError("messages_tab_disabled")
    if channel.is_archived:
        raise ApiError("is_archived")
    if not state.bot_is_in(channel) and "chat:write.public" not in state.manifest.scopes:
        raise ApiError("not_in_channel")
    return channel


def _dm(state: State, user_id: str) -> Channel:
    if state.users[user_id].is_bot:
        raise ApiError("cannot_dm_bot")
    return state.dm(user_id)


def open_group(state: State, user_ids: Sequence[str]) -> Channel:
    """The group message with users who are there: the same one for the same people.

    Source: https://docs.slack.dev/reference/methods/conversations.open
    """
    require_scope(state, "mpim:write")
    if len(user_ids) > MOST_PEOPLE:
        raise ApiError("too_many_users")
    for user_id in user_ids:
        _there(state, user_id)
    return state.group(user_ids)


def open_dm(state: State, user_id: str) -> Channel:
    """The direct message with a user who is there."""
    _there(state, user_id)
    return state.dm(user_id)


def _there(state: State, user_id: str) -> None:
    user = state.users.get(user_id)
    if user is None:
        raise ApiError("user_not_found")
    if user.deleted:
        raise ApiError("user_disabled")
    if user.is_bot:
        raise ApiError("cannot_dm_bot")

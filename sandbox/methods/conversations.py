"""conversations.*: open, info, list, members, history, replies."""

from collections.abc import Sequence

from sandbox import objects
from sandbox.limits import most
from sandbox.methods.access import HISTORY, READ, open_dm, open_group, readable, require_scope, seen
from sandbox.methods.base import ApiError, Args, invalid, page
from sandbox.model import Json, Message
from sandbox.rates import SMALL_PAGE
from sandbox.state import State

OPEN_ARGS = frozenset({"channel", "return_im", "users"})
INFO_ARGS = frozenset({"channel", "include_locale", "include_num_members"})
LIST_ARGS = frozenset({"cursor", "exclude_archived", "limit", "team_id", "types"})
MEMBERS_ARGS = frozenset({"channel", "cursor", "limit"})
HISTORY_ARGS = frozenset(
    {"channel", "cursor", "include_all_metadata", "inclusive", "latest", "limit", "oldest"}
)
REPLIES_ARGS = HISTORY_ARGS | {"ts"}
ANY_READ = frozenset(READ.values())
ANY_HISTORY = frozenset(HISTORY.values())


def open_conversation(state: State, args: Args) -> Json:
    """conversations.open of the direct message with one user, or the group message with some."""
    users = [user for user in args.text("users").split(",") if user]
    if args.text("channel"):
        channel = seen(state, args.text("channel"))
        if not channel.is_im:
            raise ApiError("method_not_supported_for_channel_type")
    elif not users:
        raise ApiError("users_list_not_supplied")
    elif len(users) > 1:
        channel = open_group(state, users)
    else:
        channel = open_dm(state, users[0])
    if args.flag("return_im"):
        return {"channel": objects.channel_object(state, channel) | {"is_open": True}}
    return {"channel": {"id": channel.id}}


def info(state: State, args: Args) -> Json:
    """conversations.info."""
    channel = seen(state, args.need("channel"))
    require_scope(state, READ[channel.kind])
    shown = objects.channel_object(state, channel)
    if args.flag("include_num_members"):
        shown["num_members"] = len(channel.members)
    return {"channel": shown}


def list_conversations(state: State, args: Args) -> Json:
    """conversations.list by pages: public channels, and what else the bot is in."""
    types = (args.text("types") or "public_channel").replace(" ", "").split(",")
    for kind in types:
        if kind not in READ:
            raise ApiError("invalid_types")
        require_scope(state, READ[kind])
    listed = [
        channel
        for channel in state.channels.values()
        if channel.kind in types
        and (not channel.is_private or state.bot_is_in(channel))
        and not (args.flag("exclude_archived") and channel.is_archived)
    ]
    channels, cursor = page(state, args, listed, default=100, most=999)
    return {
        "channels": [
            objects.channel_object(state, channel) | {"num_members": len(channel.members)}
            for channel in channels
        ],
        "response_metadata": {"next_cursor": cursor},
    }


def members(state: State, args: Args) -> Json:
    """conversations.members by pages."""
    channel = seen(state, args.need("channel"))
    require_scope(state, READ[channel.kind])
    listed, cursor = page(state, args, channel.members, default=100, most=999)
    return {"members": listed, "response_metadata": {"next_cursor": cursor}}


def _between(args: Args, messages: Sequence[Message]) -> list[Message]:
    for name in ("oldest", "latest"):
        if not args.text(name).replace(".", "", 1).isdecimal() and args.text(name):
            raise ApiError(f"invalid_ts_{name}")
    oldest = float(args.text("oldest") or 0)
    latest = float(args.text("latest") or "inf")
    edges = args.flag("inclusive")
    return [
        message
        for message in messages
        if oldest < float(message.ts) < latest or (edges and float(message.ts) in {oldest, latest})
    ]


def _answer(state: State, args: Args, messages: Sequence[Message]) -> Json:
    size = SMALL_PAGE if state.rates.small_history else None
    shown, cursor = page(state, args, messages, default=100, most=most("page"), size=size)
    metadata = args.flag("include_all_metadata")
    answer: Json = {
        "messages": [
            objects.message_object(state, message, metadata=metadata) for message in shown
        ],
        "has_more": bool(cursor),
    }
    if cursor:
        answer["response_metadata"] = {"next_cursor": cursor}
    return answer


def _lasting(state: State, channel: str) -> list[Message]:
    messages = state.messages.get(channel, {}).values()
    lasting = [message for message in messages if message.ephemeral_to is None]
    return sorted(lasting, key=lambda message: message.ts)


def history(state: State, args: Args) -> Json:
    """conversations.history by pages, newest first: no replies, no ephemeral messages."""
    channel = readable(state, args.need("channel"))
    messages = [
        message
        for message in reversed(_lasting(state, channel.id))
        if message.broadcast or not message.is_reply
    ]
    return _answer(state, args, _between(args, messages)) | {"pin_count": 0}


def replies(state: State, args: Args) -> Json:
    """conversations.replies by pages: the parent first, then its replies, oldest first."""
    channel = readable(state, args.need("channel"))
    ts = args.need("ts")
    found = state.message(channel.id, ts)
    if found is None or found.ephemeral_to is not None:
        raise ApiError("thread_not_found")
    root = found.thread_ts or ts
    lasting = _lasting(state, channel.id)
    thread = [message for message in lasting if root in {message.ts, message.thread_ts}]
    if not thread:
        raise invalid("invalid_arguments", ["[ERROR] no such thread"])
    parent, rest = thread[:1], _between(args, thread[1:])
    return _answer(state, args, parent + rest)

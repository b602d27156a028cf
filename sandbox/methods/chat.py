"""chat.*: post, update, ephemeral, permalink.

Source: https://docs.slack.dev/reference/methods
"""

import re
from dataclasses import replace

from sandbox import answers, objects
from sandbox.methods.access import seen, writable
from sandbox.methods.base import ApiError, Args, invalid
from sandbox.methods.content import read_content, read_metadata
from sandbox.model import Channel, Json, Message
from sandbox.state import State

POST_ARGS = frozenset(
    {
        "attachments",
        "blocks",
        "channel",
        "link_names",
        "metadata",
        "mrkdwn",
        "parse",
        "reply_broadcast",
        "text",
        "thread_ts",
        "unfurl_links",
        "unfurl_media",
    }
)
UPDATE_ARGS = frozenset(
    {"attachments", "blocks", "channel", "link_names", "metadata", "parse", "text", "ts"}
)
EPHEMERAL_ARGS = frozenset(
    {"attachments", "blocks", "channel", "link_names", "parse", "text", "thread_ts", "user"}
)
PERMALINK_ARGS = frozenset({"channel", "message_ts"})


def post_message(state: State, args: Args) -> Json:
    """chat.postMessage to a conversation, or to a user's direct message."""
    channel = writable(state, args.need("channel"))
    content = read_content(state, args, "chat.postMessage")
    if channel.user is not None and state.users[channel.user].deleted:
        state.problem("deactivated", "chat.postMessage", f"{channel.user} has left")
    message = Message(
        ts=state.next_ts(),
        channel=channel.id,
        user=state.identity.bot_user,
        bot_id=state.identity.bot_id,
        text=content.text,
        blocks=content.blocks,
        metadata=read_metadata(args) or None,
        thread_ts=thread_of(state, args, channel),
        broadcast=args.flag("reply_broadcast"),
    )
    if args.flag("link_names") or args.text("parse") == "full":
        state.problem("broadcast", "chat.postMessage", "link_names or parse=full may notify all")
    state.post(message)
    answers.announce_message(state, message)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "message": objects.message_object(state, message, metadata=True),
    }


def thread_of(state: State, args: Args, channel: Channel) -> str | None:
    """The ts of the message that the thread of `thread_ts` begins with; None without one."""
    thread_ts = args.text("thread_ts")
    if not thread_ts:
        return None
    if not re.fullmatch(r"\d+\.\d{6}", thread_ts):
        raise invalid("invalid_thread_ts", [f"[ERROR] {thread_ts} is not a valid thread_ts"])
    parent = state.message(channel.id, thread_ts)
    if parent is None or parent.ephemeral_to is not None:
        raise ApiError("thread_not_found")
    return parent.thread_ts or thread_ts


def update(state: State, args: Args) -> Json:
    """chat.update of a message of the bot's own.

    Without `blocks` the old ones stay (https://github.com/slackapi/python-slack-sdk/issues/523);
    an empty list takes them away. The same holds for `metadata` and an empty object.
    """
    channel = seen(state, args.need("channel"))
    before = state.message(channel.id, args.need("ts"))
    if before is None or before.ephemeral_to is not None:
        raise ApiError("message_not_found")
    if before.bot_id != state.identity.bot_id:
        raise ApiError("cant_update_message")
    if channel.is_archived:
        raise ApiError("is_inactive")
    content = read_content(state, args, "chat.update")
    metadata = read_metadata(args)
    if before.blocks and not args.has("blocks"):
        state.problem("stale_blocks", "chat.update", "text without blocks: the old blocks stay")
    after = replace(
        before,
        text=content.text,
        blocks=content.blocks if args.has("blocks") else before.blocks,
        metadata=before.metadata if metadata is None else metadata or None,
        edited=state.next_ts(),
        values={},
    )
    state.post(after)
    answers.announce_change(state, before, after)
    return {
        "channel": channel.id,
        "ts": after.ts,
        "text": after.text,
        "message": objects.message_object(state, after, metadata=True),
    }


def post_ephemeral(state: State, args: Args) -> Json:
    """chat.postEphemeral: only `user` sees it, and only until the client is reloaded."""
    channel = writable(state, args.need("channel"))
    user = args.need("user")
    if user not in channel.members:
        raise ApiError("user_not_in_channel")
    content = read_content(state, args, "chat.postEphemeral")
    message = state.post(
        Message(
            ts=state.next_ts(),
            channel=channel.id,
            user=state.identity.bot_user,
            bot_id=state.identity.bot_id,
            text=content.text,
            blocks=content.blocks,
            thread_ts=thread_of(state, args, channel),
            ephemeral_to=user,
        )
    )
    return {"message_ts": message.ts}


def get_permalink(state: State, args: Args) -> Json:
    """chat.getPermalink of a message that is there."""
    channel = seen(state, args.need("channel"))
    message = state.message(channel.id, args.need("message_ts"))
    if message is None or message.ephemeral_to is not None:
        raise ApiError("message_not_found")
    return {"channel": channel.id, "permalink": objects.permalink(state, message)}

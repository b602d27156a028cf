"""Answers to a response_url.

Source: https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sandbox import answers
from sandbox.limits import most
from sandbox.methods.base import ApiError, Args
from sandbox.methods.content import read_content
from sandbox.model import Hook, Message
from sandbox.state import State

WHERE = "response_url"
KNOWN = frozenset(
    {
        "attachments",
        "blocks",
        "delete_original",
        "metadata",
        "replace_original",
        "response_type",
        "text",
        "thread_ts",
        "unfurl_links",
        "unfurl_media",
    }
)


def respond(state: State, hook_id: str, body: Mapping[str, Any]) -> tuple[int, str]:
    """Post, replace or delete through a response_url. Returns HTTP status and body.

    404 `used_url` after five uses, 404 `expired_url` after thirty minutes.
    """
    hook = state.hooks.get(hook_id)
    if hook is None:
        return 404, "no_service"
    if state.clock.now().timestamp() - hook.issued_at > most("response_url_seconds"):
        return 404, "expired_url"
    if hook.uses >= most("response_url_uses"):
        return 404, "used_url"
    hook.uses += 1
    args = Args(body)
    for unknown in sorted(args.names() - KNOWN):
        state.problem("unknown_argument", WHERE, unknown)
    try:
        _apply(state, hook, args)
    except ApiError as error:
        state.problem("api", WHERE, f"{error.code} {error.more or ''}".strip())
        return 404 if error.code == "message_not_found" else 400, error.code
    return 200, "ok"


def _apply(state: State, hook: Hook, args: Args) -> None:
    original = state.message(hook.channel, hook.message_ts) if hook.message_ts else None
    if args.flag("delete_original"):
        state.remove(*_own(state, original))
    elif args.flag("replace_original"):
        _replace(state, original, args)
    else:
        _post(state, hook, args)


def _own(state: State, original: Message | None) -> tuple[str, str]:
    if original is None or original.bot_id != state.identity.bot_id:
        raise ApiError("message_not_found")
    return original.channel, original.ts


def _replace(state: State, original: Message | None, args: Args) -> None:
    channel, ts = _own(state, original)
    content = read_content(state, args, WHERE)
    before = state.messages[channel][ts]
    after = replace(
        before, text=content.text, blocks=content.blocks, edited=state.next_ts(), values={}
    )
    state.post(after)
    if after.ephemeral_to is None:
        answers.announce_change(state, before, after)


def _post(state: State, hook: Hook, args: Args) -> None:
    content = read_content(state, args, WHERE)
    public = args.text("response_type") == "in_channel"
    message = Message(
        ts=state.next_ts(),
        channel=hook.channel,
        user=state.identity.bot_user,
        bot_id=state.identity.bot_id,
        text=content.text,
        blocks=content.blocks,
        thread_ts=args.text("thread_ts") or None,
        ephemeral_to=None if public else hook.user,
    )
    state.post(message)
    if public:
        answers.announce_message(state, message)

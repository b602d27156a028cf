"""What a message may carry: text, blocks, metadata, checked as Slack checks them."""

import json
from dataclasses import dataclass
from typing import Any

from sandbox import blocks
from sandbox.checks.messages import check_message
from sandbox.limits import most
from sandbox.methods.base import ApiError, Args, invalid
from sandbox.model import Json
from sandbox.outgoing import watch_blocks, watch_text
from sandbox.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The parts of a message that passed."""

    text: str
    blocks: tuple[Json, ...]


def read_content(state: State, args: Args, where: str) -> Content:
    """Check what a call wants to post.

    `no_text` with neither text nor blocks, `msg_too_long`, `invalid_blocks` and its kin; bad
    conduct that Slack lets pass goes on `problems`.
    """
    text = args.text("text")
    raw = args.tree("blocks", "invalid_blocks_format") or []
    if args.has("attachments") and args.tree("attachments", "invalid_attachments"):
        state.problem("unknown_argument", where, "the sandbox keeps no attachments")
    if not text and not raw:
        raise ApiError("no_text")
    _check_text(state, text, where, has_blocks=bool(raw))
    return Content(text=text, blocks=checked_blocks(state, raw, where))


def checked_blocks(state: State, raw: Any, where: str) -> tuple[Json, ...]:
    """Blocks as Slack keeps them, or its refusal."""
    if not raw:
        return ()
    for place, block in enumerate(raw if isinstance(raw, list) else ()):
        if isinstance(block, dict) and block.get("type") in state.faults.unknown_blocks:
            said = f"[ERROR] unsupported type: {block['type']} [json-pointer:/blocks/{place}/type]"
            raise invalid("invalid_blocks", [said])
    verdict = check_message(raw)
    if verdict.messages:
        raise invalid(verdict.code, verdict.messages)
    watch_blocks(state, raw, where)
    return tuple(blocks.stored(raw, state.ids))


def _check_text(state: State, text: str, where: str, *, has_blocks: bool) -> None:
    longest = "update_text" if where == "chat.update" else "message_text_cut"
    if len(text) > most(longest):
        raise ApiError("msg_too_long")
    if len(text) > most("message_text"):
        state.problem("long_text", where, f"{len(text)} characters: Slack splits or cuts it")
    if has_blocks and not text:
        state.problem("no_text", where, "blocks without text: screen readers read only text")
    watch_text(state, text, where)


def read_metadata(args: Args) -> Json | None:
    """The message's metadata; None if there is none, an empty one removes what was there.

    Source: https://docs.slack.dev/messaging/message-metadata
    """
    metadata = args.tree("metadata", "invalid_metadata_format")
    if metadata is None:
        return None
    if not isinstance(metadata, dict):
        raise ApiError("invalid_metadata_format")
    if not metadata:
        return {}
    shaped = (
        set(metadata) == {"event_type", "event_payload"}
        and isinstance(metadata["event_type"], str)
        and metadata["event_type"] != ""
        and isinstance(metadata["event_payload"], dict)
    )
    if not shaped:
        raise ApiError("invalid_metadata_format")
    if len(json.dumps(metadata).encode()) > most("metadata_bytes"):
        raise ApiError("metadata_too_large")
    return metadata

"""files.*: info, delete, and the upload in three steps.

Sources: https://docs.slack.dev/reference/methods/files.getUploadURLExternal,
https://docs.slack.dev/reference/methods/files.completeUploadExternal
"""

import re
from dataclasses import replace
from typing import Any

from sandbox import answers, files, objects
from sandbox.limits import most
from sandbox.methods.access import seen
from sandbox.methods.base import ApiError, Args, invalid
from sandbox.methods.chat import thread_of
from sandbox.methods.content import checked_blocks
from sandbox.methods.transfers import UPLOADS
from sandbox.model import Channel, File, Json, Message, Upload
from sandbox.outgoing import watch_text
from sandbox.state import State

INFO_ARGS = frozenset({"count", "cursor", "file", "limit", "page"})
URL_ARGS = frozenset({"alt_txt", "filename", "length", "snippet_type"})
DELETE_ARGS = frozenset({"file"})
COMPLETE_ARGS = frozenset(
    {"blocks", "channel_id", "channels", "files", "initial_comment", "thread_ts"}
)
WHERE = "files.completeUploadExternal"


def info(state: State, args: Args) -> Json:
    """files.info of a file that the app may see, with where it is shared."""
    file = state.files.get(args.need("file"))
    if file is not None and file.deleted:
        raise ApiError("file_deleted")
    if file is None or not files.app_sees(state, file):
        raise ApiError("file_not_found")
    return {
        "file": objects.file_object(state, file) | {"shares": objects.shares(state, file)},
        "comments": [],
        "response_metadata": {"next_cursor": ""},
    }


def delete(state: State, args: Args) -> Json:
    """files.delete of a file of the app's own; messages keep a mark of it
    (https://docs.slack.dev/reference/methods/files.delete).
    """
    file = state.files.get(args.need("file"))
    if file is None or not (file.deleted or files.app_sees(state, file)):
        raise ApiError("file_not_found")
    if file.deleted:
        raise ApiError("file_deleted")
    if file.user != state.identity.bot_user:
        raise ApiError("cant_delete_file")
    files.keep(state, replace(file, content=b"", deleted=True))
    return {}


def get_upload_url(state: State, args: Args) -> Json:
    """files.getUploadURLExternal: an address for so many bytes, and the id of the file to be."""
    name, length = args.need("filename"), args.number("length", 0)
    if not length:
        raise ApiError("missing_argument")
    if len(args.text("alt_txt")) > most("alt_txt"):
        raise ApiError("alt_txt_too_large")
    upload = Upload(
        ticket=state.ids.digest("upload"),
        file_id=state.ids.next("F"),
        name=name,
        length=length,
        alt_txt=args.text("alt_txt"),
    )
    state.uploads[upload.ticket] = upload
    return {
        "upload_url": f"{state.base_url}{UPLOADS}{upload.ticket}",
        "file_id": upload.file_id,
    }


def complete_upload(state: State, args: Args) -> Json:
    """files.completeUploadExternal: the files are there, and a message with them if asked for.

    The answer does not tell the message's ts: Slack shares files a little later.
    """
    wanted = _wanted(args)
    uploads = {upload.file_id: upload for upload in state.uploads.values()}
    for file_id, _ in wanted:
        if file_id not in uploads or uploads[file_id].content is None:
            raise ApiError("file_not_found")
    places = _places(state, args)
    if args.text("thread_ts") and len(places) != 1:
        raise invalid("invalid_arguments", ["[ERROR] thread_ts needs exactly one channel"])
    thread_ts = thread_of(state, args, places[0]) if places else None
    watch_text(state, args.text("initial_comment"), WHERE)
    blocks: tuple[Json, ...] = ()
    if not args.text("initial_comment"):
        blocks = checked_blocks(state, args.tree("blocks", "invalid_blocks_format"), WHERE)
    done = [_finished(state, uploads[file_id], title) for file_id, title in wanted]
    for place in places:
        message = Message(
            ts=state.next_ts(),
            channel=place.id,
            user=state.identity.bot_user,
            bot_id=state.identity.bot_id,
            text=args.text("initial_comment"),
            blocks=blocks,
            thread_ts=thread_ts,
            files=tuple(file.id for file in done),
        )
        files.share(state, state.post(message))
        answers.announce_message(state, message)
    return {"files": [{"id": file.id, "title": file.title} for file in done]}


def _wanted(args: Args) -> list[tuple[str, str]]:
    """Ids and titles of the files; `invalid_arguments` if they are no such list."""
    given: Any = args.tree("files", "invalid_arguments")
    shaped = isinstance(given, list) and all(
        isinstance(entry, dict) and isinstance(entry.get("id"), str) for entry in given
    )
    if not shaped or not given:
        raise invalid("invalid_arguments", ["[ERROR] missing required field: files"])
    return [(entry["id"], str(entry.get("title") or "")) for entry in given]


def _places(state: State, args: Args) -> list[Channel]:
    """Where to share: `channel_not_found`, `not_in_channel`, `is_archived` as for messages."""
    single, listed = args.text("channel_id"), args.text("channels")
    if single and not re.fullmatch(r"[CGDZ][A-Z0-9]{8,}", single):
        pointer = "[json-pointer:/channel_id]"
        raise invalid("invalid_arguments", [f"[ERROR] must be the id of a channel {pointer}"])
    named = [single] if single else [name.strip() for name in listed.split(",") if name.strip()]
    return [_place(state, name) for name in named]


def _place(state: State, name: str) -> Channel:
    is_user = name in state.users and not state.users[name].is_bot
    channel = state.dm(name) if is_user else seen(state, name)
    if channel.is_im and not state.manifest.messages_tab:
        raise ApiError("messages_tab_disabled")
    if channel.is_archived:
        raise ApiError("is_archived")
    if not state.bot_is_in(channel):
        raise ApiError("not_in_channel")
    return channel


def _finished(state: State, upload: Upload, title: str) -> File:
    del state.uploads[upload.ticket]
    return files.made(
        state,
        state.identity.bot_user,
        upload.name,
        upload.content or b"",
        file_id=upload.file_id,
        title=title,
        alt_txt=upload.alt_txt,
    )

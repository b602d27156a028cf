"""Files: what they are, where they are shared, and who may see them.

Source: https://docs.slack.dev/reference/objects/file-object
"""

import mimetypes
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

from sandbox import objects
from sandbox.filling import ClientRefused
from sandbox.limits import most
from sandbox.model import File, Json, Message
from sandbox.state import State

# Slack's names of some types; others are called by their ending.
_NAMES = {"htm": "html", "jpeg": "jpg", "md": "markdown", "py": "python", "txt": "text"}

# Not the machine's own table: the same name is the same type everywhere.
_TYPES = mimetypes.MimeTypes()


def ending(name: str) -> str:
    """What stands after the last dot of a name, in small letters; "" if there is none."""
    return PurePath(name).suffix.removeprefix(".").lower()


def made(
    state: State,
    user: str,
    name: str,
    content: bytes,
    *,
    mimetype: str | None = None,
    file_id: str | None = None,
    title: str = "",
    alt_txt: str = "",
) -> File:
    """A new file of this user, which is not shared yet."""
    kind = _NAMES.get(ending(name), ending(name) or "binary")
    file = File(
        id=file_id or state.ids.next("F"),
        name=name,
        title=title or name,
        mimetype=mimetype or _TYPES.guess_type(name)[0] or "application/octet-stream",
        filetype=kind,
        user=user,
        created=int(state.clock.now().timestamp()),
        content=content,
        alt_txt=alt_txt,
    )
    return keep(state, file)


def keep(state: State, file: File) -> File:
    """Keep a file and return it."""
    state.files[file.id] = file
    state.changed()
    return file


def share(state: State, message: Message) -> None:
    """The files of a new message are seen from now on by those who see the message."""
    for file_id in message.files:
        file = state.files[file_id]
        keep(state, replace(file, shares=(*file.shares, (message.channel, message.ts))))


def app_sees(state: State, file: File) -> bool:
    """Whether the app may read a file: its own, one given to it, or one where it is a member."""
    file = state.files[file.id]
    if file.given or file.user == state.identity.bot_user:
        return True
    return sees(state, state.identity.bot_user, file)


def sees(state: State, user: str, file: File) -> bool:
    """Whether a file is there, and this user's or in a message where this user is a member."""
    if state.files[file.id].deleted:
        return False
    return file.user == user or any(
        state.message(channel, ts) is not None and user in state.channels[channel].members
        for channel, ts in state.files[file.id].shares
        if channel in state.channels
    )


def picked(state: State, user: str, element: Json, given: Sequence[File]) -> list[Json]:
    """What a `file_input` holds after these were put in; from now on the app may read them.

    ClientRefused for too many, a type that is not asked for, and more than 10 MB
    (https://docs.slack.dev/reference/block-kit/block-elements/file-input-element).
    """
    longest = int(element.get("max_files", most("files")))
    if len(given) > longest:
        raise ClientRefused(f"You can add {longest} {'file' if longest == 1 else 'files'} at most.")
    wanted = {str(kind).lower().removeprefix(".") for kind in element.get("filetypes", [])}
    for file in given:
        if not sees(state, user, file):
            raise ClientRefused(f"{user} does not have {file.id}")
        if wanted and not wanted & {ending(file.name), file.filetype}:
            raise ClientRefused(f"{file.name} is not one of: {', '.join(sorted(wanted))}.")
        if len(file.content) > most("input_file_bytes"):
            raise ClientRefused(f"{file.name} is larger than 10 MB.")
    return [
        objects.file_object(state, keep(state, replace(state.files[file.id], given=True)))
        for file in given
    ]

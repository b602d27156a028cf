"""Files on the page: in messages, in forms, and beside what is being written."""

from collections.abc import Sequence

from sandbox.model import File, Message
from sandbox.page.html import Attribute, Html, join, tag
from sandbox.page.scene import Scene

PICTURES = frozenset({"image/gif", "image/jpeg", "image/png", "image/webp"})


def size(count: int) -> str:
    """How many bytes, for people."""
    if count < 1000:
        return "1 byte" if count == 1 else f"{count} bytes"
    return f"{count / 1000:.0f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"


def address(file: File, scene: Scene) -> str:
    """Where the page shows a file, as seen from the page itself."""
    return f"files/{file.id}?as={scene.viewer.id}"


def in_message(message: Message, scene: Scene) -> Html | None:
    """The files of a message, each a link that opens it; None if it has none."""
    if not message.files:
        return None
    shown = [tag("li", _link(scene.ws.files[file_id], scene)) for file_id in message.files]
    return tag("ul", shown, class_="files")


def _link(file: File, scene: Scene) -> Html:
    if file.deleted:
        return tag("span", "This file was deleted.", class_="hint")
    name = tag("span", file.title, class_="filename")
    small = tag("small", f"{file.filetype.upper()} · {size(len(file.content))}")
    out: dict[str, Attribute] = {"target": "_blank", "rel": "noopener noreferrer"}
    href = address(file, scene)
    if file.mimetype in PICTURES:
        picture = tag("img", src=href, alt=file.alt_txt or "", loading="lazy")
        inner = [picture, tag("span", name, small)]
        return tag("a", inner, href=href, class_="file pictured", attrs=out)
    sign = tag("span", "📄", aria_hidden="true", class_="sign")
    return tag("a", sign, tag("span", name, small), href=href, class_="file", attrs=out)


def chosen(files: Sequence[File], key: str, wire: dict[str, Attribute], undo: str) -> Html | None:
    """What was attached so far, each with a way to take it out: `undo` on the wire."""
    if not files:
        return None
    entries = [
        tag(
            "li",
            tag("span", "📄 ", aria_hidden="true"),
            tag("span", file.name, class_="filename"),
            tag("small", size(len(file.content))),
            tag(
                "button",
                "×",
                type="button",
                class_="quiet x",
                aria_label=f"Remove {file.name}",
                data_do=undo,
                data_file=file.id,
                attrs=wire,
            ),
            id=f"{key}-{file.id}",
        )
        for file in files
    ]
    return tag("ul", entries, class_="attached", id=f"{key}-attached")


def chooser(
    face: Html, class_: str, wire: dict[str, Attribute], attrs: dict[str, Attribute]
) -> Html:
    """A button that opens the browser's file chooser. `wire` says what is done with the files."""
    field = tag("input", type="file", class_="sr", attrs=wire | attrs)
    return tag("label", join([face, field]), class_=f"{class_} chooser")

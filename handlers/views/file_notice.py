"""A line in the card's thread in place of a file that can't be kept there."""

from collections.abc import Mapping
from dataclasses import replace

from bot.kept_file import FileMaterial, Missing
from bot.submission import FileRef
from handlers.views import examples
from handlers.views.blocks import section
from handlers.views.message import Message
from handlers.views.text import MESSAGE_LIMIT, cut, inline, link

WHY = {
    Missing.DELETED: "it was deleted.",
    Missing.HIDDEN: "Social Desk may not see it.",
    Missing.TOO_LARGE: "it is too large.",
    Missing.EMPTY: "there is nothing in it.",
    Missing.TROUBLE: "Slack did not hand it out.",
}


def file_notice(material: FileMaterial, why: Missing) -> Message:
    """One sentence: which file, why it is not here, and where it may still be."""
    said = f"The file “{inline(material.file.name, 150)}” could not be brought here: {WHY[why]}"
    origin = material.submission.origin
    if origin is not None and origin.permalink:
        said += f" It came with the {link(origin.permalink, 'original message')}."
    return Message(text=cut(said, MESSAGE_LIMIT), blocks=[section(said)])


_GIVEN = FileRef("F0PHOTO", "press & <crew>.png")
_ALONE = replace(examples.LEAD, files=(_GIVEN,))

EXAMPLES: Mapping[str, tuple[FileMaterial, Missing]] = {
    "from-a-message": (
        FileMaterial(
            submission=replace(examples.IDEA, files=(_GIVEN,)), file=_GIVEN, title="12-1 press.png"
        ),
        Missing.HIDDEN,
    ),
    **{
        why.value: (FileMaterial(submission=_ALONE, file=_GIVEN, title="14-1 press.png"), why)
        for why in Missing
    },
}

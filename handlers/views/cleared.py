"""What stands in Slack in the place of a text that was erased."""

from collections.abc import Mapping

from bot.erased import ClearMaterial
from handlers.views.blocks import section
from handlers.views.message import Message


def cleared(material: ClearMaterial) -> Message:
    """One line that says so, and nothing of what was there."""
    about = f"number {material.number}"
    said = f"N{about[1:]} was erased." if material.is_whole else f"A text about {about} was erased."
    return Message(text=said, blocks=[section(said)])


EXAMPLES: Mapping[str, ClearMaterial] = {
    "whole": ClearMaterial(number=12, is_whole=True),
    "text": ClearMaterial(number=12, is_whole=False),
}

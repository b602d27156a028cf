"""What a card says once its submission went elsewhere: who has it now, and nothing of what is in
it. Not everybody who sees this place may see that one.
"""

from collections.abc import Mapping

from bot.material import MovedMaterial
from handlers.views import examples, words
from handlers.views.blocks import section
from handlers.views.message import Message
from handlers.views.text import channel, user


def moved(material: MovedMaterial) -> Message:
    """One line, in place of the card."""
    role = words.role_name(material.role)
    name = words.name(material.submission)
    said = f"{name[0].upper()}{name[1:]} is with the {role} now{_place(material.target)}."
    return Message(text=said, blocks=[section(said)])


def _place(target: str | None) -> str:
    if target is None:
        return ""
    is_person = target.startswith(("U", "W"))
    return f": {user(target)} has its card" if is_person else f", in {channel(target)}"


EXAMPLES: Mapping[str, MovedMaterial] = {
    "to-channel": MovedMaterial(examples.IDEA, examples.CONTENT_LEAD, "C0SOCIAL"),
    "to-person": MovedMaterial(examples.LEAD, examples.CONTENT_LEAD, "U0BEN"),
    "nowhere-yet": MovedMaterial(examples.IDEA, examples.CONTENT_LEAD, None),
}

"""One line of a submission's story, in the thread of its card."""

from collections.abc import Mapping

from bot.lifecycle import Verb
from bot.material import StoryMaterial
from handlers.views import examples, words
from handlers.views.blocks import section
from handlers.views.message import Message
from handlers.views.text import MESSAGE_LIMIT, cut


def story(material: StoryMaterial) -> Message:
    """Who did what, with the reason, sentence or link that belongs to it."""
    said = words.happened(material.entry, material.actor_name)
    return Message(text=cut(said, MESSAGE_LIMIT), blocks=[section(said)])


EXAMPLES: Mapping[str, StoryMaterial] = {
    key: StoryMaterial(submission=submission, entry=entry, actor_name="Cleo <Kim>")
    for key, (submission, entry) in examples.steps().items()
} | {
    "idea-hand_in": StoryMaterial(
        submission=examples.IDEA,
        entry=examples.entry(examples.IDEA, Verb.HAND_IN, seq=1, actor="U0ANA"),
    ),
    "idea-own": StoryMaterial(submission=examples.IDEA, entry=examples.own_accept()),
}

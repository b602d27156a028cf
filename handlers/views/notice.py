"""A sentence for an admin, with a button where trying again may help."""

from collections.abc import Mapping

from bot.material import NoticeMaterial
from handlers.ids import Action, BlockId, RetryValue
from handlers.views.blocks import actions, button, section
from handlers.views.message import Message
from handlers.views.text import MESSAGE_LIMIT, cut, told


def notice(material: NoticeMaterial) -> Message:
    """The sentence; with "Try again" when there is an effect to try again."""
    said = told(material.sentence)
    blocks = [section(said)]
    if material.retry_key is not None:
        retry = button(
            Action.NOTICE_RETRY.value,
            "Try again",
            RetryValue(key=material.retry_key).dump(),
            label="Try to send the message again",
        )
        blocks.append(actions(BlockId.NOTICE.value, [retry]))
    return Message(text=cut(said, MESSAGE_LIMIT), blocks=blocks)


EXAMPLES: Mapping[str, NoticeMaterial] = {
    "plain": NoticeMaterial(
        sentence="Nobody holds the role Lead desk; what it owns goes to the Social lead."
    ),
    "retry": NoticeMaterial(
        sentence="The card of idea 12 can't be posted to <#C0SOCIAL>: Social Desk is not in that "
        "channel. Type /invite @Social Desk there, then try again.",
        retry_key="card:12",
    ),
}

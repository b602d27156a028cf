"""A sentence for an admin, with buttons where something can be done about it."""

from collections.abc import Mapping

from bot.material import NoticeMaterial
from handlers.ids import Action, BlockId, RetryValue
from handlers.rounds_values import RoundValue
from handlers.views.blocks import actions, button, section
from handlers.views.message import Block, Message
from handlers.views.text import MESSAGE_LIMIT, cut, told


def notice(material: NoticeMaterial) -> Message:
    """The sentence; with "Try again" when there is an effect to try again, with what
    becomes of a digest that nobody reads.
    """
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
    if material.digest is not None:
        blocks.append(actions(BlockId.ROUNDS.value, _whether_to_stop(material.digest)))
    return Message(text=cut(said, MESSAGE_LIMIT), blocks=blocks)


def _whether_to_stop(key: str) -> list[Block]:
    value = RoundValue(key=key).dump()
    return [
        button(Action.ROUNDS_KEEP.value, "Keep", value, label="Keep this digest as it is"),
        button(Action.ROUNDS_MONTHLY.value, "Monthly", value, label="Have it once a month"),
        button(Action.ROUNDS_STOP.value, "Stop", value, label="Stop this digest", style="danger"),
    ]


EXAMPLES: Mapping[str, NoticeMaterial] = {
    "plain": NoticeMaterial(
        sentence="Nobody holds the role Lead desk; what it owns goes to the Social lead."
    ),
    "retry": NoticeMaterial(
        sentence="The card of idea 12 can't be posted to <#C0SOCIAL>: Social Desk is not in that "
        "channel. Type /invite @Social Desk there, then try again.",
        retry_key="card:12",
    ),
    "unread": NoticeMaterial(
        sentence="Nobody reacted to the last four digests for <#C0LEAD>, answered, or pressed a "
        "button in them. Keep it, have it once a month, or stop it?",
        digest="leadership",
    ),
}

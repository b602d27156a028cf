"""The receipt: what the submitter gets at once, as a direct message."""

from collections.abc import Mapping

from bot.lifecycle import Verb
from bot.material import ReceiptMaterial
from handlers.views import examples, words
from handlers.views.blocks import section
from handlers.views.message import Message
from handlers.views.text import MESSAGE_LIMIT, cut, lines, moment
from handlers.views.triage_card import verb_blocks

OFFERED = (Verb.OPEN,)


def receipt(material: ReceiptMaterial) -> Message:
    """Number, owner, promise, and what happens next."""
    submission = material.submission
    promise = f"The {words.role_name(material.role)} decides, due {moment(submission.due_at)}."
    said = lines((words.heading(submission), f"Handed in. {promise} You hear of it here."))
    return Message(
        text=cut(said, MESSAGE_LIMIT), blocks=[section(said), *verb_blocks(submission, OFFERED, ())]
    )


EXAMPLES: Mapping[str, ReceiptMaterial] = {
    key: ReceiptMaterial(submission=submission, role=examples.ROLES[submission.role_id])
    for key, submission in examples.SUBMISSIONS.items()
}

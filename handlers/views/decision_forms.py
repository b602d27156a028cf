"""The forms behind Decline and Published.

Their input blocks are `BlockId.REASON`, `BlockId.NOTE` and `BlockId.LINK`, each with action "v";
those are also the names under which the use case reports what is wrong.
"""

from collections.abc import Mapping

from bot.lifecycle import DECLINE_REASONS
from bot.steps.base import Asked
from bot.steps.deciding import NOTE_LENGTH, TO_LENGTH
from handlers.ids import Action, BlockId, Callback
from handlers.views import examples
from handlers.views.blocks import input_block, plain, select
from handlers.views.decision_frame import Asking, DecisionExample, decision_form
from handlers.views.message import Block, View
from handlers.views.text import user


def decline_form(asked: Asked, channel_id: str | None) -> View:
    """Asks why: a reason from the list and a sentence, both of which reach the submitter.

    `channel_id` is where the button stood.
    """
    note: Block = {
        "type": "plain_text_input",
        "action_id": Action.VALUE.value,
        "multiline": True,
        "max_length": NOTE_LENGTH,
        "placeholder": plain("What would have made it a yes, or where it fits better", 150),
    }
    reasons = select((reason.value, label) for reason, label in DECLINE_REASONS.items())
    return decision_form(
        Asking(Callback.TRIAGE_DECLINE_FORM, "Decline", "Decline", channel_id),
        asked,
        [
            input_block(BlockId.REASON.value, "Reason", reasons),
            input_block(BlockId.NOTE.value, "In a sentence", note),
        ],
        f"{user(asked.submission.submitter_id)} gets both, in your name.",
    )


def published_form(asked: Asked, channel_id: str | None) -> View:
    """Asks for the link of what was published.

    `channel_id` is where the button stood.
    """
    link: Block = {
        "type": "url_text_input",
        "action_id": Action.VALUE.value,
        "placeholder": plain("https://…", 150),
    }
    return decision_form(
        Asking(Callback.TRIAGE_PUBLISH_FORM, "Published:", "Mark as published", channel_id),
        asked,
        [
            input_block(BlockId.LINK.value, "Link to the post", link),
        ],
        f"{user(asked.submission.submitter_id)} gets the link, with thanks.",
    )


def pass_on_form(asked: Asked, channel_id: str | None) -> View:
    """Asks who has the lead now.

    `channel_id` is where the button stood.
    """
    to: Block = {
        "type": "plain_text_input",
        "action_id": Action.VALUE.value,
        "max_length": TO_LENGTH,
        "placeholder": plain("A colleague or a team", 150),
    }
    return decision_form(
        Asking(Callback.TRIAGE_PASS_ON_FORM, "Pass on", "Pass on", channel_id),
        asked,
        [
            input_block(BlockId.TO.value, "To whom?", to),
        ],
        f"{user(asked.submission.submitter_id)} hears it, and later what became of it.",
    )


EXAMPLES: Mapping[str, DecisionExample] = {
    "decline-idea": DecisionExample(decline_form, Asked(submission=examples.IDEA)),
    "decline-testimonial": DecisionExample(decline_form, Asked(submission=examples.TESTIMONIAL)),
    "decline-lead": DecisionExample(decline_form, Asked(submission=examples.LEAD)),
    "published-idea": DecisionExample(published_form, Asked(submission=examples.IDEA)),
    "pass-on-lead": DecisionExample(pass_on_form, Asked(submission=examples.LEAD)),
    "published-testimonial": DecisionExample(
        published_form, Asked(submission=examples.TESTIMONIAL)
    ),
}

"""The forms of the verbs that decide: Decline, Published, Pass on, Lost and Reopen.

Each question stands in a block of its own from `BlockId`, with action "v"; those ids are also the
names under which the verb's rules report what is wrong. A form gets what the verb's rules offer,
and the channel where its button stood.
"""

from collections.abc import Mapping
from dataclasses import replace

from bot.declining import DECLINE_REASONS
from bot.lifecycle import State
from bot.steps.base import Asked
from bot.steps.deciding import TO_LENGTH
from bot.steps.publishing import PLACES
from handlers.ids import Action, BlockId, Callback
from handlers.views import examples
from handlers.views.blocks import input_block, plain, select
from handlers.views.decision_frame import (
    Asking,
    DecisionExample,
    decision_form,
    line_input,
    note_block,
    platform_block,
)
from handlers.views.message import Block, View
from handlers.views.text import user


def decline_form(asked: Asked, channel_id: str | None) -> View:
    """Asks why: a reason from the list and a sentence, both of which reach the submitter."""
    reasons = select((reason.value, label) for reason, label in DECLINE_REASONS.items())
    return decision_form(
        Asking(Callback.TRIAGE_DECLINE_FORM, "Decline", "Decline", channel_id),
        asked,
        [
            input_block(BlockId.REASON.value, "Reason", reasons),
            note_block("In a sentence", "What would have made it a yes, or where it fits better"),
        ],
        f"{user(asked.submission.submitter_id)} gets both, in your name.",
    )


def published_form(asked: Asked, channel_id: str | None) -> View:
    """Asks for the link of what was published, and where; once more for each other place."""
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
            platform_block(asked, "Where is that?"),
        ],
        f"{user(asked.submission.submitter_id)} gets the link, with thanks.",
    )


def pass_on_form(asked: Asked, channel_id: str | None) -> View:
    """Asks who has the lead now: a colleague, or a name."""
    person: Block = {"type": "users_select", "action_id": Action.VALUE.value}
    name = line_input("A partner, or somebody who is not in Slack", TO_LENGTH)
    return decision_form(
        Asking(Callback.TRIAGE_PASS_ON_FORM, "Pass on", "Pass on", channel_id),
        asked,
        [
            input_block(BlockId.PERSON.value, "To a colleague", person, optional=True),
            input_block(BlockId.TO.value, "Or to somebody else", name, optional=True),
        ],
        f"{user(asked.submission.submitter_id)} hears it, and later what became of it.",
    )


def lose_form(asked: Asked, channel_id: str | None) -> View:
    """Asks what can be learned from it, if anything."""
    return decision_form(
        Asking(Callback.TRIAGE_LOSE_FORM, "Lost:", "Mark as lost", channel_id),
        asked,
        [note_block("Why?", "What decided it", optional=True)],
        f"{user(asked.submission.submitter_id)} hears it, with your sentence.",
    )


def reopen_form(asked: Asked, channel_id: str | None) -> View:
    """Asks why a decision is undone."""
    return decision_form(
        Asking(Callback.TRIAGE_REOPEN_FORM, "Reopen", "Reopen", channel_id),
        asked,
        [note_block("Why?", "What was wrong, or what is new")],
        f"{user(asked.submission.submitter_id)} hears it, with your sentence.",
    )


_PUBLISHED = examples.at_state(examples.IDEA, State.PUBLISHED)
EXAMPLES: Mapping[str, DecisionExample] = {
    "decline-idea": DecisionExample(decline_form, Asked(submission=examples.IDEA)),
    "decline-testimonial": DecisionExample(decline_form, Asked(submission=examples.TESTIMONIAL)),
    "decline-lead": DecisionExample(decline_form, Asked(submission=examples.LEAD)),
    "published-idea": DecisionExample(
        published_form,
        Asked(submission=examples.IDEA, choices=PLACES, initial={"platform": "blog"}),
    ),
    "published-testimonial": DecisionExample(
        published_form, Asked(submission=examples.TESTIMONIAL, choices=PLACES)
    ),
    "pass-on-lead": DecisionExample(pass_on_form, Asked(submission=examples.LEAD)),
    "pass-on-stranger": DecisionExample(
        pass_on_form,
        Asked(submission=examples.LEAD, notice="They know us, and no more. Pass it on?"),
    ),
    "lose-lead": DecisionExample(
        lose_form, Asked(submission=examples.at_state(examples.LEAD, State.PASSED_ON))
    ),
    "reopen-idea": DecisionExample(reopen_form, Asked(submission=_PUBLISHED)),
    "reopen-notice": DecisionExample(
        reopen_form, Asked(submission=replace(_PUBLISHED, number=1234567), notice="Mind the <gap>.")
    ),
}

"""The forms behind Decline and Published.

Their input blocks are `BlockId.REASON`, `BlockId.NOTE` and `BlockId.LINK`, each with action "v";
those are also the names under which the use case reports what is wrong.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.lifecycle import DECLINE_REASONS
from bot.submission import Submission
from bot.triage import NOTE_LENGTH, TO_LENGTH
from handlers.ids import Action, BlockId, Callback, DecisionMetadata
from handlers.views import examples, words
from handlers.views.blocks import TITLE_LIMIT, context, input_block, modal, plain, section, select
from handlers.views.message import Block, View
from handlers.views.text import user, width


def decline_form(submission: Submission, *, channel_id: str | None = None) -> View:
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
    return modal(
        Callback.TRIAGE_DECLINE_FORM,
        _title("Decline", submission),
        [
            section(words.heading(submission)),
            input_block(BlockId.REASON.value, "Reason", reasons),
            input_block(BlockId.NOTE.value, "In a sentence", note),
            context(f"{user(submission.submitter_id)} gets both, in your name."),
        ],
        submit="Decline",
        close="Cancel",
        metadata=_metadata(submission, channel_id),
    )


def published_form(submission: Submission, *, channel_id: str | None = None) -> View:
    """Asks for the link of what was published.

    `channel_id` is where the button stood.
    """
    link: Block = {
        "type": "url_text_input",
        "action_id": Action.VALUE.value,
        "placeholder": plain("https://…", 150),
    }
    return modal(
        Callback.TRIAGE_PUBLISH_FORM,
        _title("Published:", submission),
        [
            section(words.heading(submission)),
            input_block(BlockId.LINK.value, "Link to the post", link),
            context(f"{user(submission.submitter_id)} gets the link, with thanks."),
        ],
        submit="Mark as published",
        close="Cancel",
        metadata=_metadata(submission, channel_id),
    )


def pass_on_form(submission: Submission, *, channel_id: str | None = None) -> View:
    """Asks who has the lead now.

    `channel_id` is where the button stood.
    """
    to: Block = {
        "type": "plain_text_input",
        "action_id": Action.VALUE.value,
        "max_length": TO_LENGTH,
        "placeholder": plain("A colleague or a team", 150),
    }
    return modal(
        Callback.TRIAGE_PASS_ON_FORM,
        _title("Pass on", submission),
        [
            section(words.heading(submission)),
            input_block(BlockId.TO.value, "To whom?", to),
            context(f"{user(submission.submitter_id)} hears it, and later what became of it."),
        ],
        submit="Pass on",
        close="Cancel",
        metadata=_metadata(submission, channel_id),
    )


def _title(verb: str, submission: Submission) -> str:
    """The verb and what it is about, without the number where that gets too long."""
    full = f"{verb} {words.name(submission)}"
    return full if width(full) <= TITLE_LIMIT else f"{verb} {submission.kind.label.lower()}"


def _metadata(submission: Submission, channel_id: str | None) -> str:
    return DecisionMetadata(
        number=submission.number, version=submission.version, channel_id=channel_id
    ).dump()


@dataclass(frozen=True, slots=True)
class DecisionExample:
    """The arguments of one decision form."""

    form: Callable[..., View]
    submission: Submission

    def build(self) -> View:
        """The form that this asks for."""
        return self.form(self.submission, channel_id="C0SOCIAL")


EXAMPLES: Mapping[str, DecisionExample] = {
    "decline-idea": DecisionExample(decline_form, examples.IDEA),
    "decline-testimonial": DecisionExample(decline_form, examples.TESTIMONIAL),
    "decline-lead": DecisionExample(decline_form, examples.LEAD),
    "published-idea": DecisionExample(published_form, examples.IDEA),
    "pass-on-lead": DecisionExample(pass_on_form, examples.LEAD),
    "published-testimonial": DecisionExample(published_form, examples.TESTIMONIAL),
}

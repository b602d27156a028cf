"""The forms in which owners and submitters write to each other."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.steps.base import Asked
from bot.steps.words import TEXT_LENGTH
from bot.submission import Submission
from handlers.ids import Action, BlockId, Callback
from handlers.views import examples, words
from handlers.views.blocks import TITLE_LIMIT, context, input_block, modal, plain, section
from handlers.views.decision_frame import Asking, DecisionExample, decision_form
from handlers.views.message import Block, View
from handlers.views.text import chunks, cut, quote, user
from handlers.word_values import AnswerMetadata

QUESTION_SHOWN = 2800


def ask_form(asked: Asked, channel_id: str | None) -> View:
    """Asks for a question to the submitter. `channel_id` is where the button stood."""
    who = user(asked.submission.submitter_id)
    return decision_form(
        Asking(Callback.TRIAGE_ASK_FORM, "Ask back:", "Ask", channel_id),
        asked,
        [_typed("What do you need to know?", "One question that can be answered in a sentence")],
        f"{who} gets it as a direct message, in your name. The due time waits for the answer.",
    )


def reply_form(asked: Asked, channel_id: str | None) -> View:
    """Asks for a word to the submitter. `channel_id` is where the button stood."""
    who = user(asked.submission.submitter_id)
    return decision_form(
        Asking(Callback.TRIAGE_REPLY_FORM, "Reply:", "Send", channel_id),
        asked,
        [_typed("Your words", "What they should know")],
        f"{who} gets them as a direct message, in your name. The card's thread is the team's own.",
    )


def answer_form(submission: Submission, question: str) -> View:
    """Asks the submitter for an answer, below the question; for any word when none is open."""
    asked = [section(part) for part in chunks(quote(question, QUESTION_SHOWN))]
    return modal(
        Callback.WORDS_ANSWER_FORM,
        cut(f"About {words.name(submission)}", TITLE_LIMIT),
        [
            section(words.heading(submission)),
            *asked,
            _typed("Your answer" if asked else "Your words", "As you would say it"),
            context("It goes to those who decide about it."),
        ],
        submit="Send",
        close="Cancel",
        metadata=AnswerMetadata(number=submission.number).dump(),
    )


def _typed(label: str, placeholder: str) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": Action.VALUE.value,
        "multiline": True,
        "max_length": TEXT_LENGTH,
        "placeholder": plain(placeholder, 150),
    }
    return input_block(BlockId.TEXT.value, label, element)


@dataclass(frozen=True, slots=True)
class AnswerExample:
    """The arguments of one answer form."""

    submission: Submission
    question: str = ""

    def build(self) -> View:
        """The form that this asks for."""
        return answer_form(self.submission, self.question)


EXAMPLES: Mapping[str, DecisionExample | AnswerExample] = {
    "ask-idea": DecisionExample(ask_form, Asked(submission=examples.IDEA)),
    "ask-testimonial": DecisionExample(ask_form, Asked(submission=examples.TESTIMONIAL)),
    "reply-lead": DecisionExample(reply_form, Asked(submission=examples.LEAD)),
    "answer": AnswerExample(examples.IDEA, examples.QUESTION),
    "answer-unasked": AnswerExample(examples.TESTIMONIAL),
}

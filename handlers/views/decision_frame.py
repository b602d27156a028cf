"""What the forms of all verbs have in common."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.steps.base import NOTE_LENGTH, Asked
from bot.submission import Submission
from handlers.ids import Action, BlockId, Callback, DecisionMetadata
from handlers.views import words
from handlers.views.blocks import TITLE_LIMIT, context, input_block, modal, plain, section, select
from handlers.views.message import Block, View
from handlers.views.text import told, width


@dataclass(frozen=True, slots=True)
class Asking:
    """How the form of a verb is called: its callback, the verb in its title, the label of its
    button; and the channel where the verb was pressed.
    """

    callback: Callback
    title: str
    submit: str
    channel_id: str | None


def decision_form(asking: Asking, asked: Asked, questions: Sequence[Block], small: str) -> View:
    """The form of a verb: what it is about, its questions, and in `small` print who hears it."""
    submission = asked.submission
    metadata = DecisionMetadata(
        number=submission.number, version=submission.version, channel_id=asking.channel_id
    )
    return modal(
        asking.callback,
        _title(asking.title, submission),
        [
            section(words.heading(submission)),
            *([section(told(asked.notice))] if asked.notice else []),
            *questions,
            context(small),
        ],
        submit=asking.submit,
        close="Cancel",
        metadata=metadata.dump(),
    )


def _title(verb: str, submission: Submission) -> str:
    """The verb and what it is about, without the number where that gets too long."""
    full = f"{verb} {words.name(submission)}"
    return full if width(full) <= TITLE_LIMIT else f"{verb} {submission.kind.label.lower()}"


def line_input(placeholder: str, length: int) -> Block:
    """A line of text of at most `length` characters; without a placeholder where its question says
    it all.
    """
    element: Block = {
        "type": "plain_text_input",
        "action_id": Action.VALUE.value,
        "max_length": length,
    }
    return {**element, "placeholder": plain(placeholder, 150)} if placeholder else element


def note_block(label: str, placeholder: str, *, optional: bool = False) -> Block:
    """Asks for the sentence that goes with a verb."""
    note = {**line_input(placeholder, NOTE_LENGTH), "multiline": True}
    return input_block(BlockId.NOTE.value, label, note, optional=optional)


def platform_block(asked: Asked, label: str) -> Block:
    """Asks for one of the platforms, or none."""
    options = ((choice.value, choice.label) for choice in asked.choices)
    element = select(options, asked.initial.get("platform"))
    return input_block(BlockId.PLATFORM.value, label, element, optional=True)


@dataclass(frozen=True, slots=True)
class DecisionExample:
    """The arguments of one decision form."""

    form: Callable[[Asked, str | None], View]
    asked: Asked

    def build(self) -> View:
        """The form that this asks for."""
        return self.form(self.asked, "C0SOCIAL")

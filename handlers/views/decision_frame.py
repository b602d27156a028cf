"""What the forms of all verbs have in common."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.steps.base import Asked
from bot.submission import Submission
from handlers.ids import Callback, DecisionMetadata
from handlers.views import words
from handlers.views.blocks import TITLE_LIMIT, context, modal, section
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


@dataclass(frozen=True, slots=True)
class DecisionExample:
    """The arguments of one decision form."""

    form: Callable[[Asked, str | None], View]
    asked: Asked

    def build(self) -> View:
        """The form that this asks for."""
        return self.form(self.asked, "C0SOCIAL")

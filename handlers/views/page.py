"""A modal page with a sentence, and with what was typed, so that nothing is lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.lifecycle import is_now
from bot.submission import Submission
from handlers.ids import Callback
from handlers.views import examples, words
from handlers.views.blocks import COPY_ROOM, modal, section, verbatim
from handlers.views.message import Block, View
from handlers.views.text import escape, lines, told

MOST_BLOCKS = 100
"""As many as a view takes."""


def page(
    sentence: str, *, title: str = "Social Desk", kept: Sequence[tuple[str, str]] = ()
) -> View:
    """`sentence` says what happened and what to do next; its mentions are shown as such.

    `kept` are pairs of a question and what was typed there, shown to be copied.
    """
    return _page(title, told(sentence), kept)


def already(submission: Submission, *, kept: Sequence[tuple[str, str]] = ()) -> View:
    """Says that a message was handed in before, and where that stands; `kept` as in `page`."""
    state = is_now(submission.state)
    said = lines(
        (
            f"This message is already handed in; it is {state}. Nothing was handed in twice.",
            words.heading(submission),
        )
    )
    return _page("Already handed in", said, kept)


def _page(title: str, said: str, kept: Sequence[tuple[str, str]]) -> View:
    blocks: list[Block] = [section(said)]
    typed = [(question, text) for question, text in kept if text.strip()]
    if typed:
        blocks.append(section("What you typed, to copy:"))
    for question, text in typed:
        copied = verbatim(text, COPY_ROOM // len(typed))
        blocks.extend((section(f"*{escape(question)}*"), *copied))
    return modal(Callback.PAGE, title, blocks[:MOST_BLOCKS], close="Close")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageExample:
    """The arguments of one page."""

    sentence: str
    title: str = "Social Desk"
    kept: tuple[tuple[str, str], ...] = ()

    def build(self) -> View:
        """The page that this asks for."""
        return page(self.sentence, title=self.title, kept=self.kept)


@dataclass(frozen=True, slots=True)
class AlreadyExample:
    """The argument of one page about a message that was handed in before."""

    submission: Submission

    def build(self) -> View:
        """The page that this asks for."""
        return already(self.submission)


EXAMPLES: Mapping[str, PageExample | AlreadyExample] = {
    "already": AlreadyExample(examples.IDEA),
    "stale": PageExample(
        sentence="<@U0CLEO> accepted it meanwhile: number 12 is now accepted. "
        "Nothing was changed by your click.",
        title="Somebody was quicker",
    ),
    "kept": PageExample(
        sentence="Social Desk can't save anything right now. Nothing was saved; "
        "please try again in a few minutes.",
        title="Not saved",
        kept=(
            ("Title", "Customer visit in <Graz>"),
            ("What is the story?", "*One*\n\nTwo & three"),
        ),
    ),
}

"""Erase: the button behind Open and the form that says what goes, for admins."""

from collections.abc import Mapping
from dataclasses import replace

from bot.erasing import Erasure
from bot.submission import FileRef, Submission
from handlers.erasing_values import EraseMetadata, EraseValue, Scope
from handlers.ids import Action, BlockId, Callback
from handlers.views import examples, words
from handlers.views.blocks import (
    TITLE_LIMIT,
    actions,
    button,
    context,
    input_block,
    modal,
    section,
    select,
)
from handlers.views.message import Block, View
from handlers.views.text import cut, inline, lines, user

FILES_SHOWN = 10

WHAT = (
    (Scope.PERSONAL.value, "Personal details and the conversation"),
    (Scope.WHOLE.value, "All of it"),
)


def erase_button(submission: Submission) -> Block:
    """The row with the button, for an admin who has the details open."""
    name = words.name(submission)
    value = EraseValue(number=submission.number).dump()
    erase = button(Action.ERASE_OPEN.value, "Erase…", value, label=f"Erase: {name}", style="danger")
    return actions(BlockId.ERASE.value, [erase])


def erase_form(erasure: Erasure) -> View:
    """Says what is stored, without a word of it, and asks what of it is to go."""
    submission = erasure.submission
    return modal(
        Callback.ERASE_FORM,
        cut(f"Erase {words.name(submission)}", TITLE_LIMIT),
        [
            section(_stored(erasure)),
            input_block(BlockId.SCOPE.value, "What is to go?", select(WHAT, Scope.PERSONAL.value)),
            context(
                "It can't be undone. What waits to be sent is not sent, and messages in Slack lose "
                "the text. Title, answers and notes go only with all of it, out of digests, too. "
                "Backups keep it."
            ),
            *_given(erasure),
        ],
        submit="Erase",
        close="Cancel",
        metadata=EraseMetadata(number=submission.number).dump(),
    )


def _stored(erasure: Erasure) -> str:
    fields = ", ".join(inline(label) for label in erasure.fields) or "none"
    return lines(
        (
            f"*Personal fields:* {fields}",
            f"*Texts of the conversation:* {erasure.texts}",
            f"*Copies of files in the card's thread:* {erasure.copies}",
            *([f"*Digests and lists that name it:* {erasure.retold}"] if erasure.retold else []),
        )
    )


def _given(erasure: Erasure) -> list[Block]:
    if not erasure.given:
        return []
    names = ", ".join(inline(file.name, 100) for file in erasure.given[:FILES_SHOWN])
    who = user(erasure.submission.submitter_id)
    return [context(f"The files as {who} gave them are theirs: they delete them. {names}")]


_WITH_FILES = replace(examples.IDEA, files=(FileRef("F0PHOTO", "photo <1>.png"),))

EXAMPLES: Mapping[str, Erasure] = {
    "lead": Erasure(
        submission=examples.LEAD,
        is_whole=True,
        fields=("Contact", "Name or company"),
        texts=2,
        messages=5,
        copies=0,
        given=(),
        retold=2,
    ),
    "idea-with-files": Erasure(
        submission=_WITH_FILES,
        is_whole=True,
        fields=(),
        texts=0,
        messages=3,
        copies=2,
        given=_WITH_FILES.files,
    ),
}

"""The forms of a submitter for what they handed in: change it, withdraw it."""

from collections.abc import Mapping

from bot.consent import WORDING, has_words_on_record
from bot.steps.base import Asked
from handlers.ids import Callback
from handlers.views import examples
from handlers.views.blocks import section
from handlers.views.decision_frame import Asking, DecisionExample, decision_form
from handlers.views.message import View
from handlers.views.questions import questions

WITHDRAWN = "Nobody goes on with it then. It can't be undone; you can hand it in anew."


def edit_form(asked: Asked, channel_id: str | None) -> View:
    """The form that it was handed in with, filled with what stands now, personal fields too.

    The words of a consent that the owner recorded are not asked for again. `channel_id` is where
    the button stood.
    """
    submission = asked.submission
    inputs = questions(submission.kind, {**submission.fields, **asked.personal})
    if has_words_on_record(submission, asked.personal):
        inputs = [one for one in inputs if one.get("block_id") != WORDING]
    return decision_form(
        Asking(Callback.TRIAGE_EDIT_FORM, "Change", "Save", channel_id),
        asked,
        inputs,
        "The card changes, and its thread says which answers did.",
    )


def withdraw_form(asked: Asked, channel_id: str | None) -> View:
    """Asks whether they are sure.

    `channel_id` is where the button stood.
    """
    return decision_form(
        Asking(Callback.TRIAGE_WITHDRAW_FORM, "Withdraw", "Withdraw", channel_id),
        asked,
        [section(WITHDRAWN)],
        "The card says so, and nobody is asked to decide any more.",
    )


EXAMPLES: Mapping[str, DecisionExample] = {
    **{
        f"edit-{key}": DecisionExample(
            edit_form, Asked(submission=submission, personal=examples.PERSONAL[key])
        )
        for key, submission in examples.SUBMISSIONS.items()
    },
    "withdraw-idea": DecisionExample(withdraw_form, Asked(submission=examples.IDEA)),
}

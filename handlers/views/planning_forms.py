"""The forms of the verbs that plan: Schedule, Snooze, and Duplicate of.

Built like those in `handlers.views.decision_forms`.
"""

from collections.abc import Mapping

from bot.lifecycle import State
from bot.steps.base import Asked
from bot.steps.publishing import PLACES
from handlers.ids import Action, BlockId, Callback
from handlers.views import examples
from handlers.views.blocks import input_block
from handlers.views.decision_frame import (
    Asking,
    DecisionExample,
    decision_form,
    line_input,
    platform_block,
)
from handlers.views.message import Block, View
from handlers.views.text import user


def schedule_form(asked: Asked, channel_id: str | None) -> View:
    """Asks when it goes out, and where."""
    at: Block = {"type": "datetimepicker", "action_id": Action.VALUE.value}
    planned = asked.submission.scheduled_at
    if planned is not None:
        at["initial_date_time"] = int(planned.timestamp())
    return decision_form(
        Asking(Callback.TRIAGE_SCHEDULE_FORM, "Schedule", "Schedule", channel_id),
        asked,
        [
            input_block(BlockId.AT.value, "When does it go out?", at),
            platform_block(asked, "Where?"),
        ],
        f"You are reminded then; {user(asked.submission.submitter_id)} hears the time now.",
    )


def snooze_form(asked: Asked, channel_id: str | None) -> View:
    """Asks until which day it is put off."""
    until: Block = {"type": "datepicker", "action_id": Action.VALUE.value}
    if "until" in asked.initial:
        until["initial_date"] = asked.initial["until"]
    return decision_form(
        Asking(Callback.TRIAGE_SNOOZE_FORM, "Snooze", "Snooze", channel_id),
        asked,
        [
            input_block(
                BlockId.UNTIL.value,
                "Until which day?",
                until,
                hint="It comes back at the start of your working day.",
            )
        ],
        f"The due time moves along. {user(asked.submission.submitter_id)} hears it.",
    )


def duplicate_form(asked: Asked, channel_id: str | None) -> View:
    """Asks which one it is a duplicate of."""
    number = line_input("A number, like 12", 20)
    return decision_form(
        Asking(Callback.TRIAGE_DUPLICATE_FORM, "Duplicate:", "Mark as duplicate", channel_id),
        asked,
        [input_block(BlockId.OF.value, "Which number says the same?", number)],
        f"{user(asked.submission.submitter_id)} hears how that one goes on.",
    )


EXAMPLES: Mapping[str, DecisionExample] = {
    "schedule-idea": DecisionExample(
        schedule_form,
        Asked(
            submission=examples.at_state(examples.IDEA, State.ACCEPTED),
            choices=PLACES,
            initial={"platform": "linkedin"},
        ),
    ),
    "schedule-again": DecisionExample(
        schedule_form,
        Asked(
            submission=examples.at_state(examples.TESTIMONIAL, State.SCHEDULED),
            choices=PLACES,
        ),
    ),
    "snooze-lead": DecisionExample(
        snooze_form, Asked(submission=examples.LEAD, initial={"until": "2026-11-17"})
    ),
    "duplicate-idea": DecisionExample(duplicate_form, Asked(submission=examples.IDEA)),
}

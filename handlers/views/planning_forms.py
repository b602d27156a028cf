"""The forms of the verbs that plan: Schedule, Snooze, Hand over and Duplicate of.

Built like those in `handlers.views.decision_forms`.
"""

from collections.abc import Mapping

from bot.lifecycle import State
from bot.steps.base import Asked, Choice
from bot.steps.publishing import PLACES
from bot.steps.serving import GOAL, NONE
from handlers.ids import Action, BlockId, Callback
from handlers.views import examples
from handlers.views.blocks import grouped_select, input_block, select
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


def hand_over_form(asked: Asked, channel_id: str | None) -> View:
    """Asks which role or person gets it, and what they should know."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for choice in asked.choices:
        groups.setdefault(choice.group, []).append((choice.value, choice.label))
    return decision_form(
        Asking(Callback.TRIAGE_HAND_OVER_FORM, "Hand over", "Hand over", channel_id),
        asked,
        [
            input_block(BlockId.TO.value, "To whom?", grouped_select(groups)),
            note_block("What should they know?", "Stands in the card's thread", optional=True),
        ],
        f"{user(asked.submission.submitter_id)} hears who decides now, without your sentence.",
    )


def serve_form(asked: Asked, channel_id: str | None) -> View:
    """Asks which goal it serves."""
    goals = [*((one.value, one.label) for one in asked.choices), (NONE, "None of them")]
    return decision_form(
        Asking(Callback.TRIAGE_SERVE_FORM, "Goal:", "Save", channel_id),
        asked,
        [input_block(GOAL, "Which goal does it serve?", select(goals, asked.initial.get(GOAL)))],
        "The card says so; what serves none is counted beside the goals.",
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
    "hand-over-idea": DecisionExample(
        hand_over_form,
        Asked(
            submission=examples.IDEA,
            choices=(
                Choice("role:advocacy_lead", "Advocacy lead", "Roles"),
                Choice("role:lead_desk", "Lead desk", "Roles"),
                Choice("person:U0CLEO:content_lead", "Cleo <Kim> (Content lead)", "People"),
            ),
        ),
    ),
    "serve-idea": DecisionExample(
        serve_form,
        Asked(
            submission=examples.at_state(examples.IDEA, State.ACCEPTED),
            choices=(Choice("V1", "Trial sign-ups from <social>"), Choice("V2", "Followers")),
            initial={GOAL: "V1"},
        ),
    ),
    "duplicate-idea": DecisionExample(duplicate_form, Asked(submission=examples.IDEA)),
}

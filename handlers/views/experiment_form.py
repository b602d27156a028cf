"""The forms of experiments: a plan with its evaluation, and how it went (P36, P37)."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.experiment import Trial
from bot.experiment_end import EndField
from bot.experiment_form import (
    HYPOTHESIS_LENGTH,
    MEASURED_BY_LENGTH,
    NO_GOAL,
    PLAN_LENGTH,
    TRIED_BY,
    USUAL,
    ExperimentField,
    ExperimentForm,
)
from bot.goal import Measure
from bot.lesson import LESSON_PART_LENGTH
from bot.steps.base import Asked, Choice
from handlers.ids import Action, Callback
from handlers.learning_values import ExperimentMetadata
from handlers.views import examples, experiment_examples
from handlers.views.blocks import context, input_block, modal, section, select
from handlers.views.decision_frame import Asking, DecisionExample, decision_form, line_input
from handlers.views.experiment_lines import RESULTS, counted
from handlers.views.message import Block, View
from handlers.views.text import inline, lines, user

TOLD_AT_THE_END = "When its last day is over you are asked how it went."
GOALS_SHOWN = 90


def try_form(asked: Asked, channel_id: str | None) -> View:
    """Accepts an idea as an experiment: asks for the plan and how it is evaluated."""
    goals = [(choice.value, choice.label) for choice in asked.choices]
    return decision_form(
        Asking(Callback.TRIAGE_TRY_FORM, "Try", "Accept", channel_id),
        asked,
        _plan(goals, date.fromisoformat(asked.initial["today"])),
        f"{user(asked.submission.submitter_id)} hears it, with what you expect. {TOLD_AT_THE_END}",
    )


def experiment_form(material: ExperimentForm, metadata: ExperimentMetadata) -> View:
    """The same for an experiment without an idea behind it."""
    blocks = _plan(material.goals, material.today)
    if len(material.roles) > 1:
        roles = select(material.roles, material.roles[0][0])
        blocks.append(input_block(ExperimentField.ROLE, "Who keeps it?", roles))
    return modal(
        Callback.EXPERIMENTS_FORM,
        "New experiment",
        [*blocks, context(TOLD_AT_THE_END)],
        submit="Start",
        close="Cancel",
        metadata=metadata.dump(),
    )


def _plan(goals: Sequence[tuple[str, str]], today: date) -> list[Block]:
    until: Block = {
        "type": "datepicker",
        "action_id": Action.VALUE.value,
        "initial_date": (today + USUAL).isoformat(),
    }
    return [
        input_block(
            ExperimentField.HYPOTHESIS,
            "What do you expect?",
            _text("Videos of the crew bring twice as many sign-ups as pictures", HYPOTHESIS_LENGTH),
        ),
        input_block(
            ExperimentField.LAUNCH,
            "How is it launched?",
            _text("Who does what, where, when", PLAN_LENGTH),
        ),
        *_judged(),
        input_block(ExperimentField.LAST_DAY, "Last day", until),
        *(_served(goals) if goals else ()),
    ]


def _judged() -> list[Block]:
    measures = select(TRIED_BY, Measure.HAND.value)
    words = line_input("Sign-ups that name the video", MEASURED_BY_LENGTH)
    return [
        input_block(ExperimentField.MEASURE, "Measured by", measures),
        input_block(ExperimentField.MEASURED_BY, "In words", words, optional=True),
        input_block(
            ExperimentField.EVALUATION,
            "How do you judge it?",
            _text("Compared with what, and from which number on it worked", PLAN_LENGTH),
        ),
    ]


def _served(goals: Sequence[tuple[str, str]]) -> list[Block]:
    choices = [*goals[:GOALS_SHOWN], (NO_GOAL, "None of them")]
    asked = "Which goal does it serve?"
    return [input_block(ExperimentField.GOAL, asked, select(choices), optional=True)]


def end_form(material: Trial, metadata: ExperimentMetadata) -> View:
    """Asks how it went, and of a failure what it teaches."""
    one = material.experiment
    said = lines(
        (
            f"*Expected:* {inline(one.hypothesis, 400)}",
            f"*To be judged by:* {inline(one.evaluation, 600)}",
            counted(material),
        )
    )
    return modal(
        Callback.EXPERIMENTS_END_FORM,
        "How did it go?",
        [
            section(said),
            input_block(
                EndField.RESULT,
                "What do you say?",
                select([(result.value, label) for result, label in RESULTS.items()]),
            ),
            input_block(EndField.HAPPENED, "What happened?", _text("", LESSON_PART_LENGTH)),
            input_block(
                EndField.CAUSE,
                "Why, as far as you know?",
                _text("", LESSON_PART_LENGTH),
                optional=True,
                hint="It failed: please say this and what changes.",
            ),
            input_block(
                EndField.CHANGE,
                "What do you do differently now?",
                _text("", LESSON_PART_LENGTH),
                optional=True,
            ),
            context("Everybody finds it in `/social lessons`. No customers' names, please."),
        ],
        submit="Save",
        close="Cancel",
        metadata=metadata.dump(),
    )


def _text(placeholder: str, length: int) -> Block:
    return {**line_input(placeholder, length), "multiline": True}


EXAMPLES: Mapping[str, DecisionExample] = {
    "try-idea": DecisionExample(
        try_form,
        Asked(
            submission=examples.IDEA,
            choices=(Choice("V1", "Trial <sign-ups>", "goal"),),
            initial={"today": "2026-11-10"},
        ),
    ),
    "try-testimonial": DecisionExample(
        try_form, Asked(submission=examples.TESTIMONIAL, initial={"today": "2026-11-10"})
    ),
}
FORMS: Mapping[str, ExperimentForm] = {
    "one-role": ExperimentForm(
        goals=(), roles=(("content_lead", "Content lead"),), today=date(2026, 11, 10)
    ),
    "roles-and-goals": ExperimentForm(
        goals=(("V1", "Trial sign-ups"),),
        roles=(("content_lead", "Content lead"), ("lead_desk", "Lead desk")),
        today=date(2026, 11, 10),
    ),
}
ENDS: Mapping[str, Trial] = {
    "end-counted": experiment_examples.OVER,
    "end-in-words": experiment_examples.IN_WORDS,
}

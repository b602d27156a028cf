"""The forms of experiments: a plan with its evaluation, and how it went (P36, P37)."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.experiment import Experiment, Result, Trial
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
from handlers.views.experiment_lines import RESULTS, changes, counted
from handlers.views.message import Block, View
from handlers.views.text import inline, lines, user

SEEN = "Everybody sees in `/social experiments` what it was before, who changed it and when."
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
    """The same for an experiment without an idea behind it, or to change one that runs."""
    stands = material.experiment
    blocks = _plan(material.goals, material.today, stands)
    if len(material.roles) > 1:
        kept = stands.role_id if stands else material.roles[0][0]
        blocks.append(
            input_block(ExperimentField.ROLE, "Who keeps it?", select(material.roles, kept))
        )
    return modal(
        Callback.EXPERIMENTS_FORM,
        "Experiment" if stands else "New experiment",
        [*blocks, context(SEEN if stands else TOLD_AT_THE_END)],
        submit="Change" if stands else "Start",
        close="Cancel",
        metadata=metadata.dump(),
    )


def _plan(
    goals: Sequence[tuple[str, str]], today: date, stands: Experiment | None = None
) -> list[Block]:
    """The questions of a plan, with what `stands` filled in."""
    until: Block = {
        "type": "datepicker",
        "action_id": Action.VALUE.value,
        "initial_date": (stands.last_day if stands else today + USUAL).isoformat(),
    }
    expected = "Videos of the crew bring twice as many sign-ups as pictures"
    return [
        input_block(
            ExperimentField.HYPOTHESIS,
            "What do you expect?",
            _text(expected, HYPOTHESIS_LENGTH, stands.hypothesis if stands else ""),
        ),
        input_block(
            ExperimentField.LAUNCH,
            "How is it launched?",
            _text("Who does what, where, when", PLAN_LENGTH, stands.launch if stands else ""),
        ),
        *_judged(stands),
        input_block(ExperimentField.LAST_DAY, "Last day", until),
        *(_served(goals, stands) if goals else ()),
    ]


def _judged(stands: Experiment | None) -> list[Block]:
    measures = select(TRIED_BY, (stands.measure if stands else Measure.HAND).value)
    words = line_input("Sign-ups that name the video", MEASURED_BY_LENGTH)
    if stands and stands.measured_by:
        words["initial_value"] = stands.measured_by
    compared = "Compared with what, and from which number on it worked"
    return [
        input_block(ExperimentField.MEASURE, "Measured by", measures),
        input_block(ExperimentField.MEASURED_BY, "In words", words, optional=True),
        input_block(
            ExperimentField.EVALUATION,
            "How do you judge it?",
            _text(compared, PLAN_LENGTH, stands.evaluation if stands else ""),
        ),
    ]


def _served(goals: Sequence[tuple[str, str]], stands: Experiment | None) -> list[Block]:
    choices = [*goals[:GOALS_SHOWN], (NO_GOAL, "None of them")]
    chosen = (stands.goal_id or NO_GOAL) if stands else None
    asked = "Which goal does it serve?"
    return [input_block(ExperimentField.GOAL, asked, select(choices, chosen), optional=True)]


def end_form(material: Trial, metadata: ExperimentMetadata) -> View:
    """Asks how it went, and of a failure what it teaches; while it runs it can be dropped."""
    one = material.experiment
    said = lines(
        (
            f"*Expected:* {inline(one.hypothesis, 400)}",
            f"*To be judged by:* {inline(one.evaluation, 600)}",
            counted(material),
            changes(material),
        )
    )
    return modal(
        Callback.EXPERIMENTS_END_FORM,
        "How did it go?",
        [
            section(said),
            *_result(is_over=material.is_over),
            *_taught(),
            context("Everybody finds it in `/social lessons`. No customers' names, please."),
        ],
        submit="Save",
        close="Cancel",
        metadata=metadata.dump(),
    )


def _result(*, is_over: bool) -> list[Block]:
    results = [
        (result.value, label)
        for result, label in RESULTS.items()
        if result is not Result.DROPPED or not is_over
    ]
    return [
        input_block(EndField.RESULT, "What do you say?", select(results)),
        input_block(
            EndField.HAPPENED,
            "What happened?",
            _text("", LESSON_PART_LENGTH),
            hint=None if is_over else "Dropped: please say why.",
        ),
    ]


def _taught() -> list[Block]:
    return [
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
    ]


def _text(placeholder: str, length: int, initial: str = "") -> Block:
    element = {**line_input(placeholder, length), "multiline": True}
    return {**element, "initial_value": initial} if initial else element


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
    "change": ExperimentForm(
        goals=(("V1", "Trial sign-ups"),),
        roles=(("content_lead", "Content lead"), ("lead_desk", "Lead desk")),
        today=date(2026, 11, 10),
        experiment=experiment_examples.IN_WORDS.experiment,
        changes=1,
    ),
}
ENDS: Mapping[str, Trial] = {
    "end-counted": experiment_examples.OVER,
    "end-in-words": experiment_examples.IN_WORDS,
}

"""A goal whose period is over: the question to its keepers, and the form in which they answer."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from bot.closing import LESSON_LENGTH, ClosingField, Next
from bot.goal import Ending
from bot.goal_form import TITLE_LENGTH
from bot.goal_material import ClosingMaterial
from bot.pace import Course, Verdict
from bot.text import in_unit
from handlers.goal_values import GoalFormMetadata, GoalValue
from handlers.ids import Action, BlockId, Callback
from handlers.views import goal_examples
from handlers.views.blocks import actions, context, input_block, modal, section, select
from handlers.views.goal_lines import ENDINGS, amount, judgement, number
from handlers.views.goals import closing_button
from handlers.views.message import Block, Message, View
from handlers.views.text import MESSAGE_LIMIT, cut, inline, lines, short_day


def question(material: ClosingMaterial) -> Message:
    """Asks a keeper what became of a goal."""
    goal = material.standing.goal
    said = lines(
        (
            f"*The period of “{inline(goal.title, TITLE_LENGTH)}” is over.*",
            _result(material),
            "What became of it, what did you learn, and does it go on?",
        )
    )
    value = GoalValue(goal=goal.goal_id, version=goal.version)
    return Message(
        text=cut(said, MESSAGE_LIMIT),
        blocks=[
            section(said),
            actions(BlockId.GOALS.at(goal.goal_id), [closing_button(value, goal.title)]),
        ],
    )


def _result(material: ClosingMaterial) -> str:
    standing = material.standing
    known = standing.value is not None
    return f"{judgement(standing)}: {amount(standing)}." if known else "Nobody entered a number."


def closing_form(material: ClosingMaterial, metadata: GoalFormMetadata) -> View:
    """Asks what became of a goal, what was learned, and whether it goes on."""
    standing, course = material.standing, material.following
    goal = standing.goal
    until = f"{short_day(course.first_day)} to {short_day(course.last_day)} {course.last_day.year}"
    return modal(
        Callback.GOALS_CLOSING_FORM,
        "What became of it?",
        [
            section(f"*{inline(goal.title, TITLE_LENGTH)}*\n{_result(material)}"),
            input_block(
                ClosingField.ENDING,
                "What do you say?",
                select([(one.value, said) for one, said in ENDINGS.items()], _suggested(material)),
            ),
            input_block(
                ClosingField.LESSON,
                "What did you learn?",
                _lesson(),
                optional=True,
                hint="One sentence for the next one who tries. Not reached: please say why.",
            ),
            input_block(
                ClosingField.NEXT,
                "Does it go on?",
                select([(Next.AGAIN, f"Again, {until}"), (Next.ENOUGH, "No, it ends here")]),
            ),
            input_block(
                ClosingField.TARGET,
                "Target, if it goes on",
                _target(course),
                optional=True,
                hint=f"From {in_unit(number(course.baseline), goal.unit)}.",
            ),
            context("The digest tells what became of it, and what was learned, once."),
        ],
        submit="Save",
        close="Cancel",
        metadata=metadata.dump(),
    )


def _suggested(material: ClosingMaterial) -> str | None:
    """What the number says; nothing where there is none, or where it is for people to judge."""
    is_reached = material.standing.verdict is Verdict.REACHED
    return Ending.REACHED.value if is_reached else None


def _lesson() -> Block:
    return {
        "type": "plain_text_input",
        "action_id": Action.VALUE.value,
        "multiline": True,
        "max_length": LESSON_LENGTH,
    }


def _target(course: Course) -> Block:
    return {
        "type": "number_input",
        "action_id": Action.VALUE.value,
        "is_decimal_allowed": True,
        "initial_value": f"{course.target:.2f}".rstrip("0").rstrip("."),
    }


_NEXT_QUARTER = Course(
    baseline=0, target=40, first_day=date(2027, 1, 1), last_day=date(2027, 3, 31)
)

EXAMPLES: Mapping[str, ClosingMaterial] = {
    "missed": ClosingMaterial(standing=goal_examples.OVER, following=_NEXT_QUARTER),
    "reached": ClosingMaterial(
        standing=replace(goal_examples.REACHED, on=date(2027, 1, 2)), following=_NEXT_QUARTER
    ),
    "unknown": ClosingMaterial(
        standing=replace(goal_examples.OVER, value=None, reading=None), following=_NEXT_QUARTER
    ),
}

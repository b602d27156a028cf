"""The small forms about a goal: enter where it stands, drop it."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.goal import Goal
from bot.goal_form import TITLE_LENGTH
from bot.readings import CONFIDENCE, VALUE
from handlers.goal_values import GoalFormMetadata
from handlers.ids import Action, Callback
from handlers.views import goal_examples
from handlers.views.blocks import context, input_block, modal, section, select
from handlers.views.goal_lines import CONFIDENCES, measured, number
from handlers.views.message import Block, View
from handlers.views.text import inline


def reading_form(goal: Goal, metadata: GoalFormMetadata) -> View:
    """Asks where a goal stands."""
    course = goal.course
    from_to = f"From {number(course.baseline)} to {measured(course.target, goal.unit)}"
    element: Block = {
        "type": "number_input",
        "action_id": Action.VALUE.value,
        "is_decimal_allowed": True,
        "focus_on_load": True,
    }
    return modal(
        Callback.GOALS_READING_FORM,
        "Where does it stand?",
        [
            section(f"*{inline(goal.title, TITLE_LENGTH)}*\n{from_to}"),
            input_block(
                VALUE, f"Now, in {goal.unit}", element, hint="All so far, not what came since."
            ),
            input_block(
                CONFIDENCE,
                "Will it be reached?",
                select([(one.value, said) for one, said in CONFIDENCES.items()]),
                optional=True,
                hint="What you think yourself, beside what the numbers say.",
            ),
        ],
        submit="Save",
        close="Cancel",
        metadata=metadata.dump(),
    )


def drop_form(goal: Goal, metadata: GoalFormMetadata) -> View:
    """Asks once more before a goal goes."""
    return modal(
        Callback.GOALS_DROP_FORM,
        "Drop this goal?",
        [
            section(f"*{inline(goal.title, TITLE_LENGTH)}*"),
            context("It leaves every list and the digest. There is no way back."),
        ],
        submit="Drop",
        close="Keep",
        metadata=metadata.dump(),
    )


@dataclass(frozen=True, slots=True)
class ReadingExample:
    """The argument of one form about a goal that is there."""

    goal: Goal
    is_drop: bool = False

    def build(self) -> View:
        """The form that this asks for."""
        metadata = GoalFormMetadata(goal=self.goal.goal_id, version=self.goal.version)
        form = drop_form if self.is_drop else reading_form
        return form(self.goal, metadata)


EXAMPLES: Mapping[str, ReadingExample] = {
    "reading": ReadingExample(goal_examples.BEHIND.goal),
    "drop": ReadingExample(goal_examples.BEHIND.goal, is_drop=True),
}

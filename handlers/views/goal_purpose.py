"""What a goal is for, in its form: the objective of the business, and what customers get of it."""

from collections.abc import Mapping

from bot.answers import ANY
from bot.choices import STAGES
from bot.goal import Objective
from bot.goal_form import (
    NEXT_LENGTH,
    OBJECTIVE_LENGTH,
    SERVES_LENGTH,
    GoalField,
    GoalFormMaterial,
)
from handlers.ids import Action
from handlers.views.blocks import input_block, select
from handlers.views.message import Block


def objective_blocks(material: GoalFormMaterial, given: Mapping[str, str]) -> list[Block]:
    """An objective that is there, or a new one, and the company's one that it is for."""
    blocks: list[Block] = []
    titles = {one.objective_id: one.title for one in material.objectives}
    known = [(one.objective_id, _objective_label(one, titles)) for one in material.objectives]
    if known:
        chosen = select(known, given.get(GoalField.OBJECTIVE))
        blocks.append(
            input_block(
                GoalField.OBJECTIVE,
                "Which objective does it serve?",
                chosen,
                optional=True,
                hint="This one, or a new one below.",
            )
        )
    new = "…or a new objective" if known else "Which objective of the business does it serve?"
    blocks.append(
        line_block(GoalField.NEW_OBJECTIVE, new, OBJECTIVE_LENGTH, given, optional=bool(known))
    )
    if material.departments:
        departments = select(departments_of(material, "The whole company"), ANY)
        blocks.append(
            input_block(
                GoalField.OBJECTIVE_DEPARTMENT,
                "Whose new objective is it?" if known else "Whose objective is it?",
                departments,
                optional=True,
            )
        )
    return [*blocks, *_parent(material, given)]


def _parent(material: GoalFormMaterial, given: Mapping[str, str]) -> list[Block]:
    companys = [one for one in material.objectives if one.department is None]
    if not material.departments or not companys:
        return []
    offered = [(ANY, "None: it stands alone"), *((o.objective_id, o.title) for o in companys)]
    return [
        input_block(
            GoalField.PARENT,
            "Which objective of the company is it for?",
            select(offered, given.get(GoalField.PARENT)),
            optional=True,
            hint="For a department's objective. Left empty, it stays as it is.",
        )
    ]


def _objective_label(objective: Objective, titles: Mapping[str, str]) -> str:
    if objective.department is None:
        return objective.title
    above = titles.get(objective.parent_id or "")
    return f"{objective.title} ({objective.department}{f', for {above}' if above else ''})"


def customer_blocks(given: Mapping[str, str], *, is_needed: bool) -> list[Block]:
    """What it helps customers with, for which step of their way, and what they do next (P21,
    P22).
    """
    stages = [(option.value, option.label) for option in STAGES]
    return [
        line_block(
            GoalField.SERVES,
            "What does it help customers with?",
            SERVES_LENGTH,
            given,
            optional=not is_needed,
            hint="What they want to get done: find the press that fits.",
        ),
        input_block(
            GoalField.STAGE,
            "Which step is it for?",
            select(stages, given.get(GoalField.STAGE)),
            optional=not is_needed,
        ),
        line_block(
            GoalField.NEXT_STEP,
            "And what do they do next?",
            NEXT_LENGTH,
            given,
            optional=True,
            hint="Needed where they get to know us: to be known is not the end.",
        ),
    ]


def departments_of(material: GoalFormMaterial, all_of_them: str) -> list[tuple[str, str]]:
    """The departments to choose from, and all of them together."""
    return [(ANY, all_of_them), *((name, name) for name in material.departments[:99])]


def line_block(
    name: str,
    label: str,
    length: int,
    given: Mapping[str, str],
    *,
    optional: bool = False,
    hint: str | None = None,
) -> Block:
    """A line of text; what stands in `given` is filled in."""
    element: Block = {
        "type": "plain_text_input",
        "action_id": Action.VALUE.value,
        "max_length": length,
    }
    if given.get(name):
        element["initial_value"] = given[name]
    return input_block(name, label, element, optional=optional, hint=hint)

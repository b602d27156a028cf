"""The form in which a goal is set or changed.

Its input blocks are named as `bot.goal_form.GoalField`, each with action "v" but for the measure,
so that what was typed stays when the view is updated (https://docs.slack.dev/surfaces/modals).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.answers import ANY
from bot.goal import MEASURES, Meaning, Measure
from bot.goal_form import (
    OF_THE_DESK,
    OUTCOME_LENGTH,
    TITLE_LENGTH,
    UNIT_LENGTH,
    GoalField,
    GoalFormMaterial,
)
from bot.kinds import KINDS
from bot.rhythm import Rhythm
from handlers.goal_values import GoalFormMetadata
from handlers.ids import Action, Callback
from handlers.views import goal_examples
from handlers.views.blocks import input_block, modal, select
from handlers.views.goal_purpose import (
    customer_blocks,
    departments_of,
    line_block,
    objective_blocks,
)
from handlers.views.message import Block, View

SHORTEST = timedelta(days=28)
"""A quarter that has less than this left is not offered as a goal's period."""


def goal_form(
    material: GoalFormMaterial, metadata: GoalFormMetadata, typed: Mapping[str, str] | None = None
) -> View:
    """Asks for a goal and the objective that it serves. `typed` is what stands in the form while it
    changes with the measure.
    """
    given = _begin(material) if typed is None else typed
    measure = given.get(GoalField.MEASURE, Measure.HAND)
    chosen = Measure(measure) if measure in tuple(Measure) else Measure.HAND
    blocks = [
        line_block(GoalField.TITLE, "What is to be reached?", TITLE_LENGTH, given, hint=_LEADING),
        *objective_blocks(material, given),
        *customer_blocks(given, is_needed=chosen not in OF_THE_DESK),
        _measure(chosen),
        *_of_measure(material, MEASURES[chosen], given),
        _number(GoalField.TARGET, "Target", given),
        _day(GoalField.FIRST_DAY, "First day", given),
        _day(GoalField.LAST_DAY, "Last day", given),
        input_block(
            GoalField.ROLE,
            "Which role keeps it?",
            select(material.roles, given.get(GoalField.ROLE)),
        ),
        line_block(
            GoalField.OUTCOME,
            "What it brings",
            OUTCOME_LENGTH,
            given,
            optional=True,
            hint="Money belongs here: it is an outcome, not a goal.",
        ),
    ]
    title = "Set a goal" if material.goal is None else "Change the goal"
    return modal(
        Callback.GOALS_FORM,
        title,
        blocks,
        submit="Save",
        close="Cancel",
        metadata=metadata.dump(),
    )


RHYTHMS: Mapping[str, str] = {
    Rhythm.DIGEST.value: "A day before each digest",
    Rhythm.WEEKLY.value: "Every Friday",
    Rhythm.MONTHLY.value: "At the end of each month",
    Rhythm.NEVER.value: "Never",
}
_LEADING = "Something that people do: sign-ups, downloads, requests, testimonials."


def _begin(material: GoalFormMaterial) -> dict[str, str]:
    """What a fresh form is filled with: the goal that is changed, or this quarter."""
    goal = material.goal
    if goal is None:
        return {
            GoalField.FIRST_DAY: material.today.isoformat(),
            GoalField.LAST_DAY: quarter_end(material.today).isoformat(),
            GoalField.ROLE: material.roles[0][0],
        }
    course = goal.course
    return {
        GoalField.TITLE: goal.title,
        GoalField.OBJECTIVE: goal.objective_id,
        GoalField.MEASURE: goal.measure.value,
        GoalField.KIND: goal.kind_key or ANY,
        GoalField.CONVERSION: goal.kind_key or ANY,
        GoalField.DEPARTMENT: goal.department or ANY,
        GoalField.UNIT: goal.unit,
        GoalField.BASELINE: _typed_number(course.baseline),
        GoalField.TARGET: _typed_number(course.target),
        GoalField.FIRST_DAY: course.first_day.isoformat(),
        GoalField.LAST_DAY: course.last_day.isoformat(),
        GoalField.ROLE: goal.role_id,
        GoalField.OUTCOME: goal.outcome or "",
        GoalField.SERVES: goal.customer_objective or "",
        GoalField.STAGE: goal.stage or "",
        GoalField.NEXT_STEP: goal.next_step or "",
        GoalField.RHYTHM: goal.rhythm.value,
    }


def _typed_number(value: float) -> str:
    """A number as a number field takes it: no separators."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def quarter_end(today: date) -> date:
    """The last day of this quarter, or of the next one when this is all but over."""
    for later in (0, 1):
        month = (today.month - 1) // 3 * 3 + 3 + 3 * later
        year, month = today.year + month // 12, month % 12 + 1
        end = date(year, month, 1) - timedelta(days=1)
        if end - today >= SHORTEST:
            return end
    return end


def _measure(chosen: Measure) -> Block:
    block = input_block(
        GoalField.MEASURE,
        "Where does the number come from?",
        select(
            ((measure.value, meaning.label) for measure, meaning in MEASURES.items()),
            chosen.value,
            action_id=Action.GOALS_MEASURE.value,
        ),
        hint="The desk counts the others itself, within the goal's period.",
    )
    return {**block, "dispatch_action": True}


def _of_measure(
    material: GoalFormMaterial, meaning: Meaning, given: Mapping[str, str]
) -> list[Block]:
    """What a measure asks besides: by hand a unit; what the desk counts can be narrowed down."""
    blocks: list[Block] = []
    if meaning.unit is None:
        blocks.append(
            line_block(GoalField.UNIT, "Unit", UNIT_LENGTH, given, hint="Sign-ups, followers, %")
        )
        rhythms = select(RHYTHMS.items(), given.get(GoalField.RHYTHM) or Rhythm.DIGEST.value)
        asking = "By direct message. Three questions without an answer, and it is shown as stale."
        label = "When is its keeper asked where it stands?"
        blocks.append(input_block(GoalField.RHYTHM, label, rhythms, hint=asking))
    if meaning.by_kind:
        kinds = [(ANY, "Everything"), *((key, kind.label) for key, kind in KINDS.items())]
        chosen = select(kinds, given.get(GoalField.KIND) or ANY)
        blocks.append(input_block(GoalField.KIND, "Of which kind?", chosen, optional=True))
    if meaning.by_type:
        types = [(key, many.capitalize()) for key, many in material.types]
        chosen = select(types, given.get(GoalField.CONVERSION))
        blocks.append(input_block(GoalField.CONVERSION, "Of what?", chosen))
    if meaning.by_department and material.departments:
        departments = departments_of(material, "Everybody")
        chosen = select(departments, given.get(GoalField.DEPARTMENT) or ANY)
        blocks.append(input_block(GoalField.DEPARTMENT, "From whom?", chosen, optional=True))
    if not meaning.is_count:
        hint = "Leave it empty when it is counted from nothing." if meaning.unit is None else None
        blocks.append(_number(GoalField.BASELINE, "Where does it stand at the start?", given, hint))
    return blocks


def _number(name: str, label: str, given: Mapping[str, str], hint: str | None = None) -> Block:
    element: Block = {
        "type": "number_input",
        "action_id": Action.VALUE.value,
        "is_decimal_allowed": True,
    }
    if given.get(name):
        element["initial_value"] = given[name]
    is_baseline = name == GoalField.BASELINE
    return input_block(name, label, element, optional=is_baseline, hint=hint)


def _day(name: str, label: str, given: Mapping[str, str]) -> Block:
    element: Block = {"type": "datepicker", "action_id": Action.VALUE.value}
    if given.get(name):
        element["initial_date"] = given[name]
    return input_block(name, label, element)


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalFormExample:
    """The arguments of one form."""

    material: GoalFormMaterial
    typed: Mapping[str, str] | None = field(default=None)

    def build(self) -> View:
        """The form that this asks for."""
        return goal_form(self.material, GoalFormMetadata(), self.typed)


_FIRST = GoalFormMaterial(
    objectives=(),
    departments=(),
    roles=(("content_lead", "Content lead"),),
    today=goal_examples.EXAMPLE_DAY,
)
_LATER = GoalFormMaterial(
    objectives=(
        goal_examples.BEHIND.objective,
        goal_examples.ON_PACE.objective,
        goal_examples.GROW,
    ),
    departments=("Sales", "Service"),
    roles=(("content_lead", "Content lead"), ("lead_desk", "Lead desk")),
    today=goal_examples.EXAMPLE_DAY,
    types=(("signup", "e-mail sign-ups"), ("trial", "trials")),
)

EXAMPLES: Mapping[str, GoalFormExample] = {
    "first": GoalFormExample(material=_FIRST),
    "another": GoalFormExample(material=_LATER),
    "measured": GoalFormExample(
        material=_LATER,
        typed={GoalField.TITLE: "Two <a> week", GoalField.MEASURE: Measure.HANDED_IN.value},
    ),
    "conversions": GoalFormExample(
        material=_LATER,
        typed={GoalField.MEASURE: Measure.CONVERSIONS.value, GoalField.CONVERSION: "signup"},
    ),
    "level": GoalFormExample(
        material=_LATER, typed={GoalField.MEASURE: Measure.IN_TIME.value, GoalField.BASELINE: "60"}
    ),
    "change": GoalFormExample(
        material=GoalFormMaterial(
            objectives=_LATER.objectives,
            departments=_LATER.departments,
            roles=_LATER.roles,
            today=_LATER.today,
            goal=goal_examples.BEHIND.goal,
        )
    ),
}

"""The goals: a message for `/social goals`, the same as a modal, and their part of the Home tab."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bot.goal import Goal, Standing
from bot.goal_material import GoalsMaterial
from bot.pace import Course, Verdict
from bot.served import Unserved
from handlers.goal_values import GoalValue
from handlers.ids import Action, BlockId, Callback
from handlers.views import examples, serving
from handlers.views.blocks import actions, button, divider, header, modal, option, section
from handlers.views.goal_examples import (
    BEHIND,
    ENDED,
    FALLING,
    ON_PACE,
    OVER,
    REACHED,
    STALE,
    TO_COME,
    UNKNOWN,
    unkept,
)
from handlers.views.goal_lines import (
    TITLE_SHOWN,
    amount,
    counted,
    customers,
    judgement,
    line,
    lines_of,
    outlook,
    pace,
    read_on,
)
from handlers.views.goal_tree import grouped
from handlers.views.message import Block, Message, View
from handlers.views.text import MESSAGE_LIMIT, cut, inline, lines, plural, short_day, stored, told

HOME_SHOWN = 5
SHORT = 366
ONE_BY_ONE = 500
"""A way longer than this is not gone step by step."""

NONE_YET = (
    "No goal is set. A goal says what social is to reach, by when, and which objective of the "
    "business that serves."
)
ASK_WHO_MAY = "Who holds a role, and admins, can set one."


def goals(material: GoalsMaterial, *, notice: str = "") -> Message:
    """The goals for one person, those behind first; `notice` is a sentence to read before."""
    parts = list(_parts(material, notice))
    said = "\n".join(text for text, _ in parts if text)
    if stored(said) > MESSAGE_LIMIT:  # then each goal on one line, so that none is cut off
        every = (*material.live, *material.to_close, *material.ended)
        said = lines((told(notice), *map(line, every)))
    return Message(text=cut(said, MESSAGE_LIMIT), blocks=[b for _, part in parts for b in part])


def goals_page(material: GoalsMaterial, *, notice: str = "") -> View:
    """The same as a modal."""
    return modal(Callback.GOALS_LIST, "Goals", goals(material, notice=notice).blocks, close="Close")


def goals_blocks(material: GoalsMaterial) -> list[Block]:
    """The part of the Home tab: how the goals stand on one line each, and the way to all of them.

    Nothing for somebody who could not set one while there is none.
    """
    if not material.live and not material.may_set:
        return []
    said = (
        lines(
            (
                *lines_of(material.live, HOME_SHOWN),
                _to_close(material),
                serving.count(material.unserved),
            )
        )
        or NONE_YET
    )
    way = (
        button(Action.GOALS_OPEN, "Open", "all", label="Open the goals")
        if material.live or material.to_close
        else _new_button()
    )
    return [divider(), header("Goals"), section(said, way)]


def closing_button(value: GoalValue, title: str) -> Block:
    """Opens the form in which somebody says what became of a goal."""
    return button(
        Action.GOALS_CLOSE.at(value.goal),
        "Close it…",
        value.dump(),
        label=f"Say what became of it: {inline(title, 40)}",
    )


def _to_close(material: GoalsMaterial) -> str:
    """How many goals wait for their keeper's word."""
    count = len(material.to_close)
    if not count:
        return ""
    return f"{plural(count, 'goal has', 'goals have')} ended: say what became of {_it(count)}."


def _it(count: int) -> str:
    return "it" if count == 1 else "them"


_Part = tuple[str, list[Block]]
"""What is said, and the blocks that say it."""


def _parts(material: GoalsMaterial, notice: str) -> Iterator[_Part]:
    if notice:
        yield _said(told(notice))
    if not material.live:
        yield _said(NONE_YET if material.may_set else f"{NONE_YET} {ASK_WHO_MAY}")
    for serves, standing in grouped(material.live):
        entry = lines((serves, _entry(standing)))
        value = _value(standing)
        menu = _menu(value) if standing.may_keep else _trail(value, standing.goal.title)
        yield entry, [section(entry, menu), *_buttons(standing)]
    for standing in material.to_close:
        said = f"{line(standing)}. Its period is over."
        yield said, [section(said, closing_button(_value(standing), standing.goal.title))]
    if material.unserved.total:
        yield _said(serving.listed(material.unserved))
    if material.ended:
        yield _said(_ended(material))
    if material.may_set:
        yield "", [actions(BlockId.GOALS.at("new"), [_new_button()])]


def _said(text: str) -> _Part:
    return text, [section(text)]


def _new_button() -> Block:
    return button(Action.GOALS_NEW, "Set a goal", "new", label="Set a new goal")


def _entry(standing: Standing) -> str:
    goal = standing.goal
    kept = [f"{_span(goal.course)}", inline(standing.role, 60), _read(standing)]
    return lines(
        (
            f"*{inline(goal.title, TITLE_SHOWN)}*",
            f"*{judgement(standing)}:* {amount(standing)}{pace(standing)}",
            outlook(standing),
            customers(goal),
            " · ".join(part for part in kept if part),
            f"Brings: {inline(goal.outcome, 80)}" if goal.outcome else "",
        )
    )


def _read(standing: Standing) -> str:
    if standing.reading is not None or standing.verdict is Verdict.STALE:
        return read_on(standing)
    return counted(standing)


def _span(course: Course) -> str:
    """The period; of a year that both days share, or that ends within another, once."""
    first, last = course.first_day, course.last_day
    year = f" {first.year}" if last.year - first.year > 1 or course.days > SHORT else ""
    return f"{short_day(first)}{year} to {short_day(last)} {last.year}"


def _value(standing: Standing) -> GoalValue:
    goal, seq = standing.goal, standing.reading.seq if standing.reading else 0
    return GoalValue(goal=goal.goal_id, version=goal.version, seq=seq)


def _buttons(standing: Standing) -> list[Block]:
    """One more in one tap, and a form for any value: of a goal that is kept by hand and runs."""
    goal, value = standing.goal, _value(standing)
    is_running = standing.verdict is not Verdict.NOT_STARTED
    if not (standing.may_keep and goal.is_by_hand and is_running):
        return []
    title = inline(goal.title, 50)
    enter = button(
        Action.GOALS_READ.at(goal.goal_id),
        "Enter…",
        value.dump(),
        label=f"Enter where it stands: {title}",
    )
    add_one = button(
        Action.GOALS_ADD_ONE.at(goal.goal_id), "+1", value.dump(), label=f"One more: {title}"
    )
    block_id = BlockId.GOALS.at(goal.goal_id, goal.version, value.seq)
    return [actions(block_id, [add_one, enter] if _is_counted_up(goal) else [enter])]


def _is_counted_up(goal: Goal) -> bool:
    """Whether one more is a step that people take: whole, upwards, not too many."""
    way = goal.course.target - goal.course.baseline
    return 0 < way <= ONE_BY_ONE and float(way).is_integer() and goal.unit != "%"


def _trail(value: GoalValue, title: str) -> Block:
    label = f"How it went: {inline(title, 50)}"
    return button(Action.GOALS_TRAIL.at(value.goal), "How it went", value.dump(), label=label)


def _menu(value: GoalValue) -> Block:
    entries = (
        (value.model_copy(update={"verb": "trail"}), "How it went"),
        (value.model_copy(update={"verb": "change"}), "Change…"),
        (value.model_copy(update={"verb": "drop"}), "Drop…"),
    )
    return {
        "type": "overflow",
        "action_id": Action.GOALS_MORE.at(value.goal),
        "options": [option(entry.dump(), label) for entry, label in entries],
    }


def _ended(material: GoalsMaterial) -> str:
    rows = (f"• {line(standing)} ({_span(standing.goal.course)})" for standing in material.ended)
    return lines(("*Ended*", *rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalsExample:
    """The arguments of one list of goals, and the surface that it is for."""

    material: GoalsMaterial
    notice: str = ""
    is_modal: bool = False

    def build(self) -> Message | View:
        """The list that this asks for."""
        if self.is_modal:
            return goals_page(self.material, notice=self.notice)
        return goals(self.material, notice=self.notice)


_KEEPER = GoalsMaterial(
    live=(
        BEHIND,
        STALE,
        UNKNOWN,
        ON_PACE,
        FALLING,
        REACHED,
        TO_COME,
    ),
    ended=ENDED,
    may_set=True,
    unserved=Unserved((examples.IDEA, examples.TESTIMONIAL), 7),
)

EXAMPLES: Mapping[str, GoalsExample] = {
    "keeper": GoalsExample(material=_KEEPER),
    "reader": GoalsExample(
        material=GoalsMaterial(
            live=unkept(BEHIND, ON_PACE),
            ended=ENDED,
        )
    ),
    "first": GoalsExample(material=GoalsMaterial(live=(), may_set=True)),
    "none": GoalsExample(material=GoalsMaterial(live=())),
    "to-close": GoalsExample(
        material=GoalsMaterial(
            live=(ON_PACE,),
            to_close=(OVER,),
            ended=ENDED[1:],
            may_set=True,
        )
    ),
    "modal": GoalsExample(
        material=replace(_KEEPER, ended=()),
        notice="<@U0BEN> entered 13 meanwhile, so nothing was added.",
        is_modal=True,
    ),
}

"""The question where a goal stands: answered in one tap, and then it says what was answered."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.check_in import CheckInMaterial
from bot.goal import Confidence, Reading, ReadingSource, Standing
from bot.goal_form import TITLE_LENGTH
from bot.rhythm import Rhythm
from handlers.goal_values import GoalValue
from handlers.ids import Action, BlockId
from handlers.views import goal_examples
from handlers.views.blocks import actions, button, plain, section, select
from handlers.views.goal_lines import CONFIDENCES, amount, number, pace, read_on
from handlers.views.message import Block, Message
from handlers.views.text import MESSAGE_LIMIT, cut, inline, lines, moment, user


def check_in(material: CheckInMaterial) -> Message:
    """Asks a keeper where a goal stands, or says what was answered."""
    standing = material.standing
    title = f"“{inline(standing.goal.title, TITLE_LENGTH)}”"
    stands = f"{amount(standing)}{pace(standing)}"
    if material.answer is not None:
        said = lines((f"*{title}:* {stands}.", _answered(material.answer, material.hook)))
        return Message(text=cut(said, MESSAGE_LIMIT), blocks=[section(said)])
    asked = f"*Where does {title} stand?*"
    if material.is_stale:
        asked = f"*{title} is stale:* three questions where it stands were not answered."
    said = lines((asked, f"Last: {stands}, {read_on(standing)}.", _by_when(material)))
    block_id = BlockId.GOALS.at(standing.goal.goal_id, "check_in")
    return Message(
        text=cut(said, MESSAGE_LIMIT),
        blocks=[section(said), actions(block_id, _buttons(standing))],
    )


def _answered(reading: Reading, hook: str | None) -> str:
    if hook:
        return f"The webhook “{inline(hook, 60)}” answered, {moment(reading.came_at)}."
    where = {
        ReadingSource.FILE: " with a file",
        ReadingSource.WEBHOOK: " by another system",
    }.get(reading.source, "")
    sure = f" {CONFIDENCES[reading.confidence]}." if reading.confidence else ""
    return f"{user(reading.actor_id)} answered{where}, {moment(reading.came_at)}.{sure}"


def _by_when(material: CheckInMaterial) -> str:
    if material.is_stale:
        return "Lists and digests say so until somebody enters a value."
    if material.standing.goal.rhythm is not Rhythm.DIGEST:
        return ""
    return f"What you say by {moment(material.until)} is in the next digest."


def _buttons(standing: Standing) -> list[Block]:
    goal, seq = standing.goal, standing.reading.seq if standing.reading else 0
    value = GoalValue(goal=goal.goal_id, version=goal.version, seq=seq, verb="answer")
    title = inline(goal.title, 50)
    enter = button(
        Action.GOALS_READ.at(goal.goal_id),
        "Enter…",
        value.dump(),
        label=f"Enter where it stands: {title}",
    )
    if standing.value is None:
        return [enter]
    same = f"Still {number(standing.value)}"
    return [
        button(Action.GOALS_SAME.at(goal.goal_id), same, value.dump(), label=f"{same}: {title}"),
        enter,
        _sure(value, same),
    ]


def _sure(value: GoalValue, same: str) -> Block:
    entries = [
        (value.model_copy(update={"confidence": one.value}).dump(), said)
        for one, said in CONFIDENCES.items()
    ]
    menu = select(entries, action_id=Action.GOALS_SURE.at(value.goal))
    return {**menu, "placeholder": plain(f"{same}. Will it be reached?")}


_UNTIL = datetime(2026, 11, 16, 7, 45, tzinfo=UTC)
_ANSWER = Reading(
    goal_id="V1",
    seq=4,
    at=_UNTIL - timedelta(days=2),
    value=12,
    actor_id="U0BEN",
    confidence=Confidence.SURE,
    source=ReadingSource.CHECK_IN,
)

EXAMPLES: Mapping[str, CheckInMaterial] = {
    "asked": CheckInMaterial(standing=goal_examples.BEHIND, until=_UNTIL),
    "first": CheckInMaterial(standing=goal_examples.UNKNOWN, until=_UNTIL),
    "weekly": CheckInMaterial(
        standing=replace(
            goal_examples.BEHIND, goal=replace(goal_examples.BEHIND.goal, rhythm=Rhythm.WEEKLY)
        ),
        until=_UNTIL,
    ),
    "stale": CheckInMaterial(standing=goal_examples.STALE, until=_UNTIL, is_stale=True),
    "answered": CheckInMaterial(standing=goal_examples.BEHIND, until=_UNTIL, answer=_ANSWER),
    "from-a-file": CheckInMaterial(
        standing=goal_examples.BEHIND,
        until=_UNTIL,
        answer=replace(_ANSWER, source=ReadingSource.FILE, confidence=None),
    ),
    "from-a-webhook": CheckInMaterial(
        standing=goal_examples.BEHIND,
        until=_UNTIL,
        answer=replace(_ANSWER, source=ReadingSource.WEBHOOK, confidence=None),
        hook="Trials <of> the site",
    ),
}

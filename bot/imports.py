"""What a file brings: readings of goals or conversions, and what is wrong with each line.

Nothing is stored here. All that is wrong is found in one go, each with its line and a sentence, so
that a file is mended once.
"""

import hashlib
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, time

from bot.cells import DoubtError, moment_of
from bot.columns import LAYOUTS, Cells, Content, Fault, Lines
from bot.goal import Goal
from bot.goal_names import goal_called
from bot.periods import in_words, local_date
from bot.text import cut

DAY_ENDS = time(23, 59, 59)
"""When a day's number is read that has no time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenReading:
    """A reading as a file or a message gives it. `external_id` is the same whenever the same one
    comes again.
    """

    goal_id: str
    at: datetime
    value: float
    external_id: str
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a file brings, and what is wrong with it."""

    content: Content
    readings: tuple[GivenReading, ...] = ()
    faults: tuple[Fault, ...] = ()
    unread: tuple[str, ...] = ()


def readings_in(
    lines: Lines, goals: Sequence[Goal], kept: AbstractSet[str], now: datetime
) -> Found:
    """The readings in a file. `kept` are the ids of the goals that whoever gives it may keep."""
    found: list[GivenReading] = []
    first: dict[object, int] = {}
    faults: list[Fault] = []
    for line, row in lines.rows:
        cells = Cells(line, row, lines.habits)
        reading = _reading(cells, goals, kept, now)
        if reading is not None and not cells.faults:
            keys = (reading.external_id, (reading.goal_id, reading.at))
            twin = min((first[key] for key in keys if key in first), default=None)
            first |= dict.fromkeys(keys, line)
            if twin is None:
                found.append(reading)
            else:
                cells.wrong(f"says the same goal and day, or the same external_id, as line {twin}.")
        faults.extend(cells.faults)
    return Found(
        content=lines.content,
        readings=tuple(found),
        faults=tuple(faults),
        unread=lines.unread,
    )


def _reading(
    cells: Cells, goals: Sequence[Goal], kept: AbstractSet[str], now: datetime
) -> GivenReading | None:
    name, wall, value = cells.text("goal"), cells.wall("date"), cells.number("value")
    external_id = cells.text("external_id")
    for column in LAYOUTS[Content.READINGS].required:
        if not cells.text(column):
            cells.wrong(f"{column} is missing.")
    if not name or wall is None or value is None:
        return None
    try:
        goal = goal_called(goals, name, lambda _: wall.day)
    except DoubtError as doubt:
        cells.wrong(f"goal: “{cut(name, 40)}” {doubt}.")
        return None
    if goal.goal_id not in kept:
        cells.wrong(f"goal: “{cut(goal.title, 40)}” is kept by others; they or an admin can.")
        return None
    at = moment_of(wall, DAY_ENDS, goal.tz)
    if at > now and (wall.at is not None or wall.day > local_date(now, goal.tz)):
        cells.wrong(f"date: {in_words(wall.day)} is yet to come.")
        return None
    return GivenReading(
        goal_id=goal.goal_id,
        at=min(at, now),
        value=value,
        external_id=external_id or made_id(goal.goal_id, at.isoformat(), f"{value:.15g}"),
        line=cells.line,
    )


def made_id(*parts: str) -> str:
    """An id for what comes without one: the same for the same parts, whenever they come."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]

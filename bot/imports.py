"""What a file brings: readings of goals or conversions, and what is wrong with each line.

Nothing is stored here. All that is wrong is found in one go, each with its line and a sentence, so
that a file is mended once.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, time

from bot.cells import DoubtError, moment_of
from bot.columns import LAYOUTS, Cells, Content, Fault, Lines
from bot.conversion import ConversionType, hook_source
from bot.conversion_given import GivenConversion, type_key
from bot.conversions import RecordConversion, check_conversion
from bot.errors import FieldError
from bot.goal import Goal, ReadingSource
from bot.goal_names import goal_called
from bot.periods import in_words, local_date
from bot.sheet_material import Known
from bot.text import cut, folded

NOON = time(12)
"""When a conversion happened that has no time."""

LINK_LENGTH = 2_000

TOUCHES = ("utm_content", "post_url", "first_touch", "last_touch", "self_reported")
"""The columns that say what was seen."""

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
    """What a file brings, each with the line on which it stands, and what is wrong with it."""

    content: Content
    readings: tuple[GivenReading, ...] = ()
    conversions: tuple[tuple[int, RecordConversion], ...] = ()
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


SOURCE = ReadingSource.FILE.value
"""Where conversions of files come from, whoever gives the file, unless it names a webhook."""

_COLUMNS = {
    "type_key": "type",
    "first": "first_touch",
    "last": "last_touch",
    "touched": "utm_content",
    "told": "self_reported",
}
"""The column behind what a conversion is refused for, where it has another name."""


def conversions_in(lines: Lines, known: Known, now: datetime) -> Found:
    """The conversions in a file."""
    types = known.types
    found: list[tuple[int, RecordConversion]] = []
    first: dict[tuple[str, str], int] = {}
    faults: list[Fault] = []
    alike: Counter[str] = Counter()
    for line, row in lines.rows:
        cells = Cells(line, row, lines.habits)
        told = _conversion(cells, known.tz, now)
        source = _source(cells, known.hooks)
        if told is not None and not cells.faults:
            command = _command(cells, *told, source, types, alike)
            if command is not None:
                _check(cells, command, types, now)
            if command is not None and not cells.faults:
                twin = first.setdefault((command.source, command.external_id), line)
                if twin == line:
                    found.append((line, command))
                else:
                    cells.wrong(f"external_id is the same as on line {twin}.")
        faults.extend(cells.faults)
    return Found(
        content=lines.content,
        conversions=tuple(found),
        faults=tuple(faults),
        unread=lines.unread,
    )


def _conversion(cells: Cells, tz: str, now: datetime) -> tuple[GivenConversion, datetime] | None:
    """What a line says, and the moment that it names, which may still be to come today."""
    wall = cells.wall("occurred_at")
    count, value = cells.number("count"), cells.number("value")
    for column in LAYOUTS[Content.CONVERSIONS].required:
        if not cells.text(column):
            cells.wrong(f"{column} is missing.")
    if count is not None and not count.is_integer():
        cells.wrong("count is no whole number.")
    if wall is None:
        return None
    at = moment_of(wall, NOON, tz)
    if at > now and (wall.at is not None or wall.day > local_date(now, tz)):
        cells.wrong(f"occurred_at: {in_words(wall.day)} is yet to come.")
    given = GivenConversion(
        occurred_at=min(at, now),
        count=1 if count is None else int(count),
        value=value,
        type=cells.text("type"),
        currency=cells.text("currency"),
        **{name: cells.text(name, LINK_LENGTH) for name in TOUCHES},
    )
    return given, at


def _source(cells: Cells, hooks: Mapping[str, str]) -> str:
    """What makes an id count once: the webhook by which the same comes too, else files at large."""
    name = cells.text("webhook")
    if not name:
        return SOURCE
    if folded(name) not in hooks:
        cells.wrong(f"webhook: there is none called “{cut(name, 40)}”.")
        return SOURCE
    if not cells.text("external_id"):
        cells.wrong("external_id is missing: by it the webhook and this file count once.")
    return hook_source(hooks[folded(name)])


def _command(
    cells: Cells,
    given: GivenConversion,
    at: datetime,
    source: str,
    types: Mapping[str, ConversionType],
    alike: Counter[str],
) -> RecordConversion | None:
    """What is to be recorded. Without an id of its own it gets one from its type, its moment and
    its touches, and which of those alike in its file it is: two sales of one day are two, and the
    same file again brings none.
    """
    external_id = cells.text("external_id")
    if not external_id:
        key = made_id(
            type_key(given.type, types),
            at.isoformat(),
            *(getattr(given, name) for name in TOUCHES),
        )
        alike[key] += 1
        external_id = made_id(key, str(alike[key]))
    try:
        return given.command(source, external_id, types)
    except FieldError as error:
        _tell(cells, error)
        return None


def _check(
    cells: Cells, command: RecordConversion, types: Mapping[str, ConversionType], now: datetime
) -> None:
    try:
        check_conversion(command, types, now)
    except FieldError as error:
        _tell(cells, error)


def _tell(cells: Cells, error: FieldError) -> None:
    for name, sentence in error.fields.items():
        cells.wrong(f"{_COLUMNS.get(name, name)}: {sentence}")


def made_id(*parts: str) -> str:
    """An id for what comes without one: the same for the same parts, whenever they come."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]

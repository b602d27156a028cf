"""What the columns and the lines of a file mean; every cell that can't be read is told of."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from bot.answers import MOST
from bot.cells import Cell, DoubtError, Habits, Wall, habits_of, number_in, wall_in
from bot.errors import UnreadableError
from bot.sheet import Sheet, column_name
from bot.text import cut, one_line

T = TypeVar("T")

ID_LENGTH = 200
"""How long the id of a reading or conversion may be."""


class Content(StrEnum):
    """What a file holds."""

    READINGS = "readings"
    CONVERSIONS = "conversions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The columns of a file: those that have to be there, and those that may be. `numbers` and
    `days` are those whose way of writing has to be found out.
    """

    required: tuple[str, ...]
    optional: tuple[str, ...]
    numbers: tuple[str, ...]
    days: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """All columns."""
        return self.required + self.optional


LAYOUTS: Mapping[Content, Layout] = {
    Content.READINGS: Layout(
        required=("goal", "date", "value"),
        optional=("external_id",),
        numbers=("value",),
        days=("date",),
    ),
    Content.CONVERSIONS: Layout(
        required=("occurred_at", "type"),
        optional=(
            "external_id",
            "count",
            "value",
            "currency",
            "utm_content",
            "post_url",
            "first_touch",
            "last_touch",
            "self_reported",
            "webhook",
        ),
        numbers=("value", "count"),
        days=("occurred_at",),
    ),
}

NAMES = frozenset(name for layout in LAYOUTS.values() for name in layout.names)
"""Every column that means anything."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong on a line."""

    line: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Lines:
    """A file's rows by column. `unread` are columns that mean nothing."""

    content: Content
    rows: tuple[tuple[int, Mapping[str, Cell]], ...]
    habits: Habits
    unread: tuple[str, ...]


def lines_of(sheet: Sheet) -> Lines:
    """What a file holds, by its columns' names. Raises UnreadableError when they do not tell."""
    names = [column_name(cell) for cell in sheet.header]
    twice = [name for name, count in Counter(names).items() if count > 1 and name in NAMES]
    if twice:
        raise UnreadableError(f"The column “{twice[0]}” is there twice.")
    content = _content(set(names))
    layout = LAYOUTS[content]
    wanted = {name: place for place, name in enumerate(names) if name in layout.names}
    rows = tuple(
        (
            row.line,
            {name: row.cells[place] for name, place in wanted.items() if place < len(row.cells)},
        )
        for row in sheet.rows
    )

    def column(*kept: str) -> Iterator[Cell]:
        return (row[name] for _, row in rows for name in kept if name in row)

    return Lines(
        content,
        rows,
        habits_of(column(*layout.numbers), column(*layout.days)),
        tuple(
            title
            for title, name in zip(sheet.header, names, strict=True)
            if title and name not in layout.names
        ),
    )


def _content(names: set[str]) -> Content:
    fitting = [one for one, layout in LAYOUTS.items() if names.issuperset(layout.required)]
    if len(fitting) == 1:
        return fitting[0]
    wanted = " For conversions: ".join(
        ", ".join(layout.required) + "; if known " + ", ".join(layout.optional) + "."
        for layout in LAYOUTS.values()
    )
    why = "does not tell which columns are which" if not fitting else "names both kinds of columns"
    raise UnreadableError(f"The first line {why}. For readings: {wanted}")


class Cells:
    """One row, read cell by cell; what is wrong is kept in `faults`."""

    def __init__(self, line: int, cells: Mapping[str, Cell], habits: Habits) -> None:
        self.line = line
        self._cells = cells
        self._habits = habits
        self.faults: list[Fault] = []

    def wrong(self, sentence: str) -> None:
        """Note what is wrong."""
        self.faults.append(Fault(self.line, sentence))

    def text(self, name: str, length: int = ID_LENGTH) -> str:
        """A text, empty where there is none."""
        cell = self._cells.get(name, "")
        text = one_line(cell) if isinstance(cell, str) else f"{cell:.15g}"
        if len(text) > length:
            self.wrong(f"{name} has {len(text):,} characters; {length:,} fit.")
        return text

    def number(self, name: str) -> float | None:
        """A number with two decimals; None when there is none, or none that can be read."""
        value = self._read(name, number_in)
        if value is not None and not abs(value) <= MOST:
            self.wrong(f"{name} is too large.")
            return None
        return None if value is None else round(value, 2) + 0.0

    def wall(self, name: str) -> Wall | None:
        """A day, perhaps with a time; None when there is none, or none that can be read."""
        return self._read(name, wall_in)

    def _read(self, name: str, read: Callable[[Cell, Habits], T]) -> T | None:
        if not self.text(name):
            return None
        cell = self._cells[name]
        try:
            return read(cell, self._habits)
        except DoubtError as doubt:
            self.wrong(f"{name}: “{cut(self.text(name), 40)}” {doubt}.")
            return None

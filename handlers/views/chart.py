"""A native bar chart, and the same numbers as a table for a workspace that refuses charts.

https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block and
https://docs.slack.dev/reference/block-kit/blocks/table-block
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from handlers.views.message import Block
from handlers.views.text import cut

MAX_SERIES = 6
MAX_POINTS = 20
LABEL_LIMIT = 20


@dataclass(frozen=True, slots=True)
class Series:
    """A named row of numbers, one per category."""

    name: str
    values: tuple[int, ...]


def bar_chart(title: str, categories: Sequence[str], series: Sequence[Series]) -> Block:
    """Bars side by side per category; of more than 20 categories the last 20.

    Raises ValueError for what Slack refuses: names or categories that repeat or are over 20
    characters, more than 6 series, a series whose length isn't the number of categories.
    """
    _check_names(categories)
    _check_names([entry.name for entry in series])
    if not series or len(series) > MAX_SERIES:
        raise ValueError(f"a chart has 1 to {MAX_SERIES} series")
    if not categories or any(len(entry.values) != len(categories) for entry in series):
        raise ValueError("a series has one value per category")
    shown = list(categories)[-MAX_POINTS:]
    return {
        "type": "data_visualization",
        "title": cut(title, 50),
        "chart": {
            "type": "bar",
            "series": [
                {
                    "name": entry.name,
                    "data": [
                        {"label": label, "value": value}
                        for label, value in zip(shown, entry.values[-MAX_POINTS:], strict=True)
                    ],
                }
                for entry in series
            ],
            "axis_config": {"categories": shown},
        },
    }


def line_chart(
    title: str, categories: Sequence[str], lines: Sequence[tuple[str, Sequence[float]]]
) -> Block:
    """Lines over the same categories, at most 20; raises ValueError as `bar_chart` does."""
    _check_names(categories)
    _check_names([name for name, _ in lines])
    if any(len(values) != len(categories) for _, values in lines):
        raise ValueError("a line has one value per category")
    return {
        "type": "data_visualization",
        "title": cut(title, 50),
        "chart": {
            "type": "line",
            "series": [
                {
                    "name": name,
                    "data": [
                        {"label": label, "value": value}
                        for label, value in zip(categories, values, strict=True)
                    ],
                }
                for name, values in lines
            ],
            "axis_config": {"categories": list(categories)},
        },
    }


def _check_names(names: Sequence[str]) -> None:
    if len(set(names)) != len(names) or any(not 0 < len(name) <= LABEL_LIMIT for name in names):
        raise ValueError(f"names are unique and have 1 to {LABEL_LIMIT} characters: {names}")


def table(first: str, categories: Sequence[str], series: Sequence[Series]) -> Block:
    """One row per category under a head row; numbers aligned at the right."""
    rows = [
        [category, *(str(entry.values[index]) for entry in series)]
        for index, category in enumerate(categories)
    ]
    return cells(
        [first, *(entry.name for entry in series)], rows, frozenset(range(1, len(series) + 1))
    )


def cells(head: Sequence[str], rows: Sequence[Sequence[str]], right: Collection[int]) -> Block:
    """A table: a head row, rows, and which columns are aligned at the right. A cell is not empty:
    Slack refuses that.
    """
    return {
        "type": "table",
        "column_settings": [
            {"align": "right" if place in right else "left"} for place in range(len(head))
        ],
        "rows": [
            [{"type": "raw_text", "text": cell or "–"} for cell in row] for row in [head, *rows]
        ],
    }

"""The charts of a digest on paper, as vectors: told apart by shape, dash and number, not by colour.

Part of the program `handlers/pdf_pages.py`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from handlers.pdf_canvas import GREY, INK, PALE, Canvas

HIGH = 38.0
"""How high the field is in which a chart is drawn, in millimetres."""

HEIGHT = HIGH + 26
"""How much of a page a chart takes with its title and its legend."""

TICKS_WIDE = 14.0
SHADES = (60, 190, 120, 225, 90, 160)
"""The greys of bars, in the order of the legend; each bar has its number besides."""

DASHES = ((0.0, 0.0), (3.0, 1.6), (0.6, 1.4))
"""The lines: drawn through, dashed, dotted."""


@dataclass(frozen=True, slots=True)
class _Scale:
    """From a value to its place above the foot of a field that is `HIGH`, in millimetres."""

    low: float
    high: float
    is_whole: bool

    def at(self, value: float) -> float:
        return (HIGH - 4) * (value - self.low) / (self.high - self.low)


def chart(page: Canvas, item: Mapping[str, Any]) -> None:
    """A chart with its title above and its legend below."""
    page.set_font("text", style="B", size=10.5)
    page.cell(w=0, h=6, text=page.fitted(item["title"], page.epw), new_x="LMARGIN", new_y="NEXT")
    series: Sequence[Mapping[str, Any]] = item["series"]
    values = [value for one in series for value in one["values"]]
    low, high = min([0.0, *values]), max([0.0, *values])
    is_whole = all(one == int(one) for one in values)
    scale = _Scale(low, high if high > low else low + 1, is_whole)
    foot = page.get_y() + HIGH
    left = _ticks(page, scale, foot)
    field = _Field(left, page.l_margin + page.epw - left, foot, scale)
    _labels(page, field, item["labels"])
    is_lines = item["kind"] == "lines"
    for nth, one in enumerate(series):
        if is_lines:
            _line(page, field, one["values"], nth)
        else:
            _bars(page, field, one["values"], nth, len(series))
    if is_lines:
        _say_values(page, field, series[0]["values"])
    _legend(page, series, is_lines=is_lines, top=foot + 8.5)


@dataclass(frozen=True, slots=True)
class _Field:
    """Where a chart is drawn: its left edge, its width, its foot, and the scale of its values."""

    left: float
    wide: float
    foot: float
    scale: _Scale

    def y(self, value: float) -> float:
        return self.foot - self.scale.at(value)

    def points(self, values: Sequence[float]) -> list[tuple[float, float]]:
        slot = self.wide / len(values)
        return [(self.left + (place + 0.5) * slot, self.y(one)) for place, one in enumerate(values)]


def _ticks(page: Canvas, scale: _Scale, foot: float) -> float:
    """Pale lines with their values at the left; returns where the field begins."""
    page.set_font("text", size=6.5)
    page.set_draw_color(PALE)
    page.set_line_width(0.2)
    left = page.l_margin + TICKS_WIDE
    for value in _steps(scale):
        y = foot - scale.at(value)
        page.line(left, y, page.l_margin + page.epw, y)
        said = said_of(value)
        page.text(left - 2 - page.get_string_width(said), y + 0.9, said)
    return left


def _steps(scale: _Scale) -> Iterator[float]:
    """Some round values from end to end."""
    span = scale.high - scale.low
    step = 10.0 ** len(str(int(span)))
    for part in (2, 2.5, 2) * 5:
        if span / step >= 3:
            break
        step /= part
    step = max(step, 1) if scale.is_whole else step
    value = step * -(-scale.low // step)
    while value <= scale.high:
        yield value
        value += step


def said_of(value: float) -> str:
    """A number as a chart says it: 12, 2.5, 1.2M."""
    for size, mark in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= size:
            return f"{value / (1e3 if mark == 'k' else size):.3g}{mark}"
    return f"{round(value, 2):g}"


def _labels(page: Canvas, field: _Field, labels: Sequence[str]) -> None:
    """What stands below, in two rows where words need them; where they are many, every other."""
    page.set_font("text", size=6.5)
    slot = field.wide / len(labels)
    each = 2 if slot < 9 else 1
    for place, label in enumerate(labels):
        if (len(labels) - 1 - place) % each:
            continue
        middle = field.left + (place + 0.5) * slot
        for row, words in enumerate(_in_rows(page, label, slot * each - 1)):
            said = page.fitted(words, slot * each - 0.5)
            page.text(middle - page.get_string_width(said) / 2, field.foot + 3 + row * 2.7, said)


def _in_rows(page: Canvas, label: str, room: float) -> list[str]:
    words = label.split()
    if page.get_string_width(label) <= room or len(words) < 2:
        return [label]
    first = words.pop(0)
    while words and page.get_string_width(f"{first} {words[0]}") <= room:
        first = f"{first} {words.pop(0)}"
    return [first, " ".join(words)] if words else [first]


def _bars(page: Canvas, field: _Field, values: Sequence[float], nth: int, of: int) -> None:
    slot = field.wide / len(values)
    wide = min(slot * 0.8, 24.0 * of) / of
    page.set_font("text", size=6)
    page.set_draw_color(INK)
    page.set_line_width(0.1)
    for place, value in enumerate(values):
        left = field.left + (place + 0.5) * slot + (nth - of / 2) * wide
        top, foot = sorted((field.y(value), field.y(0)))
        page.set_fill_color(SHADES[nth % len(SHADES)])
        if foot > top:
            page.rect(left + wide * 0.05, top, wide * 0.9, foot - top, style="DF")
        said = said_of(value)
        page.text(left + (wide - page.get_string_width(said)) / 2, top - 0.7, said)


def _line(page: Canvas, field: _Field, values: Sequence[float], nth: int) -> None:
    points = field.points(values)
    _pen(page, nth)
    for (x, y), (to_x, to_y) in pairwise(points):
        page.line(x, y, to_x, to_y)
    page.set_dash_pattern()
    for x, y in points if nth != 1 else ():
        _mark(page, nth, x, y)


def _say_values(page: Canvas, field: _Field, values: Sequence[float]) -> None:
    """The numbers of the first line, on white where another line runs."""
    page.set_font("text", size=6)
    page.set_fill_color(255)
    for (x, y), value in zip(field.points(values), values, strict=True):
        said = said_of(value)
        wide = page.get_string_width(said)
        page.rect(x - wide / 2 - 0.3, y - 3.5, wide + 0.6, 2.1, style="F")
        page.text(x - wide / 2, y - 1.6, said)


def _pen(page: Canvas, nth: int) -> None:
    page.set_draw_color(INK if nth < 2 else GREY)
    page.set_line_width(0.7 if nth == 0 else 0.4)
    page.set_dash_pattern(*DASHES[nth % len(DASHES)])


def _mark(page: Canvas, nth: int, x: float, y: float) -> None:
    """A dot on the first line, open squares on the third."""
    if nth == 0:
        page.set_fill_color(INK)
        page.circle(x=x, y=y, radius=0.9, style="F")
    else:
        page.set_fill_color(255)
        page.set_line_width(0.25)
        page.rect(x - 0.7, y - 0.7, 1.4, 1.4, style="DF")


def _legend(
    page: Canvas, series: Sequence[Mapping[str, Any]], *, is_lines: bool, top: float
) -> None:
    page.set_font("text", size=8)
    x = page.l_margin + TICKS_WIDE
    for nth, one in enumerate(series):
        said = page.fitted(one["name"], 50)
        if is_lines:
            said = f"{said}: {said_of(one['values'][-1])} at the end"
            _pen(page, nth)
            page.line(x, top - 1, x + 10, top - 1)
            page.set_dash_pattern()
            if nth != 1:
                _mark(page, nth, x + 5, top - 1)
        else:
            page.set_draw_color(INK)
            page.set_line_width(0.1)
            page.set_fill_color(SHADES[nth % len(SHADES)])
            page.rect(x + 6.5, top - 2.6, 3, 3, style="DF")
        page.text(x + 11.5, top, said)
        x += 17 + page.get_string_width(said)
    page.set_xy(page.l_margin, top + 5)

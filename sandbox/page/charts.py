"""data_visualization blocks as SVG: text that tests and screen readers can read, no pictures.

Source: https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sandbox.model import Json
from sandbox.page.html import Html, tag
from sandbox.page.tables import grid

WIDTH, HEIGHT = 620, 250
LEFT, RIGHT, TOP, BOTTOM = 52, 12, 12, 40


@dataclass(frozen=True, slots=True)
class Series:
    """A named row of numbers by their labels."""

    name: str
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Plot:
    """The part of the picture inside the axes, and what a number is in it."""

    low: float
    high: float
    step: float
    labels: Sequence[str]

    @property
    def slot(self) -> float:
        """The width of one label's place."""
        return (WIDTH - LEFT - RIGHT) / max(len(self.labels), 1)

    def x(self, index: int) -> float:
        """The middle of a label's place."""
        return LEFT + self.slot * (index + 0.5)

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def chart(block: Json) -> Html:
    """A chart with its title, legend, and its numbers as a table."""
    title, given = str(block.get("title", "")), block.get("chart", {})
    kind = str(given.get("type", ""))
    if kind == "pie":
        series = [Series(title, _points(given.get("segments", [])))]
        labels = list(series[0].values)
        picture, names = _pie(series[0].values), labels
    elif kind in _DRAW:
        series = [Series(str(s.get("name")), _points(s.get("data", []))) for s in given["series"]]
        labels = [str(label) for label in given.get("axis_config", {}).get("categories", [])]
        picture, names = _axes(kind, series, labels), [entry.name for entry in series]
    else:
        return tag("p", f"[chart of type {kind}]", class_="unknown")
    said = f"{title}: {kind} chart of {', '.join(names)}"
    svg = tag(
        "svg", picture, attrs={"viewBox": f"0 0 {WIDTH} {HEIGHT}"}, role="img", aria_label=said
    )
    legend = [
        tag("li", tag("span", class_=f"dot fill{index % 12}", aria_hidden="true"), name)
        for index, name in enumerate(names)
    ]
    return tag(
        "figure",
        tag("figcaption", title),
        tag("div", svg, class_="plot", tabindex="0", role="group", aria_label=f"{title}, chart"),
        tag("ul", legend, class_="legend") if kind == "pie" or len(names) > 1 else None,
        _as_table(title, series, labels, given.get("axis_config", {})),
        class_="chart",
    )


def number(value: float) -> str:
    """A number as people write it: 12, 1,200, 0.5."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}".rstrip("0")


def scale(values: Sequence[float]) -> tuple[float, float, float]:
    """The lowest and highest line of the axis and the step between lines, in round numbers."""
    low, high = min([0.0, *values]), max([0.0, *values])
    span = (high - low) or 1.0
    size = 10.0 ** math.floor(math.log10(span / 4))
    step = next((size * m for m in (1, 2, 5) if span / (size * m) <= 5), size * 10)
    if all(value.is_integer() for value in map(float, values)):
        step = max(step, 1.0)
    top = math.ceil(high / step) * step if high > low else step
    return math.floor(low / step) * step, top, step


def _points(data: Sequence[Json]) -> dict[str, float]:
    return {str(point.get("label")): float(point.get("value", 0)) for point in data}


def _as_table(title: str, series: Sequence[Series], labels: Sequence[str], axis: Json) -> Html:
    rows = [
        [label, *(number(s.values[label]) if label in s.values else "" for s in series)]
        for label in labels
    ]
    head = [str(axis.get("x_label") or "Label"), *(entry.name for entry in series)]
    align = ["left", *("right" for _ in series)]
    shown = grid(head, rows, name=f"{title}, as a table", align=align, row_head=0)
    return tag("details", tag("summary", "Show as table"), shown)


def _axes(kind: str, series: Sequence[Series], labels: Sequence[str]) -> list[Html]:
    plot = Plot(*scale([value for entry in series for value in entry.values.values()]), labels)
    drawn: list[Html] = []
    lines = round((plot.high - plot.low) / plot.step)
    for count in range(lines + 1):
        value = plot.low + count * plot.step
        y = f"{plot.y(value):.1f}"
        drawn += [
            tag("line", attrs={"x1": LEFT, "x2": WIDTH - RIGHT, "y1": y, "y2": y}, class_="grid"),
            _label(LEFT - 8, plot.y(value) + 4, number(round(value, 6)), "end"),
        ]
    every = math.ceil(len(labels) * 11 * max(map(len, labels), default=1) / (WIDTH - LEFT - RIGHT))
    for index, label in enumerate(labels):
        if index % max(every, 1) == 0:
            drawn.append(_label(plot.x(index), HEIGHT - BOTTOM + 20, label, "middle"))
    return [*drawn, *_DRAW[kind](series, plot)]


def _label(x: float, y: float, text: str, anchor: str) -> Html:
    return tag("text", text, attrs={"x": f"{x:.1f}", "y": f"{y:.1f}", "text-anchor": anchor})


def _title(series: str, label: str, value: float) -> Html:
    return tag("title", f"{series}, {label}: {number(value)}")


def _bars(series: Sequence[Series], plot: Plot) -> list[Html]:
    width = plot.slot * 0.7 / len(series)
    bars: list[Html] = []
    for nth, entry in enumerate(series):
        for index, label in enumerate(plot.labels):
            value = entry.values.get(label, 0.0)
            ends = sorted((plot.y(value), plot.y(0)))
            place: dict[str, str | int | bool | None] = {
                "x": f"{plot.x(index) - plot.slot * 0.35 + nth * width:.1f}",
                "y": f"{ends[0]:.1f}",
                "width": f"{max(width - 1.5, 1):.1f}",
                "height": f"{ends[1] - ends[0]:.1f}",
                "rx": 2,
            }
            shown = _title(entry.name, label, value)
            bars.append(tag("rect", shown, attrs=place, class_=f"fill{nth % 12}"))
    return bars


def _places(entry: Series, plot: Plot) -> list[tuple[float, float, str]]:
    return [
        (plot.x(index), plot.y(entry.values[label]), label)
        for index, label in enumerate(plot.labels)
        if label in entry.values
    ]


def _lines(series: Sequence[Series], plot: Plot) -> list[Html]:
    drawn: list[Html] = []
    for nth, entry in enumerate(series):
        places = _places(entry, plot)
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in places)
        drawn.append(tag("polyline", attrs={"points": points}, class_=f"line line{nth % 12}"))
        for x, y, label in places:
            spot: dict[str, str | int | bool | None] = {"cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": 4}
            shown = _title(entry.name, label, entry.values[label])
            drawn.append(tag("circle", shown, attrs=spot, class_=f"spot line{nth % 12}"))
    return drawn


def _areas(series: Sequence[Series], plot: Plot) -> list[Html]:
    drawn: list[Html] = []
    for nth, entry in enumerate(series):
        places = _places(entry, plot)
        if places:
            floor = f"{plot.y(0):.1f}"
            inner = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in places)
            points = f"{places[0][0]:.1f},{floor} {inner} {places[-1][0]:.1f},{floor}"
            drawn.append(tag("polygon", attrs={"points": points}, class_=f"area fill{nth % 12}"))
    return [*drawn, *_lines(series, plot)]


_DRAW: Mapping[str, Callable[[Sequence[Series], Plot], list[Html]]] = {
    "bar": _bars,
    "line": _lines,
    "area": _areas,
}


def _pie(values: Mapping[str, float]) -> list[Html]:
    total = sum(values.values()) or 1.0
    middle, radius = WIDTH / 2, HEIGHT / 2 - 8
    drawn: list[Html] = []
    start = 0.0
    for nth, (label, value) in enumerate(values.items()):
        share = value / total
        title = tag("title", f"{label}: {number(value)} ({share:.0%})")
        colour = f"slice fill{nth % 12}"
        if share >= 1:
            ring: dict[str, str | int | bool | None] = {"cx": f"{middle:.1f}", "cy": HEIGHT // 2}
            ring["r"] = f"{radius:.1f}"
            drawn.append(tag("circle", title, attrs=ring, class_=colour))
        elif share > 0:
            path = _slice(middle, radius, start, share)
            drawn.append(tag("path", title, attrs={"d": path}, class_=colour))
        start += share
    return drawn


def _slice(middle: float, radius: float, start: float, share: float) -> str:
    def edge(part: float) -> str:
        angle = 2 * math.pi * part - math.pi / 2
        x, y = middle + radius * math.cos(angle), HEIGHT / 2 + radius * math.sin(angle)
        return f"{x:.1f} {y:.1f}"

    large = 1 if share > 0.5 else 0
    arc = f"A {radius:.1f} {radius:.1f} 0 {large} 1 {edge(start + share)}"
    return f"M {middle:.1f} {HEIGHT / 2:.1f} L {edge(start)} {arc} Z"

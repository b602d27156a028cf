"""Charts: bar, line, area, pie.

Source: https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
"""

from typing import Any

from sandbox.checks.report import Report
from sandbox.limits import most


def chart_block(report: Report, node: Any, at: str) -> None:
    """A data_visualization block."""
    report.shape(node, at, required="title chart", optional="block_id")
    report.string(node, "title", most("chart_title"), at)
    chart = node.get("chart")
    at = f"{at}/chart"
    if not isinstance(chart, dict):
        report.error("must provide an object", at)
    elif chart.get("type") == "pie":
        _pie(report, chart, at)
    elif chart.get("type") in {"bar", "line", "area"}:
        _series_chart(report, chart, at)
    else:
        report.error("must be a valid enum value", f"{at}/type")


def _value(report: Report, node: Any, at: str) -> bool:
    value = node.get("value")
    if not isinstance(value, (int, float)) or isinstance(value, bool) or value != value:  # noqa: PLR0124  (NaN)
        report.error("must provide a number", f"{at}/value")
        return False
    return True


def _point(report: Report, node: Any, at: str) -> bool:
    if not report.shape(node, at, required="label value"):
        return False
    report.string(node, "label", most("chart_label"), at)
    return _value(report, node, at)


def _pie(report: Report, chart: Any, at: str) -> None:
    report.shape(chart, at, required="segments")
    for number, segment in enumerate(report.items(chart, "segments", most("pie_segments"), at)):
        here = f"{at}/segments/{number}"
        if _point(report, segment, here) and segment["value"] <= 0:
            report.error("must be more than 0", f"{here}/value")


def _categories(report: Report, chart: Any, at: str) -> list[Any]:
    axis = chart.get("axis_config")
    here = f"{at}/axis_config"
    if axis is None or not report.shape(
        axis, here, required="categories", optional="x_label y_label"
    ):
        return []
    report.string(axis, "x_label", most("chart_axis"), here)
    report.string(axis, "y_label", most("chart_axis"), here)
    categories = report.items(axis, "categories", most("chart_points"), here)
    for number, category in enumerate(categories):
        report.string({"v": category}, "v", most("chart_label"), f"{here}/categories/{number}")
    if len(set(map(str, categories))) < len(categories):
        report.error("categories must be unique", f"{here}/categories")
    return categories


def _series_chart(report: Report, chart: Any, at: str) -> None:
    report.shape(chart, at, required="series axis_config")
    categories = _categories(report, chart, at)
    names: set[str] = set()
    for number, series in enumerate(report.items(chart, "series", most("chart_series"), at)):
        here = f"{at}/series/{number}"
        if not report.shape(series, here, required="name data"):
            continue
        report.string(series, "name", most("chart_label"), here)
        if series.get("name") in names:
            report.error("series names must be unique", f"{here}/name")
        names.add(str(series.get("name")))
        points = report.items(series, "data", most("chart_points"), here)
        labels = [point.get("label") for point in points if isinstance(point, dict)]
        for position, point in enumerate(points):
            _point(report, point, f"{here}/data/{position}")
        if sorted(map(str, labels)) != sorted(map(str, categories)):
            report.error("data labels must be the categories, each once", f"{here}/data")

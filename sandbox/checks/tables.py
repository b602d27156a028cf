"""Tables: `table` and `data_table`.

Sources: https://docs.slack.dev/reference/block-kit/blocks/table-block,
https://docs.slack.dev/reference/block-kit/blocks/data-table-block
"""

from typing import Any

from sandbox.checks.report import Report
from sandbox.checks.rich import rich_text_block
from sandbox.limits import most


def _cell(report: Report, node: Any, at: str, *, header: bool) -> int:
    """Check a cell and return how many characters it shows."""
    kind = node.get("type") if isinstance(node, dict) else None
    if kind == "rich_text" and not header:
        rich_text_block(report, node, at)
        return len(str(node))
    if kind not in {"raw_text", "raw_number"}:
        report.error("must be a valid enum value", f"{at}/type")
        return 0
    required = "text" if kind == "raw_text" else "value"
    report.shape(node, at, required=required, optional="text")
    report.string(node, "text", most("table_characters"), at)
    value = node.get("value")
    if kind == "raw_number" and (not isinstance(value, (int, float)) or isinstance(value, bool)):
        report.error("must provide a number", f"{at}/value")
    return len(str(node.get("text") or value or ""))


def _rows(report: Report, node: Any, at: str, *, most_rows: int, least: int, data: bool) -> None:
    rows = report.items(node, "rows", most_rows, at, least=least)
    characters = 0
    widths: set[int] = set()
    for number in range(len(rows)):
        here = f"{at}/rows"
        cells = report.items({str(number): rows[number]}, str(number), most("table_columns"), here)
        widths.add(len(cells))
        for column, cell in enumerate(cells):
            pointer = f"{here}/{number}/{column}"
            characters += _cell(report, cell, pointer, header=data and number == 0)
    if data and len(widths) > 1:
        report.error("all rows must have the same number of cells", f"{at}/rows")
    if characters > most("table_characters"):
        report.error(f"no more than {most('table_characters')} characters allowed", f"{at}/rows")


def table_block(report: Report, node: Any, at: str) -> None:
    """A table block."""
    report.shape(node, at, required="rows", optional="block_id column_settings")
    _rows(report, node, at, most_rows=most("table_rows"), least=1, data=False)
    settings = report.items(node, "column_settings", most("table_columns"), at, least=0)
    for number, setting in enumerate(settings):
        here = f"{at}/column_settings/{number}"
        if setting is not None and report.shape(setting, here, optional="align is_wrapped"):
            report.choice(setting, "align", ("left", "center", "right"), here)
            report.boolean(setting, "is_wrapped", here)


def data_table_block(report: Report, node: Any, at: str) -> None:
    """A data_table block: the first row is its header."""
    report.shape(
        node,
        at,
        required="rows caption",
        optional="block_id page_size row_header_column_index",
    )
    report.string(node, "caption", most("text_object"), at)
    report.number(node, "page_size", 1, most("data_table_page"), at)
    report.number(node, "row_header_column_index", 0, most("table_columns") - 1, at)
    _rows(report, node, at, most_rows=most("data_table_rows"), least=2, data=True)

"""Draws the pages of a digest, in a process of its own: run as a program, JSON in, a PDF out.

The library that draws takes forty megabytes and, for a long digest, seconds: neither is for a
process that serves. What is drawn is a list of items, each with its `kind`, as `handlers.paper`
lays them out.
"""

import contextlib
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # its other parts stand beside it
    sys.path.insert(0, str(Path(__file__).parents[1]))

from fpdf import FontFace

from handlers import pdf_charts
from handlers.pdf_canvas import FOOT, LACKING, MARGIN, PALE, Canvas

Item = Mapping[str, Any]

MEMORY = 512 * 2**20
"""How much the process may ask for, in bytes."""

SECONDS = 20
"""How much processor time it may take."""

NO_FONT = 3
"""The exit code for a font file that can't be read."""

SIZES = {"title": 17.0, "heading": 13.0, "text": 10.5, "label": 8.5}
"""How large each kind of text is, in points."""

GAPS = {"title": 2.5, "heading": 2.0, "text": 3.0, "label": 1.5}
"""What stays free below each, in millimetres."""

ABOVE = 2.0
"""What stays free above a heading."""

CELL_SIZE, CELL_LINE, CELL_PAD = 8.5, 5.2, 4.0
FIRST_ROWS = 3
"""So many rows of a table stand on the page on which it begins."""

MOST_LINES = 12
"""A paragraph of no more lines is never parted."""

EXPLAINED = f"{LACKING} stands for letters that this font does not have; PDF_FONT names another."


class Pages(Canvas):
    """The pages of a digest; `placed` is where each item begins: its kind, its page."""

    def __init__(self, job: Item) -> None:
        super().__init__(job)
        self.placed: list[tuple[str, int]] = []


def fill(page: Pages, items: Sequence[Item]) -> None:
    """Draw the items, one below the other."""
    for place, item in enumerate(items):
        is_fresh = page.get_y() <= MARGIN
        if not is_fresh and not page.has_room(_together(page, items, place)):
            page.add_page()
        page.placed.append((item["kind"], page.page_no()))
        match item["kind"]:
            case "table":
                _table(page, item)
            case "bars" | "lines":
                pdf_charts.chart(page, item)
            case kind:
                _say(page, kind, item["runs"])
    if page.is_lacking:
        _say(page, "label", [[EXPLAINED, False]])


def _together(page: Pages, items: Sequence[Item], place: int) -> float:
    """How much of a page an item needs with what must not be parted from it: a heading is never the
    last on a page.
    """
    needed = 0.0
    for item, after in zip(items[place:], [*items[place + 1 :], None], strict=True):
        leads = after is not None and _leads(item, after)
        needed += _height(page, item, whole=leads)
        if not leads:
            break
    return min(needed, page.h - MARGIN - FOOT)


def _leads(item: Item, after: Item) -> bool:
    """Whether an item is the heading of the one after it: a chart has its own."""
    is_strong = item["kind"] == "text" and all(strong for _, strong in item["runs"])
    return item["kind"] in {"title", "heading"} or (is_strong and after["kind"] == "table")


def _height(page: Pages, item: Item, *, whole: bool) -> float:
    """How high an item is, in millimetres; unless it is wanted whole, how high its beginning is."""
    match item["kind"]:
        case "table":
            return (min(FIRST_ROWS, len(item["rows"]) - 1) + 1) * CELL_LINE * 2
        case "bars" | "lines":
            return pdf_charts.HEIGHT
        case kind:
            text = page.known("".join(run for run, _ in item["runs"]))
            page.set_font("text", size=SIZES[kind])
            high = page.multi_cell(0, _line(kind), text, dry_run=True, output="HEIGHT", align="L")
            lines = float(str(high)) / _line(kind)
            return (lines if whole or lines <= MOST_LINES else 2) * _line(kind) + GAPS[kind] + ABOVE


def _line(kind: str) -> float:
    return SIZES[kind] * 0.5


def _say(page: Pages, kind: str, runs: Sequence[tuple[str, bool] | list[Any]]) -> None:
    is_head = kind in {"title", "heading"}
    if kind == "heading" and page.get_y() > MARGIN:
        page.ln(ABOVE)
    for text, is_strong in runs:
        page.set_font("text", style="B" if is_strong or is_head else "", size=SIZES[kind])
        page.write(_line(kind), page.known(text))
    page.ln(_line(kind) + GAPS[kind])


def _table(page: Pages, item: Item) -> None:
    """Columns as wide as their words want; the head row again on each page that it goes on to."""
    rows = [[page.known(cell) for cell in row] for row in item["rows"]]
    page.set_font("text", size=CELL_SIZE)
    page.set_draw_color(PALE)
    page.set_line_width(0.2)
    with page.table(
        text_align=tuple("RIGHT" if one else "LEFT" for one in item["right"]),
        col_widths=tuple(_widths(page, rows)),
        line_height=CELL_LINE,
        padding=(0.4, 1),
        borders_layout="HORIZONTAL_LINES",
        headings_style=FontFace(emphasis="BOLD", fill_color=(PALE, PALE, PALE)),
    ) as table:
        for cells in rows:
            row = table.row()
            for cell in cells:
                row.cell(cell)
    page.ln(4)


def _widths(page: Pages, rows: Sequence[Sequence[str]]) -> Iterator[float]:
    """What each column gets of the page: all that it wants where there is room, else no less than
    its longest word as far as that goes, and a share of the rest.
    """
    page.set_font("text", style="B", size=CELL_SIZE)  # the wider one, for the head row, too
    columns = list(zip(*rows, strict=True))
    wanted = [max(map(page.get_string_width, one)) + CELL_PAD for one in columns]
    least = [
        min(40.0, max(page.get_string_width(word) for cell in one for word in cell.split() or [""]))
        + CELL_PAD
        for one in columns
    ]
    page.set_font("text", size=CELL_SIZE)
    spare = page.epw - sum(wanted)
    if spare >= 0:
        yield from (wanted[0] + spare, *wanted[1:])
        return
    left = page.epw - sum(least)
    if left < 0:
        yield from (one * page.epw / sum(least) for one in least)
        return
    more = [want - low for want, low in zip(wanted, least, strict=True)]
    yield from (low + left * one / sum(more) for low, one in zip(least, more, strict=True))


def _limit() -> None:
    import resource  # noqa: PLC0415  (where it runs as a program, and nowhere else)

    for what, limit in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS)):
        with contextlib.suppress(ValueError, OSError):  # some systems know no such limit
            resource.setrlimit(what, (limit, limit))


def main() -> int:
    """Draw what comes in; the exit code."""
    _limit()
    job = json.load(sys.stdin.buffer)
    try:
        page = Pages(job)
    except Exception as error:  # noqa: BLE001  a file of any kind may be named as a font
        sys.stderr.write(type(error).__name__)
        return NO_FONT
    fill(page, job["items"])
    sys.stdout.buffer.write(bytes(page.output()))
    return 0


if __name__ == "__main__":
    sys.exit(main())

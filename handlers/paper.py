"""A digest as pages of a board pack: a PDF with real tables, charts as vectors, text to select.

What is printed are the blocks of its message, so every section that a digest has gets onto paper.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.errors import ConfigurationError
from handlers.views.message import Block

if TYPE_CHECKING:
    from fpdf import FPDF

FONTS = (
    Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
    Path("/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf"),
    Path("/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf"),
)
"""Where Debian and Fedora keep fonts that have most scripts."""

INK, PALE = 30, 225
SHADES = (60, 130, 190, 100, 160, 215)
"""The greys of a chart's bars: told apart on any printer, and named in the legend."""


class Sheet(StrEnum):
    """The size of a page."""

    A4 = "a4"
    LETTER = "letter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """How it is printed: the font's file ("" for the first of FONTS that is there), the size of its
    pages, and when it was made.
    """

    made_at: datetime
    font: str = ""
    sheet: Sheet = Sheet.A4


def print_pages(
    title: str, blocks: Sequence[Block], names: Mapping[str, str], paper: Paper
) -> bytes:
    """The pages as a PDF, the same bytes for the same arguments. `names` are those of people and
    channels by their ids.

    Raises ConfigurationError without a font that has every script.
    """
    from fpdf import FPDF  # noqa: PLC0415  (39 megabytes, for who prints alone)

    page = FPDF(format=paper.sheet.value)
    page.set_title(title)
    page.set_lang("en")
    page.set_creator("Social Desk")
    page.set_creation_date(paper.made_at)
    page.add_font("text", fname=str(_font(paper.font)))
    page.set_auto_page_break(auto=True, margin=18)
    page.set_margin(18)
    page.set_text_color(INK)
    page.add_page()
    for block in blocks:
        _draw(page, block, names)
    return bytes(page.output())


def _font(chosen: str) -> Path:
    candidates = (Path(chosen),) if chosen else FONTS
    for path in candidates:
        if path.is_file():
            return path
    raise ConfigurationError(
        f"PDF_FONT: there is no file {chosen}."
        if chosen
        else "No font was found for a PDF. Install fonts-dejavu-core, or name a file by PDF_FONT."
    )


def _draw(page: "FPDF", block: Block, names: Mapping[str, str]) -> None:
    match block["type"]:
        case "header":
            _say(page, block["text"]["text"], 17, names)
        case "section" if "text" in block:
            _say(page, block["text"]["text"], 10.5, names)
        case "context":
            for element in block["elements"]:
                _say(page, str(element.get("text", "")), 8.5, names)
        case "table":
            _table(page, block)
        case "data_visualization":
            _chart(page, block)
        case _:
            return


def _say(page: "FPDF", text: str, size: float, names: Mapping[str, str]) -> None:
    page.set_font("text", size=size)
    page.multi_cell(
        0, size * 0.5, plain_words(text, names), new_x="LMARGIN", new_y="NEXT", align="L"
    )
    page.ln(size * 0.2)


def plain_words(text: str, names: Mapping[str, str]) -> str:
    """What a text of Slack's says on paper: names in place of ids, no marks, no emoji codes."""

    def name(found: re.Match[str]) -> str:
        mark, id_, label = found[1], found[2], found[3]
        return label or str(names.get(id_, f"{mark}{id_}"))

    text = re.sub(r"<([@#])([A-Z0-9]+)(?:\|([^>]*))?>", name, text)
    text = re.sub(r"<!date\^[^|>]*\|([^>]*)>", r"\1", text)
    text = re.sub(r"<([^|>]+)\|([^>]*)>", r"\2 (\1)", text)
    text = re.sub(r"<(https?://[^>]+)>", r"\1", text)
    text = re.sub(r":[a-z0-9_+-]+: ?", "", text)
    text = re.sub(r"(?<![\w*])\*(?! )([^*\n]+)(?<! )\*(?![\w*])", r"\1", text)
    text = re.sub(r"(?<!\w)_([^_\n]+)_(?!\w)", r"\1", text).replace("`", "")
    text = re.sub(r"[\u2066-\u2069\u200b]", "", text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _table(page: "FPDF", block: Block) -> None:
    from fpdf import FontFace  # noqa: PLC0415  (as above)

    page.set_font("text", size=9)
    aligns = tuple(
        "RIGHT" if one.get("align") == "right" else "LEFT" for one in block["column_settings"]
    )
    with page.table(
        text_align=aligns,
        line_height=5.5,
        borders_layout="HORIZONTAL_LINES",
        headings_style=FontFace(fill_color=(PALE, PALE, PALE)),
    ) as table:
        for cells in block["rows"]:
            row = table.row()
            for cell in cells:
                row.cell(str(cell.get("text", "")))
    page.ln(3)


def _chart(page: "FPDF", block: Block) -> None:
    """Bars side by side, each with its number; the names of the series below."""
    chart: Mapping[str, Any] = block["chart"]
    series, categories = chart["series"], chart["axis_config"]["categories"]
    values = [[float(point["value"]) for point in one["data"]] for one in series]
    high, wide = 38.0, page.epw
    if page.get_y() + high + 26 > page.h - 18:  # its title stays with it
        page.add_page()
    _say(page, str(block["title"]), 10.5, {})
    top, most = page.get_y(), max((max(row, default=0) for row in values), default=0) or 1
    slot = wide / len(categories)
    bar = slot * 0.8 / len(series)
    page.set_draw_color(PALE)
    page.line(page.l_margin, top + high, page.l_margin + wide, top + high)
    page.set_font("text", size=6)
    for place, label in enumerate(categories):
        left = page.l_margin + place * slot
        for nth, row in enumerate(values):
            tall = (high - 4) * row[place] / most
            page.set_fill_color(SHADES[nth])
            page.rect(left + nth * bar, top + high - tall, bar * 0.9, tall, style="F")
            page.text(left + nth * bar, top + high - tall - 0.6, f"{row[place]:g}")
        page.text(left, top + high + 3, str(label))
    page.set_xy(page.l_margin, top + high + 5)
    page.set_font("text", size=8)
    for nth, one in enumerate(series):
        page.set_fill_color(SHADES[nth])
        page.rect(page.get_x(), page.get_y() + 1, 3, 3, style="F")
        page.set_x(page.get_x() + 4)
        page.cell(text=str(one["name"]), w=30)
    page.ln(8)

"""A digest as pages of a board pack: a PDF with real tables, charts as vectors, text to select.

What is printed are the blocks of its message, so every section that a digest has gets onto paper.
Here they become a list of items in plain words; a program of its own draws them
(`handlers/pdf_pages.py`), with little memory and little time.
"""

import asyncio
import contextlib
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from importlib import resources
from pathlib import Path
from typing import Any

from bot.errors import ConfigurationError, UnreadableError
from handlers.views.message import Block

FONTS = (
    Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
    Path("/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf"),
    Path("/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf"),
)
"""Where Debian and Fedora keep fonts that have most scripts."""

PROGRAM = Path(__file__).with_name("pdf_pages.py")
PRINT_SECONDS = 30
"""How long it may take; the program has less processor time than that."""

NO_FONT = 3
"""The program's exit code for a font file that can't be read."""

STRONG = re.compile(r"(?<![\w*])\*(?! )([^*\n]+)(?<! )\*(?![\w*])")
SOMEBODY = {"@": "a colleague", "#": "a channel"}
"""Who and what the desk has no name for, any more or yet."""

Item = Mapping[str, Any]


class Sheet(StrEnum):
    """The size of a page."""

    A4 = "a4"
    LETTER = "letter"


ON_LETTER = frozenset(
    ["BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"]
)
"""The countries that print on US Letter, as Unicode's CLDR has them (supplemental data,
`paperSize`).
"""


def sheet_in(tz: str) -> Sheet:
    """The size of a page where an IANA zone lies; A4 for one that lies in no country."""
    table = resources.files("tzdata.zoneinfo") / "zone.tab"
    rows = (line.split("\t") for line in table.read_text(encoding="utf-8").splitlines())
    country = next((row[0] for row in rows if len(row) > 2 and row[2] == tz), "")
    return Sheet.LETTER if country in ON_LETTER else Sheet.A4


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """How it is printed: the font's file ("" for the first of FONTS that is there), the size of its
    pages, when it was made, and what stands at the foot of each page.
    """

    made_at: datetime
    font: str = ""
    sheet: Sheet = Sheet.A4
    foot: str = ""


def font_of(chosen: str) -> Path:
    """The font's file; raises ConfigurationError when there is none."""
    candidates = (Path(chosen),) if chosen else FONTS
    for path in candidates:
        if path.is_file():
            return path
    raise ConfigurationError(
        f"PDF_FONT: there is no file {chosen}."
        if chosen
        else "No font was found for a PDF. Install fonts-dejavu-core, or name a file by PDF_FONT."
    )


def _bold_of(font: Path) -> Path:
    """The bold one beside a font, as most families name it; the same where there is none."""
    bold = font.with_name(f"{font.stem.removesuffix('-Regular')}-Bold{font.suffix}")
    return bold if bold.is_file() else font


async def print_pages(
    title: str, blocks: Sequence[Block], names: Mapping[str, str], paper: Paper
) -> bytes:
    """The pages as a PDF, the same bytes for the same arguments. `names` are those of people and
    channels by their ids.

    Raises ConfigurationError without a font, and UnreadableError for what takes too much.
    """
    font = font_of(paper.font)
    job = {
        "title": title,
        "foot": paper.foot,
        "sheet": paper.sheet.value,
        "made_at": paper.made_at.isoformat(),
        "font": str(font),
        "bold": str(_bold_of(font)),
        "items": list(items_of(blocks, names)),
    }
    code, pages, why = await _drawn(json.dumps(job).encode())
    if code == NO_FONT:
        raise ConfigurationError(f"PDF_FONT: {font} can't be read as a font.")
    if code != 0:
        raise UnreadableError(f"This digest could not be printed ({why or 'it took too much'}).")
    return pages


async def _drawn(job: bytes) -> tuple[int, bytes, str]:
    """How the program ended, what it printed, and the name of the error that ended it."""
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        str(PROGRAM),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(PRINT_SECONDS):
            pages, told = await program.communicate(job)
    except TimeoutError:
        return -1, b"", "it took too long"
    finally:
        with contextlib.suppress(ProcessLookupError):
            program.kill()
        await program.wait()
    said = told.decode(errors="replace").strip().rpartition("\n")[2].partition(":")[0]
    return program.returncode or 0, pages, said


def items_of(blocks: Sequence[Block], names: Mapping[str, str]) -> Iterator[Item]:
    """What is drawn of a message: its words with names in the place of ids, its tables, its charts.
    Buttons stay behind.
    """
    title = "title"
    for block in blocks:
        match block["type"]:
            case "header":
                yield {"kind": title, "runs": [[_bare(block["text"]["text"]), False]]}
                title = "heading"
            case "section" if "text" in block:
                yield _text("text", block["text"]["text"], names)
            case "context":
                for element in block["elements"]:
                    yield _text("label", str(element.get("text", "")), names)
            case "table":
                yield _table(block)
            case "data_visualization":
                yield _chart(block)
            case _:
                continue


def _text(kind: str, text: str, names: Mapping[str, str]) -> Item:
    """Words, strong ones apart: "*Story:* it …" are two runs."""
    parts = STRONG.split(text)
    runs = [(plain_words(part, names), place % 2 == 1) for place, part in enumerate(parts)]
    return {"kind": kind, "runs": [list(one) for one in runs if one[0]]}


def _table(block: Block) -> Item:
    return {
        "kind": "table",
        "right": [one.get("align") == "right" for one in block["column_settings"]],
        "rows": [[_bare(str(cell.get("text", ""))) for cell in row] for row in block["rows"]],
    }


def _chart(block: Block) -> Item:
    chart: Mapping[str, Any] = block["chart"]
    return {
        "kind": "lines" if chart["type"] == "line" else "bars",
        "title": _bare(str(block["title"])),
        "labels": [_bare(str(one)) for one in chart["axis_config"]["categories"]],
        "series": [
            {"name": _bare(one["name"]), "values": [float(each["value"]) for each in one["data"]]}
            for one in chart["series"]
        ],
    }


def plain_words(text: str, names: Mapping[str, str]) -> str:
    """What a text of Slack's says on paper: names in place of ids, no marks, no emoji codes."""

    def name(found: re.Match[str]) -> str:
        mark, id_, label = found[1], found[2], found[3]
        return label or str(names.get(id_) or SOMEBODY[mark])

    text = re.sub(r"<([@#])([A-Z0-9]+)(?:\|([^>]*))?>", name, text)
    text = re.sub(r"<!date\^[^|>]*\|([^>]*)>", r"\1", text)
    text = re.sub(r"<([^|>]+)\|([^>]*)>", r"\2 (\1)", text)
    text = re.sub(r"<(https?://[^>]+)>", r"\1", text)
    text = re.sub(r":[a-z0-9_+-]+: ?", "", text)
    text = STRONG.sub(r"\1", text)
    text = re.sub(r"(?<!\w)_([^_\n]+)_(?!\w)", r"\1", text).replace("`", "")
    return _bare(text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _bare(text: str) -> str:
    """Without the marks that keep a text's direction to itself, and words from joining."""
    return re.sub(r"[\u2066-\u2069\u200b]", "", text)

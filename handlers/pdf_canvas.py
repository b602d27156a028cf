"""The pages themselves: their font, their foot, and what of a text the font can show.

Part of the program `handlers/pdf_pages.py`: nothing that serves imports it.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fpdf import FPDF
from fpdf.fonts import TTFFont
from typing_extensions import override

MARGIN, FOOT = 18, 16
"""What stays free at the sides of a page and above its end, in millimetres."""

INK, PALE, GREY = 30, 225, 110

ONLY_LOOKS = frozenset({"So", "Sk", "Cf", "Cs", "Co", "Cn", "Mn"})
"""Kinds of characters that say nothing that words don't say: emoji, and what changes them."""

JOINERS = frozenset("\ufe0e\ufe0f\u200d")
"""What makes emoji of other characters: fonts may have it, and nothing is to be seen of it."""

LACKING = "□"


def _closed(text: str) -> str:
    """A text without the gaps that what was left out has left."""
    return re.sub(r" +(?=[ ,;.:!?)]|$)", "", text, flags=re.MULTILINE)


class Canvas(FPDF):
    """Pages with one line at their foot."""

    def __init__(self, job: Mapping[str, Any]) -> None:
        """Raises what the library raises for a font that is none."""
        super().__init__(format=job["sheet"])
        self.is_lacking = False
        self._foot: str = job["foot"]
        self.set_lang("en")
        self.set_creator("Social Desk")
        self.set_creation_date(datetime.fromisoformat(job["made_at"]))
        self.set_margin(MARGIN)
        self.c_margin = 0
        self.set_auto_page_break(auto=True, margin=FOOT)
        self.add_font("text", fname=job["font"])
        self.add_font("text", style="B", fname=job["bold"])
        self.set_title(self.known(job["title"]))
        self.set_text_color(INK)
        self.add_page()

    @override
    def footer(self) -> None:
        """Which page of how many; what it is, of whom, as of when."""
        self.set_y(-11)
        self.set_font("text", size=7.5)
        self.set_text_color(GREY)
        self.cell(w=16, text=f"{self.page_no()} of {{nb}}")
        self.cell(w=self.epw - 16, text=self.fitted(self._foot, self.epw - 16))
        self.set_text_color(INK)

    def known(self, text: str) -> str:
        """A text of which the font has every character: emoji that it lacks are left out, letters
        are shown as missing.
        """
        font = self.fonts["text"]
        has = font.cmap if isinstance(font, TTFFont) else {}
        kept = []
        for one in text:
            if one in JOINERS:
                continue
            if ord(one) in has or one == "\n":
                kept.append(one)
            elif unicodedata.category(one) == "Zs":
                kept.append(" ")
            elif unicodedata.category(one) not in ONLY_LOOKS:
                self.is_lacking = True
                kept.append(LACKING if ord(LACKING) in has else "?")
        return "".join(kept) if len(kept) == len(text) else _closed("".join(kept))

    def fitted(self, text: str, room: float) -> str:
        """A text in one line, cut where it is longer than `room`, in millimetres."""
        text = self.known(text)
        if self.get_string_width(text) <= room:
            return text
        while text and self.get_string_width(f"{text}…") > room:
            text = text[:-1]
        return f"{text.rstrip()}…"

    def has_room(self, height: float) -> bool:
        """Whether so many millimetres are left on this page."""
        return self.get_y() + height <= self.h - FOOT

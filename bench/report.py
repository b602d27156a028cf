"""What was measured, what was wanted, and the page about it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

PART = re.compile(r"(?<=<!-- measured -->\n).*?(?=<!-- end of measured -->)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measured quantity. `limit` is the most that is wanted, or the least with `at_least`;
    None only tells. What is `asserted` has no noise to speak of: missing it fails the run.
    """

    what: str
    value: float
    unit: str = ""
    limit: float | None = None
    at_least: bool = False
    asserted: bool = False
    detail: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the value is as wanted."""
        if self.limit is None:
            return True
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    @property
    def verdict(self) -> str:
        """In a word."""
        if self.limit is None:
            return ""
        if self.is_met:
            return "ok"
        return "FAILED" if self.asserted else "missed"

    @property
    def wanted(self) -> str:
        """The target in signs."""
        if self.limit is None:
            return ""
        sign = "≥" if self.at_least else "≤"
        return f"{sign} {_number(self.limit, self.unit)}"


def _number(value: float, unit: str) -> str:
    digits = 0 if abs(value) >= 100 or value == int(value) else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f} {unit}".rstrip()


def table(rows: Iterable[Row]) -> str:
    """All rows as Markdown."""
    lines = ["| measured | result | wanted | |", "| --- | --- | --- | --- |"]
    for row in rows:
        what = f"{row.what} ({row.detail})" if row.detail else row.what
        result = _number(row.value, row.unit)
        lines.append(f"| {what} | {result} | {row.wanted} | {row.verdict} |")
    return "\n".join(lines)


def keep(page: Path, text: str) -> None:
    """Put the measured part of the page in place of the old one."""
    old = page.read_text(encoding="utf-8")
    page.write_text(PART.sub(lambda _: f"\n{text}\n\n", old), encoding="utf-8")


def has_failed(rows: Iterable[Row]) -> bool:
    """Whether a quantity without noise missed its limit."""
    return any(row.asserted and not row.is_met for row in rows)

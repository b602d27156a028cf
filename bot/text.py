"""What people type, made clean: stray control characters gone, emptiness seen as such."""

import unicodedata
from datetime import date

_KEPT = frozenset("\n\t\u200c\u200d\u200e\u200f")
"""Line breaks, tabs, the joiners that scripts and emoji need, and the plain direction marks."""


_ODD = frozenset({"Cc", "Cf", "Cs"})
"""Unicode's categories of what shows nothing; nothing in them is printable."""

_FILLERS = frozenset("\u115f\u1160\u3164\uffa0")
"""Letters by name that show nothing: the fillers of Hangul."""


def clean(raw: str) -> str:
    """`raw` without control characters, with one kind of line break, trimmed.

    Joiners that scripts and emoji need stay; directional overrides, which could make a text read
    as something else, go (Unicode technical report 36, section 2.10).
    """
    if raw.isascii() and raw.isprintable():
        return raw.strip()
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isprintable():
        # Each character is looked up once, not at each place where it stands.
        odd = [char for char in set(text) - _KEPT if unicodedata.category(char) in _ODD]
        text = text.translate(dict.fromkeys(map(ord, odd))) if odd else text
    # Composed at the end: what was taken out may have stood between a letter and its accent.
    return unicodedata.normalize("NFC", text).strip()


def one_line(raw: str) -> str:
    """`clean`, with every run of white space made one space."""
    return " ".join(clean(raw).split())


def has_words(text: str) -> bool:
    """Whether there is anything to read: a letter or a digit of any script.

    An emoji, a row of dashes or a Slack emoji name alone (":tada:") is nothing to read.
    """
    return any(
        unicodedata.category(char)[0] in "LN" and char not in _FILLERS
        for part in text.split()
        if not (part.startswith(":") and part.endswith(":"))
        for char in part
    )


def cut(text: str, length: int) -> str:
    """At most `length` characters of `text`, ended with an ellipsis where something was cut."""
    if len(text) <= length:
        return text
    return text[: max(length - 1, 0)].rstrip() + "…"


def first_line(text: str) -> str:
    """The first line with words in it, on one line; failing that, the first that is not empty."""
    lines = [line for line in map(one_line, text.splitlines()) if line]
    return next((line for line in lines if has_words(line)), lines[0] if lines else "")


def day_in(text: str) -> date | None:
    """The day that `text` names as "2026-12-03", None when it names none."""
    try:
        return date.fromisoformat(text) if len(text) == len("2026-12-03") else None
    except ValueError:
        return None


def in_unit(number: object, unit: str) -> str:
    """A number with its unit. A percent sign stays with its number where the screen is narrow: the
    space between them, U+00A0, breaks no line.
    """
    return f"{number}\u00a0%" if unit == "%" else f"{number} {unit}"


def folded(text: str) -> str:
    """Case aside, and one form for "ü", whichever way an editor wrote it."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())

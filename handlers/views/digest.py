"""The weekly digest: one screen on a phone, read in a minute.

Everything stands in the text too: screen readers read only that
(https://docs.slack.dev/reference/methods/chat.postMessage#accessibility).
"""

from collections.abc import Iterator, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from bot.material import DigestMaterial
from handlers.views.blocks import context, header, section
from handlers.views.digest_sections import Drawn, pieces_of
from handlers.views.message import Block, Message
from handlers.views.text import MESSAGE_LIMIT, cut, day, short_day


def digest(material: DigestMaterial) -> Message:
    """What its audience reads, section by section."""
    heading = f"Social digest, {_span(material.first_day, material.last_day)}"
    labels = list(_labels(material))
    text = [heading, *labels]
    blocks: list[Block] = [header(heading), *(context(label) for label in labels)]
    plain_blocks = [*blocks]
    for piece in pieces_of(material):
        if isinstance(piece, Drawn):
            text += piece.words
            blocks.append(piece.block)
            plain_blocks.append(piece.plain)
        else:
            text.append(piece)
            blocks.append(section(piece))
            plain_blocks.append(section(piece))
    return Message(
        text=_joined(text),
        blocks=blocks,
        plain_blocks=None if plain_blocks == blocks else plain_blocks,
    )


def _joined(paragraphs: Sequence[str]) -> str:
    return cut("\n".join(paragraphs), MESSAGE_LIMIT)


def _span(first: date, last: date) -> str:
    """A span of days in words, nothing said twice: "2 to 8 Nov 2026"."""
    if first.year != last.year:
        return f"{short_day(first)} {first.year} to {short_day(last)} {last.year}"
    start = str(first.day) if first.month == last.month else short_day(first)
    return f"{start} to {short_day(last)} {last.year}"


def _labels(material: DigestMaterial) -> Iterator[str]:
    if material.late_for is not None:
        due = material.late_for.astimezone(ZoneInfo(material.tz))
        yield f"This digest was due {day(due.date(), with_year=False)}, {due:%H:%M} and comes late."
    if material.is_preview:
        yield "Preview: the week as far as it has gone."

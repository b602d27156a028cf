"""The weekly digest: one screen on a phone, read in a minute.

Everything stands in the text too: screen readers read only that
(https://docs.slack.dev/reference/methods/chat.postMessage#accessibility).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.digest_answer import answer_of
from bot.material import DigestMaterial
from bot.sections import Place, place_of
from handlers.views.blocks import context, divider, header, section
from handlers.views.digest_answer import answer
from handlers.views.digest_sections import Piece, pieces_of
from handlers.views.drawn import Drawn, all_drawn, laid_out
from handlers.views.message import Block, Message
from handlers.views.paper import paper_button
from handlers.views.text import MESSAGE_LIMIT, cut, day, escape, short_day

TITLES = {
    Place.GOALS: "Goals, one by one",
    Place.WEEK: "The week in detail",
    Place.LONG: "The long run",
}
"""What the messages in the thread are called."""


def digest(material: DigestMaterial) -> Message:
    """What stands on the screen: the answer first, then section by section."""
    shown = at_place(material, Place.SCREEN)
    line = _line(material)
    labels = [_heading(material), *_labels(material)]
    above: list[Block] = [header(line), *(context(label) for label in labels)]
    return _message([escape(line), *labels], above, [*pieces_of(shown), *_ending(material)])


NOTHING = "Nothing to tell so far."


def _line(material: DigestMaterial) -> str:
    """The answer; that there is none where nothing is told at all."""
    shown = at_place(material, Place.SCREEN)
    return answer(answer_of(shown.parts)) if material.parts else NOTHING


def more(material: DigestMaterial, place: Place) -> Message:
    """One message of the thread."""
    pieces = list(pieces_of(at_place(material, place))) or ["There is nothing more to tell."]
    pieces += _ending(material)
    changed = list(_changed(material))
    above = [header(TITLES[place]), *map(context, changed)]
    return _message([f"*{TITLES[place]}*", *changed], above, pieces)


def whole(material: DigestMaterial) -> Message:
    """A digest in one piece, for who looks ahead: the screen, and below it in words what comes in
    the thread.
    """
    screen = digest(material)
    text, below = [screen.text], list[Block]()
    for place in (one for one in TITLES if at_place(material, one).parts):
        part = more(material, place)
        text.append(part.text)
        below += [divider(), section(f"*In the thread: {TITLES[place]}*")]
        below += laid_out(pieces_of(at_place(material, place)), in_words=True)
    plain = screen.plain_blocks
    return Message(
        text=_joined(text),
        blocks=[*screen.blocks, *below],
        plain_blocks=None if plain is None else [*plain, *below],
    )


def on_paper(material: DigestMaterial, now: datetime) -> list[Block]:
    """The same in one piece for paper: what a message would say in words is drawn, too."""
    shown = at_place(material, Place.SCREEN)
    about = f"{title_of(material)}. As of {as_of(material, now)}."
    above = [header(_line(material)), context(escape(about))]
    blocks = [*above, *map(context, _labels(material)), *all_drawn(pieces_of(shown))]
    for place, title in TITLES.items():
        part = at_place(material, place)
        if part.parts:
            blocks += [header(title), *all_drawn(pieces_of(part))]
    return blocks


def title_of(material: DigestMaterial) -> str:
    """What a digest is called where it stands alone."""
    span = _span(material.first_day, material.last_day)
    return f"Digest for {material.audience.label}, {span}"


def as_of(material: DigestMaterial, now: datetime) -> str:
    """When things were as a digest tells them, as the clocks of its zone show it: the end of its
    week, or `now` while that lasts.
    """
    there = (material.as_of or now).astimezone(ZoneInfo(material.tz))
    return f"{short_day(there.date())} {there:%Y, %H:%M} ({material.tz})"


def foot_of(material: DigestMaterial, now: datetime, company: str) -> str:
    """What stands at the foot of each page: whose it is, what it is, as of when."""
    told = (company, title_of(material), f"as of {as_of(material, now)}")
    return " · ".join(one for one in told if one)


def at_place(material: DigestMaterial, place: Place) -> DigestMaterial:
    """The same, with what stands there alone."""
    parts = {key: part for key, part in material.parts.items() if place_of(key) is place}
    return replace(material, parts=parts)


def _ending(material: DigestMaterial) -> Iterator[Drawn]:
    """Below the last message of a posted digest the button that gives it as a file."""
    if material.is_end and material.period:
        row = paper_button(subscription=material.subscription_id, period=material.period)
        yield Drawn((), row, row)


def _message(text: Sequence[str], above: list[Block], pieces: Sequence[Piece]) -> Message:
    words = [
        one for piece in pieces for one in (piece.words if isinstance(piece, Drawn) else (piece,))
    ]
    blocks = [*above, *laid_out(pieces)]
    plain = [*above, *laid_out(pieces, is_plain=True)]
    return Message(
        text=_joined([*text, *words]),
        blocks=blocks,
        plain_blocks=None if plain == blocks else plain,
    )


def _joined(paragraphs: Sequence[str]) -> str:
    return cut("\n".join(paragraphs), MESSAGE_LIMIT)


def _heading(material: DigestMaterial) -> str:
    return f"Social digest, {_span(material.first_day, material.last_day)}"


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
    if material.holiday:
        yield f"It comes later than planned: {material.holiday}."
    if material.counts_on is not None:
        at = material.counts_on.astimezone(ZoneInfo(material.tz))
        began = f"{day(at.date(), with_year=False)}, {at:%H:%M}"
        yield f"Its day or zone changed; it counts on from {began}, where the last one ended."
    if material.is_so_far:
        yield f"Sent before its time: the {material.span} as far as it has gone."
    yield from _changed(material)
    if material.is_preview:
        yield f"Preview: the {material.span} as far as it has gone."
        if not material.parts:
            yield "Without news nothing is posted."


def _changed(material: DigestMaterial) -> Iterator[str]:
    if material.changed_at is not None:
        on = material.changed_at.astimezone(ZoneInfo(material.tz)).date()
        yield f"Changed on {day(on, with_year=False)}: something that it told of was erased."

"""The brief of the joint meeting of sales and social: its sections, and the button at its end."""

from collections.abc import Iterator

from bot.choices import KNOWS_US
from bot.digest_brief import BroughtPart, RecordPart, WantedPart
from bot.insight_store import LeadCount
from bot.kinds import CONTENT_TYPES, KINDS
from bot.material import DigestMaterial
from bot.noise import FEW
from handlers.ids import Action
from handlers.views.blocks import actions, button
from handlers.views.drawn import Drawn
from handlers.views.text import inline, lines, listing, plural

_KNOWN = {one.value: one.label for one in KNOWS_US}
_TYPES = {one.value: one.label for one in CONTENT_TYPES}


def wanted(part: WantedPart, _material: DigestMaterial) -> Iterator[str]:
    """How much of each kind waits, the newest ideas by their titles, and what waits for sales."""
    counts = [
        plural(count, KINDS[key].label.lower(), f"{KINDS[key].label.lower()}s")
        for key, count in part.wanted.by_kind.items()
        if key in KINDS
    ]
    back = part.wanted.asked_back
    yield lines(
        (
            f"*{inline(part.department, 60)} asks for:* {listing(counts)}, not decided yet",
            *(
                f"• {inline(title, 120) or 'no title'} (number {number})"
                for number, title in part.wanted.titles
            ),
            f"{plural(back, 'of them waits', 'of them wait')} for an answer of theirs."
            if back
            else "",
        )
    )


def brought(part: BroughtPart, _material: DigestMaterial) -> Iterator[str]:
    """A line for each answer and each type, with a word where they are few."""
    leads = sum(one.handed_in for one in part.leads)
    if leads:
        few = " Too few to tell which works." if leads < FEW else ""
        yield lines(
            (
                f"*Leads in 12 weeks:* {leads:,}, by how well they know us.{few}",
                *(f"• {_lead(one)}" for one in part.leads),
            )
        )
    if part.types:
        by_count = sorted(part.types.items(), key=lambda entry: (-entry[1], entry[0]))
        few = " Too few to tell which works." if sum(part.types.values()) < FEW else ""
        yield lines(
            (
                f"*What people saw last before they acted, in 12 weeks:*{few}",
                *(f"• {inline(_TYPES.get(key, key), 60)}: {count:,}" for key, count in by_count),
            )
        )


def _lead(one: LeadCount) -> str:
    known = "Unknown" if one.knows_us is None else _KNOWN.get(one.knows_us, one.knows_us)
    return f"{inline(known, 60)}: {one.handed_in:,}, {one.won:,} won"


def record(_part: RecordPart, material: DigestMaterial) -> Iterator[Drawn]:
    """One button; it opens the form of `/social decision`. A preview has none."""
    if material.is_preview:
        return
    new = button(Action.DECISIONS_NEW.value, "Record a decision…", "", label="Record a decision")
    row = actions("record_decision", [new])
    yield Drawn((), row, row)

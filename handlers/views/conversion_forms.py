"""The form of conversions that people enter, and what stands in place of one that was undone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from bot import entering
from bot.amount import Amount
from bot.conversion import LENSES, Conversion, ConversionType, Lens, Touch, types_of
from bot.entering import EntryMaterial, day_of
from bot.kinds import PLATFORMS
from handlers.conversion_values import ConversionValue, EntryMetadata
from handlers.ids import Action, Callback
from handlers.views.blocks import (
    divider,
    input_block,
    modal,
    option,
    section,
    select,
)
from handlers.views.message import Block, Message, View
from handlers.views.text import inline, short_day

KNOWN_BY = {
    Lens.TOLD: "They told us",
    Lens.LAST: "It was the last thing they saw",
    Lens.FIRST: "It was the first thing they saw",
}
"""How somebody knows what brought a conversion, in the words of the form."""


def entry_form(material: EntryMaterial) -> View:
    """Asks what happened, how many, when, and which post brought it, if that is known; below it is
    what was entered last, to be corrected or undone.
    """
    before = material.before
    blocks = [*_what(material), *_whence(before)]
    if not before and material.entered:
        blocks += [divider(), *(_entry(one, material) for one in material.entered)]
    return modal(
        Callback.CONVERSION_FORM,
        "Correct an entry" if before else "Enter a conversion",
        blocks,
        submit="Save",
        close="Cancel",
        metadata=EntryMetadata(replaces=before.conversion_id if before else None).dump(),
    )


def _what(material: EntryMaterial) -> list[Block]:
    before = material.before
    types = [(one.key, one.many.capitalize()) for one in material.types.values()]
    return [
        input_block(
            entering.TYPE, "What was it?", select(types, before.type_key if before else None)
        ),
        input_block(
            entering.COUNT,
            "How many?",
            {**_number(), "initial_value": str(before.count if before else 1)},
        ),
        input_block(
            entering.DAY,
            "When?",
            _day(day_of(before, material.tz) if before else material.today),
        ),
        text_line(
            entering.AMOUNT,
            "What it brought in all",
            str(before.amount) if before and before.amount else "",
            hint="With its currency: 1,250 EUR. Empty if it brought no money.",
        ),
    ]


def _whence(before: Conversion | None) -> list[Block]:
    """What brought it, and how somebody knows."""
    touch = before.touches[0] if before and before.touches else None
    platform = touch.platform if touch else None
    known_by = touch.lens if touch and touch.lens in KNOWN_BY else Lens.TOLD
    return [
        text_line(
            entering.POST,
            "Which post brought it?",
            str(touch.post) if touch and touch.post else "",
            hint="Its number, or its link. Empty if nobody knows: that is told as unknown.",
        ),
        input_block(
            entering.PLATFORM,
            "Or which platform?",
            select([(one.value, one.label) for one in PLATFORMS], platform),
            optional=True,
        ),
        input_block(
            entering.PAID,
            "Organic or paid?",
            select(
                (
                    ("organic", "Organic: a post, a share, a talk"),
                    (entering.IS_PAID, "Paid: an ad, a boosted post"),
                ),
                entering.IS_PAID if touch and touch.is_paid else "organic",
            ),
        ),
        input_block(
            entering.KNOWN_BY,
            "How do you know?",
            select([(lens.value, said) for lens, said in KNOWN_BY.items()], known_by.value),
        ),
    ]


def _number() -> Block:
    return {
        "type": "number_input",
        "action_id": Action.VALUE.value,
        "is_decimal_allowed": False,
        "min_value": "1",
    }


def _day(day: date) -> Block:
    return {"type": "datepicker", "action_id": Action.VALUE.value, "initial_date": day.isoformat()}


def text_line(
    name: str,
    label: str,
    typed: str = "",
    *,
    hint: str | None = None,
    is_optional: bool = True,
    length: int = 2000,
) -> Block:
    """A question that is answered in a line."""
    element: Block = {
        "type": "plain_text_input",
        "action_id": Action.VALUE.value,
        "max_length": length,
    }
    if typed:
        element["initial_value"] = typed
    return input_block(name, label, element, optional=is_optional, hint=hint)


def _entry(one: Conversion, material: EntryMaterial) -> Block:
    """One of the newest entries; of one that was undone who did that."""
    said = told(one, material.types, material.tz)
    if one.undone_at is not None:
        return section(f"~{said}~ undone by <@{one.undone_by}>")
    menu: Block = {
        "type": "overflow",
        "action_id": Action.CONVERSION_MORE.at(one.conversion_id),
        "options": [
            option(ConversionValue(id=one.conversion_id, verb="correct").dump(), "Correct…"),
            option(ConversionValue(id=one.conversion_id, verb="undo").dump(), "Undo"),
        ],
    }
    corrected = " (corrected)" if one.replaces else ""
    return section(f"{said}{corrected}, by <@{one.recorded_by}>", menu)


def told(one: Conversion, types: Mapping[str, ConversionType], tz: str) -> str:
    """A conversion in a line: how many of what, when, what they are put down to."""
    type_ = types.get(one.type_key)
    what = inline(type_.counted(one.count) if type_ else f"{one.count:,} {one.type_key}", 90)
    brought = f", {one.amount}" if one.amount else ""
    return f"{what}{brought}, {short_day(day_of(one, tz))}: {_put_down(one)}"


def _put_down(one: Conversion) -> str:
    found = [touch for touch in one.touches if touch.lens is not Lens.TOUCHED]
    if not found:
        return "unknown what brought it"
    labels = {option_.value: option_.label for option_ in PLATFORMS}
    touch = found[0]
    seen = (
        f"number {touch.post}" if touch.post else "",
        labels.get(touch.platform, inline(touch.platform, 40)) if touch.platform else "",
        inline(touch.campaign, 40) if touch.campaign and not touch.post else "",
        "paid" if touch.is_paid else "",
    )
    return f"{', '.join(part for part in seen if part)} ({LENSES[touch.lens].lower()})"


def entered(one: Conversion, types: Mapping[str, ConversionType], tz: str) -> str:
    """What the page says when an entry is stored, as plain words."""
    again = " The entry that it corrects does not count any more." if one.replaces else ""
    return f"Recorded: {told(one, types, tz)}.{again} Undo or correct it with /social conversion."


def undone(one: Conversion, types: Mapping[str, ConversionType], tz: str) -> Message:
    """What stands in place of what was taken back."""
    said = f"Undone: {told(one, types, tz)}. It does not count."
    return Message(text=said, blocks=[section(said)])


_AT = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)
TYPES = types_of(())
SALE = Conversion(
    type_key="revenue",
    occurred_at=_AT,
    source="hand",
    external_id="V1",
    recorded_at=_AT,
    recorded_by="U0CORA",
    amount=Amount(1_250_000, "EUR"),
    touches=(Touch(lens=Lens.TOLD, post=128, platform="linkedin"),),
)
UNKNOWN = replace(SALE, type_key="request", external_id="V2", count=3, amount=None, touches=())
AD = replace(
    SALE, external_id="V4", touches=(Touch(lens=Lens.LAST, platform="instagram", is_paid=True),)
)
UNDONE = replace(UNKNOWN, external_id="V3", undone_at=_AT, undone_by="U0OLGA", type_key="gone")
_ENTRY = EntryMaterial(
    types=TYPES, today=date(2026, 11, 19), tz="Europe/Berlin", entered=(SALE, UNKNOWN, AD, UNDONE)
)


@dataclass(frozen=True, slots=True)
class FormExample:
    """The argument of one form, or of what stands in place of an entry that was undone."""

    material: EntryMaterial | Conversion

    def build(self) -> View | Message:
        """What this asks for."""
        if isinstance(self.material, EntryMaterial):
            return entry_form(self.material)
        return undone(self.material, TYPES, "Europe/Berlin")


EXAMPLES: Mapping[str, FormExample] = {
    "entry": FormExample(_ENTRY),
    "entry-first": FormExample(replace(_ENTRY, entered=())),
    "correct": FormExample(replace(_ENTRY, before=SALE)),
    "correct-paid": FormExample(replace(_ENTRY, before=AD)),
    "undone": FormExample(SALE),
}

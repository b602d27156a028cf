"""Code phrases: the form of one, and what is said when somebody heard it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot import phrases
from bot.phrase import Phrase
from bot.phrases import PhraseMaterial, Redeemed
from handlers.conversion_values import ConversionValue
from handlers.ids import Action, BlockId, Callback
from handlers.views.blocks import actions, button, divider, input_block, modal, section, select
from handlers.views.conversion_forms import TYPES, UNKNOWN, text_line
from handlers.views.message import Message, View
from handlers.views.text import inline, lines


def phrase_form(material: PhraseMaterial) -> View:
    """Asks for a code phrase and what it stands for; below it are those there are."""
    types = [(one.key, one.many.capitalize()) for one in material.types.values()]
    blocks = [
        text_line(
            phrases.WORDS,
            "The phrase",
            is_optional=False,
            length=phrases.WORDS_LENGTH,
            hint="What people say at the counter, like PUMP24. Case and spaces don't matter.",
        ),
        input_block(phrases.TYPE, "Whoever says it made…", select(types)),
        text_line(
            phrases.POST,
            "For which post?",
            str(material.number or ""),
            hint="Its number, or its link.",
        ),
        text_line(
            phrases.REFERENCE,
            "Or for what else?",
            length=phrases.REFERENCE_LENGTH,
            hint="An experiment, a fair, a mailing.",
        ),
    ]
    if material.newest:
        blocks += [divider(), section(lines(["*There are*", *map(phrase_line, material.newest)]))]
    return modal(Callback.PHRASE_FORM, "A code phrase", blocks, submit="Save", close="Cancel")


def phrase_line(phrase: Phrase) -> str:
    """A phrase and what it stands for."""
    stands = f"number {phrase.number}" if phrase.number else inline(phrase.reference or "", 60)
    return f"“{inline(phrase.words, 60)}”: {stands}"


def redeemed(found: Redeemed) -> Message:
    """What was recorded, with a button to take it back."""
    phrase, conversion = found.phrase, found.conversion
    what = inline(found.type.counted(conversion.count), 90)
    said = f"Recorded: {what}. {phrase_line(phrase)}; they told us."
    undo = button(
        Action.CONVERSION_UNDO.value,
        "Undo",
        ConversionValue(id=conversion.conversion_id).dump(),
        label=f"Undo: {what}",
    )
    hint = "Undo works for ten minutes."
    return Message(
        text=f"{said} {hint}",
        blocks=[
            section(f"{said} {hint}"),
            actions(BlockId.CONVERSION.at(conversion.conversion_id), [undo]),
        ],
    )


PUMP = Phrase(
    words="Pump 24",
    type_key="request",
    number=128,
    reference=None,
    created_at=UNKNOWN.recorded_at,
    created_by="U0CORA",
)
FAIR = replace(PUMP, words="Blue <door>", number=None, reference="Fair & co")


@dataclass(frozen=True, slots=True)
class PhraseExample:
    """The argument of one form, or of one answer."""

    material: PhraseMaterial | Redeemed

    def build(self) -> View | Message:
        """What this asks for."""
        if isinstance(self.material, Redeemed):
            return redeemed(self.material)
        return phrase_form(self.material)


EXAMPLES: Mapping[str, PhraseExample] = {
    "phrase": PhraseExample(PhraseMaterial(types=TYPES, newest=(PUMP, FAIR))),
    "phrase-of-a-post": PhraseExample(PhraseMaterial(types=TYPES, newest=(), number=128)),
    "redeemed": PhraseExample(
        Redeemed(phrase=PUMP, type=TYPES["request"], conversion=replace(UNKNOWN, count=3))
    ),
}

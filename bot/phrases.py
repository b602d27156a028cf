"""Code phrases: set for a post, and redeemed by whoever hears one (P26).

Anybody may redeem: it is said at the counter, on the phone, at a fair, to whoever stands there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches

from bot.conversion import Conversion, ConversionType, types_of
from bot.conversions import MOST, RecordConversion, Seen, find_post, record_conversion
from bot.entering import check_team
from bot.errors import FieldError, NotFoundError
from bot.phrase import Phrase, phrase_key
from bot.ports import Transaction
from bot.text import one_line

PHRASE = "phrase"
"""The source of redeemed phrases."""

WORDS, TYPE, POST, REFERENCE = "words", "type", "post", "reference"
"""The questions of the form; also the names under which it says what is wrong."""

WORDS_LENGTH = 60
REFERENCE_LENGTH = 60
SHOWN = 10
LOOKED_AT = 500
"""Among how many phrases a near miss is looked for."""

_LEAST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PhraseMaterial:
    """What the form offers: types, the phrases there are, the submission it was opened from."""

    types: Mapping[str, ConversionType]
    newest: tuple[Phrase, ...]
    number: int | None = None


@dataclass(frozen=True, slots=True)
class AskPhrase:
    """Somebody wants to set a phrase, perhaps for a submission."""

    user_id: str
    number: int | None = None


def phrase_form(tx: Transaction, command: AskPhrase, _now: datetime) -> PhraseMaterial:
    """What the form offers. Raises NotAllowedError."""
    check_team(tx, command.user_id)
    return PhraseMaterial(
        types=types_of(tx.desk.load().conversion_types),
        newest=tx.phrases.newest(limit=SHOWN),
        number=command.number,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPhrase:
    """The form came back."""

    actor_id: str
    given: Mapping[str, str] = field(default_factory=dict)


def set_phrase(tx: Transaction, command: SetPhrase, now: datetime) -> Phrase:
    """Store a phrase; the same again changes nothing. What was redeemed keeps what the phrase meant
    then, so a phrase is never given another meaning.

    Raises NotAllowedError, and FieldError with a sentence per bad field.
    """
    check_team(tx, command.actor_id)
    given = {name: one_line(value) for name, value in command.given.items()}
    words, reference = given.get(WORDS, ""), given.get(REFERENCE, "")
    errors: dict[str, str] = {}
    if len(phrase_key(words)) < _LEAST or phrase_key(words).isdecimal():
        errors[WORDS] = "A phrase has three letters or digits at least, and a letter among them."
    elif max(len(words), len(phrase_key(words))) > WORDS_LENGTH:
        errors[WORDS] = f"A phrase has {WORDS_LENGTH} characters at most."
    if given.get(TYPE) not in types_of(tx.desk.load().conversion_types):
        errors[TYPE] = "Please choose what they do who say it."
    number = find_post(tx, given.get(POST, ""))
    if given.get(POST) and number is None:
        errors[POST] = "The desk knows no such post: its number, or the link under which it stands."
    elif number is None and not reference:
        errors[POST] = "Which post does it stand for? Or say below what else."
    if len(reference) > REFERENCE_LENGTH or "@" in reference:
        errors[REFERENCE] = f"{REFERENCE_LENGTH} characters at most, and nobody's address."
    if errors:
        raise FieldError(errors)
    phrase = Phrase(
        words=words,
        type_key=given[TYPE],
        number=number,
        reference=reference or None,
        created_at=now,
        created_by=command.actor_id,
    )
    return _stored(tx, phrase)


def _stored(tx: Transaction, phrase: Phrase) -> Phrase:
    if tx.phrases.add(phrase):
        return phrase
    before = tx.phrases.get(phrase.key)
    if before is None or _meaning(before) != _meaning(phrase):
        raise FieldError({WORDS: "This phrase is taken. Please choose another one."})
    return before


def _meaning(phrase: Phrase) -> tuple[str, int | None, str | None]:
    return phrase.type_key, phrase.number, phrase.reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Redeem:
    """Somebody heard a phrase: `text` is it and how often, "pump 24 3"; `request_id` is the
    command's own id, which makes it once.
    """

    text: str
    actor_id: str
    request_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Redeemed:
    """What was recorded."""

    phrase: Phrase
    type: ConversionType
    conversion: Conversion


def redeem(tx: Transaction, command: Redeem, now: datetime) -> Redeemed:
    """Record that a phrase was said: they told us.

    Raises NotFoundError with the phrases that come close, and FieldError for a bad number.
    """
    phrase, count = _heard(tx, command.text)
    if not 1 <= count <= MOST:
        raise FieldError({WORDS: f"How often? A whole number from 1 to {MOST:,}."})
    types = types_of(tx.desk.load().conversion_types)
    if phrase.type_key not in types:
        raise NotFoundError(
            f"“{phrase.words}” stands for a type of conversion that is no more in the set-up."
        )
    told = Seen(post=str(phrase.number or ""), campaign=phrase.reference or "")
    record_conversion(
        tx,
        RecordConversion(
            source=PHRASE,
            external_id=command.request_id,
            type_key=phrase.type_key,
            occurred_at=now,
            count=count,
            told=told,
            actor_id=command.actor_id,
        ),
        now,
    )
    conversion = Conversion(
        type_key=phrase.type_key,
        occurred_at=now,
        source=PHRASE,
        external_id=command.request_id,
        recorded_at=now,
        recorded_by=command.actor_id,
        count=count,
    )
    return Redeemed(phrase=phrase, type=types[phrase.type_key], conversion=conversion)


def _heard(tx: Transaction, text: str) -> tuple[Phrase, int]:
    """The phrase and how often: all of it is tried as a phrase first, since one may end so."""
    plain = one_line(text)
    whole = tx.phrases.get(phrase_key(plain))
    if whole is not None:
        return whole, 1
    words, _, last = plain.rpartition(" ")
    if words and last.isdecimal() and len(last) < 8:
        found = tx.phrases.get(phrase_key(words))
        if found is not None:
            return found, int(last)
        plain = words
    raise NotFoundError(_unknown(tx, plain))


def _unknown(tx: Transaction, text: str) -> str:
    if not text:
        return "Which phrase, and how often? For example: /social redeemed PUMP24 3"
    keys = tx.phrases.keys(limit=LOOKED_AT)
    near = get_close_matches(phrase_key(text), keys, n=3, cutoff=0.6)
    known = [found.words for key in near if (found := tx.phrases.get(key))]
    if not known:
        return "There is no such phrase. Nothing was recorded."
    meant = " or ".join(f"“{words}”" for words in known)
    return f"There is no such phrase. Did you mean {meant}? Nothing was recorded."

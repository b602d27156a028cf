"""What may be told of a submission to everybody, and the first draft of it from its trail (P35).

A customer's words are told within their consent: while it holds, without their name where they
agreed to none, and not again where they agreed to certain platforms alone. What is personal is
never told.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from bot.choices import STAGES
from bot.consent import check_consent, is_granted, platform_label
from bot.conversion import Lens, types_of
from bot.desk import Desk
from bot.errors import NotAllowedError
from bot.lifecycle import State, Verb
from bot.periods import in_words, local_date
from bot.ports import Transaction
from bot.submission import HistoryEntry, Submission
from bot.text import cut, folded
from bot.verbs import TOLD

QUOTE_SHOWN = 400

_LEAST = 4
"""A word shorter than this is no name that could be looked for."""

_ENDINGS = 2
"""So many letters behind a name are an ending of it: "Rheinwerks"."""

_RUN = 5
"""So many words in a row are somebody's own words."""

_PARTS = re.compile(r"[,;/()|\n]")
_WORD = re.compile(r"\w+")
_NAMES = frozenset({"name", "person"})
"""The personal fields that hold names: each word of them is one."""

_SHARED = frozenset(
    word
    for line in (
        "gmbh corp corporation limited company group holding holdings international global europe",
        "solutions services service systems system software technologies technology industries",
        "consulting partners partner marketing sales media digital press print design studio labs",
        "university institute bank hotel house city team with from that this their",
    )
    for word in line.split()
)
"""Words in the names of many companies, which name none of them."""


def why_not_told(submission: Submission, today: date) -> str:
    """Why nothing may be told of it, as a sentence; empty when it may. `today` is the day of the
    role that owns it.
    """
    if submission.state not in TOLD:
        return f"Number {submission.number} is no result to tell of: it was not published, nor won."
    try:
        check_consent(submission, today)
    except NotAllowedError as error:
        return error.sentence
    return ""


def gives_away(submission: Submission, personal: Mapping[str, str], text: str, today: date) -> str:
    """What `text` says that it may not, as a sentence; empty for a text that may be told. The
    sentence names the field, never what stands in it. `today` is the day of the role that owns it.
    """
    said = folded(text)
    for name, value in personal.items():
        parts = (folded(part.strip()) for part in (value, *_PARTS.split(value)))
        is_said = any(
            len(part) >= _LEAST and part not in _SHARED and part in said for part in parts
        )
        if is_said or (name in _NAMES and _is_named(value, said)):
            known = {field.name: field.label for field in submission.kind.fields}
            what = known.get(name, "Their own words").rstrip("?")
            return f"This says what is personal ({what}). Please leave that out."
    return gives_customer_away(submission, text, today)


def gives_customer_away(submission: Submission, text: str, today: date) -> str:
    """The same of the customer behind a submission and of their words alone: asked again each time
    a text is shown, since they may agree to less than they did.
    """
    if not submission.kind.needs_consent:
        return ""
    said, consent = folded(text), submission.consent
    customer, quote = submission.text("customer"), submission.text("quote")
    may_name = consent is not None and consent.names_on(today)
    if not may_name and _is_named(customer, said):
        return "The customer did not agree to be named. Please leave their name out."
    if consent is not None and consent.platforms and _is_quoted(quote, said):
        named = ", ".join(platform_label(one) for one in consent.platforms)
        return f"The customer agreed to their words on {named} alone. Please link to it instead."
    return ""


def _is_named(name: str, said: str) -> bool:
    """Whether a name, or a word of it that is the name's own, stands in a folded text."""
    whole, words = folded(name.strip()), _WORD.findall(said)
    named = _WORD.findall(whole)
    if named and ((len(whole) >= _LEAST and whole in said) or _in_a_row(named, words)):
        return True
    own = {word for word in named if len(word) >= _LEAST} - _SHARED
    return any(
        word.startswith(one) and len(word) - len(one) <= _ENDINGS for word in words for one in own
    )


def _is_quoted(quote: str, said: str) -> bool:
    """Whether a quote, or five words of it in a row, stands in a folded text."""
    words, found = _WORD.findall(folded(quote)), _WORD.findall(said)
    starts = range(max(len(words) - _RUN, 0) + 1)
    return bool(words) and any(_in_a_row(words[one : one + _RUN], found) for one in starts)


def _in_a_row(words: Sequence[str], found: Sequence[str]) -> bool:
    return f" {' '.join(words)} " in f" {' '.join(found)} "


def headline_of(submission: Submission) -> str:
    """The first draft of a headline; it names nobody."""
    from_whom = submission.department or "a colleague"
    if submission.state is State.WON:
        return f"A hint from {from_whom} became a customer"
    consent = submission.consent
    if submission.kind.needs_consent and not (consent and consent.may_name):
        return f"A customer speaks for us, thanks to {from_whom}"
    return cut(submission.title, 150)


def draft_of(
    tx: Transaction, desk: Desk, submission: Submission, history: Sequence[HistoryEntry], tz: str
) -> str:
    """The first draft of a story, from what happened; `tz` is the zone of its days."""
    return " ".join(_sentences(tx, desk, submission, history, tz))


def _sentences(
    tx: Transaction, desk: Desk, submission: Submission, history: Sequence[HistoryEntry], tz: str
) -> Iterator[str]:
    from_whom = submission.department or "A colleague"
    handed_in = in_words(local_date(submission.created_at, tz))
    yield f"{from_whom} handed in {submission.kind.article} on {handed_in}."
    quote = submission.text("quote")
    if quote and is_granted(submission) and submission.consent and not submission.consent.platforms:
        yield f"“{cut(quote, QUOTE_SHOWN)}”"
    role = desk.role(submission.role_id).label
    for entry in history:
        yield from _happened(entry, submission, role, in_words(local_date(entry.at, tz)))
    stage = {option.value: option.label for option in STAGES}.get(submission.text("stage"))
    if stage:
        yield f"It helps people to {stage[:1].lower()}{stage[1:]}."
    yield from _brought(tx, desk, submission.number)


def _happened(entry: HistoryEntry, submission: Submission, role: str, day: str) -> Iterator[str]:
    match entry.verb:
        case Verb.ACCEPT | Verb.TRY:
            yield f"The {role} took it up on {day}."
        case Verb.PASS_ON if submission.state is State.WON:
            yield f"The {role} passed it on, on {day}."
        case Verb.PUBLISH:
            platform = entry.detail.get("platform")
            where = f" on {platform_label(platform)}" if platform else ""
            yield f"It was published{where} on {day}."
        case Verb.WIN:
            yield f"It became a customer on {day}."
        case _:
            pass


def _brought(tx: Transaction, desk: Desk, number: int) -> Iterator[str]:
    """What was put down to it as the last touch."""
    types = types_of(desk.conversion_types)
    counted = [
        types[credit.type_key].counted(credit.count)
        for credit in tx.conversions.of_post(number)
        if credit.lens is Lens.LAST and credit.type_key in types
    ]
    if counted:
        yield f"It brought {', '.join(counted)}."

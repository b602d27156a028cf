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
"""A personal word shorter than this is no name that could be looked for."""

_PARTS = re.compile(r"[,;/()|\n]")


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


def gives_away(submission: Submission, personal: Mapping[str, str], text: str) -> str:
    """What `text` says that it may not, as a sentence; empty for a text that may be told. The
    sentence names the field, never what stands in it.
    """
    said = folded(text)
    for name, value in personal.items():
        parts = [value, *_PARTS.split(value)]
        if any(len(part.strip()) >= _LEAST and folded(part.strip()) in said for part in parts):
            known = {field.name: field.label for field in submission.kind.fields}
            what = known.get(name, "Their own words").rstrip("?")
            return f"This says what is personal ({what}). Please leave that out."
    if not submission.kind.needs_consent:
        return ""
    consent = submission.consent
    customer, quote = submission.text("customer"), submission.text("quote")
    may_name = consent is not None and consent.may_name and not consent.is_anonymous
    if customer and not may_name and folded(customer) in said:
        return "The customer did not agree to be named. Please leave their name out."
    if consent is not None and consent.platforms and quote and folded(quote) in said:
        named = ", ".join(platform_label(one) for one in consent.platforms)
        return f"The customer agreed to their words on {named} alone. Please link to it instead."
    return ""


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
        yield f"It helps people with this step: {stage.lower()}."
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

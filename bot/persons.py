"""Customers and leads as persons: where somebody is named, found by their name or contact.

Personal fields are encrypted where keys are set, so they are opened and compared one by one. An
index of their fingerprints would be quicker, and would tell whoever reads the database which leads
are the same person, and let them try names: persons are looked for seldom.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.erasing import check_may_erase
from bot.erasure_store import Access, AccessKind
from bot.kinds import KINDS
from bot.ports import Transaction
from bot.submission import FieldValue, Submission
from bot.text import cut, folded, one_line

PAGE = 200
"""How many submissions one transaction looks through."""

CONVERSATION = "conversation"
"""The place of what owners and submitters wrote to each other."""

CALLED = 60
"""How much of its name is told of what has a person's name in it."""

SHORTEST_PHONE = 6
"""Numbers with fewer digits are not compared as phone numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookFor:
    """Somebody looks for a person in the submissions behind the number `after`."""

    text: str
    actor_id: str
    after: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """A submission in which a person is named: in which personal fields, and where else. The latter
    is text that people typed freely: nothing but a person can tell whether it is about them.
    """

    number: int
    kind: str
    fields: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found in a page; `last` is its last number, None when there are no more."""

    traces: tuple[Trace, ...]
    last: int | None


def look_for(tx: Transaction, command: LookFor, _now: datetime) -> Looked:
    """The next page of submissions, those in which a person is named by `text`.

    Raises NotAllowedError for who is no admin, and SealedError when a field can't be opened.
    """
    check_may_erase(tx, command.actor_id)
    page = tx.submissions.after(command.after, limit=PAGE)
    found = (_trace(tx, one, command.text) for one in page)
    return Looked(
        traces=tuple(trace for trace in found if trace.fields or trace.places),
        last=page[-1].number if len(page) == PAGE else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """What has a person's name in its free text: its `sort` ("goal"), what it is called, where in
    it the words stand, and the submission that it is about.
    """

    sort: str
    called: str
    places: tuple[str, ...]
    number: int | None = None


def look_in_writing(tx: Transaction, command: LookFor, _now: datetime) -> tuple[Mention, ...]:
    """Stories, lessons, goals and whatever else has the words `text` in it, each once.

    Raises NotAllowedError for who is no admin.
    """
    check_may_erase(tx, command.actor_id)
    wanted = _plain(command.text)
    found = (
        Mention(
            sort=one.sort,
            called=cut(one_line(next(iter(one.texts.values()))), CALLED),
            places=tuple(place for place, said in one.texts.items() if wanted in _plain(said)),
            number=one.number,
        )
        for one in (tx.erasure.written() if wanted else ())
        if one.texts
    )
    return tuple(dict.fromkeys(one for one in found if one.places))


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What was done with personal data, to be recorded; `numbers` are the submissions concerned."""

    actor_id: str
    kind: AccessKind
    numbers: tuple[int, ...] = ()
    user_id: str = ""


def record(tx: Transaction, command: Recorded, now: datetime) -> None:
    """Write down who did what with which submissions, never what they looked for."""
    about = {"numbers": " ".join(map(str, command.numbers)), "user": command.user_id}
    detail = {name: value for name, value in about.items() if value}
    tx.accesses.append(Access(at=now, actor_id=command.actor_id, kind=command.kind, detail=detail))


def drop_drafts_naming(tx: Transaction, text: str, _now: datetime) -> int:
    """Erase the drafts in whose personal fields a person is named; how many there were."""
    found = drafts_naming(tx, text, _now)
    for user_id, key in found:
        tx.drafts.drop(user_id, key)
    return len(found)


def drafts_naming(tx: Transaction, text: str, _now: datetime) -> tuple[tuple[str, str], ...]:
    """The drafts in whose personal fields a person is named: whose, and their key."""
    return tuple(
        (user_id, key)
        for user_id, key, fields in tx.erasure.drafts()
        if any(is_named(value, text) for value in _personal(key, fields))
    )


def is_named(value: str, text: str) -> bool:
    """Whether a field's value is this name or contact: the same but for case and spaces, one of
    several contacts, or the same phone number.
    """
    wanted = _plain(text)
    if not wanted:
        return False
    is_address = "@" in wanted or "/" in wanted
    parts = {_plain(part) for part in re.split(r"[,;|\s]" if is_address else r"[,;|\n]", value)}
    digits = _digits(text)
    is_phone = len(digits) >= SHORTEST_PHONE and digits == _digits(value)
    return wanted in {_plain(value), *parts} or is_phone


def _plain(text: str) -> str:
    return " ".join(folded(text).split()).removeprefix("mailto:").removeprefix("tel:")


def _digits(text: str) -> str:
    """The digits of what looks like a phone number; empty for anything else."""
    if not re.fullmatch(r"(tel:)?[+\d][\d\s()/.-]*", text.strip()):
        return ""
    return re.sub(r"\D", "", text).removeprefix("00")


def _trace(tx: Transaction, one: Submission, text: str) -> Trace:
    labels = {field.name: field.label for field in one.kind.fields}
    personal = tx.submissions.personal(one.number)
    named = [name for name, value in personal.items() if is_named(value, text)]
    beside = {name: value for name, value in personal.items() if name not in named}
    wanted = _plain(text)
    places = [
        labels.get(place, place)
        for place, said in (*beside.items(), *_said(tx, one))
        if wanted and wanted in _plain(said)
    ]
    return Trace(
        number=one.number,
        kind=one.kind.label,
        fields=tuple(labels.get(name, name) for name in named),
        places=tuple(dict.fromkeys(places)),
    )


def _said(tx: Transaction, one: Submission) -> Iterator[tuple[str, str]]:
    """What people typed about a submission besides personal fields, with where it stands."""
    for name in one.fields:
        yield name, one.text(name)
    yield "title", one.title
    yield "names of files", " ".join(file.name for file in one.files)
    yield "decline note", one.decline_note or ""
    yield "passed to", one.passed_to or ""
    for entry in tx.history.of(one.number):
        yield "history", " ".join(entry.detail.values())
    for text in tx.conversations.of(one.number).values():
        yield CONVERSATION, text


def _personal(key: str, fields: Mapping[str, FieldValue]) -> Iterator[str]:
    kind = KINDS.get(key.partition(":")[0])
    for field in kind.fields if kind else ():
        value = fields.get(field.name)
        if field.personal and isinstance(value, str):
            yield value

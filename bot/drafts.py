"""Drafts: what somebody typed into a form and did not hand in is there when they come back.

Two per person and kind: the one that the next form goes on with, and one for a form that was begun
beside it. A draft may hold personal fields, so it is nobody's but its writer's, and is forgotten.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.kinds import KINDS, FieldType, Kind
from bot.ports import Transaction
from bot.submission import FieldValue

KEPT = timedelta(days=30)
"""How long a draft waits to be taken up."""

Fields = Mapping[str, FieldValue]


@dataclass(frozen=True, slots=True)
class DraftKey:
    """Whose draft, of which kind; `slot` 1 is gone on with first, 2 was begun beside it."""

    user_id: str
    kind_key: str
    slot: int = 1

    @property
    def stored(self) -> str:
        """The key in the store."""
        return self.kind_key if self.slot == 1 else f"{self.kind_key}:{self.slot}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveDraft:
    """What stands in a form now. `instead_of` is a draft that it took the place of. `source_key` is
    the form's own key, as in `HandIn`.
    """

    key: DraftKey
    fields: Fields
    instead_of: DraftKey | None = None
    source_key: str = ""


@dataclass(frozen=True, slots=True)
class FindDrafts:
    """Somebody opens a form of a kind."""

    user_id: str
    kind_key: str


@dataclass(frozen=True, slots=True)
class Drafts:
    """The drafts of one person and kind, by slot."""

    first: Fields | None = None
    second: Fields | None = None


def find_drafts(tx: Transaction, asked: FindDrafts, _now: datetime) -> Drafts:
    """What somebody left unsent in forms of a kind."""
    keys = (DraftKey(asked.user_id, asked.kind_key, slot) for slot in (1, 2))
    return Drafts(*(tx.drafts.get(key.user_id, key.stored) for key in keys))


def save_draft(tx: Transaction, command: SaveDraft, now: datetime) -> None:
    """Keep what stands in a form; a form that was emptied leaves no draft. What is told late of a
    form that was handed in, in whatever process, is none.
    """
    if command.source_key and tx.submissions.by_source_key(command.source_key) is not None:
        return
    if command.instead_of is not None:
        drop_draft(tx, command.instead_of)
    kind = KINDS[command.key.kind_key]
    fields = worth_keeping(kind, command.fields)
    if fields:
        tx.drafts.save(command.key.user_id, command.key.stored, fields, now)
    else:
        drop_draft(tx, command.key)


def drop_draft(tx: Transaction, key: DraftKey) -> None:
    """Forget one draft: it was handed in."""
    tx.drafts.drop(key.user_id, key.stored)


def forget_drafts(tx: Transaction, kept: timedelta, now: datetime) -> int:
    """Forget every draft that nobody touched for `kept`; returns how many."""
    return tx.drafts.forget_before(now - kept)


def worth_keeping(kind: Kind, fields: Fields) -> Fields:
    """The answers of a form that somebody gave: not what is preselected, and no files."""
    return {
        field.name: value
        for field in kind.fields
        if (value := fields.get(field.name))
        and value != field.default
        and field.type is not FieldType.FILES
    }

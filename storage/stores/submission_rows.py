"""A submission as the columns of its row, to and fro."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from bot.lifecycle import State
from bot.submission import FieldValue, FileRef, Origin, Submission, TimerKind
from storage.stores.documents import consent_document, consent_of, words_of
from storage.tables import submission

COLUMNS = tuple(
    column
    for column in submission.c
    if column.name not in {"workspace_id", "source_key", "origin_key", "words"}
)
_DOCUMENTS = frozenset({"state", "fields", "origin", "consent", "files", "timer"})
_PLAIN = tuple(column.name for column in COLUMNS if column.name not in _DOCUMENTS)


def to_row(one: Submission) -> dict[str, Any]:
    """The columns of its row, but for its keys."""
    row: dict[str, Any] = {name: getattr(one, name) for name in _PLAIN}
    row["state"] = one.state.value
    row["fields"] = {
        name: value if isinstance(value, str) else list(value) for name, value in one.fields.items()
    }
    row["origin"] = None if one.origin is None else asdict(one.origin)
    row["consent"] = None if one.consent is None else consent_document(one.consent)
    row["files"] = [asdict(file) for file in one.files] or None
    row["timer"] = None if one.timer is None else one.timer.value
    row["words"] = words_of(one)
    return row


def from_row(row: Mapping[str, Any]) -> Submission:
    """The submission in a row of COLUMNS."""
    plain = {name: row[name] for name in _PLAIN}
    origin = row["origin"]
    return Submission(
        state=State(row["state"]),
        fields={name: _field_value(value) for name, value in row["fields"].items()},
        origin=None if origin is None else Origin(**origin),
        consent=None if row["consent"] is None else consent_of(row["consent"]),
        files=tuple(FileRef(**file) for file in row["files"] or ()),
        timer=None if row["timer"] is None else TimerKind(row["timer"]),
        **plain,
    )


def _field_value(value: Any) -> FieldValue:
    return value if isinstance(value, str) else tuple(value)

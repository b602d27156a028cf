"""A submission and its history, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.kinds import KINDS, Kind
from bot.lifecycle import State, Verb

FieldValue = str | tuple[str, ...]
"""What a field holds: a text, or the chosen values of a multiple choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The Slack message a submission was made from.

    `permalink` is None for a private conversation: nothing leads out of it.
    """

    channel_id: str
    message_ts: str
    author_id: str | None = None
    permalink: str | None = None
    is_private: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One submission as it stands now; every change makes a new `version` and a history entry.

    `fields` never holds personal fields: those are read on their own, by who may. `role_id` is the
    accountable role, `assignee_id` who took it. `ended_at` is set once nothing more can happen.
    Times are UTC.
    """

    number: int
    kind_key: str
    state: State
    version: int
    submitter_id: str
    role_id: str
    title: str
    fields: Mapping[str, FieldValue]
    created_at: datetime
    updated_at: datetime
    due_at: datetime
    department: str | None = None
    assignee_id: str | None = None
    origin: Origin | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    decline_reason: str | None = None
    decline_note: str | None = None
    published_at: datetime | None = None
    published_by: str | None = None
    published_url: str | None = None
    ended_at: datetime | None = None

    @property
    def kind(self) -> Kind:
        """The table entry of this submission's kind."""
        return KINDS[self.kind_key]

    @property
    def has_ended(self) -> bool:
        """Whether nothing more can happen to it."""
        return self.kind.lifecycle.has_ended(self.state)

    def text(self, name: str) -> str:
        """The value of a single-valued field, empty when it was left out."""
        value = self.fields.get(name, "")
        return value if isinstance(value, str) else ", ".join(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One thing that happened to a submission. Entries are only ever added.

    `seq` counts from 1 within the submission. `detail` holds what the verb needs told: a reason,
    a note, a link.
    """

    number: int
    seq: int
    at: datetime
    actor_id: str
    verb: Verb
    from_state: State | None
    to_state: State
    detail: Mapping[str, str]

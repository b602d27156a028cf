"""A submission and its history, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Self

from bot.kinds import KINDS, Field, FieldType, Kind
from bot.lifecycle import ENDED, State, Verb

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


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file that was handed in along: Slack's id and the name that people gave it."""

    file_id: str
    name: str

    @classmethod
    def of(cls, given: str) -> Self:
        """The file behind a form's value: its id, a space, its name."""
        file_id, _, name = given.partition(" ")
        return cls(file_id, name or file_id)

    @property
    def given(self) -> str:
        """What `of` reads."""
        return f"{self.file_id} {self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What a customer agreed to (their wording is a personal field, `consent_wording`).

    `platforms` are where it may be used; empty means nowhere in particular was excluded. `until`
    is the last local day on which it may be used, None without an end. `is_anonymous`: neither
    name nor logo may be seen. Once withdrawn it stays on record, with who recorded that.
    """

    recorded_by: str
    recorded_at: datetime
    platforms: tuple[str, ...] = ()
    may_name: bool = False
    may_show_logo: bool = False
    is_anonymous: bool = False
    until: date | None = None
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None

    def names_on(self, today: date) -> bool:
        """Whether the customer may be named on a day: they agreed to that, and it holds."""
        holds = self.withdrawn_at is None and (self.until is None or self.until >= today)
        return holds and self.may_name and not self.is_anonymous


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One place where something was published: what a withdrawal has to undo."""

    at: datetime
    link: str
    platform: str | None = None


class TimerKind(StrEnum):
    """What the desk does by itself with a submission when its time has come."""

    REMIND = "remind"
    ESCALATE = "escalate"
    ESCALATE_AGAIN = "escalate_again"
    RETURN = "return"
    POST_DUE = "post_due"


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One submission as it stands now; every change makes a new `version` and a history entry.

    `fields` never holds personal fields: those are read on their own, by who may. `role_id` is the
    accountable role, `assignee_id` who took it. `decided_at` is set while it is not undecided,
    `ended_at` once nobody has to do anything any more. Times are UTC.

    `paused_at`: the due time stands still since then, because the submitter was asked.
    `snoozed_until`: it was put off. `passed_to` is whom a lead was passed on to, `goal_id` the goal
    that it serves. `escalation` counts how often its due time called somebody in: 1 the backups, 2
    the fallback role. `card` counts the cards that it had: a new one when it moves to another
    place. `timer` is what the desk does next by itself, at `timer_at`; it changes without a new
    version.
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
    paused_at: datetime | None = None
    snoozed_until: datetime | None = None
    scheduled_at: datetime | None = None
    passed_to: str | None = None
    duplicate_of: int | None = None
    consent: Consent | None = None
    files: tuple[FileRef, ...] = ()
    escalation: int = 0
    card: int = 1
    goal_id: str | None = None
    timer: TimerKind | None = None
    timer_at: datetime | None = None

    @property
    def kind(self) -> Kind:
        """The table entry of this submission's kind."""
        return KINDS[self.kind_key]

    @property
    def has_ended(self) -> bool:
        """Whether nobody has to do anything with it any more."""
        return self.state in ENDED

    def answer(self, field: Field) -> FieldValue | None:
        """What was answered in a field that is not personal; of files their names."""
        if field.type is FieldType.FILES:
            return tuple(file.name for file in self.files) or None
        return self.fields.get(field.name) or field.default

    def text(self, name: str) -> str:
        """The value of a single-valued field, empty when it was left out."""
        value = self.fields.get(name, "")
        return value if isinstance(value, str) else ", ".join(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One thing that happened to a submission. Entries are only ever added.

    `seq` counts from 1 within the submission. `detail` holds what the verb needs told: a reason,
    a note, a link. What people wrote to each other is kept apart (`ConversationStore`), since it
    may be personal.
    """

    number: int
    seq: int
    at: datetime
    actor_id: str
    verb: Verb
    from_state: State | None
    to_state: State
    detail: Mapping[str, str]

"""What erasing and its record ask of the storage; a part of `bot.ports`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from bot.outbox import Effect
from bot.submission import FieldValue


class AccessKind(StrEnum):
    """What somebody did with personal data, beyond opening one submission (that is history)."""

    EXPORT_SUBMISSIONS = "export_submissions"
    EXPORT_PERSON = "export_person"
    FIND_PERSON = "find_person"
    ERASE_PERSONAL = "erase_personal"
    ERASE_SUBMISSION = "erase_submission"
    ERASE_COLLEAGUE = "erase_colleague"
    EXPORT_ACCESSES = "export_accesses"


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """One entry of the record. It names numbers and ids, never a customer: `detail` is what the
    kind needs told, as in a history entry.
    """

    at: datetime
    actor_id: str
    kind: AccessKind
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What people wrote freely apart from the fields of a submission: the `sort` of thing ("goal"),
    its texts by where they stand, that which names it first; the submission that it is about.
    """

    sort: str
    texts: Mapping[str, str]
    number: int | None = None


class AccessStore(Protocol):
    """Who had personal data before them or erased it; only ever added to."""

    def append(self, access: Access) -> None: ...

    def all(self) -> tuple[Access, ...]:
        """The whole record, oldest first."""
        ...


class ErasureStore(Protocol):
    """Deletes what the other stores only add to, and knows what is left of it in Slack."""

    def field_names(self, number: int) -> tuple[str, ...]:
        """The personal fields that a submission has; none is opened."""
        ...

    def texts(self, number: int) -> tuple[int, ...]:
        """The history entries that have a text in the conversation, by seq; none is opened."""
        ...

    def messages(self, number: int, roots: Sequence[str]) -> tuple[Effect, ...]:
        """The effects that told of a submission and stand in Slack, or may come to: those with the
        keys `roots`, what belongs to them, and nudges.
        """
        ...

    def drop_texts(self, number: int, seqs: Sequence[int]) -> None: ...

    def drop_submission(self, number: int) -> None:
        """Delete the submission with all that was written down about it."""
        ...

    def texts_by(self, user_id: str) -> tuple[int, ...]:
        """The numbers of the submissions about which somebody wrote a text that is still there."""
        ...

    def drafts_of(self, user_id: str) -> Mapping[str, Mapping[str, FieldValue]]:
        """What somebody typed and did not send, by its key."""
        ...

    def drafts(self) -> tuple[tuple[str, str, Mapping[str, FieldValue]], ...]:
        """Everybody's drafts: whose, their key, what was typed."""
        ...

    def entered_by(self, user_id: str) -> Mapping[str, tuple[Mapping[str, Any], ...]]:
        """What somebody entered or changed of goals and figures, by the sort of it: plain rows,
        which stay when a colleague is erased.
        """
        ...

    def written(self) -> Iterator[Written]:
        """Everything that people wrote freely apart from submissions, drafts and conversations."""
        ...

    def drop_colleague(self, user_id: str) -> tuple[int, bool]:
        """Delete somebody's drafts and what is known of them; how many drafts, and whether they
        were known.
        """
        ...

    def outworn(self, before: datetime, *, limit: int) -> tuple[int, ...]:
        """Submissions that ended before then and have personal data which nothing keeps: any texts,
        and personal fields unless it is published within a consent that nobody withdrew.
        """
        ...

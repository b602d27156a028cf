"""What can go wrong for a reason, and the sentence that the person who can mend it gets."""

from collections.abc import Mapping
from types import MappingProxyType


class DeskError(Exception):
    """Something a person can be told in one sentence; no stack trace, nothing lost.

    `sentence` says what happened and what to do next, in plain words. It may name people the way
    Slack mentions them (<@U…>); it never holds what somebody typed.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class FieldError(DeskError):
    """One or more fields of a form can't be taken as they are.

    `fields` maps a field's name to the sentence shown beside it.
    """

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields: Mapping[str, str] = MappingProxyType(dict(fields))


class NotAllowedError(DeskError):
    """The person may not do this; the sentence says who may."""


class StaleError(DeskError):
    """Somebody else was quicker; the sentence says who did what."""


class NotFoundError(DeskError):
    """There is no such thing in this workspace."""


class ConfigurationError(DeskError):
    """The desk's configuration can't be taken; the sentence names the place."""


class UnreadableError(DeskError):
    """A file or a message from outside can't be read at all; the sentence says why."""


class SlackError(DeskError):
    """Slack did not do what somebody is waiting for; the sentence says what to do instead."""


class TryLaterError(DeskError):
    """Slack should tell of this once more: what it takes is not to be had just now."""


class StorageBusyError(DeskError):
    """The database did not answer within its time; trying again helps."""

    def __init__(self) -> None:
        super().__init__(
            "Social Desk's database is busy just now. Nothing was saved; "
            "please try again in a minute."
        )


class StorageDownError(DeskError):
    """The database is gone, full or can't be written to; an operator has to look."""

    def __init__(self) -> None:
        super().__init__(
            "Social Desk can't save anything right now. Nothing was saved; "
            "please try again in a few minutes."
        )


class SealedError(DeskError):
    """A text in the database can't be decrypted. The sentence is the operator's: people in Slack
    are told a reference (`handlers.answers`), and what was to be sent waits (`bot.delivery`).
    """

"""A file that was handed in, on its way into the card's thread."""

from dataclasses import dataclass
from enum import StrEnum

from bot.submission import FileRef, Submission


class Missing(StrEnum):
    """Why a file can't be kept."""

    DELETED = "deleted"
    HIDDEN = "hidden"
    TOO_LARGE = "too_large"
    EMPTY = "empty"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMaterial:
    """A file that was handed in, to be kept in the card's thread under `title`."""

    submission: Submission
    file: FileRef
    title: str

"""Lessons: what was expected, what happened, why, and what changes because of it (P36)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

LESSON_PART_LENGTH = 500
"""How long each part of a lesson may be, in characters: a sentence or two."""


class LessonSource(StrEnum):
    """What taught it."""

    EXPERIMENT = "experiment"
    GOAL = "goal"
    SUBMISSION = "submission"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """One lesson. `lesson_id` is the form that told it, or the experiment or goal that it is of.
    `number` is the submission that it is about, None where it is about none. `title` says in a line
    what was tried. A goal's lesson has no `cause` of its own. One that was taken back is kept, and
    never shown.
    """

    lesson_id: str
    source: LessonSource
    title: str
    expectation: str
    happened: str
    cause: str
    change: str
    at: datetime
    actor_id: str
    number: int | None = None
    changed_at: datetime | None = None
    changed_by: str | None = None
    dropped_at: datetime | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        """All that it says."""
        return self.expectation, self.happened, self.cause, self.change


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """A lesson as somebody sees it; `may_change`: they may."""

    lesson: Lesson
    may_change: bool = False

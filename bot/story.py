"""Success stories: a result told so that others hear of it, with the names of those it is owed to
(P35).
"""

from dataclasses import dataclass
from datetime import datetime

from bot.submission import Submission

HEADLINE_LENGTH = 150
STORY_LENGTH = 1500

CHANGED, TAKEN_BACK = "changed", "dropped"
"""What the history says of a step that told no new story."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What is told of a submission. One that was taken back is kept, and never shown."""

    number: int
    headline: str
    text: str
    told_at: datetime
    told_by: str
    changed_at: datetime | None = None
    changed_by: str | None = None
    dropped_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A story that may be shown, beside what it is of: with that come its link and its names.
    `may_change`: the reader may.
    """

    story: Story
    submission: Submission
    may_change: bool = False

    @property
    def credited(self) -> tuple[str, ...]:
        """Whom it is owed to, each once: who handed it in, decided and published it."""
        one = self.submission
        named = (one.submitter_id, one.decided_by, one.published_by)
        return tuple(dict.fromkeys(user_id for user_id in named if user_id))

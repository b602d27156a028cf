"""What experiments, lessons and stories said before somebody changed them: kept, and never changed
itself. Who moves the goalposts of an experiment is seen (P36).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Revised(StrEnum):
    """What was changed."""

    EXPERIMENT = "experiment"
    LESSON = "lesson"
    STORY = "story"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One change: who made it, when, and what was `before`, by the names of the fields that changed
    with it. `version` counts the changes of one thing from 1; `number` is the submission that its
    words are about, None where they are about none.
    """

    what: Revised
    of_id: str
    version: int
    at: datetime
    actor_id: str
    before: Mapping[str, str]
    number: int | None = None

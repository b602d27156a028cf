"""A question where a goal stands, as data."""

from dataclasses import dataclass
from datetime import datetime

from bot.goal import Reading, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn:
    """A goal's keepers were asked at `asked_at` where it stands; from `until` on they have not
    answered, if there was no reading since.
    """

    goal_id: str
    period_key: str
    asked_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInMaterial:
    """The question where a goal stands, open until `until`; `answer` is the reading that came
    since, and `hook` what the webhook is called that brought it. `is_stale`: three questions were
    not answered.
    """

    standing: Standing
    until: datetime
    is_stale: bool = False
    answer: Reading | None = None
    hook: str | None = None

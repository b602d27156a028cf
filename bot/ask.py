"""What a digest asked for, and what somebody said to it, as data."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.digest_rules import AskKind


class Reply(StrEnum):
    """What somebody says to an ask."""

    YES = "yes"
    NOT_NOW = "not_now"
    LATER = "later"


FINAL = frozenset({Reply.YES, Reply.NOT_NOW})
"""What settles an ask; who says later leaves it open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The one ask of a subscription's digest of a period: what `bot.digest_rules.Ask` says, with
    the goal by its id; `overdue` of what waited was past its time. `reply`, by whom and when are
    None until somebody answers.
    """

    subscription_id: str
    period: str
    kind: AskKind
    count: int
    goal_id: str | None
    role_id: str | None
    overdue: int
    at: datetime
    platform: str | None = None
    sample: int = 0
    reply: Reply | None = None
    reply_by: str | None = None
    reply_at: datetime | None = None

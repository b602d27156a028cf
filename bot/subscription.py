"""How a digest is set, and how its rounds go."""

from dataclasses import dataclass
from datetime import datetime

from bot.channels import Trouble
from bot.desk import Subscription


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestStatus:
    """How a channel's digest is set: when it comes next, what became of the `last` one (a status of
    `bot.digest`) that was due at `last_at`, and what is wrong with its channel.
    """

    subscription: Subscription
    next_at: datetime | None = None
    last: str | None = None
    last_at: datetime | None = None
    trouble: Trouble | None = None

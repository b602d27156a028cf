"""How Slack looks from here: whether it answers, and what time it has. Learned from the calls that
the desk makes anyway; asked only when there were none for a while.
"""

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from bot.ports import Clock
from handlers.outcomes import TROUBLE, classify
from runtime.tallies import Tallies

log = logging.getLogger(__name__)

KNOWN_FOR = timedelta(minutes=1)
"""How long an answer tells that Slack is there, and the least time between calls of our own."""

UNREACHED = frozenset({"no_connection", "timeout", "connection_broken", "unreadable_answer"})
"""What a call ends with that Slack did not answer at all; beside these, `http_5…` and its like."""


class Sight:
    """What was last seen of Slack. `clock` is the machine's."""

    def __init__(self, tallies: Tallies, clock: Clock) -> None:
        self._tallies = tallies
        self._clock = clock
        self._heard_at: datetime | None = None
        self._asked_at: datetime | None = None
        self._date: tuple[str, datetime] | None = None
        self.trouble: str | None = None
        """What the last call broke on; None when Slack answered it, with whatever."""

    def heard(self, method: str, code: str, seconds: float, date: str | None) -> None:
        """A call ended after so many seconds with this code: ok, Slack's error, or what broke.
        `date` is Slack's time as its answer told (the header Date).
        """
        self._tallies.called_slack(method, code, seconds)
        now = self._clock.now()
        self._heard_at = now
        is_unreached = code in UNREACHED or code.startswith("http_5")
        self.trouble = code if is_unreached else None
        if date is not None:
            self._date = date, now

    def is_to_be_asked(self) -> bool:
        """Whether nothing was heard within KNOWN_FOR, and nobody asked either."""
        now = self._clock.now()
        return not _is_recent(self._heard_at, now) and not _is_recent(self._asked_at, now)

    async def ask(self, call: Callable[[], Awaitable[object]]) -> None:
        """Make a call of our own; whoever hears of calls hears of this one, too."""
        self._asked_at = self._clock.now()
        try:
            await call()
        except TROUBLE as error:
            log.info("Slack was asked in vain", extra={"why": str(classify(error))})

    def ahead(self) -> timedelta | None:
        """How far our clock is ahead of Slack's, by the last answer; None when it told no time."""
        if self._date is None:
            return None
        told, at = self._date
        try:
            return at - parsedate_to_datetime(told).astimezone(UTC)
        except ValueError:
            return None


def _is_recent(at: datetime | None, now: datetime) -> bool:
    return at is not None and timedelta() <= now - at < KNOWN_FOR

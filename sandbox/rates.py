"""Rate limits on the workspace's clock: tiers per method and minute, one message a second.

Source: https://docs.slack.dev/apis/web-api/rate-limits
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.clock import Clock

TIERS: Mapping[int, int] = {1: 1, 2: 20, 3: 50, 4: 100}

METHOD_TIERS: Mapping[str, int] = {
    "chat.postEphemeral": 4,
    "chat.update": 3,
    "conversations.history": 3,
    "conversations.info": 3,
    "conversations.list": 2,
    "conversations.members": 4,
    "conversations.open": 3,
    "conversations.replies": 3,
    "files.completeUploadExternal": 4,
    "files.delete": 3,
    "files.getUploadURLExternal": 4,
    "files.info": 4,
    "team.info": 3,
    "users.info": 4,
    "users.list": 2,
    "views.open": 4,
    "views.publish": 4,
    "views.push": 4,
    "views.update": 4,
}

# "About one message a second per channel", short bursts allowed; several hundred a minute in all.
MESSAGES_PER_SECOND = 1.0
MESSAGE_BURST = 5
MESSAGES_PER_MINUTE = 300


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled: float


READING_BACK = frozenset({"conversations.history", "conversations.replies"})
SMALL_PAGE = 15
"""Apps that are sold outside the Marketplace read back once a minute, 15 messages at a time."""


class Rates:
    """Token buckets. `lenient` never refuses: for the demo. With `small_history` the app is one
    that is sold outside the Marketplace.
    """

    def __init__(self, clock: Clock, *, lenient: bool, small_history: bool = False) -> None:
        self.lenient = lenient
        self.small_history = small_history
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}

    def wait(self, method: str, channel: str) -> int:
        """Take one call. 0 if it may go on, else the seconds for `Retry-After`."""
        if self.lenient:
            return 0
        if method == "chat.postMessage":
            wait = self._take(f"message:{channel}", MESSAGES_PER_SECOND, MESSAGE_BURST)
            return wait or self._take("messages", MESSAGES_PER_MINUTE / 60, MESSAGES_PER_MINUTE)
        is_small = self.small_history and method in READING_BACK
        tier = 1 if is_small else METHOD_TIERS.get(method)
        if tier is None:
            return 0
        return self._take(method, TIERS[tier] / 60, TIERS[tier])

    def _take(self, name: str, per_second: float, burst: int) -> int:
        now = self._clock.now().timestamp()
        bucket = self._buckets.setdefault(name, _Bucket(float(burst), now))
        bucket.tokens = min(burst, bucket.tokens + (now - bucket.filled) * per_second)
        bucket.filled = now
        if bucket.tokens < 1:
            return max(1, math.ceil((1 - bucket.tokens) / per_second))
        bucket.tokens -= 1
        return 0

"""Ids that look like Slack's and are the same in each run."""

import hashlib
import itertools
from datetime import datetime

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Ids:
    """Counters, one per prefix, and timestamps that only grow."""

    def __init__(self) -> None:
        self._counters: dict[str, itertools.count[int]] = {}
        self._last_ts = 0

    def next(self, prefix: str) -> str:
        """`U` gives U00000001, U00000002 and so on, in Slack's alphabet."""
        counter = self._counters.setdefault(prefix, itertools.count(1))
        return prefix + _base36(next(counter)).rjust(8, "0")

    def number(self, name: str) -> int:
        """1, 2, 3 and so on for this name."""
        return next(self._counters.setdefault(name, itertools.count(1)))

    def digest(self, name: str) -> str:
        """A hexadecimal string that looks random and is not."""
        return hashlib.sha256(f"{name}:{self.number(name)}".encode()).hexdigest()[:24]

    def ts(self, now: datetime) -> str:
        """A message's timestamp: unique in the workspace, later ones are greater."""
        micros = int(now.timestamp()) * 1_000_000 + now.microsecond
        self._last_ts = max(micros, self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _ALPHABET[digit] + digits
    return digits or "0"

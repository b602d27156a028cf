"""For how long SQLite's writer keeps away from the event loop after the disk was slow for it."""

SLOW = 0.05
"""Seconds. When a transaction in the event loop took longer, the disk is not for the loop to wait
for: the next ones are left to the thread."""

BRIEFLY = 0.25
"""Seconds for which they are: one hiccup of the disk must not leave to the thread, which does less
in the same time, what comes for seconds."""

LONGEST = 8.0
"""Seconds. Each time twice as long, up to this, while it happens again within as long."""


class Caution:
    """What the writer knows of the disk. Moments are seconds of one monotonic clock."""

    def __init__(self) -> None:
        self.until = 0.0
        self._lasts = BRIEFLY

    def is_over(self, now: float) -> bool:
        """Whether the event loop may wait for the disk again."""
        return now >= self.until

    def judge(self, begun_at: float, ended_at: float) -> None:
        """A transaction ran in the event loop from one moment to the other."""
        if ended_at - begun_at <= SLOW:
            return
        is_again = self.until and begun_at < self.until + self._lasts
        self._lasts = min(2 * self._lasts, LONGEST) if is_again else BRIEFLY
        self.until = ended_at + self._lasts

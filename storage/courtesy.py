"""Threads that give way: on one core with the event loop, what waits for nobody goes behind it; and
while the loop stores, nobody stands in its way.
"""

import os
import sys
from collections.abc import Callable
from math import inf
from threading import Event, get_native_id, local
from time import perf_counter, sleep

BEHIND = 10
"""By how much a thread's nice value is raised: with a loop that never rests it keeps a tenth of the
core, so that what it holds, the interpreter's lock too, is never held for long."""


def give_way() -> None:
    """Let the thread that calls this, for good, run behind the others of its process where they
    share a core. Linux alone knows nice values of threads
    (https://man7.org/linux/man-pages/man7/sched.7.html); elsewhere nothing happens.

    Without it, whoever woke the event loop, or the end of a commit's sync, waited until the system
    took the core from the thread, three milliseconds at a time.
    """
    if sys.platform == "linux":
        thread = get_native_id()
        nice = os.getpriority(os.PRIO_PROCESS, thread)
        os.setpriority(os.PRIO_PROCESS, thread, min(nice + BEHIND, 19))


LONGEST_STOP = 0.005
"""Seconds that a reader stops for at each statement: a loop that stores without a pause must not
keep it from its answer."""

AT_WORK = 0.25
"""Seconds for which people count as at work after something was stored."""

STRETCH = 0.0001
"""Seconds for which a patient reader goes on before it rests."""

REST = 19
"""How many times as long it rests: it takes a twentieth of a core."""

LONGEST_REST = 0.1
"""Seconds; a single stretch may be long where nothing can stop it."""

LOOKS = 2_000
"""After how many of SQLite's instructions a patient reader is asked within a statement: some 50 µs
(https://www.sqlite.org/c3ref/progress_handler.html)."""


class Road:
    """Closed to those who read while the event loop stores: they stop before their next statement.

    At each of its statements the loop lets go of the interpreter's lock. A thread that computes
    takes it then, and keeps it for a whole turn: a dozen statements, a dozen turns.

    Between, the loop and a reader may still meet on a core, although another is idle: the system
    decides. So whoever reads for nobody who waits, a patient reader, rests most of the time as long
    as people are at work, as PostgreSQL's vacuum does
    (https://www.postgresql.org/docs/current/runtime-config-vacuum.html#GUC-VACUUM-COST-DELAY).
    """

    def __init__(
        self, clock: Callable[[], float] = perf_counter, pause: Callable[[float], None] = sleep
    ) -> None:
        """`clock` counts seconds, `pause` waits for so many."""
        self._clock = clock
        self._pause = pause
        self._is_open = Event()
        self._is_open.set()
        self._stored_at = -inf
        self._patient = local()

    def close(self) -> None:
        """The event loop begins to store."""
        self._is_open.clear()

    def open(self) -> None:
        """It has stored."""
        self._stored_at = self._clock()
        self._is_open.set()

    def set_out(self) -> None:
        """In a patient reader's thread: it begins to read."""
        self._patient.since = self._clock()

    def arrive(self) -> None:
        """In the same thread: it has read, and what passes until the next time is no reading."""
        self._patient.since = None

    def stop(self) -> None:
        """In a reader's thread: wait while the road is closed, but not for long; and rest, if it is
        a patient one.
        """
        self.rest()
        if not self._is_open.is_set():
            self._is_open.wait(LONGEST_STOP)

    def rest(self) -> int:
        """In a reader's thread: rest, if it is a patient one and people are at work. Returns 0, by
        which SQLite goes on with a statement that is under way.
        """
        since: float | None = getattr(self._patient, "since", None)
        if since is None:
            return 0
        now = self._clock()
        if now - since < STRETCH:
            return 0
        if now - self._stored_at < AT_WORK:
            self._pause(min((now - since) * REST, LONGEST_REST))
            now = self._clock()
        self._patient.since = now
        return 0

"""Threads that give way: on one core with the event loop, what waits for nobody goes behind it; and
while the loop stores, nobody stands in its way.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, get_native_id

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


class Road:
    """Closed to those who read while the event loop stores: they stop before their next statement.

    At each of its statements the loop lets go of the interpreter's lock. A thread that computes
    takes it then, and keeps it for a whole turn: a dozen statements, a dozen turns.
    """

    def __init__(self) -> None:
        self._is_open = Event()
        self._is_open.set()

    @contextmanager
    def closed(self) -> Iterator[None]:
        """The event loop stores inside."""
        self._is_open.clear()
        try:
            yield
        finally:
            self._is_open.set()

    def stop(self) -> None:
        """In a reader's thread: wait while the road is closed, but not for long."""
        if not self._is_open.is_set():
            self._is_open.wait(LONGEST_STOP)

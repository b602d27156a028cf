"""Threads that give way: on one core with the event loop, what waits for nobody goes behind it."""

import os
import sys
from threading import get_native_id

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

"""Which movements of a number are news, and which are within what chance does by itself."""

import math

LIKELY = 1.64
"""How many standard deviations chance alone stays within, nine times out of ten."""

LEVEL_FLOOR = 0.005
"""A level that moved by less than this share of what it was did not move."""

FEW = 10
"""Of fewer than these no trend is told."""


def is_moved(before: int, now: int) -> bool:
    """Whether a count moved more than chance moves it.

    Two counts that chance alone tells apart differ by about the root of their sum (they are Poisson
    counts): what is not well beyond that is not called a change.
    """
    return abs(now - before) > LIKELY * math.sqrt(now + before)


def is_level_moved(before: float, now: float) -> bool:
    """Whether a level (a share, a median) moved by more than the floor."""
    return abs(now - before) > LEVEL_FLOOR * max(abs(before), abs(now))

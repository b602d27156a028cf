"""What goals are shown with: the list of them, and one whose period is over."""

from dataclasses import dataclass

from bot.goal import Standing
from bot.pace import Course
from bot.served import NOTHING, Unserved


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalsMaterial:
    """The goals as one person sees them: those that run or are to come, those of which they are to
    say what became of them, and others that have ended.

    `may_set`: they may set a new one. `unserved` is under way and serves none.
    """

    live: tuple[Standing, ...]
    to_close: tuple[Standing, ...] = ()
    ended: tuple[Standing, ...] = ()
    may_set: bool = False
    unserved: Unserved = NOTHING


NO_GOALS = GoalsMaterial(live=())


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingMaterial:
    """A goal whose period is over, for whoever says what became of it; `following` is the course
    that the same goal would take next.
    """

    standing: Standing
    following: Course

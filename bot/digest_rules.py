"""What a digest singles out: one story, and one ask that fits the gap (P03).

Pure functions of what was counted; the words are the view's.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.figures import Counts, PublishedItem, WeekFigures
from bot.goal import Measure, Standing, WonLead
from bot.pace import Verdict
from bot.story import Told

OLD_READING = timedelta(days=14)
"""A goal that is kept by hand and was not read for so long is asked about."""

Story = WonLead | PublishedItem | Told


class AskKind(StrEnum):
    """What one thing would help most."""

    HAND_IN = "hand_in"
    DECIDE = "decide"
    PUBLISH = "publish"
    FOLLOW_LEADS = "follow_leads"
    MOVE_GOAL = "move_goal"
    READ_GOAL = "read_goal"
    SET_GOAL = "set_goal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One ask. `standing` is the goal that it serves, `role_id` who is asked where it is a role's
    to do, `count` how many: missing in the goal's unit, waiting, overdue.
    """

    kind: AskKind
    count: int = 0
    standing: Standing | None = None
    role_id: str | None = None


def story_of(published: Sequence[PublishedItem], won: WonLead | None) -> Story | None:
    """The success that a digest tells (P35): a lead that was won, else a customer's word that was
    published, else the first thing that was.
    """
    if won is not None:
        return won
    testimonials = [item for item in published if item.kind_key == "testimonial"]
    return next(iter([*testimonials, *published]), None)


def ask_of(standings: Sequence[Standing], figures: WeekFigures, at: datetime) -> Ask | None:
    """What the digest asks for; None when nothing is wanting, or when nothing at all happened.

    The goal that is furthest behind comes first, then goals that nobody has read for long, then
    what is overdue and what waits to be published; without any goal, a goal.
    """
    behind = [one for one in standings if one.verdict is Verdict.BEHIND]
    if behind:
        return _for_goal(max(behind, key=lambda one: one.gap), figures)
    unread = next((one for one in standings if _is_unread(one, at)), None)
    if unread is not None:
        return Ask(kind=AskKind.READ_GOAL, standing=unread, role_id=unread.goal.role_id)
    if figures.waiting.overdue:
        return _decide(figures)
    if figures.to_publish:
        return _publish(figures)
    if not standings and figures.week != Counts():
        return Ask(kind=AskKind.SET_GOAL)
    return None


def _for_goal(standing: Standing, figures: WeekFigures) -> Ask:
    """What moves this goal, as its measure tells; what the desk has lying about comes first."""
    missing = math.ceil(abs(standing.expected - (standing.value or 0)))
    match standing.goal.measure:
        case Measure.HANDED_IN:
            kind = AskKind.HAND_IN
        case Measure.ACCEPTED | Measure.IN_TIME | Measure.TIME_TO_DECISION:
            if figures.waiting.total:
                return _decide(figures, standing)
            kind = AskKind.MOVE_GOAL
        case Measure.PUBLISHED:
            if figures.to_publish:
                return _publish(figures, standing)
            kind = AskKind.MOVE_GOAL
        case Measure.LEADS_WON:
            kind = AskKind.FOLLOW_LEADS
        case Measure.HAND | Measure.CONVERSIONS:
            kind = AskKind.MOVE_GOAL
    return Ask(kind=kind, count=missing, standing=standing)


def _decide(figures: WeekFigures, standing: Standing | None = None) -> Ask:
    """What is overdue first; whose it is, is known when it is all with one role."""
    waiting = figures.waiting
    is_with_one = len(waiting.by_role) == 1 or not waiting.overdue
    return Ask(
        kind=AskKind.DECIDE,
        count=waiting.overdue or waiting.by_role[_most(waiting.by_role)],
        standing=standing,
        role_id=_most(waiting.by_role) if is_with_one else None,
    )


def _publish(figures: WeekFigures, standing: Standing | None = None) -> Ask:
    role_id = _most(figures.to_publish)
    count = figures.to_publish[role_id]
    return Ask(kind=AskKind.PUBLISH, count=count, standing=standing, role_id=role_id)


def _most(by_role: Mapping[str, int]) -> str:
    """The role with the most; of equals the first by name."""
    return min(by_role, key=lambda role_id: (-by_role[role_id], role_id))


_UNSURE = frozenset({Verdict.UNKNOWN, Verdict.STALE, Verdict.ON_PACE})


def _is_unread(standing: Standing, at: datetime) -> bool:
    """Whether a goal that runs is kept by hand and was not read for long."""
    if not standing.goal.is_by_hand or standing.verdict not in _UNSURE:
        return False
    since = standing.reading.at if standing.reading else standing.goal.created_at
    return at - since > OLD_READING

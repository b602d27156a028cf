"""What a digest singles out: one story, and one ask that fits the gap (P03).

Pure functions of what was counted; the words are the view's.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.figures import Counts, PublishedItem, WeekFigures
from bot.goal import Measure, Standing, WonLead
from bot.pace import Verdict
from bot.story import Told

OLD_READING = timedelta(days=14)
"""A goal that is kept by hand and was not read for so long is asked about."""

MUCH = 10
"""Fewer that wait are no reason to ask for hours."""

DECIDED = frozenset({Measure.ACCEPTED, Measure.IN_TIME, Measure.TIME_TO_DECISION})
"""What moves when more is decided."""

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
    INTRODUCE = "introduce"
    CONTRIBUTE = "contribute"
    CAPACITY = "capacity"


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


def ask_of(
    standings: Sequence[Standing],
    figures: WeekFigures,
    at: datetime,
    *,
    of_leaders: bool = False,
) -> Ask | None:
    """What the digest asks for; None when nothing is wanting, or when nothing at all happened.

    The goal that is furthest behind comes first, then goals that nobody has read for long, then
    what is overdue and what waits to be published; without any goal, a goal. `of_leaders`: who
    reads it can give what the social team can't (P03): hours, customers, their own example.
    """
    behind = [one for one in standings if one.verdict is Verdict.BEHIND]
    if behind:
        worst = max(behind, key=lambda one: one.gap)
        leaders = _of_leaders(worst, figures) if of_leaders else None
        return leaders or _for_goal(worst, figures)
    unread = next((one for one in standings if _is_unread(one, at)), None)
    if unread is not None:
        return Ask(kind=AskKind.READ_GOAL, standing=unread, role_id=unread.goal.role_id)
    if figures.waiting.overdue:
        is_too_much = of_leaders and _is_too_much(figures)
        return _capacity(figures) if is_too_much else _decide(figures)
    if figures.to_publish:
        return _publish(figures)
    if not standings and figures.week != Counts():
        return Ask(kind=AskKind.SET_GOAL)
    return None


def _of_leaders(standing: Standing, figures: WeekFigures) -> Ask | None:
    """What only leaders can give for a goal that is behind; None where others can help more."""
    goal, missing = standing.goal, _missing(standing)
    if goal.measure in DECIDED and _is_too_much(figures):
        return replace(_capacity(figures), standing=standing)
    if goal.measure is not Measure.HANDED_IN:
        return None
    if goal.kind_key == "testimonial":
        return Ask(kind=AskKind.INTRODUCE, count=missing, standing=standing)
    if figures.from_leaders == 0:
        return Ask(kind=AskKind.CONTRIBUTE, count=missing, standing=standing)
    return None


def _missing(standing: Standing) -> int:
    return math.ceil(abs(standing.expected - (standing.value or 0)))


def _is_too_much(figures: WeekFigures) -> bool:
    """Whether more waits than was decided in the week, and not just by a few."""
    return figures.waiting.total >= max(MUCH, 2 * figures.week.decided)


def _capacity(figures: WeekFigures) -> Ask:
    waiting = figures.waiting
    return Ask(kind=AskKind.CAPACITY, count=waiting.total, role_id=_most(waiting.by_role))


def _for_goal(standing: Standing, figures: WeekFigures) -> Ask:
    """What moves this goal, as its measure tells; what the desk has lying about comes first."""
    missing = _missing(standing)
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

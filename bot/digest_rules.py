"""What a digest singles out: one story, and one ask that fits the gap (P03).

Pure functions of what was counted; the words are the view's.
"""

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import chain

from bot.figures import Counts, PublishedItem, WeekFigures
from bot.goal import Measure, Standing, WonLead
from bot.idle_platform import Idle
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
    SIGN = "sign"
    DROP_PLATFORM = "drop_platform"


OF_THE_DESK = frozenset(
    {
        AskKind.DECIDE,
        AskKind.PUBLISH,
        AskKind.CAPACITY,
        AskKind.SIGN,
        AskKind.DROP_PLATFORM,
    }
)
"""What is the same thing to do whichever goal it helps."""

Subject = tuple[AskKind, str | None, str | None]
"""What an ask is for: its kind, its goal's id where it is about that goal, its platform."""


def subject_of(kind: AskKind, goal_id: str | None, platform: str | None) -> Subject:
    """What an ask is for, to tell it from others."""
    return kind, None if kind in OF_THE_DESK else goal_id, platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One ask. `standing` is the goal that it serves, `role_id` who is asked where it is a role's
    to do, `count` how many: missing in the goal's unit, waiting, overdue. Of a `platform` to drop
    it counts posts, and `sample` the conversions that were put down to the others.
    """

    kind: AskKind
    count: int = 0
    standing: Standing | None = None
    role_id: str | None = None
    platform: str | None = None
    sample: int = 0

    @property
    def subject(self) -> Subject:
        """What it asks for, to tell it from others."""
        goal_id = self.standing.goal.goal_id if self.standing else None
        return subject_of(self.kind, goal_id, self.platform)


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
    idle: Callable[[], Idle | None] = lambda: None,
    settled: Collection[Subject] = (),
) -> Ask | None:
    """What the digest asks for; None when nothing is wanting, or when nothing at all happened.

    The goal that is furthest behind comes first, then goals that nobody has read for long, then
    what is overdue, what waits to be published and what waits to be signed; without any goal, a
    goal. `of_leaders`: who reads it can give what the social team can't (P03): hours, customers,
    their own example, the end of a platform. Which is `idle` is looked at last, since it counts
    twelve weeks. What is `settled` is not asked again: the next best is.
    """
    found = chain(
        _for_goals(standings, figures, at, idle if of_leaders else None),
        _for_desk(standings, figures, idle if of_leaders else None),
    )
    return next((one for one in found if one.subject not in settled), None)


Looks = Callable[[], Idle | None]
"""Looks for an idle platform; None in its place: who reads it is no leader."""


def _for_goals(
    standings: Sequence[Standing], figures: WeekFigures, at: datetime, idle: Looks | None
) -> Iterator[Ask]:
    """What helps the goals: those behind, the furthest first, then those that nobody has read."""
    behind = [one for one in standings if one.verdict is Verdict.BEHIND]
    for one in sorted(behind, key=lambda one: -one.gap):
        if idle is not None:
            yield from _of_leaders(one, figures, idle)
        yield _for_goal(one, figures)
    for one in standings:
        if _is_unread(one, at):
            yield Ask(kind=AskKind.READ_GOAL, standing=one, role_id=one.goal.role_id)


def _for_desk(
    standings: Sequence[Standing], figures: WeekFigures, idle: Looks | None
) -> Iterator[Ask]:
    """What the desk itself wants: decisions, posts, signatures, a goal, an end."""
    of_leaders = idle is not None
    if figures.waiting.overdue and of_leaders and _is_too_much(figures):
        yield _capacity(figures)
    if figures.waiting.overdue:
        yield _decide(figures)
    ready = [_sign(figures)] if figures.to_sign else []
    if figures.to_publish:
        ready.insert(len(ready) if of_leaders else 0, _publish(figures))
    yield from ready
    if not standings and figures.week != Counts():
        yield Ask(kind=AskKind.SET_GOAL)
    if idle is not None:
        yield from _drop(idle)


def _of_leaders(standing: Standing, figures: WeekFigures, idle: Looks) -> Iterator[Ask]:
    """What only leaders can give for a goal that is behind; nothing where others can help more."""
    goal, missing = standing.goal, _missing(standing)
    if goal.measure in DECIDED and _is_too_much(figures):
        yield replace(_capacity(figures), standing=standing)
    if goal.measure is Measure.PUBLISHED and figures.to_sign:
        yield _sign(figures, standing)
    if goal.measure is Measure.CONVERSIONS:
        yield from _drop(idle, standing)
    if goal.measure is Measure.HANDED_IN and goal.kind_key == "testimonial":
        yield Ask(kind=AskKind.INTRODUCE, count=missing, standing=standing)
    elif goal.measure is Measure.HANDED_IN and figures.from_leaders == 0:
        yield Ask(kind=AskKind.CONTRIBUTE, count=missing, standing=standing)


def _drop(idle: Looks, standing: Standing | None = None) -> Iterator[Ask]:
    """To leave the platform that brought nothing, for the sake of those that do."""
    found = idle()
    if found is not None:
        yield Ask(
            kind=AskKind.DROP_PLATFORM,
            count=found.posts,
            platform=found.platform,
            sample=found.sample,
            standing=standing,
        )


def _sign(figures: WeekFigures, standing: Standing | None = None) -> Ask:
    return Ask(
        kind=AskKind.SIGN,
        count=sum(figures.to_sign.values()),
        standing=standing,
        role_id=_most(figures.to_sign),
    )


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
            if figures.to_publish or figures.to_sign:
                give = _publish if figures.to_publish else _sign
                return give(figures, standing)
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

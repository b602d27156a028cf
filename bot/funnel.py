"""The stages from knowing us to staying a customer: which is starved, and what waits for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.choices import STAGES
from bot.insight_store import NEWEST, StageCount, StageItem
from bot.ports import Transaction

SPAN = timedelta(weeks=13)
CARRIES = 10
"""Of fewer posts than this, how they are spread over the stages says nothing."""

WAITS_SHOWN = 3
"""How much of what waits for a starved stage is named, so that somebody can take it up."""

FAIR_SHARE = 0.5
"""A stage with less than half of an even share of the posts is starved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stage: what happened at it and what waits, how many goals name it, and whether it is
    starved.
    """

    key: str
    label: str
    counted: StageCount
    goals: int = 0
    is_starved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """The stages in their order, how many posts named one, and whether that says anything; since
    the `newest` were handed in, None when it is of the whole span. `waits` are the first of what
    waits for the stage that is starved most.
    """

    stages: tuple[Stage, ...]
    published: int
    newest: int | None = None
    waits: tuple[StageItem, ...] = ()

    @property
    def carries(self) -> bool:
        """Whether there are enough posts for their spread to say anything."""
        return self.published >= CARRIES

    @property
    def starved(self) -> tuple[Stage, ...]:
        """Those that are starved: with a goal first, then the fewest posts, then in their order."""
        found = [one for one in self.stages if one.is_starved]
        return tuple(sorted(found, key=lambda one: (one.goals == 0, one.counted.published)))


def funnel(counted: Sequence[StageCount], goals: Mapping[str, int]) -> Funnel:
    """Put together what was counted, and how many goals name each stage.

    A stage is starved when a goal names it and nothing was published for it, or when it got less
    than half of an even share of enough posts.
    """
    by_key = {one.stage: one for one in counted}
    total = sum(by_key[option.value].published for option in STAGES if option.value in by_key)
    stages = []
    for option in STAGES:
        here = by_key.get(option.value) or StageCount(stage=option.value)
        wanted = goals.get(option.value, 0)
        is_thin = total >= CARRIES and here.published * len(STAGES) < total * FAIR_SHARE
        stages.append(
            Stage(
                key=option.value,
                label=option.label,
                counted=here,
                goals=wanted,
                is_starved=is_thin or (wanted > 0 and here.published == 0),
            )
        )
    return Funnel(stages=tuple(stages), published=total)


def see_funnel(tx: Transaction, _command: None, now: datetime) -> Funnel:
    """The funnel of the last quarter; of very many, since the newest were handed in."""
    goals: dict[str, int] = {}
    for goal in tx.goals.live(now.date()):
        if goal.stage and goal.course.first_day <= now.date():
            goals[goal.stage] = goals.get(goal.stage, 0) + 1
    quarter = now - SPAN
    since = tx.insights.newest_handed_in(quarter, now, NEWEST)
    found = funnel(tx.insights.stages(since or quarter, now), goals)
    starved = found.starved[:1]
    waits = tx.insights.waiting_at(starved[0].key, limit=WAITS_SHOWN) if starved else ()
    return replace(found, newest=None if since is None else NEWEST, waits=waits)

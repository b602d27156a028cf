"""How a goal went: its readings with who, when and from where, what was put right, and which target
held when.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.errors import NotFoundError
from bot.goal import Reading, Standing
from bot.goal_version import GoalVersion
from bot.ports import Transaction
from bot.standings import standings

SHOWN = 20
"""How many readings are shown, the newest first."""


@dataclass(frozen=True, slots=True)
class AskTrail:
    """Somebody wants to see how a goal went."""

    goal_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalTrail:
    """A goal with its newest readings, the newest first, and what it was, the oldest first. `more`:
    there are earlier readings. `hooks` are what the webhooks that brought some are called, by id.
    """

    standing: Standing
    readings: tuple[Reading, ...] = ()
    versions: tuple[GoalVersion, ...] = ()
    more: bool = False
    hooks: Mapping[str, str] = field(default_factory=dict)


def see_trail(tx: Transaction, command: AskTrail, now: datetime) -> GoalTrail:
    """How a goal went; raises NotFoundError when it is no more."""
    goal = tx.goals.get(command.goal_id)
    if goal is None or goal.dropped_at is not None:
        raise NotFoundError("This goal is no more.")
    (standing,) = standings(tx, [goal], now)
    readings = tx.goals.trail(goal.goal_id, limit=SHOWN + 1)
    return GoalTrail(
        standing=standing,
        readings=readings[:SHOWN],
        versions=tx.goals.versions([goal.goal_id]),
        more=len(readings) > SHOWN,
        hooks=tx.hooks.names() if any(one.hook_id for one in readings) else {},
    )

"""Objectives as a tree: a department's hangs on the company's, goals hang on either (P18); each is
as healthy as the weakest goal below it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.goal import Objective, Standing
from bot.pace import Verdict

_ORDER = (
    Verdict.BEHIND,
    Verdict.STALE,
    Verdict.UNKNOWN,
    Verdict.ON_PACE,
    Verdict.REACHED,
    Verdict.NOT_STARTED,
    Verdict.MISSED,
)


def severity(standing: Standing) -> tuple[int, float]:
    """Sorts goals: those behind first, the furthest on top."""
    return _ORDER.index(standing.verdict), -standing.gap


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """An objective with its own goals, and the departments' objectives that hang on it."""

    objective: Objective
    goals: tuple[Standing, ...] = ()
    children: tuple["Branch", ...] = ()

    @property
    def all_goals(self) -> tuple[Standing, ...]:
        """Its own and those below it."""
        return (*self.goals, *(goal for child in self.children for goal in child.all_goals))

    @property
    def weakest(self) -> Standing:
        """The goal that is worst off: the objective is as healthy as this one."""
        return min(self.all_goals, key=severity)


def tree(standings: Sequence[Standing]) -> tuple[Branch, ...]:
    """The objectives that these goals serve, the worst off first; those that serve none of these
    goals are left out.
    """
    own: dict[str, list[Standing]] = {}
    below: dict[str, dict[str, Objective]] = {}
    roots: dict[str, Objective] = {}
    for standing in standings:
        objective, root = standing.objective, standing.parent or standing.objective
        own.setdefault(objective.objective_id, []).append(standing)
        roots[root.objective_id] = root
        if standing.parent is not None:
            below.setdefault(root.objective_id, {})[objective.objective_id] = objective

    def branch(objective: Objective) -> Branch:
        goals = own.get(objective.objective_id, [])
        children = below.get(objective.objective_id, {}).values()
        return Branch(
            objective=objective,
            goals=tuple(sorted(goals, key=severity)),
            children=_worst_first(branch(child) for child in children),
        )

    return _worst_first(branch(root) for root in roots.values())


def _worst_first(branches: Iterable[Branch]) -> tuple[Branch, ...]:
    return tuple(sorted(branches, key=lambda one: severity(one.weakest)))

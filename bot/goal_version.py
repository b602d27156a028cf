"""What a goal was, as data: who changes a target in the middle of a period keeps what was."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from bot.goal import Goal
from bot.pace import Course


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalVersion:
    """What a goal was from the moment `at` on, until it was changed again."""

    goal_id: str
    version: int
    title: str
    unit: str
    course: Course
    at: datetime
    actor_id: str

    @classmethod
    def of(cls, goal: Goal) -> Self:
        """The version at which a goal is now."""
        return cls(
            goal_id=goal.goal_id,
            version=goal.version,
            title=goal.title,
            unit=goal.unit,
            course=goal.course,
            at=goal.changed_at or goal.created_at,
            actor_id=goal.changed_by or goal.created_by,
        )

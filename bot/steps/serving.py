"""Saying which goal something accepted serves, or that it serves none (P21)."""

from dataclasses import replace

from bot.errors import FieldError, NotAllowedError
from bot.serving import running_goals, suggested
from bot.steps.base import Asked, Case, Choice, Detail, VerbRules
from bot.submission import Submission

NONE = "none"
"""Chosen where it serves none of the goals."""

GOAL = "goal"
"""The question of the form; also the name under which it says what is wrong."""


def _ask(case: Case) -> Asked:
    """The goals that run; the present one is filled in, else what the rule would choose."""
    goals = running_goals(case.tx, case.now)
    if not goals:
        raise NotAllowedError("No goal runs now. Set one first: /social goals.")
    now = case.submission.goal_id or suggested(goals, case.submission) or NONE
    known = {goal.goal_id for goal in goals}
    return Asked(
        submission=case.submission,
        choices=tuple(Choice(goal.goal_id, goal.title) for goal in goals),
        initial={GOAL: now if now in known else NONE},
    )


def _check(case: Case) -> Detail:
    chosen = case.step.text(GOAL)
    if chosen == NONE:
        return {}
    if chosen not in {goal.goal_id for goal in running_goals(case.tx, case.now)}:
        raise FieldError({GOAL: "Please choose one of the goals, or none of them."})
    return {GOAL: chosen}


def _serving(_case: Case, moved: Submission, detail: Detail) -> Submission:
    return replace(moved, goal_id=detail.get(GOAL))


SERVE = VerbRules(ask=_ask, check=_check, change=_serving)

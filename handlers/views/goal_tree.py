"""Goals below the objectives that they serve, and how those stand."""

from collections.abc import Iterator, Sequence

from bot.goal import Standing
from bot.objectives import Branch, tree
from bot.pace import Verdict
from handlers.views.goal_lines import TITLE_SHOWN
from handlers.views.text import inline, lines


def grouped(live: Sequence[Standing]) -> Iterator[tuple[str, Standing]]:
    """Each goal, by objective, and before the first of one what that is and how it stands; before
    the first of the company's objective both.
    """
    for root in tree(live):
        above = f"For: {_objective(root)}"
        for standing in root.goals:
            yield above, standing
            above = ""
        for child in root.children:
            path = lines((above, f"› {_objective(child)}"))
            above = ""
            for standing in child.goals:
                yield path, standing
                path = ""


def _objective(branch: Branch) -> str:
    """An objective of the business; one goal behind is enough to hold it back."""
    objective, weakest = branch.objective, branch.weakest
    of = f" ({inline(objective.department, 60)})" if objective.department else ""
    is_held = weakest.verdict is Verdict.BEHIND and len(branch.all_goals) > 1
    back = f", held back by {inline(weakest.goal.title, TITLE_SHOWN)}" if is_held else ""
    return f"*{inline(objective.title, 120)}*{of}{back}"

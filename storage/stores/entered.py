"""What people entered of goals, figures and decisions: which columns name them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, Table, or_, select

from storage.tables import (
    ask,
    budget_before,
    conversion,
    decision,
    digest_state,
    experiment,
    goal,
    goal_closing,
    goal_version,
    lesson,
    marketing_budget,
    phrase,
    reading,
    revision,
    spend,
    story,
)
from storage.unit import Unit

ENTERED: Mapping[Table, tuple[Column[Any], ...]] = {
    goal: (goal.c.created_by, goal.c.changed_by),
    goal_version: (goal_version.c.actor_id,),
    reading: (reading.c.actor_id,),
    goal_closing: (goal_closing.c.actor_id,),
    conversion: (conversion.c.recorded_by, conversion.c.undone_by),
    phrase: (phrase.c.created_by,),
    spend: (spend.c.recorded_by, spend.c.undone_by),
    digest_state: (digest_state.c.set_by,),
    decision: (decision.c.owner_id, decision.c.made_by, decision.c.closed_by),
    ask: (ask.c.reply_by,),
    marketing_budget: (marketing_budget.c.recorded_by,),
    budget_before: (budget_before.c.recorded_by,),
    experiment: (experiment.c.created_by, experiment.c.ended_by),
    lesson: (lesson.c.actor_id, lesson.c.changed_by),
    revision: (revision.c.actor_id,),
    story: (story.c.told_by, story.c.changed_by),
}
"""A table that is added here is in the export of a colleague from then on."""

UNSAID = frozenset({"workspace_id", conversion.c.is_counted.name})
"""Columns that tell nobody anything."""


def entered_by(unit: Unit, user_id: str) -> Mapping[str, tuple[Mapping[str, Any], ...]]:
    """The rows that somebody entered or changed, by the name of their table."""
    found = {}
    for table, columns in ENTERED.items():
        shown = [column for column in table.c if column.name not in UNSAID]
        rows = unit.connection.execute(
            select(*shown)
            .where(unit.here(table), or_(*(column == user_id for column in columns)))
            .order_by(*table.primary_key.columns)
        ).mappings()
        entered = tuple(dict(row) for row in rows)
        if entered:
            found[table.name] = entered
    return found

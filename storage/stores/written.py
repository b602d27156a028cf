"""What people wrote freely apart from submissions: which columns hold it."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Column, Table, or_, select

from bot.erasure_store import Written
from storage.tables import (
    conversion_touch,
    decision,
    department,
    experiment,
    goal,
    goal_closing,
    goal_version,
    hook,
    landing,
    lesson,
    objective,
    operator_note,
    phrase,
    revision,
    role,
    spend,
    story,
)
from storage.unit import Unit

WRITTEN: Mapping[Table, tuple[Column[Any], ...]] = {
    story: (story.c.headline, story.c.text),
    lesson: (
        lesson.c.title,
        lesson.c.expectation,
        lesson.c.happened,
        lesson.c.cause,
        lesson.c.change,
    ),
    revision: (revision.c.before,),
    experiment: (
        experiment.c.hypothesis,
        experiment.c.measured_by,
        experiment.c.launch,
        experiment.c.evaluation,
        experiment.c.happened,
    ),
    decision: (decision.c.text, decision.c.outcome),
    objective: (objective.c.title,),
    goal: (goal.c.title, goal.c.outcome, goal.c.customer_objective, goal.c.next_step),
    goal_version: (goal_version.c.title,),
    goal_closing: (goal_closing.c.lesson,),
    phrase: (phrase.c.words, phrase.c.reference),
    spend: (spend.c.campaign,),
    conversion_touch: (conversion_touch.c.campaign,),
    landing: (landing.c.url, landing.c.campaign),
    hook: (hook.c.name,),
    role: (role.c.label, role.c.description),
    department: (department.c.name,),
    operator_note: (operator_note.c.reason,),
}
"""A table that is added here is searched for persons from then on. What names it comes first."""

SORTS: Mapping[Table, str] = {
    revision: "earlier words of a story or lesson",
    goal_version: "goal as it was",
    goal_closing: "closing of a goal",
    conversion_touch: "conversion",
    landing: "landing page",
    hook: "webhook",
    operator_note: "note of an operator",
}
"""What a row is called where its table's name says too little."""

ONCE = frozenset({spend, conversion_touch})
"""Tables in which the same words stand many times: each is looked at once."""


def written(unit: Unit) -> Iterator[Written]:
    """All of it, row by row."""
    for table, columns in WRITTEN.items():
        about = [table.c.number] if table in (story, lesson, revision, experiment) else []
        query = (
            select(*columns, *about)
            .where(unit.here(table), or_(*(column.is_not(None) for column in columns)))
            .order_by(*([] if table in ONCE else table.primary_key.columns))
        )
        rows = unit.connection.execute(query.distinct() if table in ONCE else query)
        for row in rows.mappings():
            yield Written(
                sort=SORTS.get(table, table.name),
                texts={
                    column.name.replace("_", " "): _plain(row[column.name])
                    for column in columns
                    if row[column.name]
                },
                number=row["number"] if about else None,
            )


def _plain(value: Any) -> str:
    """A text, or all texts of a document."""
    return value if isinstance(value, str) else " ".join(map(str, value.values()))

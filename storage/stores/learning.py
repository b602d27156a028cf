"""Experiments and lessons."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, func, select, update
from typing_extensions import override

from bot.experiment import Experiment, Result
from bot.goal import Measure
from bot.learning_store import ExperimentStore, LessonStore
from bot.lesson import Lesson, LessonSource
from bot.revision import Revised
from bot.text import folded
from storage.prepared import Prepared, Record
from storage.tables import experiment, goal, goal_closing, lesson, revision
from storage.unit import Unit

_EXPERIMENT, _LESSON = experiment, lesson  # the names are also arguments below
_e, _l = experiment.c, lesson.c
_SAME = (
    "experiment_id",
    "number",
    "hypothesis",
    "measured_by",
    "goal_id",
    "launch",
    "evaluation",
    "first_day",
    "last_day",
    "role_id",
    "tz",
    "created_at",
    "created_by",
    "ask_at",
    "happened",
    "ended_at",
    "ended_by",
    "end_form",
)
"""The columns that are fields of an experiment by the same name."""

_LESSON_SAME = (
    "lesson_id",
    "number",
    "title",
    "expectation",
    "happened",
    "cause",
    "change",
    "at",
    "actor_id",
    "changed_at",
    "changed_by",
    "dropped_at",
)


@cache
def _lessons_between() -> Prepared:
    since, until = (bindparam(name, type_=_l.at.type) for name in ("since", "until"))
    here = _l.workspace_id == bindparam("in_workspace")
    return Prepared(_lessons(here, _l.at >= since, _l.at < until))


def _lessons(*conditions: ColumnElement[bool]) -> Select[Any]:
    """Those that stand, the newest first."""
    newest = (_l.at.desc(), _l.lesson_id.desc())
    return select(_LESSON).where(*conditions, _l.dropped_at.is_(None)).order_by(*newest)


class SqlExperimentStore(ExperimentStore):
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    @override
    def add(self, experiment: Experiment) -> bool:
        return self._unit.insert_new(_EXPERIMENT, _row(experiment))

    @override
    def get(self, experiment_id: str) -> Experiment | None:
        row = self._unit.connection.execute(
            select(_EXPERIMENT).where(
                self._unit.here(_EXPERIMENT), _e.experiment_id == experiment_id
            )
        ).first()
        return _experiment(row) if row else None

    @override
    def asked(self, experiment_id: str) -> None:
        self._unit.connection.execute(
            update(_EXPERIMENT)
            .where(self._unit.here(_EXPERIMENT), _e.experiment_id == experiment_id)
            .values(ask_at=None)
        )

    @override
    def change(self, experiment: Experiment) -> bool:
        return self.end(experiment)

    @override
    def end(self, experiment: Experiment) -> bool:
        done = self._unit.connection.execute(
            update(_EXPERIMENT)
            .where(
                self._unit.here(_EXPERIMENT),
                _e.experiment_id == experiment.experiment_id,
                _e.ended_at.is_(None),
            )
            .values(_row(experiment))
        )
        return done.rowcount == 1

    @override
    def open(self, *, limit: int) -> tuple[Experiment, ...]:
        first = (_e.last_day, _e.experiment_id)
        return self._found(self._all(_e.ended_at.is_(None)).order_by(*first).limit(limit))

    @override
    def ended(self, *, limit: int) -> tuple[Experiment, ...]:
        newest = (_e.ended_at.desc(), _e.experiment_id.desc())
        return self._found(self._all(_e.ended_at.is_not(None)).order_by(*newest).limit(limit))

    def _all(self, when: ColumnElement[bool]) -> Select[Any]:
        return select(_EXPERIMENT).where(self._unit.here(_EXPERIMENT), when)

    def _found(self, query: Select[Any]) -> tuple[Experiment, ...]:
        return tuple(_experiment(row) for row in self._unit.connection.execute(query))


class SqlLessonStore(LessonStore):
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    @override
    def add(self, lesson: Lesson) -> bool:
        return self._unit.insert_new(_LESSON, _lesson_row(lesson))

    @override
    def get(self, lesson_id: str) -> Lesson | None:
        found = self._found(
            select(_LESSON).where(self._unit.here(_LESSON), _l.lesson_id == lesson_id)
        )
        found = found or self._of_goals(goal_closing.c.goal_id == lesson_id)
        return found[0] if found else None

    @override
    def save(self, lesson: Lesson) -> None:
        if lesson.source is LessonSource.GOAL:
            self._unit.connection.execute(
                update(goal_closing)
                .where(self._unit.here(goal_closing), goal_closing.c.goal_id == lesson.lesson_id)
                .values(lesson=lesson.change)
            )
            return
        self._unit.connection.execute(
            update(_LESSON)
            .where(self._unit.here(_LESSON), _l.lesson_id == lesson.lesson_id)
            .values(_lesson_row(lesson))
        )

    @override
    def find(self, words: Sequence[str], *, before: datetime, limit: int) -> tuple[Lesson, ...]:
        said = (_l.words.contains(word, autoescape=True) for word in words)
        here = self._unit.here(_LESSON)
        return self._found(_lessons(here, _l.at < before, *said).limit(limit))

    @override
    def between(self, since: datetime, until: datetime) -> tuple[Lesson, ...]:
        values = {"in_workspace": self._unit.workspace_id, "since": since, "until": until}
        return tuple(_lesson(row) for row in _lessons_between().all(self._unit.connection, values))

    @override
    def of_goals(self, *, before: datetime, limit: int) -> tuple[Lesson, ...]:
        return self._of_goals(goal_closing.c.at < before, limit=limit)

    def _of_goals(self, which: ColumnElement[bool], *, limit: int = 1) -> tuple[Lesson, ...]:
        """What a goal taught is kept with its closing, what it said before as of other lessons."""
        c, r = goal_closing.c, revision.c
        is_of = and_(c.workspace_id == goal.c.workspace_id, c.goal_id == goal.c.goal_id)
        changed_at = (
            select(func.max(r.at))
            .where(self._unit.here(revision), r.what == Revised.LESSON.value, r.of_id == c.goal_id)
            .correlate(goal_closing)
            .scalar_subquery()
        )
        rows = self._unit.connection.execute(
            select(
                c.goal_id,
                c.value,
                c.lesson,
                c.at,
                c.actor_id,
                goal.c.title,
                goal.c.target,
                goal.c.unit,
                changed_at.label("changed_at"),
            )
            .join(goal, is_of)
            .where(
                self._unit.here(goal_closing),
                which,
                c.lesson != "",
                goal.c.dropped_at.is_(None),
            )
            .order_by(c.at.desc(), c.goal_id.desc())
            .limit(limit)
        )
        return tuple(_of_goal(row) for row in rows)

    def _found(self, query: Select[Any]) -> tuple[Lesson, ...]:
        return tuple(_lesson(row) for row in self._unit.connection.execute(query))


def _row(experiment: Experiment) -> dict[str, Any]:
    return {
        **{name: getattr(experiment, name) for name in _SAME},
        "measure": experiment.measure.value,
        "result": experiment.result.value if experiment.result else None,
    }


def _experiment(row: Row[Any]) -> Experiment:
    return Experiment(
        **{name: getattr(row, name) for name in _SAME},
        measure=Measure(row.measure),
        result=Result(row.result) if row.result else None,
    )


def _lesson_row(lesson: Lesson) -> dict[str, Any]:
    said = (lesson.title, lesson.expectation, lesson.happened, lesson.cause, lesson.change)
    return {
        **{name: getattr(lesson, name) for name in _LESSON_SAME},
        "source": lesson.source.value,
        "words": folded("\n".join(said)),
    }


def _lesson(row: Row[Any] | Record) -> Lesson:
    found = {name: getattr(row, name) for name in _LESSON_SAME}
    return Lesson(**found, source=LessonSource(row.source))


def _of_goal(row: Any) -> Lesson:
    known = row.value is not None
    return Lesson(
        lesson_id=row.goal_id,
        source=LessonSource.GOAL,
        title=row.title,
        expectation=f"{row.target:g} {row.unit}",
        happened=f"{row.value:g} {row.unit}" if known else "Nobody entered a number.",
        cause="",
        change=row.lesson,
        at=row.at,
        actor_id=row.actor_id,
        changed_at=row.changed_at,
    )

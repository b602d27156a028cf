"""Objectives, goals and their readings."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, bindparam, select, update
from typing_extensions import override

from bot.check_in import CheckIn
from bot.goal import (
    Closing,
    Ending,
    Goal,
    Objective,
)
from bot.goal_store import GoalStore
from bot.goal_version import GoalVersion
from bot.text import folded
from storage.prepared import Prepared, Record
from storage.stores.found_goals import CHECKS, COURSE, SAME, FoundGoals, course_of, goal_of
from storage.stores.readings import ReadingRows
from storage.tables import check_in, goal, goal_closing, goal_version, objective
from storage.unit import Unit, among, spread

_c = goal.c
_CHECK_IN = ("goal_id", "period_key", "asked_at", "until")

_VERSION = ("goal_id", "version", "title", "unit", "at", "actor_id")

_CLOSING = (
    "goal_id",
    "form_id",
    "ending",
    "value",
    "lesson",
    "next_goal_id",
    "at",
    "actor_id",
)


@cache
def _objectives() -> Prepared:
    o = objective.c
    here = select(objective).where(o.workspace_id == bindparam("in_workspace"))
    return Prepared(here.order_by(o.folded))


@cache
def _closings(goals: int) -> Prepared:
    of = goal_closing.c
    here = select(goal_closing).where(of.workspace_id == bindparam("in_workspace"))
    return Prepared(here.where(among(of.goal_id, "goal", goals)))


class SqlGoalStore(FoundGoals, ReadingRows, GoalStore):
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    @override
    def objectives(self) -> tuple[Objective, ...]:
        here = {"in_workspace": self._unit.workspace_id}
        return tuple(_objective(row) for row in _objectives().all(self._unit.connection, here))

    @override
    def add_objective(self, objective: Objective, now: datetime) -> Objective:
        key = {"folded": folded(objective.title), "department": objective.department or ""}
        row = {
            "objective_id": objective.objective_id,
            "title": objective.title,
            "created_at": now,
            "parent_id": objective.parent_id,
            **key,
        }
        self._unit.insert_new(_OBJECTIVE, row)
        found = self._unit.connection.execute(
            select(_OBJECTIVE).where(
                self._unit.here(_OBJECTIVE),
                _OBJECTIVE.c.folded == key["folded"],
                _OBJECTIVE.c.department == key["department"],
            )
        ).one()
        return _objective(found)

    @override
    def hang(self, objective_id: str, parent_id: str | None) -> None:
        self._unit.connection.execute(
            update(objective)
            .where(self._unit.here(objective), objective.c.objective_id == objective_id)
            .values(parent_id=parent_id)
        )

    @override
    def get(self, goal_id: str) -> Goal | None:
        row = self._unit.connection.execute(
            select(goal).where(self._unit.here(goal), _c.goal_id == goal_id)
        ).first()
        return goal_of(row) if row else None

    @override
    def titles(self, goal_ids: Iterable[str]) -> Mapping[str, str]:
        wanted = set(goal_ids)
        if not wanted:
            return {}
        rows = self._unit.connection.execute(
            select(_c.goal_id, _c.title).where(self._unit.here(goal), _c.goal_id.in_(wanted))
        )
        return {row.goal_id: row.title for row in rows}

    @override
    def add(self, goal: Goal) -> bool:
        planned = {name: getattr(goal, name) for name in CHECKS}
        return self._unit.insert_new(_GOAL, {**_row(goal), **planned})

    @override
    def update(self, goal: Goal, *, expected_version: int) -> bool:
        done = self._unit.connection.execute(
            update(_GOAL)
            .where(
                self._unit.here(_GOAL),
                _c.goal_id == goal.goal_id,
                _c.version == expected_version,
            )
            .values(_row(goal))
        )
        return done.rowcount == 1

    @override
    def add_version(self, version: GoalVersion) -> bool:
        row = {name: getattr(version, name) for name in _VERSION}
        course = {name: getattr(version.course, name) for name in COURSE}
        return self._unit.insert_new(goal_version, {**row, **course})

    @override
    def versions(self, goal_ids: Iterable[str]) -> tuple[GoalVersion, ...]:
        wanted = list(goal_ids)
        if not wanted:
            return ()
        v = goal_version.c
        rows = self._unit.connection.execute(
            select(goal_version)
            .where(self._unit.here(goal_version), v.goal_id.in_(wanted))
            .order_by(v.goal_id, v.version)
        )
        return tuple(
            GoalVersion(**{name: getattr(row, name) for name in _VERSION}, course=course_of(row))
            for row in rows
        )

    @override
    def asked(self, goal_id: str) -> None:
        self._unit.connection.execute(
            update(goal).where(self._unit.here(goal), _c.goal_id == goal_id).values(ask_at=None)
        )

    @override
    def plan_check(
        self,
        goal_id: str,
        at: datetime | None,
        until: datetime | None,
        *,
        expected: datetime | None = None,
    ) -> bool:
        done = self._unit.connection.execute(
            update(goal)
            .where(
                self._unit.here(goal),
                _c.goal_id == goal_id,
                *([] if expected is None else [_c.check_at == expected]),
            )
            .values(check_at=at, check_until=until)
        )
        return done.rowcount == 1

    @override
    def mark_stale(self, goal_id: str, since: datetime | None) -> None:
        self._unit.connection.execute(
            update(goal).where(self._unit.here(goal), _c.goal_id == goal_id).values(stale_at=since)
        )

    @override
    def add_check_in(self, check_in: CheckIn) -> bool:
        row = {name: getattr(check_in, name) for name in _CHECK_IN}
        return self._unit.insert_new(_CHECKED_IN, row)

    @override
    def check_ins(self, goal_id: str, *, limit: int) -> tuple[CheckIn, ...]:
        rows = self._unit.connection.execute(
            select(check_in)
            .where(self._unit.here(check_in), check_in.c.goal_id == goal_id)
            .order_by(check_in.c.asked_at.desc())
            .limit(limit)
        )
        return tuple(CheckIn(**{name: getattr(row, name) for name in _CHECK_IN}) for row in rows)

    @override
    def add_closing(self, closing: Closing) -> bool:
        row = {name: getattr(closing, name) for name in _CLOSING}
        return self._unit.insert_new(goal_closing, {**row, "ending": closing.ending.value})

    @override
    def closings(self, goal_ids: Iterable[str]) -> Mapping[str, Closing]:
        wanted = spread("goal", list(goal_ids))
        if not wanted:
            return {}
        values = {"in_workspace": self._unit.workspace_id, **wanted}
        rows = _closings(len(wanted)).all(self._unit.connection, values)
        return {row.goal_id: _closing(row) for row in rows}


_OBJECTIVE, _GOAL, _CHECKED_IN = objective, goal, check_in  # the names are also arguments above


def _row(goal: Goal) -> dict[str, Any]:
    return {
        **{name: getattr(goal, name) for name in SAME},
        **{name: getattr(goal.course, name) for name in COURSE},
        "measure": goal.measure.value,
        "rhythm": goal.rhythm.value,
    }


def _closing(row: Row[Any] | Record) -> Closing:
    found = {name: getattr(row, name) for name in _CLOSING}
    return Closing(**{**found, "ending": Ending(row.ending)})


def _objective(row: Row[Any] | Record) -> Objective:
    return Objective(
        objective_id=row.objective_id,
        title=row.title,
        department=row.department or None,
        parent_id=row.parent_id,
    )

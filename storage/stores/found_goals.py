"""Goals by when they run: the part of the store of goals that every digest and Home asks."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, Select, and_, bindparam, select

from bot.goal import Goal, Measure
from bot.pace import Course
from bot.rhythm import Rhythm
from storage.prepared import Prepared, Record
from storage.tables import goal, goal_closing
from storage.unit import Unit

_c = goal.c
COURSE = ("baseline", "target", "first_day", "last_day")
SAME = (
    "goal_id",
    "objective_id",
    "title",
    "unit",
    "tz",
    "role_id",
    "kind_key",
    "department",
    "outcome",
    "customer_objective",
    "stage",
    "next_step",
    "version",
    "created_at",
    "created_by",
    "changed_at",
    "changed_by",
    "dropped_at",
    "ask_at",
)
"""The columns that are fields of a goal by the same name."""

CHECKS = ("check_at", "check_until", "stale_at")
"""What the desk itself says of a goal, beside its version."""

_DAY = bindparam("day", type_=_c.last_day.type)


@cache
def _live() -> Prepared:
    return Prepared(_kept(_c.last_day >= _DAY).order_by(_c.last_day, _c.goal_id))


@cache
def _ended() -> Prepared:
    newest = (_c.last_day.desc(), _c.goal_id.desc())
    most = bindparam("most", type_=Integer())
    return Prepared(_kept(_c.last_day < _DAY).order_by(*newest).limit(most))


def _kept(when: ColumnElement[bool]) -> Select[Any]:
    here = _c.workspace_id == bindparam("in_workspace")
    return select(goal).where(here, _c.dropped_at.is_(None), when)


@cache
def _closed_between() -> Prepared:
    of = goal_closing.c
    since, until = (bindparam(name, type_=of.at.type) for name in ("since", "until"))
    here = of.workspace_id == bindparam("in_workspace")
    return Prepared(
        select(goal)
        .join(goal_closing, and_(of.workspace_id == _c.workspace_id, of.goal_id == _c.goal_id))
        .where(here, of.at >= since, of.at < until, _c.dropped_at.is_(None))
        .order_by(of.at, of.goal_id)
    )


class FoundGoals:
    """Finds goals; `bot.goal_store.GoalStore` says what each method does."""

    _unit: Unit

    def live(self, on: date) -> tuple[Goal, ...]:
        return self._goals(_live(), {"day": on})

    def ended(self, on: date, *, limit: int) -> tuple[Goal, ...]:
        return self._goals(_ended(), {"day": on, "most": limit})

    def _goals(self, found: Prepared, values: Mapping[str, Any]) -> tuple[Goal, ...]:
        here = {"in_workspace": self._unit.workspace_id}
        return tuple(goal_of(row) for row in found.all(self._unit.connection, {**here, **values}))

    def closed_between(self, since: datetime, until: datetime) -> tuple[Goal, ...]:
        return self._goals(_closed_between(), {"since": since, "until": until})


def goal_of(row: Row[Any] | Record) -> Goal:
    """A row of goals as a goal."""
    return Goal(
        **{name: getattr(row, name) for name in (*SAME, *CHECKS)},
        rhythm=Rhythm(row.rhythm),
        course=course_of(row),
        measure=Measure(row.measure),
    )


def course_of(row: Row[Any] | Record) -> Course:
    """The course in a row of goals, or of their versions."""
    return Course(**{name: getattr(row, name) for name in COURSE})

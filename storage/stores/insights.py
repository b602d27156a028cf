"""What the desk's own records teach, counted by the database."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, select, union_all
from typing_extensions import override

from bot.insight_store import (
    GivenCount,
    InsightStore,
    LeadCount,
    StageCount,
    StageItem,
    TypeCount,
    WantedCount,
)
from bot.lifecycle import NOT_COUNTED, State, Verb
from storage.tables import history, submission
from storage.unit import Unit

_c = submission.c
_CONTENT = ("idea", "testimonial")
_IS_COUNTED = _c.state.not_in(sorted(state.value for state in NOT_COUNTED))
_TYPE = case(
    (_c.kind_key == "testimonial", literal("testimonial")),
    else_=_c.fields["content_type"].as_string(),
)
_STAGE = _c.fields["stage"].as_string()
_KNOWS_US = _c.fields["knows_us"].as_string()
_WON = (State.PASSED_ON.value, State.WON.value, State.LOST.value)


class SqlInsightStore(InsightStore):
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    @override
    def newest_decided(self, since: datetime, until: datetime, limit: int) -> datetime | None:
        return self._newest(_c.decided_at, since, until, limit)

    @override
    def newest_handed_in(self, since: datetime, until: datetime, limit: int) -> datetime | None:
        return self._newest(_c.created_at, since, until, limit)

    @override
    def newest_published(self, since: datetime, until: datetime, limit: int) -> datetime | None:
        return self._newest(_c.published_at, since, until, limit)

    @override
    def unserving(self, since: datetime, until: datetime) -> tuple[int, int]:
        row = self._unit.connection.execute(
            select(func.count().label("posts"), func.count(_c.goal_id).label("serving")).where(
                self._span(_c.published_at, since, until)
            )
        ).one()
        return row.posts, row.posts - row.serving

    @override
    def content_types(self, since: datetime, until: datetime) -> tuple[TypeCount, ...]:
        is_published = case((_c.published_at.is_not(None), 1), else_=0)
        rows = self._unit.connection.execute(
            select(
                _TYPE.label("content_type"),
                func.count().label("decided"),
                func.sum(is_published).label("published"),
            )
            .where(
                self._span(_c.decided_at, since, until),
                _c.kind_key.in_(_CONTENT),
                _IS_COUNTED,
            )
            .group_by("content_type")
        )
        found = (
            TypeCount(
                content_type=row.content_type or None,
                decided=row.decided,
                published=int(row.published),
            )
            for row in rows
        )
        return tuple(sorted(found, key=lambda one: one.content_type or ""))

    @override
    def stages(self, since: datetime, until: datetime) -> tuple[StageCount, ...]:
        here = self._unit.here(submission)
        counted = {
            "handed_in": self._span(_c.created_at, since, until),
            "published": self._span(_c.published_at, since, until),
            "undecided": and_(here, _c.decided_at.is_(None), _c.paused_at.is_(None)),
            "unpublished": and_(here, _c.decided_at.is_not(None), _c.ended_at.is_(None)),
        }
        found: dict[str, dict[str, int]] = {}
        for name, condition in counted.items():
            for stage, total in self._by(_STAGE, condition, _c.kind_key.in_(_CONTENT)):
                if stage:
                    found.setdefault(stage, {})[name] = total
        return tuple(StageCount(stage=stage, **counts) for stage, counts in sorted(found.items()))

    @override
    def waiting_at(self, stage: str, *, limit: int) -> tuple[StageItem, ...]:
        here = and_(self._unit.here(submission), _c.kind_key.in_(_CONTENT), stage == _STAGE)
        # Each in the order of its index.
        halves = (
            (and_(here, _c.decided_at.is_not(None), _c.ended_at.is_(None)), _c.decided_at),
            (and_(here, _c.decided_at.is_(None), _c.paused_at.is_(None)), _c.due_at),
        )
        found: list[StageItem] = []
        for half, first in halves:
            rows = self._unit.connection.execute(
                select(_c.number, _c.kind_key, _c.title, _c.decided_at)
                .where(half)
                .order_by(first, _c.number)
                .limit(limit - len(found))
            )
            found += (
                StageItem(
                    number=row.number,
                    kind_key=row.kind_key,
                    title=row.title,
                    is_decided=row.decided_at is not None,
                )
                for row in rows
            )
        return tuple(found)

    @override
    def given(self, since: datetime, until: datetime) -> tuple[GivenCount, ...]:
        rows = self._unit.connection.execute(
            select(_c.department, _c.kind_key, func.count().label("total"))
            .where(self._span(_c.created_at, since, until))
            .group_by(_c.department, _c.kind_key)
        )
        given: dict[str | None, dict[str, int]] = {}
        for row in rows:
            given.setdefault(row.department, {})[row.kind_key] = row.total
        is_lead = _c.kind_key == "lead"
        passed = and_(self._span(_c.decided_at, since, until), is_lead, _c.state.in_(_WON))
        won = and_(self._span(_c.ended_at, since, until), _c.state == State.WON.value)
        returned = {
            "published": dict(self._by(_c.department, self._span(_c.published_at, since, until))),
            "passed_on": dict(self._by(_c.department, passed)),
            "won": dict(self._by(_c.department, won)),
        }
        names = {*given, *(name for counts in returned.values() for name in counts)}
        return tuple(
            GivenCount(
                department=name,
                given=given.get(name, {}),
                **{what: counts.get(name, 0) for what, counts in returned.items()},
            )
            for name in sorted(names, key=lambda name: (name is None, name or ""))
        )

    @override
    def undecided(self) -> Mapping[str | None, int]:
        waits = (_c.decided_at.is_(None), _c.paused_at.is_(None))
        return dict(self._by(_c.department, self._unit.here(submission), *waits))

    @override
    def platforms(self, since: datetime, until: datetime) -> Mapping[str, int]:
        h = history.c
        is_of = and_(h.workspace_id == _c.workspace_id, h.number == _c.number)
        platform = h.detail["platform"].as_string()
        rows = self._unit.connection.execute(
            select(platform.label("platform"), func.count().label("total"))
            .join_from(submission, history, is_of)
            .where(
                self._span(_c.published_at, since, until),
                h.verb == Verb.PUBLISH.value,
                platform.is_not(None),
            )
            .group_by("platform")
        )
        return {row.platform: row.total for row in rows}

    @override
    def wanted(
        self, department: str, before: datetime, *, titled: Collection[str], limit: int
    ) -> WantedCount:
        # Two halves, each with its index; both are small: they are the queue.
        columns = (_c.number, _c.kind_key, _c.title, _c.created_at, _c.department, _c.paused_at)
        here = and_(self._unit.here(submission), _c.decided_at.is_(None))
        waiting = union_all(
            select(*columns).where(here, _c.paused_at.is_(None)),
            select(*columns).where(here, _c.paused_at.is_not(None)),
        ).subquery("undecided")
        w = waiting.c
        is_theirs = and_(w.department == department, w.created_at < before)
        rows = self._unit.connection.execute(
            select(w.kind_key, func.count().label("total"), func.count(w.paused_at).label("back"))
            .where(is_theirs)
            .group_by(w.kind_key)
            .order_by(w.kind_key)
        ).all()
        titles = self._unit.connection.execute(
            select(w.number, w.title)
            .where(is_theirs, w.kind_key.in_(sorted(titled)))
            .order_by(w.created_at.desc(), w.number.desc())
            .limit(limit)
        )
        return WantedCount(
            by_kind={row.kind_key: row.total for row in rows},
            asked_back=sum(row.back for row in rows),
            titles=tuple((row.number, row.title) for row in titles),
        )

    @override
    def leads(self, since: datetime, until: datetime) -> tuple[LeadCount, ...]:
        rows = self._unit.connection.execute(
            select(
                _KNOWS_US.label("known"),
                func.count().label("total"),
                func.sum(case((_c.state == State.WON.value, 1), else_=0)).label("won"),
            )
            .where(self._span(_c.created_at, since, until), _c.kind_key == "lead", _IS_COUNTED)
            .group_by("known")
        )
        found = [
            LeadCount(knows_us=row.known or None, handed_in=row.total, won=int(row.won))
            for row in rows
        ]
        return tuple(sorted(found, key=lambda one: (-one.handed_in, one.knows_us or "")))

    def _newest(
        self, at: ColumnElement[Any], since: datetime, until: datetime, limit: int
    ) -> datetime | None:
        found: datetime | None = self._unit.connection.execute(
            select(at)
            .where(self._span(at, since, until))
            .order_by(at.desc())
            .offset(limit - 1)
            .limit(1)
        ).scalar_one_or_none()
        return found

    def _span(
        self, at: ColumnElement[Any], since: datetime, until: datetime
    ) -> ColumnElement[bool]:
        return and_(self._unit.here(submission), at >= since, at < until)

    def _by(
        self, key: ColumnElement[Any], *conditions: ColumnElement[bool]
    ) -> tuple[tuple[str | None, int], ...]:
        rows = self._unit.connection.execute(
            select(key.label("found_by"), func.count().label("total"))
            .where(*conditions)
            .group_by("found_by")
        )
        return tuple((row.found_by, row.total) for row in rows)

"""What the desk's own records teach, counted by the database."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

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
from storage.prepared import Prepared, Record
from storage.stores import insight_statements as statements
from storage.unit import Unit, spread


class SqlInsightStore(InsightStore):
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    @override
    def newest_decided(self, since: datetime, until: datetime, limit: int) -> datetime | None:
        return self._newest("decided_at", since, until, limit)

    @override
    def newest_handed_in(self, since: datetime, until: datetime, limit: int) -> datetime | None:
        return self._newest("created_at", since, until, limit)

    @override
    def newest_published(self, since: datetime, until: datetime, limit: int) -> datetime | None:
        return self._newest("published_at", since, until, limit)

    @override
    def unserving(self, since: datetime, until: datetime) -> tuple[int, int]:
        (row,) = self._found(statements.unserving(), since=since, until=until)
        return row.posts, row.posts - row.serving

    @override
    def content_types(self, since: datetime, until: datetime) -> tuple[TypeCount, ...]:
        found = (
            TypeCount(
                content_type=row.content_type or None,
                decided=row.decided,
                published=int(row.published),
            )
            for row in self._found(statements.content_types(), since=since, until=until)
        )
        return tuple(sorted(found, key=lambda one: one.content_type or ""))

    @override
    def stages(self, since: datetime, until: datetime) -> tuple[StageCount, ...]:
        span = {"since": since, "until": until}
        found: dict[str, dict[str, int]] = {}
        for name, counted in statements.stages().items():
            spanned = span if name in statements.SPANNED else {}
            for stage, total in self._by(counted, **spanned).items():
                if stage:
                    found.setdefault(stage, {})[name] = total
        return tuple(StageCount(stage=stage, **counts) for stage, counts in sorted(found.items()))

    @override
    def waiting_at(self, stage: str, *, limit: int) -> tuple[StageItem, ...]:
        found: list[StageItem] = []
        for half in statements.waiting_at():
            found += (
                StageItem(
                    number=row.number,
                    kind_key=row.kind_key,
                    title=row.title,
                    is_decided=row.decided_at is not None,
                )
                for row in self._found(half, stage=stage, most=limit - len(found))
            )
        return tuple(found)

    @override
    def given(self, since: datetime, until: datetime) -> tuple[GivenCount, ...]:
        given: dict[str | None, dict[str, int]] = {}
        for row in self._found(statements.given(), since=since, until=until):
            given.setdefault(row.department, {})[row.kind_key] = row.total
        returned = {
            what: self._by(counted, since=since, until=until)
            for what, counted in statements.returned().items()
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
        return self._by(statements.undecided())

    @override
    def platforms(self, since: datetime, until: datetime) -> Mapping[str, int]:
        rows = self._found(statements.platforms(), since=since, until=until)
        return {row.platform: row.total for row in rows}

    @override
    def wanted(
        self, department: str, before: datetime, *, titled: Collection[str], limit: int
    ) -> WantedCount:
        theirs = {"of_department": department, "before": before}
        rows = self._found(statements.wanted_by_kind(), **theirs)
        kinds = spread("kind", sorted(titled))
        titles = (
            self._found(statements.wanted_titles(len(kinds)), **theirs, **kinds, most=limit)
            if kinds
            else ()
        )
        return WantedCount(
            by_kind={row.kind_key: row.total for row in rows},
            asked_back=sum(row.back for row in rows),
            titles=tuple((row.number, row.title) for row in titles),
        )

    @override
    def leads(self, since: datetime, until: datetime) -> tuple[LeadCount, ...]:
        found = [
            LeadCount(knows_us=row.known or None, handed_in=row.total, won=int(row.won))
            for row in self._found(statements.leads(), since=since, until=until)
        ]
        return tuple(sorted(found, key=lambda one: (-one.handed_in, one.knows_us or "")))

    def _newest(self, column: str, since: datetime, until: datetime, limit: int) -> datetime | None:
        values = {"since": since, "until": until, "skipped": limit - 1, "most": 1}
        rows = self._found(statements.newest(column), **values)
        return rows[0].at if rows else None

    def _by(self, counted: Prepared, **values: Any) -> dict[str | None, int]:
        return {row.found_by: row.total for row in self._found(counted, **values)}

    def _found(self, statement: Prepared, **values: Any) -> list[Record]:
        here = {"in_workspace": self._unit.workspace_id}
        return statement.all(self._unit.connection, {**here, **values})

"""What experiments, lessons and stories were before they were changed."""

from collections.abc import Collection, Mapping

from sqlalchemy import select
from typing_extensions import override

from bot.learning_store import RevisionStore
from bot.revision import Revised, Revision
from storage.tables import revision
from storage.unit import Unit

_REVISION = revision  # the name is also an argument below
_c = revision.c


class SqlRevisionStore(RevisionStore):
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    @override
    def add(self, revision: Revision) -> bool:
        return self._unit.insert_new(
            _REVISION,
            {
                "what": revision.what.value,
                "of_id": revision.of_id,
                "version": revision.version,
                "at": revision.at,
                "actor_id": revision.actor_id,
                "before": dict(revision.before),
                "number": revision.number,
            },
        )

    @override
    def of(self, what: Revised, ids: Collection[str]) -> Mapping[str, tuple[Revision, ...]]:
        rows = self._unit.connection.execute(
            select(_REVISION)
            .where(
                self._unit.here(_REVISION), _c.what == what.value, _c.of_id.in_(sorted(set(ids)))
            )
            .order_by(_c.of_id, _c.version)
        )
        found: dict[str, tuple[Revision, ...]] = {}
        for row in rows:
            one = Revision(
                what=what,
                of_id=row.of_id,
                version=row.version,
                at=row.at,
                actor_id=row.actor_id,
                before=row.before,
                number=row.number,
            )
            found[one.of_id] = (*found.get(one.of_id, ()), one)
        return found

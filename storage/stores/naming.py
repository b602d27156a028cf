"""Which messages name which submissions and people."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Table, delete, select
from typing_extensions import override

from bot.naming_store import Naming, NamingStore
from bot.outbox import OPEN_STATES, EffectState
from storage.stores.lanes import to_effect
from storage.tables import member, naming, outbox, submission
from storage.unit import Unit

_c = naming.c
_THERE = tuple(state.value for state in (*OPEN_STATES, EffectState.SENT, EffectState.DEAD))
ITSELF = ""
"""Stands for the message itself, in the place of what it names."""


class SqlNamingStore(NamingStore):
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    @override
    def note(self, key: str, named: Collection[str]) -> bool:
        numbers = [int(one) for one in named if one.isdecimal()]
        people = [one for one in named if not one.isdecimal()]
        held = self._held(submission, submission.c.number, numbers)
        if held + self._held(member, member.c.user_id, people) < len(named):
            return False
        for one in sorted(named):
            self._unit.insert_new(naming, {"named": one, "key": key})
        return True

    @override
    def of(self, named: str) -> tuple[Naming, ...]:
        rows = self._unit.connection.execute(
            select(outbox)
            .join(
                naming,
                (_c.workspace_id == outbox.c.workspace_id) & (_c.key == outbox.c.key),
            )
            .where(self._unit.here(naming), _c.named == named, outbox.c.state.in_(_THERE))
            .order_by(_c.key)
        )
        return tuple(
            Naming(to_effect(row), row.error if row.state == EffectState.DEAD else None)
            for row in rows
        )

    @override
    def drop(self, named: str, now: datetime) -> None:
        here = (self._unit.here(naming), _c.named == named)
        keys = self._unit.connection.execute(select(_c.key).where(*here)).scalars().all()
        changed = [{"named": ITSELF, "key": key, "changed_at": now} for key in sorted(keys)]
        self._unit.connection.execute(delete(naming).where(*here))
        self._unit.save(naming, changed)

    @override
    def changed_at(self, key: str) -> datetime | None:
        found: datetime | None = self._unit.connection.execute(
            select(_c.changed_at).where(self._unit.here(naming), _c.named == ITSELF, _c.key == key)
        ).scalar_one_or_none()
        return found

    def _held(
        self, table: Table, column: Column[Any], wanted: Sequence[int] | Sequence[str]
    ) -> int:
        """How many of these rows there are; in the order of their keys, as all lock them."""
        if not wanted:
            return 0
        query = select(column).where(self._unit.here(table), column.in_(wanted)).order_by(column)
        held = query.with_for_update(read=True, key_share=True)
        return len(self._unit.connection.execute(held).all())

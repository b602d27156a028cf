"""What happened to submissions."""

from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select
from typing_extensions import override

from bot.lifecycle import CHANGES, State, Verb
from bot.ports import HistoryStore
from bot.submission import HistoryEntry
from storage.prepared import Prepared, Record
from storage.tables import history
from storage.unit import Unit

_c = history.c
_COLUMNS = tuple(column for column in _c if column.name != "workspace_id")
_OF_NUMBER = (
    _c.workspace_id == bindparam("in_workspace"),
    _c.number == bindparam("of_number"),
)
_NEWEST = Prepared(select(func.max(_c.seq)).where(*_OF_NUMBER))
_ENTRY = Prepared(select(*_COLUMNS).where(*_OF_NUMBER, _c.seq == bindparam("of_seq")))


class SqlHistoryStore(HistoryStore):
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    @override
    def append(self, entry: HistoryEntry) -> None:
        row = {
            "number": entry.number,
            "seq": entry.seq,
            "at": entry.at,
            "actor_id": entry.actor_id,
            "verb": entry.verb.value,
            "from_state": None if entry.from_state is None else entry.from_state.value,
            "to_state": entry.to_state.value,
            "detail": dict(entry.detail),
        }
        self._unit.insert_all(history, [row])

    @override
    def next_seq(self, number: int) -> int:
        newest = _NEWEST.scalar(self._unit.connection, self._values(number))
        return (newest or 0) + 1

    @override
    def get(self, number: int, seq: int) -> HistoryEntry | None:
        row = _ENTRY.first(self._unit.connection, {**self._values(number), "of_seq": seq})
        return None if row is None else _entry(row)

    @override
    def last_change(self, number: int) -> HistoryEntry | None:
        row = self._unit.connection.execute(
            self._of(number)
            .where(
                or_(
                    _c.from_state != _c.to_state,
                    _c.verb.in_([verb.value for verb in CHANGES]),
                ),
            )
            .order_by(_c.seq.desc())
            .limit(1)
        ).first()
        return None if row is None else _entry(row)

    @override
    def of(self, number: int) -> tuple[HistoryEntry, ...]:
        rows = self._unit.connection.execute(self._of(number).order_by(_c.seq))
        return tuple(_entry(row) for row in rows)

    def _values(self, number: int) -> dict[str, Any]:
        return {"in_workspace": self._unit.workspace_id, "of_number": number}

    def _of(self, number: int) -> Select[Any]:
        return select(*_COLUMNS).where(self._unit.here(history), _c.number == number)


def _entry(row: Record) -> HistoryEntry:
    return HistoryEntry(
        number=row.number,
        seq=row.seq,
        at=row.at,
        actor_id=row.actor_id,
        verb=Verb(row.verb),
        from_state=None if row.from_state is None else State(row.from_state),
        to_state=State(row.to_state),
        detail=row.detail,
    )

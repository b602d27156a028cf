"""Gates of a workspace: written when Slack complains, read by who claims while one is not open."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import bindparam, exists, or_, select, update

from bot.gates import Gate, closed, lined_up, needed, passed
from bot.outbox import Effect, Limited, MethodGroup
from storage.prepared import Prepared, Record
from storage.tables import gate
from storage.unit import Unit

_c = gate.c
_HERE = _c.workspace_id == bindparam("in_workspace")
_ONE = (_HERE, _c.method_group == bindparam("of_group"))

IS_HELD = exists().where(
    _HERE, or_(_c.per_minute.is_not(None), _c.next_at > bindparam("at_present"))
)
"""Whether any gate of the workspace is not open; to be asked along with something else."""

_ALL = Prepared(select(gate).where(_HERE).order_by(_c.method_group))
_LOCKED = Prepared(select(gate).where(*_ONE).with_for_update())
_CHANGE = Prepared(update(gate).where(*_ONE))
_PASS = Prepared(update(gate).where(*_ONE, _c.next_at == bindparam("as_seen")))


class GateRows:
    """The gates of one workspace. Who changes any has locked a lane before."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def wait(self, effect: Effect, now: datetime, *, was_tried: bool) -> datetime | None:
        """When the turn of a try is; None when it may begin now, which is then counted."""
        groups = needed(effect, was_tried=was_tried)
        rows = _ALL.all(self._unit.connection, {"in_workspace": self._unit.workspace_id})
        found = {
            MethodGroup(row.method_group): to_gate(row)
            for row in rows
            if row.method_group in groups
        }
        turns = [
            self._line_up(group, one, is_urgent=effect.is_urgent)
            for group, one in found.items()
            if one.next_at > now
        ]
        if turns:
            return max(turns)
        for group, one in found.items():
            if one.per_minute is not None and not self._pass(group, one, now):
                return now + one.interval  # somebody else was quicker
        return None

    def close(self, limited: Limited, now: datetime) -> None:
        """Slack said 429."""
        row = _LOCKED.first(self._unit.connection, self._in(limited.group))
        after = closed(None if row is None else to_gate(row), limited, now)
        self._unit.save(gate, [{"method_group": limited.group.value, **asdict(after)}])

    def _line_up(self, group: MethodGroup, one: Gate, *, is_urgent: bool) -> datetime:
        at, after = lined_up(one, is_urgent=is_urgent)
        line = {"line_at": after.line_at, "later_at": after.later_at}
        _CHANGE.write(self._unit.connection, {**self._in(group), **line})
        return at

    def _pass(self, group: MethodGroup, one: Gate, now: datetime) -> bool:
        after = passed(one, now)
        changes = {
            "next_at": after.next_at,
            "per_minute": after.per_minute,
            "changed_at": after.changed_at,
        }
        seen = {**self._in(group), "as_seen": one.next_at}
        return _PASS.write(self._unit.connection, {**seen, **changes}) == 1

    def _in(self, group: MethodGroup) -> dict[str, str]:
        return {"in_workspace": self._unit.workspace_id, "of_group": group.value}


def to_gate(row: Record) -> Gate:
    """The gate in a row."""
    return Gate(
        next_at=row.next_at,
        per_minute=row.per_minute,
        most=row.most,
        changed_at=row.changed_at,
        line_at=row.line_at,
        later_at=row.later_at,
    )

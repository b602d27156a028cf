"""Cards that are put together into one message, and posted by themselves when they are wanted."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, bindparam, exists, func, literal, literal_column, select, update

from bot.lifecycle import UNDECIDED
from bot.outbox import EffectKind, EffectState
from storage.prepared import Prepared, Record
from storage.stores.lanes import UNTRIED, LaneRows
from storage.tables import outbox, submission
from storage.unit import Unit

_c = outbox.c
_child = outbox.alias("child")

_HAS_CHILD = exists().where(
    _child.c.workspace_id == bindparam("in_workspace"), _child.c.parent_key == _c.key
)
_CAN_FOLD = (
    _c.workspace_id == bindparam("in_workspace"),
    _c.lane == bindparam("of_lane"),
    _c.done_at.is_(None),
    _c.kind == EffectKind.CARD.value,
    _c.state == EffectState.PENDING.value,
    ~_HAS_CHILD,
)
"""Not in Slack for certain, and nothing else belongs to it yet: no step, no file."""

_MOST = bindparam("most", type_=Integer)
_COUNT = Prepared(
    select(func.count()).select_from(select(_c.id).where(*_CAN_FOLD).limit(_MOST).subquery("first"))
)
_FIRST = select(_c.id).where(*_CAN_FOLD).order_by(_c.id).limit(_MOST).correlate(None)
_FOLD = Prepared(
    update(outbox).where(
        _c.workspace_id == bindparam("in_workspace"),
        _c.lane == bindparam("of_lane"),
        _c.id.in_(_FIRST),
    )
)
_FOLDED = _c.state == literal_column(f"'{EffectState.FOLDED.value}'")
_OF_LANE_FOLDED = (
    _c.workspace_id == bindparam("in_workspace"),
    _c.lane == bindparam("of_lane"),
    _FOLDED,
)
_FIRST_OF_LANE = Prepared(select(_c.payload).where(*_OF_LANE_FOLDED).order_by(_c.id).limit(_MOST))
_ALL_OF_LANE = Prepared(select(func.count()).select_from(outbox).where(*_OF_LANE_FOLDED))
_PLACE = Prepared(
    select(_c.lane, _c.id).where(
        _c.workspace_id == bindparam("in_workspace"),
        _c.key == bindparam("of_key"),
        _c.state == EffectState.FOLDED.value,
    )
)
_UNFOLD = update(outbox).where(
    _c.workspace_id == bindparam("in_workspace"),
    _c.lane == bindparam("of_lane"),
    _c.id == bindparam("of_id"),
)


_s = submission.c


@lru_cache(maxsize=64)
def _undecided_among(count: int) -> Prepared:
    """What is known at a glance of those among so many who wait for a decision, as they are due."""
    numbers: list[Any] = [bindparam(f"number_{place}") for place in range(count)]
    states = [literal(state.value) for state in sorted(UNDECIDED)]
    return Prepared(
        select(_s.number, _s.kind_key, _s.role_id)
        .where(
            _s.workspace_id == bindparam("in_workspace"),
            _s.number.in_(numbers),
            _s.state.in_(states),
        )
        .order_by(_s.due_at, _s.number)
    )


class FoldedNumbers:
    """Whose cards are folded, in one workspace."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def undecided(self, lane: str, *, limit: int) -> tuple[list[Record], int]:
        """Number, kind and role of those who wait for a decision, of the `limit` oldest cards that
        are folded in a lane, as they are due; and how many there are. Of more than `limit` the
        cards alone are counted.
        """
        here = {"in_workspace": self._unit.workspace_id, "of_lane": lane}
        rows = _FIRST_OF_LANE.all(self._unit.connection, {**here, "most": limit})
        total: int = _ALL_OF_LANE.scalar(self._unit.connection, here)
        numbers = {f"number_{place}": row.payload["number"] for place, row in enumerate(rows)}
        values = {"in_workspace": self._unit.workspace_id, **numbers}
        found = _undecided_among(len(rows)).all(self._unit.connection, values) if rows else []
        return found, total if total > limit else len(found)


class FoldedRows:
    """The folded cards of one workspace."""

    def __init__(self, unit: Unit, lanes: LaneRows) -> None:
        self._unit = unit
        self._lanes = lanes

    def are_more_than(self, most: int, lane: str) -> bool:
        """Whether more than so many cards of a lane could be folded."""
        found: int = _COUNT.scalar(self._unit.connection, {**self._in(lane), "most": most + 1})
        return found > most

    def fold(self, lane: str, now: datetime, limit: int) -> int:
        """Fold the first of them; how many there were."""
        values = {"state": EffectState.FOLDED.value, "error": None, "done_at": now}
        return _FOLD.write(self._unit.connection, {**self._in(lane), "most": limit, **values})

    def unfold(self, key: str, now: datetime) -> bool:
        """Put a folded card at the end of its lane, as if it had just come; False if it is none."""
        values = {"in_workspace": self._unit.workspace_id, "of_key": key}
        row = _PLACE.first(self._unit.connection, values)
        if row is None:
            return False
        effect_id, _ = self._lanes.next_id(row.lane, now)
        place = {**self._in(row.lane), "of_id": row.id}
        statement = _UNFOLD.where(_FOLDED).values({**UNTRIED, "id": effect_id})
        is_done = self._unit.connection.execute(statement, place).rowcount == 1
        self._lanes.refresh(row.lane, now)
        if is_done:
            self._unit.wake(row.lane)
        return is_done

    def _in(self, lane: str) -> dict[str, str]:
        return {"in_workspace": self._unit.workspace_id, "of_lane": lane}

"""A dead effect comes back to life, with everything that died of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from bot.lane_store import DROPPED
from bot.outbox import EffectState
from storage.stores.lanes import PARENT_DEAD, UNTRIED, LaneRows, to_effect
from storage.tables import outbox
from storage.unit import Unit

_c = outbox.c


def revive(unit: Unit, lanes: LaneRows, key: str, now: datetime, target: str | None) -> bool:
    """Make a dead effect and its dead children pending, as if never tried; see bot.ports.

    In its own lane an effect keeps its place; a lane that it moves to takes it at the end.
    """
    family = _family(unit, key)
    if not family:
        return False
    to_lane = {row.key: _lane_at(row, target) for row in family}
    names = {row.lane for row in family} | set(to_lane.values())
    for name in sorted(names):  # one order for everybody, so that two can't wait for each other
        lanes.lock(name)
    for row in family:
        _revive_one(unit, lanes, row, to_lane[row.key], target or row.target, now)
    for name in sorted(names):
        lanes.refresh(name, now)
    for name in to_lane.values():
        unit.wake(name)
    return True


def _lane_at(row: Row[Any], target: str | None) -> str:
    effect = to_effect(row)
    return (effect if target is None else replace(effect, target=target)).lane


def _revive_one(
    unit: Unit, lanes: LaneRows, row: Row[Any], to_lane: str, target: str, now: datetime
) -> None:
    place: dict[str, Any] = {}
    if to_lane != row.lane:
        place["lane"] = to_lane
        place["id"], _ = lanes.next_id(to_lane, now)
    unit.connection.execute(
        update(outbox)
        .where(
            unit.here(outbox),
            _c.key == row.key,
            _c.state == EffectState.DEAD.value,
        )
        .values(target=target, **place, **UNTRIED)
    )


def _family(unit: Unit, key: str) -> list[Row[Any]]:
    """The dead effect and what died of it, parents before children; empty when it is not dead, or
    an operator gave it up.
    """
    first = unit.connection.execute(
        select(outbox).where(
            unit.here(outbox),
            _c.key == key,
            _c.state == EffectState.DEAD.value,
            _c.error != DROPPED,
        )
    ).first()
    if first is None:
        return []
    found = [first]
    generation = [first.key]
    while generation:
        children = _children(unit, generation)
        found.extend(children)
        generation = [row.key for row in children]
    return found


def _children(unit: Unit, parents: Sequence[str]) -> Sequence[Row[Any]]:
    rows = unit.connection.execute(
        select(outbox).where(
            unit.here(outbox),
            _c.parent_key.in_(parents),
            _c.state == EffectState.DEAD.value,
            _c.error == PARENT_DEAD,
        )
    ).all()
    # Sorted here: with ORDER BY, SQLite reads the whole outbox in that order instead.
    return sorted(rows, key=lambda row: (row.lane, row.id))

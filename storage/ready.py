"""Which lanes want attention, with a turn of each workspace: none can starve another."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Integer, ScalarSelect, Select, bindparam, func, select

from bot.ports import LaneRef
from storage.installed import is_served
from storage.tables import lane

URGENT, LATER = 0, 1
SHARES = {URGENT: 8, LATER: 2}
"""How many lanes of each rank one workspace shows in its turn."""

WORKSPACES = 1_000
"""How many workspaces one look goes through; the next goes on behind them."""

_HAS_WORK = lane.c.ready_at.is_not(None)
_IS_READY = (lane.c.ready_at <= bindparam("now"),)
"""What a lane must be to be looked at."""

_OLDEST = (
    select(lane.c.workspace_id, lane.c.lane, lane.c.rank)
    .where(*_IS_READY, is_served(lane.c.workspace_id))
    .order_by(lane.c.ready_at, lane.c.workspace_id, lane.c.lane)
    .limit(bindparam("most", type_=Integer))
)


class ReadyLanes:
    """Looks for lanes in any workspace. Remembers where it stopped, so that all get their turn."""

    def __init__(self) -> None:
        self._stopped_at = ""

    def __call__(self, connection: Connection, now: datetime, limit: int) -> tuple[LaneRef, ...]:
        """At most `limit` lanes that want attention by `now`, in turns; of one workspace what
        somebody waits for comes first, and what waited longest.

        As long as they are fewer all are found by their time. Else each workspace shows a few of
        its own, however many another one has.
        """
        values = {"now": now, "most": limit}
        oldest = connection.execute(_OLDEST, values).all()
        found = [_ref(row.workspace_id, row.lane, row.rank) for row in oldest]
        if len(found) == limit:
            found += self._shares(connection, now)
        return in_turns(found)[:limit]

    def _shares(self, connection: Connection, now: datetime) -> list[LaneRef]:
        values = {"now": now, "behind": self._stopped_at}
        found: list[LaneRef] = []
        rows = connection.execute(_shares_of_each(), values).all()
        for workspace_id, *lanes in rows:
            ranks = [rank for rank, share in SHARES.items() for _ in range(share)]
            found += [
                _ref(workspace_id, name, rank)
                for name, rank in zip(lanes, ranks, strict=True)
                if name is not None
            ]
        self._stopped_at = rows[-1][0] if len(rows) == WORKSPACES else ""
        return found


def in_turns(refs: Iterable[LaneRef]) -> tuple[LaneRef, ...]:
    """The first of each workspace, then the second of each, and so on, each lane once; those that
    somebody waits for before all others.
    """
    places: dict[tuple[bool, str], int] = defaultdict(int)
    placed: list[tuple[bool, int, int, LaneRef]] = []
    for order, ref in enumerate(dict.fromkeys(refs)):
        of = (not ref.is_urgent, ref.workspace_id)
        placed.append((not ref.is_urgent, places[of], order, ref))
        places[of] += 1
    return tuple(ref for *_, ref in sorted(placed, key=lambda one: one[:3]))


def _ref(workspace_id: str, name: str, rank: int) -> LaneRef:
    return LaneRef(workspace_id, name, is_urgent=rank == URGENT)


@cache
def _shares_of_each() -> Select[Any]:
    """Each workspace that has work, by leaps from one to the next in the index, with its lanes."""
    first = select(func.min(lane.c.workspace_id).label("workspace_id")).where(
        _HAS_WORK, lane.c.workspace_id > bindparam("behind")
    )
    busy = first.cte("busy", recursive=True)
    onward = lane.alias()
    leap = select(func.min(onward.c.workspace_id)).where(
        onward.c.ready_at.is_not(None), onward.c.workspace_id > busy.c.workspace_id
    )
    busy = busy.union_all(select(leap.scalar_subquery()).where(busy.c.workspace_id.is_not(None)))
    lanes = [
        _nth(busy.c.workspace_id, rank, place)
        for rank, share in SHARES.items()
        for place in range(share)
    ]
    here = select(busy.c.workspace_id, *lanes).where(
        busy.c.workspace_id.is_not(None), is_served(busy.c.workspace_id)
    )
    return here.limit(WORKSPACES)


def _nth(workspace_id: Any, rank: int, place: int) -> ScalarSelect[str]:
    """The lane of a workspace that has waited longest but for `place` others."""
    return (
        select(lane.c.lane)
        .where(lane.c.workspace_id == workspace_id, lane.c.rank == rank, *_IS_READY)
        .order_by(lane.c.ready_at, lane.c.lane)
        .limit(1)
        .offset(place)
        .scalar_subquery()
    )

"""Lanes: who may try which effect, and when the lane wants attention next.

A lane's row is locked before anything of the lane is read or written, so that on PostgreSQL its
ids follow the order of commits and one worker at a time looks at its head.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import bindparam, case, func, select, update

from bot.outbox import IDEMPOTENT, OPEN_STATES, Effect, EffectKind, EffectState, Posted
from storage.prepared import Prepared, Record
from storage.stores.gates import IS_HELD
from storage.tables import lane, outbox, posting
from storage.unit import Unit, insert_into

PARENT_WAIT = timedelta(seconds=5)
"""How long an effect waits before it asks again whether its parent was sent."""

EXPIRED = "expired"
PARENT_DEAD = "parent_dead"
PARENT_MISSING = "parent_missing"

_c = outbox.c

UNTRIED = {
    "state": EffectState.PENDING.value,
    "attempts": 0,
    "error": None,
    "expires_at": None,
    "first_try_at": None,
    "last_try_at": None,
    "done_at": None,
    "set_aside_at": None,
}
"""The columns of an effect that nobody has tried."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The effect may be tried; `parent` is where its parent's message stands, if it has one."""

    parent: Posted | None


@dataclass(frozen=True, slots=True)
class Hopeless:
    """The effect is to be set aside."""

    error: str


@dataclass(frozen=True, slots=True)
class ParentOpen:
    """The parent was not sent yet."""


Prospect = Ready | Hopeless | ParentOpen


def is_gated(kind: str) -> bool:
    """Whether Slack's rate of posts per channel holds for this kind."""
    return EffectKind(kind) not in IDEMPOTENT


def rank_of(effect: Effect) -> int:
    """0 for what somebody waits for, 1 for what can come later."""
    return 0 if effect.is_urgent else 1


def to_effect(row: Record) -> Effect:
    """The effect in an outbox row."""
    return Effect(
        key=row.key,
        kind=EffectKind(row.kind),
        target=row.target,
        payload=row.payload,
        parent_key=row.parent_key,
        collapse_key=row.collapse_key,
        expires_at=row.expires_at,
    )


# Put together once: on SQLite that takes longer than to run them.

_IN_LANE = (
    lane.c.workspace_id == bindparam("in_workspace"),
    lane.c.lane == bindparam("of_lane"),
)
_EFFECTS = (_c.workspace_id == bindparam("in_workspace"), _c.lane == bindparam("of_lane"))
_EFFECT = (*_EFFECTS, _c.id == bindparam("of_id"))
_OPEN = _c.done_at.is_(None)

_LOCK = Prepared(select(lane).where(*_IN_LANE).with_for_update())
_LOCK_TO_CLAIM = Prepared(
    select(lane, IS_HELD.label("is_held")).where(*_IN_LANE).with_for_update(of=lane)
)
_KNOWN = Prepared(select(lane.c.lane).where(*_IN_LANE))
_CHANGE = Prepared(update(lane).where(*_IN_LANE))
_HEAD = Prepared(select(outbox).where(*_EFFECTS, _OPEN).order_by(_c.id).limit(1))
_HEAD_KIND = Prepared(select(_c.kind).where(*_EFFECTS, _OPEN).order_by(_c.id).limit(1))
_CHANGE_OPEN = Prepared(update(outbox).where(*_EFFECT, _OPEN))
_CHANGE_UNSENT = Prepared(update(outbox).where(*_EFFECT, _c.state != EffectState.SENT.value))
_STATE = Prepared(
    select(_c.state).where(
        _c.workspace_id == bindparam("in_workspace"), _c.key == bindparam("of_key")
    )
)
_POSTED = Prepared(
    select(posting.c.channel_id, posting.c.ts).where(
        posting.c.workspace_id == bindparam("in_workspace"), posting.c.key == bindparam("of_key")
    )
)


_COUNT = Prepared(
    update(lane)
    .where(*_IN_LANE, lane.c.ready_at.is_not(None), lane.c.rank <= bindparam("of_rank"))
    .values(last_id=lane.c.last_id + 1)
    .returning(lane.c.last_id, lane.c.ready_at)
)
"""Of a lane that has work already nothing else changes, and so neither do its indexes."""


@cache
def _count_and_wake(dialect: str) -> Prepared:
    insert = insert_into(dialect, lane)
    rank = case(
        (lane.c.ready_at.is_(None), insert.excluded.rank),
        (insert.excluded.rank < lane.c.rank, insert.excluded.rank),
        else_=lane.c.rank,
    )
    return Prepared(
        insert.on_conflict_do_update(
            index_elements=["workspace_id", "lane"],
            set_={
                "last_id": lane.c.last_id + 1,
                "ready_at": func.coalesce(lane.c.ready_at, insert.excluded.ready_at),
                "rank": rank,
            },
        ).returning(lane.c.last_id, lane.c.ready_at)
    )


class LaneRows:
    """The rows of lanes and of their effects, within one transaction."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def next_id(self, name: str, now: datetime, rank: int = 0) -> tuple[int, bool]:
        """Lock the lane, wake it up if it is idle, and count an effect's id. A lane keeps the rank
        of the most urgent that came since it was empty.

        Tells, too, whether the lane can be looked at now. If not, somebody is at it or has set an
        alarm for the moment at which its wait ends; behind both the sweep looks.
        """
        found: Any = self._count(name, rank) if self._unit.is_local else None
        if found is None:
            row = {
                "workspace_id": self._unit.workspace_id,
                "lane": name,
                "last_id": 1,
                "ready_at": now,
                "epoch": 0,
                "rank": rank,
            }
            found = _count_and_wake(self._unit.dialect).first(self._unit.connection, row)
        return found.last_id, found.ready_at <= now

    def _count(self, name: str, rank: int) -> Any:
        """The same for a lane that has work already; None for any other. Where a statement costs a
        round trip it is not worth one, and PostgreSQL sees for itself that no index changes.
        """
        return _COUNT.first(self._unit.connection, {**self._in(name), "of_rank": rank})

    def lock(self, name: str) -> Record | None:
        """The lane's row, locked until the end of the transaction where the database can."""
        return _LOCK.first(self._unit.connection, self._in(name))

    def lock_to_claim(self, name: str, now: datetime) -> Record | None:
        """The same, with `is_held`: whether any gate of the workspace is not open."""
        return _LOCK_TO_CLAIM.first(self._unit.connection, {**self._in(name), "at_present": now})

    def is_known(self, name: str) -> bool:
        """Whether the lane has a row: it gets one with its first effect."""
        return _KNOWN.first(self._unit.connection, self._in(name)) is not None

    def change(self, name: str, **values: Any) -> None:
        """Write columns of the lane's row."""
        _CHANGE.write(self._unit.connection, {**self._in(name), **values})

    def head(self, name: str) -> Record | None:
        """The lane's first open effect."""
        return _HEAD.first(self._unit.connection, self._in(name))

    def prospect(self, row: Record, now: datetime) -> Prospect:
        """What can become of an open effect at `now`."""
        if row.attempts == 0 and row.expires_at is not None and row.expires_at <= now:
            return Hopeless(EXPIRED)
        if row.parent_key is None:
            return Ready(None)
        parent = self.posted(row.parent_key)
        if parent is not None:
            return Ready(parent)
        state = _STATE.scalar(
            self._unit.connection,
            {"in_workspace": self._unit.workspace_id, "of_key": row.parent_key},
        )
        if state == EffectState.DEAD.value:
            return Hopeless(PARENT_DEAD)
        if state is not None and EffectState(state) in OPEN_STATES:
            return ParentOpen()
        return Hopeless(PARENT_MISSING)

    def is_folded(self, key: str) -> bool:
        """Whether an effect is a card that one message about many stands for."""
        values = {"in_workspace": self._unit.workspace_id, "of_key": key}
        state: str | None = _STATE.scalar(self._unit.connection, values)
        return state == EffectState.FOLDED.value

    def posted(self, key: str) -> Posted | None:
        """Where the message of a sent effect stands."""
        row = _POSTED.first(
            self._unit.connection, {"in_workspace": self._unit.workspace_id, "of_key": key}
        )
        return None if row is None else Posted(row.channel_id, row.ts)

    def close(
        self, name: str, effect_id: int, state: EffectState, error: str | None, now: datetime
    ) -> bool:
        """Close an open effect; False when it was closed before."""
        is_for_admin = state is EffectState.DEAD and error != PARENT_DEAD
        return self.change_open(
            name,
            effect_id,
            state=state.value,
            error=error,
            done_at=now,
            set_aside_at=now if is_for_admin else None,
        )

    def change_open(self, name: str, effect_id: int, **values: Any) -> bool:
        """Write columns of an effect that is still open; False when it is not."""
        changed = _CHANGE_OPEN.write(
            self._unit.connection, {**self._in(name), "of_id": effect_id, **values}
        )
        return changed == 1

    def record_sent(
        self, name: str, effect_id: int, key: str, posted: Posted | None, now: datetime
    ) -> None:
        """Close the effect as sent, whatever was thought of it, and keep where it stands.

        The first place that became known stays: others may have built on it.
        """
        sent = {"state": EffectState.SENT.value, "error": None, "done_at": now}
        _CHANGE_UNSENT.write(
            self._unit.connection,
            {**self._in(name), "of_id": effect_id, "set_aside_at": None, **sent},
        )
        if posted is not None:
            self._unit.insert_new(
                posting,
                {
                    "key": key,
                    "channel_id": posted.channel_id,
                    "ts": posted.ts,
                    "posted_at": now,
                },
            )

    def ready_at(
        self, name: str, now: datetime, *, next_at: datetime | None, gate_at: datetime | None
    ) -> datetime | None:
        """When an unleased lane wants attention: None without work, never before `now`."""
        kind = _HEAD_KIND.scalar(self._unit.connection, self._in(name))
        if kind is None:
            return None
        gates = (now, next_at, gate_at if is_gated(kind) else None)
        return max(gate for gate in gates if gate is not None)

    def refresh(self, name: str, now: datetime) -> None:
        """Set `ready_at` anew after a change of the lane's effects; a lease keeps its own."""
        row = self.lock(name)
        if row is None or (row.lease_until is not None and row.lease_until > now):
            return
        moment = self.ready_at(name, now, next_at=row.next_at, gate_at=row.gate_at)
        self.change(name, ready_at=moment)

    def _in(self, name: str) -> dict[str, Any]:
        return {"in_workspace": self._unit.workspace_id, "of_lane": name}

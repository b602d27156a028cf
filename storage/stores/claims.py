"""Claims: the first open effect of a lane, leased to one worker, if its time has come."""

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from bot.outbox import Claim, Crowded, EffectKind, EffectState, NotBefore, Posted
from storage.prepared import Record
from storage.stores.folding import FoldedRows
from storage.stores.gates import GateRows
from storage.stores.lanes import (
    PARENT_WAIT,
    Hopeless,
    LaneRows,
    ParentOpen,
    Prospect,
    Ready,
    is_gated,
    to_effect,
)

_SWEEP = 100
"""How many hopeless effects one claim sets aside at most, so that its transaction stays short."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for a lane, until when they would have it, and how many cards are a crowd."""

    owner: str
    until: datetime
    crowd: int


class Claims:
    """Leases within one transaction."""

    def __init__(self, lanes: LaneRows, gates: GateRows, folding: FoldedRows) -> None:
        self._lanes = lanes
        self._gates = gates
        self._folding = folding

    def claim(self, lane: str, asking: Asking, now: datetime) -> Claim | NotBefore | Crowded | None:
        """See `bot.ports.OutboxStore.claim`."""
        row = self._lanes.lock_to_claim(lane, now)
        if row is None:
            return None
        if row.lease_until is not None and row.lease_until > now:
            return NotBefore(row.lease_until)
        if row.next_at is not None and row.next_at > now:
            return self._wait(row, row.next_at)
        return self._claim_head(row, asking, now)

    def _claim_head(
        self, row: Record, asking: Asking, now: datetime
    ) -> Claim | NotBefore | Crowded | None:
        found = self._first_hopeful(row.lane, now)
        if found is None:
            self._lanes.change(row.lane, ready_at=None, lease_until=None, owner=None)
            return None
        head, prospect = found
        match prospect:
            case Hopeless():
                return self._wait(row, now)  # more than one claim's share: come back at once
            case ParentOpen():
                return self._wait(row, now + PARENT_WAIT)
            case Ready(parent):
                gap_until = _gap_until(row, head, now)
                if gap_until is None and self._is_crowded(row, head, asking.crowd):
                    return self._wait(row, row.crowd_at) if _is_told(row, head, now) else Crowded()
                turn = gap_until or self._turn(row, head, now)
                if turn is not None:
                    return self._wait(row, turn)
                return self._lease(row, head, parent, asking, now)
            case _:
                assert_never(prospect)

    def _is_crowded(self, row: Record, head: Record, crowd: int) -> bool:
        """Whether more than `crowd` cards wait, or any behind a message about others that was not
        sent yet. Ids are counted by the lane, so that two of them tell when that can't be.
        """
        if crowd == 0 or head.state != EffectState.PENDING.value:
            return False
        most = {EffectKind.CARD.value: crowd, EffectKind.CROWD.value: 0}.get(head.kind)
        if most is None or row.last_id - head.id < max(most, 1):
            return False
        return self._folding.are_more_than(most, row.lane)

    def _turn(self, row: Record, head: Record, now: datetime) -> datetime | None:
        """When the lane may call Slack, as far as the workspace's gates say; None for now."""
        if not row.is_held:
            return None
        return self._gates.wait(to_effect(head), now, was_tried=_was_tried(head))

    def _wait(self, row: Record, at: datetime) -> NotBefore:
        """Leave the lane alone until `at`, and see that it is looked at then."""
        if row.ready_at != at or row.lease_until is not None:
            self._lanes.change(row.lane, ready_at=at, lease_until=None, owner=None)
        return NotBefore(at)

    def _first_hopeful(self, lane: str, now: datetime) -> tuple[Record, Prospect] | None:
        """The head of the lane, after what is hopeless was set aside; None when nothing is open."""
        for _ in range(_SWEEP):
            head = self._lanes.head(lane)
            if head is None:
                return None
            prospect = self._lanes.prospect(head, now)
            if not isinstance(prospect, Hopeless):
                return head, prospect
            self._lanes.close(lane, head.id, EffectState.DEAD, prospect.error, now)
        head = self._lanes.head(lane)
        return None if head is None else (head, self._lanes.prospect(head, now))

    def _lease(
        self,
        row: Record,
        head: Record,
        parent: Posted | None,
        asking: Asking,
        now: datetime,
    ) -> Claim:
        until = asking.until
        epoch = row.epoch + 1
        first_try_at = head.first_try_at or now
        self._lanes.change(
            row.lane,
            epoch=epoch,
            owner=asking.owner,
            lease_until=until,
            ready_at=until,
            next_at=None,
        )
        self._lanes.change_open(
            row.lane,
            head.id,
            state=EffectState.SENDING.value,
            attempts=head.attempts + 1,
            first_try_at=first_try_at,
            last_try_at=now,
        )
        return Claim(
            effect=to_effect(head),
            effect_id=head.id,
            epoch=epoch,
            lease_until=until,
            attempts=head.attempts + 1,
            was_tried=_was_tried(head),
            first_try_at=first_try_at,
            parent=parent,
            last_try_at=head.last_try_at,
            trace=head.trace,
        )


def _gap_until(row: Record, head: Record, now: datetime) -> datetime | None:
    """Until when Slack's rate per channel holds the lane back; None when it does not."""
    if not is_gated(head.kind) or row.gate_at is None or row.gate_at <= now:
        return None
    gate_at: datetime = row.gate_at
    return gate_at


def _is_told(row: Record, head: Record, now: datetime) -> bool:
    """Whether there was a message about a crowd just now, and this is the next crowd."""
    return head.kind == EffectKind.CARD.value and row.crowd_at is not None and row.crowd_at > now


def _was_tried(head: Record) -> bool:
    """Whether an earlier try may have reached Slack."""
    return head.state in {EffectState.SENDING.value, EffectState.UNKNOWN.value}

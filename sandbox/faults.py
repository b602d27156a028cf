"""Faults on request: what goes wrong, with which method or delivery, how often."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

METHOD_FAULTS = frozenset({"429", "500", "timeout", "lost", "refused", "error", "html", "slow"})
DELIVERY_FAULTS = frozenset({"twice", "dropped", "ack_lost", "late"})
LINK_FAULTS = frozenset({"disconnect", "close", "abort"})
DELIVERIES = frozenset({"events_api", "interactive", "slash_commands", "deliveries"})


@dataclass(slots=True)
class Fault:
    """`kind` with its options, for the next `times` occasions."""

    what: str
    kind: str
    times: int
    options: Mapping[str, Any] = field(default_factory=dict)


class Faults:
    """The faults that wait for their occasion, first come, first served."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self.unknown_blocks: set[str] = set()
        """Block types that this workspace does not take yet: Slack brings charts to one after the
        other.
        """

    def add(self, what: str, kind: str, times: int, options: Mapping[str, Any]) -> Fault:
        """See `State.fault`. ValueError for a kind that does not fit."""
        allowed = DELIVERY_FAULTS if what in DELIVERIES else METHOD_FAULTS
        if kind not in allowed:
            raise ValueError(f"no fault {kind!r} for {what}: there is {', '.join(sorted(allowed))}")
        fault = Fault(what, kind, times, options)
        self._waiting.append(fault)
        return fault

    def take(self, *whats: str) -> Fault | None:
        """The first waiting fault for one of these occasions; it is used up by that."""
        for fault in self._waiting:
            if fault.what in whats:
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
                return fault
        return None

    def waiting(self) -> list[Fault]:
        """What has not happened yet."""
        return list(self._waiting)

    def clear(self) -> None:
        self._waiting.clear()

"""A call to the Web API, or a transfer of a file, with the fault that waits for it.

Both the in-process session and the server go through here, so faults are the same on both.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sandbox.faults import Fault
from sandbox.methods import transfers
from sandbox.methods.base import Answer
from sandbox.methods.call import call
from sandbox.realm import Realm
from sandbox.state import State

Mishap = Literal["none", "lost", "refused", "timeout", "html"]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, or how it fails to arrive. `answer` of a mishap is never seen by the caller."""

    answer: Answer
    mishap: Mishap = "none"


NOTHING = Answer(500, {}, {"ok": False, "error": "internal_error"})


async def perform(place: State | Realm, name: str, token: str, args: Mapping[str, Any]) -> Reply:
    """Do the call as Slack would on this day, the fault that waits for `name` included."""
    if isinstance(place, Realm):
        holder = place.holder(token)
        return await _under_fault(holder, name, lambda: place.call(name, token, args))
    return await _under_fault(place, name, lambda: call(place, name, token, args))


async def upload(state: State, ticket: str, content: bytes) -> Reply:
    """Take the bytes of a file: faults of "files.upload"."""
    return await _under_fault(state, "files.upload", lambda: transfers.take(state, ticket, content))


async def download(state: State, path: str, token: str) -> Reply:
    """Give the bytes of a file: faults of "files.download"."""
    return await _under_fault(state, "files.download", lambda: transfers.give(state, path, token))


async def _under_fault(state: State | Realm, name: str, work: Callable[[], Answer]) -> Reply:
    fault = state.faults.take(name)
    if fault is None:
        return Reply(work())
    if fault.kind == "slow":
        await state.clock.lapse(float(fault.options.get("seconds", 1)))
        return Reply(work())
    if fault.kind == "timeout":
        await state.clock.lapse(float(fault.options.get("seconds", 0)))
        return Reply(NOTHING, "timeout")
    if fault.kind in {"lost", "refused", "html"}:
        return _vanish(work, fault)
    return Reply(_refuse(work, fault))


def _vanish(work: Callable[[], Answer], fault: Fault) -> Reply:
    if fault.kind == "lost":
        return Reply(work(), "lost")
    return Reply(NOTHING, "refused" if fault.kind == "refused" else "html")


def _refuse(work: Callable[[], Answer], fault: Fault) -> Answer:
    if fault.kind == "429":
        headers = {"Retry-After": str(fault.options.get("retry_after", 1))}
        return Answer(429, headers, {"ok": False, "error": "ratelimited"})
    if fault.kind == "500":
        return NOTHING
    if fault.options.get("applied", False):
        work()
    return Answer(200, {}, {"ok": False, "error": fault.options.get("code", "internal_error")})

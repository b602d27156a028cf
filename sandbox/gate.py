"""A call to the Web API or to a response_url with the fault that waits for it.

Both the in-process session and the server go through here, so faults are the same on both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sandbox.faults import Fault
from sandbox.methods.base import Answer
from sandbox.methods.call import call
from sandbox.state import State

Mishap = Literal["none", "lost", "refused", "timeout", "html"]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, or how it fails to arrive. `answer` of a mishap is never seen by the caller."""

    answer: Answer
    mishap: Mishap = "none"


NOTHING = Answer(500, {}, {"ok": False, "error": "internal_error"})


async def perform(state: State, name: str, token: str, args: Mapping[str, Any]) -> Reply:
    """Do the call as Slack would on this day, the fault that waits for `name` included."""
    fault = state.faults.take(name)
    if fault is None:
        return Reply(call(state, name, token, args))
    if fault.kind == "slow":
        await state.clock.lapse(float(fault.options.get("seconds", 1)))
        return Reply(call(state, name, token, args))
    if fault.kind == "timeout":
        await state.clock.lapse(float(fault.options.get("seconds", 0)))
        return Reply(NOTHING, "timeout")
    if fault.kind in {"lost", "refused", "html"}:
        return _vanish(state, name, token, args, fault)
    return Reply(_refuse(state, name, token, args, fault))


def _vanish(state: State, name: str, token: str, args: Mapping[str, Any], fault: Fault) -> Reply:
    if fault.kind == "lost":
        return Reply(call(state, name, token, args), "lost")
    return Reply(NOTHING, "refused" if fault.kind == "refused" else "html")


def _refuse(state: State, name: str, token: str, args: Mapping[str, Any], fault: Fault) -> Answer:
    if fault.kind == "429":
        headers = {"Retry-After": str(fault.options.get("retry_after", 1))}
        return Answer(429, headers, {"ok": False, "error": "ratelimited"})
    if fault.kind == "500":
        return NOTHING
    if fault.options.get("applied", False):
        call(state, name, token, args)
    return Answer(200, {}, {"ok": False, "error": fault.options.get("code", "internal_error")})

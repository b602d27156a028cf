"""Starts desks as processes of their own, each of which may die at a named point.

A program that has imported everything once and forks a desk for every line on its standard input,
so that a desk starts in a moment. One line in, one line out, both JSON:

    {"settings": {...}, "log": PATH, "point": NAME or null, "armed": PATH}  ->  {"pid": 1}
    {"wait": 1}  ->  {"status": -9}
    {"look": 1}  ->  {"status": null}, or as above when it has ended

The desk kills itself the first time it comes to the checkpoint `point` while the file `armed`
exists. It is composed as `runtime.serve` composes it, only less patient. An order may name a
`role`, a `pace` (in seconds; what is counted as a whole number), and by how many seconds the
machine's clock is wrong (`skew`).
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.delivery import Pace
from runtime.clocks import SystemClock
from runtime.logs import set_up_logs
from runtime.serve import ProcessRole, machine, serve
from runtime.settings import Settings
from sandbox.clock import wall_time

PACE = Pace(
    lease=timedelta(seconds=1),
    settle=timedelta(seconds=0.5),
    gap=timedelta(seconds=0.1),
    margin=timedelta(seconds=0.1),
)


def dies_at(point: str | None, armed: Path) -> Callable[[str], None]:
    """A checkpoint that kills this process as a power cut would."""

    def checkpoint(name: str) -> None:
        if name == point and armed.exists():
            os.kill(os.getpid(), signal.SIGKILL)

    return checkpoint


def run_desk(order: dict[str, Any]) -> None:
    """Serve until stopped, or until the order's point is reached."""
    settings = Settings.model_validate(order["settings"])
    set_up_logs(settings.log_level, settings.log_format)
    checkpoint = dies_at(order["point"], Path(order["armed"]))
    given: dict[str, Any] = {
        name: length if isinstance(length, int) else timedelta(seconds=length)
        for name, length in order.get("pace", {}).items()
    }
    skew = timedelta(seconds=order.get("skew", 0))
    surroundings = replace(
        machine(),
        pace=replace(PACE, **given),
        checkpoint=checkpoint,
        clock=SystemClock(wall=lambda: wall_time() + skew),
    )
    asyncio.run(serve(settings, ProcessRole(order.get("role", "all")), surroundings))


def start(order: dict[str, Any]) -> int:
    """Fork a desk; the id of its process."""
    pid = os.fork()
    if pid:
        return pid
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(0)
    status = 1
    try:
        run_desk(order)
        status = 0
    finally:
        sys.stdout.flush()
        os._exit(status)


def status_of(pid: int, options: int) -> int | None:
    """How a desk ended; None when it has not."""
    found, ended = os.waitpid(pid, options)
    return os.waitstatus_to_exitcode(ended) if found else None


def main() -> None:
    """Take orders until there are no more."""
    for line in sys.stdin:
        order = json.loads(line)
        if "wait" in order:
            answer = {"status": status_of(order["wait"], 0)}
        elif "look" in order:
            answer = {"status": status_of(order["look"], os.WNOHANG)}
        else:
            answer = {"pid": start(order)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
